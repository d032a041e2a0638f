/** What is under way while both sides are read is read again; nothing is written on either. */
import { expect, test } from "vitest";
import type { EventBody } from "../../src/core/engine/event.ts";
import { size } from "../../src/core/kernel/money.ts";
import { fail, ok } from "../../src/core/kernel/result.ts";
import type { Account } from "../../src/run/compare-order.ts";
import { type CompareDoors, compareRounds } from "../../src/run/compare-rounds.ts";
import {
  account,
  closed,
  listed,
  NOTHING,
  open,
  planned,
  SETTLED,
  taken,
} from "../kit/compared-order.ts";
import { manualTime } from "../kit/manual-time.ts";
import { memoryJournal } from "../kit/memory-journal.ts";
import { filled, NOW, numbered } from "../kit/sample-desk.ts";

/** Both sides behind doors; each reading of the venue is given what it sees. */
function scene(bodies: readonly EventBody[], sights: readonly (Account | null)[]) {
  const time = manualTime(NOW);
  const journal = memoryJournal([...numbered(bodies)]);
  const asked: string[] = [];
  const sight = (): Account | null => sights[Math.min(lists, sights.length) - 1] ?? null;
  let lists = 0;
  const venue: CompareDoors["venue"] = {
    list: async () => {
      lists += 1;
      return ok(listed());
    },
    find: async () => {
      asked.push("find");
      return ok(sight()?.observation ?? null);
    },
    prove: async () => {
      asked.push("prove");
      const account = sight();
      if (!account?.trades) return fail({ kind: "refused", detail: "404" });
      return ok({ observation: account.observation, trades: account.trades });
    },
    trades: async () => ok([]),
  };
  const refuse = () => Promise.reject(new Error("it only reads"));
  const doors = {
    ...time,
    venue,
    journal: { ...journal, append: refuse, writeCheckpoint: refuse },
  };
  const run = async () => {
    const result = compareRounds(doors, 1000);
    await time.pass(60_000);
    return result;
  };
  return { run, journal, venue, asked, lists: () => lists };
}
const resting = account({ progress: "open", executed: NOTHING, count: 0 }, []);

test("an order that fills while it is read is read again, and is no difference once the journal has it", async () => {
  const at = scene([planned, taken, open], [account()]);
  const after = numbered([filled("0.00152"), closed], 4);
  const { list } = at.venue;
  at.venue.list = (since) => {
    if (at.lists() === 1) at.journal.events.push(...after);
    return list(since);
  };
  expect(await at.run()).toMatchObject({ ok: true, value: { findings: [], unsettled: 1 } });
  expect(at.lists()).toBe(2);
});

test("what differs twice in the same words differs; nothing is asked for more often than that", async () => {
  const at = scene([planned, taken, open], [account()]);
  const told = await at.run();
  expect(told.ok && told.value.findings.map(({ theirs }) => theirs)).toEqual([
    "filled",
    "executed 0.00152 worth 98.927832, fees 0.5935",
    "buy 0.00152 BTC-USD at 65084.1, fee 0.5935, order abcd1234-7b1c5a52",
  ]);
  expect(at.lists()).toBe(2);
});

test("what never stands still is told after the last round, and what differed once is not", async () => {
  const part = (filledSize: string) =>
    account({ progress: "open", executed: { ...NOTHING, size: size(filledSize) } }, []);
  const moving = scene(
    [planned, taken, open],
    [part("0.1"), part("0.2"), part("0.3"), part("0.4")],
  );
  const told = await moving.run();
  expect(told.ok && told.value.findings).toMatchObject([
    { what: "order", theirs: "executed 0.4 worth 0, fees 0" },
  ]);
  const once = scene([planned, taken, open], [part("0.1"), resting]);
  expect(await once.run()).toMatchObject({ ok: true, value: { findings: [] } });
});

test("an order that the venue does not know under its id is searched for, and missing only then", async () => {
  const at = scene([planned, taken, open], [null]);
  expect(await at.run()).toMatchObject({ ok: true, value: { findings: [{ ours: "open" }] } });
  expect(at.asked).toEqual(["prove", "find", "prove", "find"]);
});

test("a venue that cannot be read is a fault, and no comparison", async () => {
  const at = scene(SETTLED, [account()]);
  at.venue.trades = async () => fail({ kind: "unavailable", detail: "503" });
  expect(await at.run()).toEqual({ ok: false, error: { kind: "unavailable", detail: "503" } });
});
