/** The one road to the REST API: waits for its turn, sends, and sends again what retry.ts allows. */
// A create is never sent twice, but for one 401 of the API, which proves that it was not let in. coinbase.md §8.
import { setMaxListeners } from "node:events";
import { fail, type Result } from "../../core/kernel/result.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Entropy } from "../../ports/random.ts";
import type { Timers } from "../../ports/timers.ts";
import type { Transport } from "../../ports/transport.ts";
import type { Call, Http } from "./call.ts";
import type { Tried } from "./classify.ts";
import { endpointName } from "./endpoint-name.ts";
import { type Fault, HELD_BACK, leavesOpen } from "./fault.ts";
import type { HeardCall } from "./heard.ts";
import { type Limiter, limiter, type Rate } from "./limiter.ts";
import { refusedTransfer } from "./no-transfer.ts";
import { againAfter, THROTTLED_PAUSE_MS } from "./retry.ts";
import { type Base, type SendWorld, sendOnce } from "./send.ts";
import type { Signer } from "./sign.ts";
import { type Suspicion, suspicion } from "./suspicion.ts";

const REST_PREFIX = "/api/v3/brokerage";
/** An order held back longer than this was decided on prices that are gone. */
const CREATE_PATIENCE_MS = 2000;
const PATIENCE_MS = {
  urgent: 15_000,
  exit: CREATE_PATIENCE_MS,
  trade: CREATE_PATIENCE_MS,
  read: 15_000,
};
/** A third of what the venue allows, with 30 % of a burst kept for cancels, probes and exits. coinbase.md §8.2. */
const SIGNED_RATE: Rate = {
  perSecond: 10,
  burst: 20,
  kept: { urgent: 0, exit: 2, trade: 6, read: 9 },
  patienceMs: PATIENCE_MS,
};
const PUBLIC_RATE: Rate = {
  perSecond: 5,
  burst: 10,
  kept: { urgent: 0, exit: 0, trade: 0, read: 0 },
  patienceMs: PATIENCE_MS,
};

export interface HttpOptions {
  readonly restUrl: string;
  /** Null: public calls only. */
  readonly signer: Signer | null;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly entropy: Entropy;
  /** The venue answered at `endpoint` (`GET /accounts`) that we ask too much, or seems to mean it. */
  readonly throttled: (endpoint: string) => void;
  /** Told each request that was made, retries one by one. Must not throw. */
  readonly heard?: (call: HeardCall) => void;
  /** Asked of each create just before its first byte leaves: why it must not, or null. */
  readonly mayOrder?: () => string | null;
}

interface Road {
  readonly world: SendWorld;
  readonly limits: Readonly<Record<"signed" | "public", Limiter>>;
  readonly smell: Suspicion;
  readonly naps: ReturnType<typeof sleeper>;
  readonly throttled: (endpoint: string) => void;
}

export function http(options: HttpOptions): Http {
  const { signer, transport, clock, timers, entropy, throttled } = options;
  const limits = {
    signed: limiter(SIGNED_RATE, { clock, timers }),
    public: limiter(PUBLIC_RATE, { clock, timers }),
  };
  const stop = new AbortController();
  // Every request under way listens to it; how many those are is the limiter's business.
  setMaxListeners(0, stop.signal);
  const base = baseOf(options.restUrl);
  const heard = options.heard ?? null;
  const mayOrder = options.mayOrder ?? null;
  const world = { base, signer, transport, clock, entropy, stop: stop.signal, heard, mayOrder };
  const naps = sleeper(timers);
  const road: Road = { world, limits, smell: suspicion(clock), naps, throttled };
  return {
    call: (call) => travel(call, road),
    rates: () => ({ signed: limits.signed.seen(), public: limits.public.seen() }),
    close: () => {
      stop.abort();
      limits.signed.close();
      limits.public.close();
      naps.wakeAll();
    },
  };
}

async function travel<T>(call: Call<T>, road: Road): Promise<Result<T, Fault>> {
  const { world, naps } = road;
  const { entropy, stop } = world;
  const moving = refusedTransfer(call);
  if (moving !== null) return fail({ kind: "not-sent", detail: moving });
  const limit = call.access === "public" ? road.limits.public : road.limits.signed;
  const body = call.body === undefined ? null : JSON.stringify(call.body);
  const sends = { made: 0, refused: 0 };
  /** An earlier sending that may have been let in. What becomes of a later one proves nothing about it. */
  let open: Fault | null = null;
  for (;;) {
    if (!(await limit.take(call.pace))) {
      return fail(open ?? { kind: "not-sent", detail: HELD_BACK });
    }
    const { tried, rate } = await sendOnce(call, body, world);
    limit.answered(rate, tried.ok);
    sends.made += 1;
    observe(call, tried, road);
    if (tried.ok) return tried;
    const { fault } = tried.error;
    if (call.method === "POST" && leavesOpen(fault)) open ??= fault;
    if (fault.kind === "status" && fault.status === 401) {
      sends.refused += 1;
      // Those in stock are as old as it, or of the same key.
      if (call.access === "create") world.signer?.refused();
    }
    const waitMs = stop.aborted ? null : againAfter(call, tried.error, sends, entropy);
    if (waitMs === null) return fail(open ?? fault);
    await naps.sleep(waitMs);
    if (stop.aborted) return fail(open ?? fault);
  }
}

/** Lower lanes fall silent when the venue says that it is too much, or seems to by refusing good tokens. */
function observe(call: Call<unknown>, tried: Tried<unknown>, road: Road): void {
  const isSigned = call.access !== "public";
  const limit = isSigned ? road.limits.signed : road.limits.public;
  if (tried.ok) {
    if (isSigned) road.smell.accepted();
    return;
  }
  const { fault, waitMs } = tried.error;
  if (fault.kind !== "status") return;
  const smells = isSigned && fault.status === 401 && road.smell.refused();
  if (fault.status !== 429 && !smells) return;
  limit.pause(waitMs ?? THROTTLED_PAUSE_MS);
  road.throttled(endpointName(call));
}

/** Origin, host with port as tokens name it, and the path all calls are below. */
export function baseOf(restUrl: string): Base {
  const url = new URL(restUrl);
  const path = url.pathname.replace(/\/+$/, "");
  return {
    origin: url.origin,
    host: url.host,
    path: path.endsWith(REST_PREFIX) ? path : `${path}${REST_PREFIX}`,
  };
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
