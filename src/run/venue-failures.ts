/** The venue, with somebody told of each call that failed: no answer, or one that says that it is in trouble. A refusal is an answer. */
import type { Result } from "../core/kernel/result.ts";
import type { Clock } from "../ports/clock.ts";
import type { VenueCalls, VenueFault } from "../ports/venue.ts";

/** While the venue is away everything is read anew every few seconds: that is one trouble, and not many. */
const READS_APART_MS = 30_000;

export function tellingFailures(venue: VenueCalls, clock: Clock, failed: () => void): VenueCalls {
  let toldAt = Number.NEGATIVE_INFINITY;
  const readFailed = (): void => {
    const now = clock.now();
    if (now - toldAt < READS_APART_MS) return;
    toldAt = now;
    failed();
  };
  const counted = async <T>(
    call: Promise<Result<T, VenueFault>>,
    tell: () => void,
  ): Promise<Result<T, VenueFault>> => {
    const result = await heard(call, tell);
    // What we held back ourselves, and what was too much for the venue, is no trouble of the venue.
    if (!result.ok && result.error.kind === "unavailable" && !result.error.ours) tell();
    return result;
  };
  const read = <T>(call: Promise<Result<T, VenueFault>>) => counted(call, readFailed);
  const { preview } = venue;
  return {
    async place(...asked) {
      const answer = await heard(venue.place(...asked), failed);
      if (answer.kind === "unknown") failed();
      return answer;
    },
    ...(preview ? { preview: (plan) => read(preview.call(venue, plan)) } : {}),
    cancel: (orders) => counted(venue.cancel(orders), failed),
    find: (...asked) => read(venue.find(...asked)),
    list: (since) => read(venue.list(since)),
    prove: (...asked) => read(venue.prove(...asked)),
    trades: (since) => read(venue.trades(since)),
  };
}

/** The door promises never to throw; where it does that is a failure too. */
async function heard<T>(call: Promise<T>, failed: () => void): Promise<T> {
  try {
    return await call;
  } catch (error) {
    failed();
    throw error;
  }
}
