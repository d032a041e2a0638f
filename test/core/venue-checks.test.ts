/** What the venue says when it is asked against what its streams and our own books say. */
import { expect, test } from "vitest";
import { riskView } from "../../src/core/engine/risk-view.ts";
import { venueOrderId } from "../../src/core/kernel/ids.ts";
import { decimal, NO_QUOTE, NO_SIZE, price, size } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { BTC, DeskScript } from "../kit/desk-script.ts";

const viewOf = (desk: DeskScript) =>
  riskView(desk.state, { product: BTC, strategy: "puppet" }, instant(desk.now));
const vetoes = (desk: DeskScript): string[] =>
  desk.said("intent.vetoed").flatMap((said) => said.vetoes.map(({ rule }) => rule));
const top = (bid: string, ask: string) => ({
  tops: [{ product: BTC, bid: price(bid), ask: price(ask) }],
});

test("a stream that stands still while the venue's own price has gone gets no entries until the two agree", () => {
  const desk = DeskScript.ready().listed(top("102.00", "102.02"));
  expect(viewOf(desk).checked?.offBps).toBeCloseTo(197, 0);
  desk.alive().want("long");
  expect([vetoes(desk), desk.asked("place").length]).toEqual([["price-check"], 0]);
  desk.listed(top("100.00", "100.02")).alive().want("long");
  expect([vetoes(desk), desk.asked("place").length]).toEqual([["price-check"], 1]);
});

test("a comparison grows old; a book without two sides, and a listing without prices, make none", () => {
  const desk = DeskScript.ready().listed().listed(top("0", "102")).listed(top("102", "101"));
  expect(viewOf(desk).checked).toBeNull();
  desk.listed(top("100.00", "100.02"));
  const { at } = viewOf(desk).checked ?? {};
  expect(at).toBe(desk.now);
  desk.beats(61_000).listed().quote("99.99", "100.01").alive().want("long");
  expect(vetoes(desk)).toEqual(["price-check"]);
});

test("where money is real an entry waits for the first comparison", () => {
  const desk = DeskScript.ready();
  desk.put({ kind: "desk.opened", mode: "live", name: "desk", version: "t", run: "r" });
  desk.want("long");
  expect(vetoes(desk)).toContain("price-check");
});

const cash = (available: string, hold: string) => ({
  balances: [
    { currency: "USD", available: size(available), hold: size(hold) },
    { currency: "BTC", available: NO_SIZE, hold: NO_SIZE },
  ],
});
const free = (desk: DeskScript): string => decimal(viewOf(desk).freeQuote ?? NO_QUOTE);

test("what the venue holds back for nothing of ours is not free, and is again when it lets go", () => {
  const desk = DeskScript.ready();
  expect(free(desk)).toBe("10000");
  desk.listed(cash("9950", "50"));
  expect(free(desk)).toBe("9950");
  desk.listed(cash("20", "9980")).alive().want("long");
  expect(vetoes(desk)).toEqual(["funds"]);
  desk.listed(cash("10000", "0"));
  expect(free(desk)).toBe("10000");
});

test("what it holds back for an order of ours counts once, whichever of the two is told first", () => {
  const desk = DeskScript.ready().want("long").accept();
  const plan = desk.lastPlan();
  const rests = { ...plan, timeInForce: "gtc" as const };
  const order = desk.state.desk.orders.get(plan.id);
  if (order) desk.state.desk.orders.set(plan.id, { ...order, plan: rests });
  const observation = {
    order: plan.id,
    venueId: venueOrderId(`v-${plan.id}`),
    progress: "open" as const,
    executed: { size: NO_SIZE, value: NO_QUOTE, fees: NO_QUOTE },
    detail: "",
    source: "listing" as const,
  };
  const before = free(desk);
  expect(Number(before)).toBeCloseTo(10_000 - 100.14 * 1.006, 0);
  desk.listed({ ...cash("9899.3", "100.7"), orders: [observation] });
  expect(free(desk)).toBe(before);
  desk.listed({ ...cash("9799.3", "200.7"), orders: [observation] });
  expect(Number(before) - Number(free(desk))).toBeCloseTo(100, 0);
  // Under way the listing is of another moment than the orders: what was found before stands.
  const now = free(desk);
  if (order) desk.state.desk.orders.set(plan.id, { ...order, plan });
  desk.listed({ ...cash("9899.3", "100.7"), orders: [observation] });
  expect(free(desk)).toBe(now);
});
