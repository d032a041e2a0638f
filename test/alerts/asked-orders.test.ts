/** Orders that somebody asked for: whoever confirmed a sale is told in their room what became of it. */
import { expect, test } from "vitest";
import { ALERTS } from "../../alerts/table.ts";
import { newAlertMemory } from "../../src/chat/alert-memory.ts";
import type { Confirmation } from "../../src/core/control/request.ts";
import type { Requester } from "../../src/core/control/trading.ts";
import type { EventBody } from "../../src/core/engine/event.ts";
import { inboundId, orderId } from "../../src/core/kernel/ids.ts";
import { quote, size } from "../../src/core/kernel/money.ts";
import type { Plan } from "../../src/core/order/state.ts";
import { derive } from "../../src/run/derive.ts";
import {
  ANA_TELEGRAM,
  BTC,
  BY_ANA,
  CHAT_ROOMS,
  CONFIRMATION,
  filled,
  numbered,
  PLAN,
  ROOMS,
  WALL,
} from "../kit/sample-desk.ts";
import { told } from "../kit/told.ts";

const BY: Requester = { ...BY_ANA, room: ANA_TELEGRAM, inbound: inboundId("telegram:5") };
const SALE: Plan = { ...PLAN, side: "sell", purpose: "flatten", id: orderId("abcd1234-5a1e5a1e") };
const confirmation: Confirmation = {
  ...CONFIRMATION,
  by: BY,
  proposal: { verb: "flatten", products: [BTC] },
};
const opened: EventBody = { kind: "confirmation.opened", confirmation, detail: [] };
const confirmed: EventBody = {
  kind: "confirmation.closed",
  confirmation,
  outcome: "confirmed",
  by: BY,
  detail: "",
};
const planned = (by: Requester | null): EventBody => ({
  kind: "order.planned",
  plan: SALE,
  because: "",
  by,
});
const { id: order } = SALE;
const sold = { ...filled("0.00152"), order, side: "sell", purpose: "flatten" } as const;
const some = { ...filled("0.0005"), order, side: "sell", purpose: "flatten" } as const;
const over = (why: "cancelled" | "expired" | "failed"): EventBody => ({
  kind: "order.closed",
  order,
  product: BTC,
  why,
  detail: "",
  executed: { size: size("0"), value: quote("0"), fees: quote("0") },
  orderSize: SALE.size,
});
const rejected: EventBody = {
  kind: "order.rejected",
  order,
  product: BTC,
  side: "sell",
  reason: "INSUFFICIENT_FUND",
  message: "no",
};

const OUTCOMES: readonly (readonly [string, EventBody])[] = [
  ["its fill", sold],
  ["its refusal", rejected],
  ["that nobody knows its fate", { kind: "order.unknown", order, cause: "no answer" }],
  ["that it was never placed", { kind: "order.absent", order, product: BTC }],
  ["that it expired", over("expired")],
  ["that it failed", over("failed")],
  ["that it was cancelled", over("cancelled")],
];

test.each(OUTCOMES)(
  "whoever asked for a sale in a private chat that hears nothing is told %s, under the request",
  (_what, outcome) => {
    const events = numbered([opened, confirmed, planned(BY), outcome]);
    expect(told(events).at(-1)).toMatchObject({
      replyTo: ANA_TELEGRAM,
      priority: "P1",
      under: "confirmation:c0ffee00",
      edit: false,
    });
    const audience = { alerts: ALERTS, rooms: [...ROOMS, ...CHAT_ROOMS], wall: WALL };
    const { rows } = derive(events, newAlertMemory(), audience);
    const answers = rows.filter(({ room, eventSeq }) => room === ANA_TELEGRAM && eventSeq === 4);
    expect(answers).toMatchObject([{ edit: false, lane: "reply" }]);
  },
);

test("a step of such a sale is no outcome, and a refusal of one is not counted with others", () => {
  const alerts = told(numbered([opened, confirmed, planned(BY), some, rejected, rejected]));
  expect(alerts.at(-3)).toMatchObject({ edit: true, priority: "P2", replyTo: null });
  expect(alerts.slice(-2).map(({ card }) => card.headline)).toEqual(
    Array(2).fill("REJECTED SELL 0.00152 BTC"),
  );
});

test("such a sale cancelled by a kill is told, as no other order is", () => {
  const killed: EventBody = {
    kind: "trading.killed",
    latch: { at: CONFIRMATION.openedAt, by: null, reason: "drill" },
    openOrders: 1,
  };
  expect(told(numbered([planned(BY), killed, over("cancelled")])).at(-1)).toMatchObject({
    replyTo: ANA_TELEGRAM,
    under: `order:${order}`,
  });
  expect(told(numbered([planned(null), killed, over("cancelled")]))).toHaveLength(1);
});

test("an exit of the strategy answers nobody", () => {
  expect(told(numbered([planned(null), sold])).at(-1)).toMatchObject({
    replyTo: null,
    priority: "P2",
    under: `order:${order}`,
  });
});
