/** The one road to the REST API: limit, sign, send, classify, and retry what is safe to retry. */
// A create is never sent twice, but for one 401, which proves that it was not let in. coinbase.md §8.
import { setMaxListeners } from "node:events";
import type { z } from "zod";
import { fail, ok, type Result } from "../../core/kernel/result.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Entropy } from "../../ports/random.ts";
import type { Timers } from "../../ports/timers.ts";
import type { Transport, TransportReply } from "../../ports/transport.ts";
import { backoffMs } from "./backoff.ts";
import { parseJson, plain, readError } from "./errors.ts";
import { limiter, type Pace } from "./limiter.ts";
import type { Signer } from "./sign.ts";

const REST_PREFIX = "/api/v3/brokerage";

export type Fault =
  /** No byte left: it certainly did not happen. */
  | { readonly kind: "not-sent"; readonly detail: string }
  /** No answer: it may have happened. */
  | { readonly kind: "ambiguous"; readonly detail: string }
  /** `parsed` tells the API's own word from a gateway's page or text. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly parsed: boolean;
      readonly code: string;
      readonly detail: string;
    }
  /** A success whose body is not what is documented. */
  | { readonly kind: "shape"; readonly detail: string };

export interface Call<T> {
  readonly method: "GET" | "POST";
  /** Below /api/v3/brokerage, e.g. `/orders`. */
  readonly path: string;
  /** Arrays are repeated names. */
  readonly query?: readonly (readonly [string, string])[];
  readonly body?: unknown;
  readonly schema: z.ZodType<T>;
  /** `create` takes its token from the stock. */
  readonly access: "public" | "signed" | "create";
  readonly pace: Pace;
}

export interface Http {
  /** Never throws. */
  call<T>(call: Call<T>): Promise<Result<T, Fault>>;
  close(): void;
}

const TIMEOUT_MS = 10_000;
/** Sends of one read in all. */
const MOST_SENDS = 4;
const RETRY = { floorMs: 50, baseMs: 300, mostMs: 5000 };
const UNAUTHORIZED_RETRY = { floorMs: 250, baseMs: 500, mostMs: 500 };
const THROTTLED_PAUSE_MS = 1000;
/** Asked to wait longer than this, a read gives up instead. */
const LONGEST_WAIT_MS = 30_000;
/** An order held back longer than this was decided on prices that are gone. */
const CREATE_PATIENCE_MS = 2000;
const PATIENCE_MS = { urgent: 15_000, trade: CREATE_PATIENCE_MS, read: 15_000 };
/** A third of what the venue allows, with 30 % of a burst kept for cancels and probes. coinbase.md §8.2. */
const PRIVATE_RATE = {
  perSecond: 10,
  burst: 20,
  kept: { urgent: 0, trade: 6, read: 9 },
  patienceMs: PATIENCE_MS,
};
const PUBLIC_RATE = {
  perSecond: 5,
  burst: 10,
  kept: { urgent: 0, trade: 0, read: 0 },
  patienceMs: PATIENCE_MS,
};

type Try<T> = Result<
  T,
  { readonly fault: Fault; readonly again: boolean; readonly waitMs: number }
>;

export function http(options: {
  readonly restUrl: string;
  readonly signer: Signer | null;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly entropy: Entropy;
  readonly throttled: () => void;
}): Http {
  const { signer, transport, clock, timers, entropy, throttled } = options;
  const base = baseOf(options.restUrl);
  const limits = {
    private: limiter(PRIVATE_RATE, { clock, timers }),
    public: limiter(PUBLIC_RATE, { clock, timers }),
  };
  const stop = new AbortController();
  // Every request under way listens to it; how many those are is the limiter's business.
  setMaxListeners(0, stop.signal);
  const naps = sleeper(timers);

  const tokenFor = (call: Call<unknown>, path: string): Promise<string | null> => {
    if (call.access === "public") return Promise.resolve(null);
    if (!signer) return Promise.reject(new Error("there is no API key"));
    return call.access === "create"
      ? signer.create()
      : signer.rest(call.method, `${base.host}${path}`);
  };

  const send = async <T>(call: Call<T>, body: string | null): Promise<Try<T>> => {
    const path = `${base.path}${call.path}`;
    let token: string | null;
    try {
      token = await tokenFor(call, path);
    } catch (error) {
      const why = error instanceof Error ? plain(error.message) : "";
      return broken({ kind: "not-sent", detail: `cannot sign: ${why}` }, false);
    }
    const reply = await transport.request({
      method: call.method,
      url: `${base.origin}${path}${searchOf(call)}`,
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        "user-agent": "claudbot",
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body,
      timeoutMs: TIMEOUT_MS,
      signal: stop.signal,
    });
    if ("failed" in reply) return broken({ kind: reply.failed, detail: plain(reply.cause) }, true);
    if (reply.status === 429) throttled();
    return classify(call, reply);
  };

  return {
    call: async (call) => {
      const limit = call.access === "public" ? limits.public : limits.private;
      const body = call.body === undefined ? null : JSON.stringify(call.body);
      let refusedTokens = 0;
      for (let sends = 1; ; sends += 1) {
        if (!(await limit.take(call.pace))) {
          return fail({ kind: "not-sent", detail: "held back by our own rate limit" });
        }
        const result = await send(call, body);
        if (result.ok) return result;
        const { fault, again, waitMs } = result.error;
        if (fault.kind === "status" && fault.status === 429) limit.pause(waitMs);
        if (stop.signal.aborted) return fail(fault);
        if (fault.kind === "status" && fault.status === 401) {
          refusedTokens += 1;
          if (refusedTokens > 1 || call.access === "public") return fail(fault);
          await naps.sleep(backoffMs(0, UNAUTHORIZED_RETRY, entropy));
        } else {
          const mayRetry = call.method === "GET" && again && sends < MOST_SENDS;
          if (!mayRetry || waitMs > LONGEST_WAIT_MS) return fail(fault);
          await naps.sleep(Math.max(waitMs, backoffMs(sends - 1, RETRY, entropy)));
        }
        if (stop.signal.aborted) return fail(fault);
      }
    },
    close: () => {
      stop.abort();
      limits.private.close();
      limits.public.close();
      naps.wakeAll();
    },
  };
}

/** Origin, host with port as tokens name it, and the path all calls are below. */
export function baseOf(restUrl: string): { origin: string; host: string; path: string } {
  const url = new URL(restUrl);
  const path = url.pathname.replace(/\/+$/, "");
  return {
    origin: url.origin,
    host: url.host,
    path: path.endsWith(REST_PREFIX) ? path : `${path}${REST_PREFIX}`,
  };
}

function searchOf(call: Call<unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of call.query ?? []) query.append(name, value);
  return query.size === 0 ? "" : `?${query}`;
}

/** Waits that can all be ended at once. */
function sleeper(timers: Timers) {
  const sleeping = new Set<() => void>();
  return {
    sleep: (ms: number): Promise<void> =>
      new Promise((wake) => {
        const done = () => {
          cancel();
          sleeping.delete(done);
          wake();
        };
        const cancel = timers.after(ms, done);
        sleeping.add(done);
      }),
    wakeAll: () => {
      for (const wake of [...sleeping]) wake();
    },
  };
}

function broken(fault: Fault, again: boolean, waitMs = 0): Try<never> {
  return fail({ fault, again, waitMs });
}

function classify<T>(call: Call<T>, reply: TransportReply): Try<T> {
  const { status, body } = reply;
  if (status < 200 || status > 299) {
    const { parsed, code, message } = readError(body);
    const fault: Fault = { kind: "status", status, parsed, code, detail: message };
    return broken(fault, status === 429 || status >= 500, status === 429 ? waitOf(reply) : 0);
  }
  const json = parseJson(body);
  if (json === undefined) {
    return broken({ kind: "shape", detail: `not JSON: ${plain(body)}` }, true);
  }
  const read = call.schema.safeParse(json);
  if (read.success) return ok(read.data);
  const issue = read.error.issues[0];
  const where = issue ? `${issue.path.join(".")} ${issue.message}` : "";
  return broken({ kind: "shape", detail: plain(`unexpected reply: ${where}`) }, false);
}

/** Milliseconds the venue asks to wait. */
function waitOf(reply: TransportReply): number {
  const asked = reply.headers["retry-after"] ?? reply.headers["x-ratelimit-reset"] ?? "";
  return /^\d+(\.\d+)?$/.test(asked.trim()) ? Math.ceil(Number(asked) * 1000) : THROTTLED_PAUSE_MS;
}

/** One line for logs and people. */
export function faultText(fault: Fault): string {
  switch (fault.kind) {
    case "not-sent":
      return `not sent: ${fault.detail}`;
    case "ambiguous":
      return `no answer: ${fault.detail}`;
    case "status":
      return `HTTP ${fault.status} ${fault.code} ${fault.detail}`.replace(/\s+/g, " ").trim();
    case "shape":
      return fault.detail;
  }
}
