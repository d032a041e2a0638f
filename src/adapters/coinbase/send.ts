/** One request of the REST API: signed, sent once, told to whoever listens, and read. */
// Each sending has a token and an id of its own. It retries nothing.
import type { Clock } from "../../ports/clock.ts";
import type { Entropy } from "../../ports/random.ts";
import type { Transport, TransportRequest } from "../../ports/transport.ts";
import type { Call } from "./call.ts";
import { classify, failure, type Tried } from "./classify.ts";
import { plain } from "./errors.ts";
import type { HeardCall } from "./heard.ts";
import { heardCall } from "./hearing.ts";
import { type RateSeen, rateOf } from "./rates.ts";
import type { Signer } from "./sign.ts";

/** The longest that one request lives. */
export const TIMEOUT_MS = 10_000;

export interface Base {
  readonly origin: string;
  /** With the port, as tokens name it. */
  readonly host: string;
  /** What all calls are below. */
  readonly path: string;
}

export interface SendWorld {
  readonly base: Base;
  readonly signer: Signer | null;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly stop: AbortSignal;
  readonly heard: ((call: HeardCall) => void) | null;
  /** Asked of each create just before its first byte leaves: why it must not, or null. */
  readonly mayOrder: (() => string | null) | null;
}

export interface Sent<T> {
  readonly tried: Tried<T>;
  /** Null when no reply came, or one that does not tell. */
  readonly rate: RateSeen | null;
}

export async function sendOnce<T>(
  call: Call<T>,
  body: string | null,
  world: SendWorld,
): Promise<Sent<T>> {
  const { base, transport, clock, entropy } = world;
  const path = `${base.path}${call.path}`;
  let token: string | null;
  try {
    token = await tokenFor(call, path, world);
  } catch (error) {
    const why = error instanceof Error ? plain(error.message) : "";
    return {
      tried: failure({ kind: "not-sent", detail: `cannot sign: ${why}` }, false),
      rate: null,
    };
  }
  const id = requestId(entropy);
  const request: TransportRequest = {
    method: call.method,
    url: `${base.origin}${path}${searchOf(call)}`,
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      "user-agent": "claudbot",
      "x-request-id": id,
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body,
    timeoutMs: TIMEOUT_MS,
    signal: world.stop,
    ...(call.access === "create" && { lastLook: lastLook(call, world) }),
  };
  const at = clock.now();
  const reply = await transport.request(request);
  const ended = clock.now();
  const tried: Tried<T> =
    "failed" in reply
      ? failure({ kind: reply.failed, detail: plain(reply.cause) }, true)
      : classify(call.schema, reply, ended);
  const fault = tried.ok ? null : tried.error.fault;
  world.heard?.(heardCall({ request, id, at, ended, reply, fault }));
  return { tried, rate: "status" in reply ? rateOf(reply, ended) : null };
}

/** Whoever placed it may have thought better of it, and the lease may be gone. */
const lastLook =
  ({ heldBack }: Call<unknown>, { mayOrder }: SendWorld) =>
  (): string | null =>
    heldBack?.() ?? mayOrder?.() ?? null;

function tokenFor(
  call: Call<unknown>,
  path: string,
  { base, signer }: SendWorld,
): Promise<string | null> {
  if (call.access === "public") return Promise.resolve(null);
  if (!signer) return Promise.reject(new Error("there is no API key"));
  return call.access === "create"
    ? signer.create()
    : signer.rest(call.method, `${base.host}${path}`);
}

function searchOf(call: Call<unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of call.query ?? []) query.append(name, value);
  return query.size === 0 ? "" : `?${query}`;
}

/** A uuid in shape, for whoever has to find the call in two logs. */
const requestId = (entropy: Entropy): string =>
  entropy.hex(16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
