/** Round and round: putting never steps, and a bug stops it. */
import { expect, test } from "vitest";
import type { InputBody } from "../../src/core/engine/input.ts";
import { newState } from "../../src/core/engine/state.ts";
import { price, size } from "../../src/core/kernel/money.ts";
import { createLoop } from "../../src/run/loop.ts";
import { BTC, listing, puppet, settings } from "../kit/desk-script.ts";
import { manualTime } from "../kit/manual-time.ts";
import { quietLog } from "../kit/quiet-log.ts";
import { NOW } from "../kit/sample-desk.ts";

const quote = (bid: string): InputBody => ({
  kind: "market.quote",
  product: BTC,
  bid: price(bid),
  ask: price("200"),
  bidSize: size("1"),
  askSize: size("1"),
});

function running() {
  const time = manualTime(NOW);
  const written: number[] = [];
  const fatal: string[] = [];
  const strategy = puppet();
  const loop = createLoop(newState(settings(strategy)), {
    ...time,
    log: quietLog(),
    writer: {
      write: ({ events }, durable) => {
        written.push(...events.map(({ seq }) => seq));
        durable?.();
      },
      flush: async () => true,
      stop: () => undefined,
      unwrittenMs: () => 0,
      seq: 0,
    },
    decided: () => undefined,
    fatal: (why) => fatal.push(why),
  });
  return { time, loop, written, fatal, strategy };
}

test("putting never steps: what an input causes happens after the call that put it", async () => {
  const { time, loop, written } = running();
  loop.put({ kind: "desk.opened", mode: "demo", name: "desk", version: "test", run: "r" });
  expect(written).toEqual([]);
  await time.settle();
  expect(written).toEqual([1, 2]);
});

test("an input that causes nothing is durable at once", async () => {
  const { time, loop } = running();
  let durable = false;
  loop.put(quote("100"), () => {
    durable = true;
  });
  await time.settle();
  expect(durable).toBe(true);
});

test("a bug in the engine stops the loop: nothing more is taken, and the desk is told why", async () => {
  const { time, loop, written, fatal, strategy } = running();
  loop.put({ kind: "venue.listed", listing: listing() });
  await time.settle();
  const before = written.length;
  strategy.decide = () => {
    throw new Error("an impossible average");
  };
  const trade = (tradeId: string): InputBody => {
    const at = time.clock.now();
    return {
      kind: "market.trade",
      product: BTC,
      price: price("100"),
      size: size("1"),
      time: at,
      tradeId,
    };
  };
  for (const id of ["1", "2", "3"]) {
    loop.put(trade(id));
    await time.pass(1500);
  }
  expect(fatal).toEqual(["a bug: Error: an impossible average"]);
  loop.put({ kind: "desk.opened", mode: "demo", name: "desk", version: "test", run: "r" });
  await time.settle();
  expect(written).toHaveLength(before);
});
