/** No offer fills twice: neither told again, nor after a flicker or a break, nor told as a quote and as a trade. */
import { expect, test } from "vitest";
import { NO_SIZE, price, size } from "../../../src/core/kernel/money.ts";
import type { Plan } from "../../../src/core/order/state.ts";
import { openPaper, plan } from "./paper-rig.ts";

const resting = (name: string): Plan => plan(name, { timeInForce: "gtc", limit: price("99") });

test("the same offer fills nobody twice, however often it is told, until there is more of it", async () => {
  const { venue, depth, top, found } = openPaper();
  const book = (ask: string, shown: string) => depth([["99.9", "1"]], [[ask, shown]]);
  book("100", "1.5");
  for (const name of ["a", "b", "c"]) {
    await venue.place(plan(name));
    book("100", "1.5");
    top("99.9", "100", "1.5");
  }
  const sizes = await Promise.all(
    ["a", "b", "c"].map(async (name) => (await found(plan(name)))?.executed.size),
  );
  expect(sizes).toEqual([size("1"), size("0.5"), NO_SIZE]);
  book("100", "1.75");
  await venue.place(plan("d"));
  expect((await found(plan("d")))?.executed.size).toBe(size("0.25"));
});

test("an offer whose price flickers is the same offer; only one that was away for ten seconds is another", async () => {
  const { venue, top, time, found } = openPaper();
  const fills = async (name: string) => {
    await venue.place(plan(name, { limit: price("100") }));
    return (await found(plan(name)))?.executed.size;
  };
  top("99.9", "100", "1");
  expect(await fills("a")).toBe(size("1"));
  top("99.9", "100.5", "1");
  await time.pass(10_000);
  top("99.9", "100", "1");
  expect(await fills("b")).toBe(NO_SIZE);
  await time.pass(60_000);
  top("99.9", "100", "1");
  expect(await fills("c")).toBe(NO_SIZE);
  top("99.9", "100.5", "1");
  await time.pass(10_001);
  top("99.9", "100", "1");
  expect(await fills("d")).toBe(size("1"));
});

test("a broken feed does not make an offer fill twice, and a broken account stream says nothing of prices", async () => {
  const { venue, top, found } = openPaper();
  top("99.9", "100", "1.5");
  await venue.place(plan("a"));
  venue.onMarket({ kind: "feed.broken", stream: "user", cause: "test" });
  await venue.place(plan("b"));
  expect((await found(plan("b")))?.executed.size).toBe(size("0.5"));
  venue.onMarket({ kind: "feed.broken", stream: "market", cause: "test" });
  top("99.9", "100", "1.5");
  await venue.place(plan("c"));
  expect((await found(plan("c")))?.executed.size).toBe(NO_SIZE);
});

test("what the book filled, the trade that tells of the same fills not again; another trade does", async () => {
  const { venue, top, trade, found } = openPaper();
  const filled = async () => (await found(resting("a")))?.executed.size;
  top("99.9", "100");
  await venue.place(resting("a"));
  top("98.4", "98.5", "0.25");
  trade("98.5", "0.125");
  trade("98.5", "0.125");
  expect(await filled()).toBe(size("0.25"));
  trade("98.5", "0.5");
  expect(await filled()).toBe(size("0.75"));
});

test("what a trade filled, the book that still shows the same fills not again", async () => {
  const { venue, top, trade, found } = openPaper();
  const filled = async () => (await found(resting("a")))?.executed.size;
  top("99.9", "100");
  await venue.place(resting("a"));
  trade("98.5", "0.25");
  trade("98.5", "0.25");
  expect(await filled()).toBe(size("0.5"));
  top("98.4", "98.5", "0.5");
  expect(await filled()).toBe(size("0.5"));
  top("98.4", "98.5", "0.625");
  expect(await filled()).toBe(size("0.625"));
});
