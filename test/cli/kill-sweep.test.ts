/** How long the sweep of a kill bears with a venue that refuses its tokens or its key, in virtual time. */
import { expect, test } from "vitest";
import type { Http } from "../../src/adapters/coinbase/call.ts";
import { type Swept, sweep } from "../../src/cli/kill-sweep.ts";
import { fail, ok } from "../../src/core/kernel/result.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { manualTime } from "../kit/manual-time.ts";

const START = instant(Date.UTC(2026, 10, 18));

/** @param refused how the venue refuses at that moment, or null for an empty listing */
async function swept(refused: (ms: number) => 401 | 403 | null, correct?: () => Promise<void>) {
  const time = manualTime(START);
  let [looks, corrections] = [0, 0];
  const http: Http = {
    async call({ schema }) {
      looks += 1;
      const status = refused(time.clock.now() - START);
      const fault = { kind: "status", body: "json", code: "NO", detail: "no" } as const;
      if (status !== null) return fail({ ...fault, status });
      return ok(schema.parse({ orders: [], has_next: false, cursor: "" }));
    },
    rates: () => ({ signed: null, public: null }) as never,
    close: () => undefined,
  };
  const correcting = async (): Promise<void> => {
    corrections += 1;
    await correct?.();
  };
  const ended: { what: Swept; ms: number }[] = [];
  const { clock, timers } = time;
  const namespace = { namespace: "testdesk", all: false };
  void sweep({ http, correct: correcting, ...namespace, clock, timers, say: () => undefined }).then(
    (what) => void ended.push({ what, ms: clock.now() - START }),
  );
  await time.pass(120_000);
  const [end] = ended;
  if (end === undefined) throw new Error("the sweep never ended");
  return { kind: end.what.kind, ms: end.ms, looks: looks / 2, corrections };
}

test("refused tokens are borne for a while, ever more slowly, each time with the clock read anew", async () => {
  const { kind, ms, looks, corrections } = await swept((at) => (at < 15_000 ? 401 : null));
  expect([kind, ms < 25_000]).toEqual(["clear", true]);
  expect(looks).toBeLessThan(12);
  expect(corrections).toBe(looks - 1);
});

test("a key whose tokens are refused for twenty seconds on end is given up before the minute is over", async () => {
  const { kind, ms } = await swept(() => 401);
  expect(kind).toBe("unread");
  expect([ms >= 20_000, ms < 30_000]).toEqual([true, true]);
});

test("a key that is forbidden to look is given up at once", async () => {
  const { kind, looks } = await swept(() => 403);
  expect([kind, looks]).toEqual(["unread", 3]);
});

test("a clock that never answers holds up the first look by two seconds at most", async () => {
  const { kind, ms } = await swept(
    () => null,
    () => new Promise(() => undefined),
  );
  expect([kind, ms]).toEqual(["clear", 4000]);
});
