/** Verifies the tokens of requests and subscriptions, as tolerantly as the live service does. */
// It says yes or no; why not is never told to the client.
import { compactVerify, decodeProtectedHeader } from "jose";
import type { Clock } from "./clock.ts";
import type { FaultCount } from "./faults.ts";
import type { ApiKey } from "./keys.ts";

/** What a REST token must be for. */
export interface Call {
  readonly method: string;
  /** The Host header. */
  readonly host: string;
  /** Without the query. */
  readonly path: string;
}

const ISSUERS: readonly unknown[] = ["cdp", "coinbase-cloud"];
const SKEW_SECONDS = 60;
const LONGEST_LIFE_SECONDS = 300;
const PRODUCTION_HOST = "api.coinbase.com";
const MOST_REMEMBERED = 10_000;

export class Gatekeeper {
  readonly #keys: Map<string, ApiKey>;
  readonly #clock: Clock;
  readonly #seen = new Set<string>();
  /** How many tokens came more than once; they are let in all the same. */
  replayed = 0;
  #toRefuse = 0;
  #refused = 0;
  #underWay = 0;
  /** The end of the verification begun last; answers come in the order of the questions. */
  #before: Promise<unknown> = Promise.resolve();

  constructor(keys: readonly ApiKey[], clock: Clock) {
    this.#keys = new Map(keys.map((key) => [key.name, key]));
    this.#clock = clock;
  }

  /** The next `count` tokens are bad, whatever they are: on requests and on sockets alike. */
  refuseNext(count: number): void {
    this.#toRefuse += count;
  }

  /** From now on no token of the key is good. False when there is no such key. */
  revoke(name: string): boolean {
    return this.#keys.delete(name);
  }

  /** Tokens whose signatures are being checked: work that no clock of ours drives. */
  get underWay(): number {
    return this.#underWay;
  }

  counts(): readonly FaultCount[] {
    return [{ fault: "refuse-token", pending: this.#toRefuse, happened: this.#refused }];
  }

  /**
   * The key a token was signed with, or null when anything about it is wrong.
   * @param call what the token must name in `uri` or `uris`; null for the WebSocket, whose tokens
   * name nothing.
   */
  async verify(token: string, call: Call | null): Promise<ApiKey | null> {
    this.#underWay += 1;
    const before = this.#before;
    const mine = this.#refuses() ? Promise.resolve(null) : this.#check(token, call);
    this.#before = mine.then(() => before);
    try {
      await before;
      return await mine;
    } finally {
      this.#underWay -= 1;
    }
  }

  #refuses(): boolean {
    if (this.#toRefuse === 0) return false;
    this.#toRefuse -= 1;
    this.#refused += 1;
    return true;
  }

  async #check(token: string, call: Call | null): Promise<ApiKey | null> {
    try {
      const { kid, alg } = decodeProtectedHeader(token);
      const key = this.#keys.get(kid ?? "");
      if (key === undefined || alg !== key.algorithm) return null;
      const { payload } = await compactVerify(token, key.publicKey, { algorithms: [alg] });
      const claims: unknown = JSON.parse(new TextDecoder().decode(payload));
      if (!this.#claimsHold(claims, key.name) || (call !== null && !names(claims, call)))
        return null;
      this.#remember(token);
      return key;
    } catch {
      return null;
    }
  }

  #claimsHold(claims: unknown, keyName: string): claims is Record<string, unknown> {
    if (typeof claims !== "object" || claims === null) return false;
    const { sub, iss, nbf, exp } = claims as Record<string, unknown>;
    const now = Math.floor(this.#clock.now() / 1000);
    return (
      sub === keyName &&
      ISSUERS.includes(iss) &&
      typeof nbf === "number" &&
      typeof exp === "number" &&
      nbf - SKEW_SECONDS <= now &&
      now < exp &&
      exp - nbf <= LONGEST_LIFE_SECONDS
    );
  }

  #remember(token: string): void {
    if (this.#seen.has(token)) this.replayed += 1;
    this.#seen.add(token);
    const [oldest] = this.#seen;
    if (this.#seen.size > MOST_REMEMBERED && oldest !== undefined) this.#seen.delete(oldest);
  }
}

function names(claims: Record<string, unknown>, { method, host, path }: Call): boolean {
  const uris = claims["uris"];
  const named: unknown[] = [claims["uri"], ...(Array.isArray(uris) ? uris : [])];
  return [host, PRODUCTION_HOST].some((each) => named.includes(`${method} ${each}${path}`));
}
