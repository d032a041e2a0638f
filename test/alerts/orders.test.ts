import { expect, test } from "vitest";
import type { EventBody, EventOf } from "../../src/core/engine/event.ts";
import { type OrderId, orderId, venueOrderId } from "../../src/core/kernel/ids.ts";
import { price, quote, size } from "../../src/core/kernel/money.ts";
import { BTC, BY_ANA, CONSOLE, filled, NOW, numbered, PLAN } from "../kit/sample-desk.ts";
import { said, told } from "../kit/told.ts";

const LATCH = { at: NOW, by: BY_ANA, reason: "lunch" };
const NOTHING = { size: size("0"), value: quote("0"), fees: quote("0") };
const planned: EventOf<"order.planned"> = {
  kind: "order.planned",
  plan: PLAN,
  because: "fast above slow",
  by: null,
};

test("a fill says what, at which price, what it cost and what protects it", () => {
  expect(said(filled("0.00152"))).toBe(`LIVE nyc1 · BUY filled 0.00152 BTC @ 65,084.10
  $98.93 + fee $0.59 · slippage 1.2 bp
  Stop 64,823.76 · take 65,604.77 (active)
  Day −$3.10 of −$150 · exposure 2%
  ma-cross #0EV3
`);
});

test("a sale that closes a position says what it made or lost, and a worse price is positive slippage", () => {
  const sale = said({
    ...filled("0.00152"),
    side: "sell",
    purpose: "stop",
    reference: price("65090"),
    position: null,
    result: quote("-1.20"),
  });
  expect(sale).toContain("SELL filled");
  expect(sale).toContain("$98.93 − fee $0.59 · slippage 0.9 bp");
  expect(sale).toContain("Position closed: lost $1.20 after fees");
  expect(sale).toContain("ma-cross · stop #0EV3");
});

test("partial fills edit one message for their order, and the last one is a message of its own", () => {
  const [first, second, last] = told(
    numbered([filled("0.0005"), filled("0.001"), filled("0.00152")]),
  );
  expect([first?.edit, second?.edit, last?.edit]).toEqual([true, true, false]);
  expect([first?.key === second?.key, last?.key]).toEqual([true, null]);
  expect(first?.card.headline).toBe("BUY filling 0.0005 of 0.00152 BTC @ 65,084.10");
});

test("orders cancelled by a kill or a pause say nothing each by itself", () => {
  const cancelled: EventBody = {
    kind: "order.closed",
    order: PLAN.id,
    product: BTC,
    why: "cancelled",
    detail: "",
    executed: NOTHING,
    orderSize: PLAN.size,
  };
  const asked = (why: string): EventBody => ({
    kind: "order.cancel-asked",
    order: PLAN.id,
    why,
    by: BY_ANA,
  });
  const killed: EventBody = { kind: "trading.killed", latch: LATCH, openOrders: 1 };
  expect(told(numbered([planned, killed, asked("kill"), cancelled]))).toHaveLength(1);
  const answers = told(numbered([planned, asked("asked"), cancelled]));
  expect(answers.map(({ card, replyTo }) => [card.headline, replyTo])).toEqual([
    ["Cancelling BUY 0.00152 BTC", CONSOLE],
    ["BUY 0.00152 BTC cancelled, nothing filled", CONSOLE],
  ]);
});

test("an unknown order is told, and so is its being found or not placed", () => {
  const lost: EventBody = { kind: "order.unknown", order: PLAN.id, cause: "timeout" };
  const headlines = (body: EventBody): readonly string[] =>
    told(numbered([planned, lost, body])).map(({ card }) => card.headline);
  expect(headlines({ kind: "order.absent", order: PLAN.id, product: BTC })).toEqual([
    "UNKNOWN BUY 0.00152 BTC",
    "NOT PLACED BUY 0.00152 BTC",
  ]);
});

test("the same rejection again within five minutes counts in one message", () => {
  const reject: EventBody = {
    kind: "order.rejected",
    order: PLAN.id,
    product: BTC,
    side: "buy",
    reason: "INSUFFICIENT_FUND",
    message: "not enough \u202emoney",
  };
  const alerts = told(numbered([planned, reject, reject], 1, 1000));
  expect(alerts.map(({ card, edit, priority }) => [card.headline, edit, priority])).toEqual([
    ["REJECTED BUY 0.00152 BTC", false, "P1"],
    ["REJECTED 2 times · last BUY 0.00152 BTC", true, "P1"],
  ]);
  expect(alerts[0]?.card.lines[1]).toBe("not enough money");
});

test("a resting entry that follows the price is one announcement, and its end is told when nothing follows", () => {
  const gtc = { ...PLAN, timeInForce: "gtc", postOnly: true } as const;
  const second = { ...gtc, id: orderId("abcd1234-leg2"), leg: 2, replaces: PLAN.id };
  const of = (order: OrderId): readonly [EventBody, EventBody, EventBody] => [
    { kind: "order.acknowledged", order, venueId: venueOrderId("v1") },
    { kind: "order.cancel-asked", order, why: "the price moved away", by: null, replace: true },
    {
      ...({ kind: "order.closed", order, product: BTC, why: "cancelled", detail: "" } as const),
      ...{ executed: NOTHING, orderSize: PLAN.size },
    },
  ];
  const [known, asked, over] = of(second.id);
  const events = [{ ...planned, plan: gtc }, ...of(PLAN.id), { ...planned, plan: second }, known];
  const headlines = (bodies: readonly EventBody[]) =>
    told(numbered(bodies)).map(({ card }) => card.headline);
  expect(headlines([...events, asked, over])).toEqual(["BUY 0.00152 BTC placed @ 65,100.00"]);
  const again = { kind: "order.cancel-asked", order: second.id, why: "pause", by: null } as const;
  expect(headlines([...events, asked, again, over])).toEqual([
    "BUY 0.00152 BTC placed @ 65,100.00",
    "BUY 0.00152 BTC cancelled, nothing filled",
  ]);
});

test("an entry taken back to follow the price is told to be over once, when its proof is followed by no other order", () => {
  const gtc = { ...PLAN, timeInForce: "gtc", postOnly: true } as const;
  const second = { ...gtc, id: orderId("abcd1234-leg2"), leg: 2, replaces: PLAN.id };
  const none = { executed: NOTHING, orderSize: PLAN.size };
  const ended = (order: OrderId): readonly EventBody[] => [
    { kind: "order.cancel-asked", order, why: "the price moved away", by: null, replace: true },
    { ...{ kind: "order.closed", order, product: BTC, why: "cancelled", detail: "" }, ...none },
    { kind: "order.settled", order, product: BTC, trades: 0, executed: NOTHING },
  ];
  const first: readonly EventBody[] = [
    { ...planned, plan: gtc },
    { kind: "order.acknowledged", order: PLAN.id, venueId: venueOrderId("v1") },
  ];
  const next: EventBody = { kind: "feed.recovered", stream: "user", silentMs: 10 };
  const heard = (...bodies: readonly EventBody[]) =>
    told(numbered(bodies)).flatMap(({ card, under }) =>
      card.headline.startsWith("BUY") ? [[card.headline, under]] : [],
    );
  const placed = ["BUY 0.00152 BTC placed @ 65,100.00", null];
  const over = ["BUY 0.00152 BTC ended; no order follows", `order:${PLAN.id}`];
  const alone = [...first, ...ended(PLAN.id)];
  expect(heard(...alone)).toEqual([placed]);
  expect(heard(...alone, next, next)).toEqual([placed, over]);
  const followed = [...alone, { ...planned, plan: second } as const, next];
  expect(heard(...followed)).toEqual([placed]);
  expect(heard(...followed, ...ended(second.id), next, next)).toEqual([placed, over]);
  const other = { ...planned, plan: { ...gtc, id: orderId("abcd1234-other") } } as const;
  expect(heard(...alone, other, next)).toEqual([placed, over]);
});

test("a preview speaks only when it kept an order back, and an order for a sum is named by its sum", () => {
  const seen = (refusals: readonly string[]): EventBody => ({
    ...{ kind: "order.previewed", order: PLAN.id, refusals, warnings: [], failure: null },
    ...{ total: quote("25"), fee: quote("0.15"), averagePrice: price("65000") },
  });
  const market: EventBody = { ...planned, plan: { ...PLAN, spend: quote("25") } };
  expect(told(numbered([market, seen([])]))).toEqual([]);
  const [refused] = told(numbered([market, seen(["PREVIEW_INSUFFICIENT_FUND"])]));
  expect(refused?.card.headline).toBe("NOT SENT BUY $25.00 of BTC");
  expect(refused?.card.lines[0]).toBe("The venue would refuse it: PREVIEW_INSUFFICIENT_FUND");
});
