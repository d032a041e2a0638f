/**
 * Ids of the exchange, derived from the seed and a count, so that the same run hands out the same
 * ids.
 */
// Nothing here is random or secret.
import { createHash } from "node:crypto";

/** A UUID of version 5's shape from any text. */
export function uuid(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  const variant = "89ab"[Number.parseInt(hex.slice(16, 17), 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** 64 hex digits, as the entry ids of fills are. */
export const hex64 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** What belongs to the one portfolio of this exchange. */
export interface Identity {
  readonly seed: string;
  readonly user: string;
  readonly portfolio: string;
}

export const identity = (seed: string): Identity => ({
  seed,
  user: uuid(`${seed}|user`),
  portfolio: uuid(`${seed}|portfolio`),
});

/** The name of the nth API key: `organizations/{uuid}/apiKeys/{uuid}`. */
export const keyName = (seed: string, nth: number): string =>
  `organizations/${uuid(`${seed}|organization`)}/apiKeys/${uuid(`${seed}|key|${nth}`)}`;

/** An exchange without ports, as URLs name it. The name can never be a real host's. */
export const IN_PROCESS = {
  rest: "http://rest.exchange.invalid",
  market: "ws://market.exchange.invalid",
  user: "ws://user.exchange.invalid",
} as const;

/** What this machine calls itself. */
export const HERE: readonly string[] = [
  "127.0.0.1",
  "localhost",
  "[::1]",
  new URL(IN_PROCESS.rest).host,
];
