/** The venue, with somebody told of each call that failed: no answer, or one that says that it is in trouble. A refusal is an answer. */
import type { Result } from "../core/kernel/result.ts";
import type { VenueCalls, VenueFault } from "../ports/venue.ts";

export function tellingFailures(venue: VenueCalls, failed: () => void): VenueCalls {
  const read = async <T>(call: Promise<Result<T, VenueFault>>): Promise<Result<T, VenueFault>> => {
    const result = await heard(call, failed);
    if (!result.ok && result.error.kind === "unavailable") failed();
    return result;
  };
  const { preview } = venue;
  return {
    async place(plan) {
      const answer = await heard(venue.place(plan), failed);
      if (answer.kind === "unknown") failed();
      return answer;
    },
    ...(preview ? { preview: (plan) => read(preview.call(venue, plan)) } : {}),
    cancel: (orders) => read(venue.cancel(orders)),
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
