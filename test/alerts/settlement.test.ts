import { expect, test } from "vitest";
import type { EventBody, EventOf } from "../../src/core/engine/event.ts";
import { venueOrderId } from "../../src/core/kernel/ids.ts";
import { quote, size } from "../../src/core/kernel/money.ts";
import { QUARANTINES, type Quarantine } from "../../src/core/order/state.ts";
import { BTC, BY_ANA, CONSOLE, filled, numbered, PLAN } from "../kit/sample-desk.ts";
import { said, text, told } from "../kit/told.ts";

const planned = (asked: boolean): EventBody => ({
  kind: "order.planned",
  plan: PLAN,
  because: "fast above slow",
  by: asked ? BY_ANA : null,
});
const quarantined = (why: Quarantine): EventBody => ({
  kind: "order.quarantined",
  order: PLAN.id,
  product: BTC,
  why,
  detail: "ours 0.00152, theirs 0.00304",
});
const released: EventBody = {
  kind: "order.released",
  order: PLAN.id,
  product: BTC,
  side: "buy",
  why: "the decision was stale",
};
const foreign = {
  venueId: venueOrderId("0000-9f31aa"),
  product: BTC,
  clientId: "hand\u202e-made",
  side: "sell",
  live: true,
  worth: quote("1250"),
} as const;
const checked = (over: Partial<EventOf<"venue.checked">> = {}): EventBody => ({
  kind: "venue.checked",
  by: BY_ANA,
  differences: [],
  orders: 12,
  external: 0,
  unsettled: 0,
  quarantined: 0,
  ...over,
});

test("an order that never left is told to whoever asked for it, and to nobody else", () => {
  expect(told(numbered([planned(false), released]))).toEqual([]);
  const [answer] = told(numbered([planned(true), released], 15202));
  expect([answer?.topic, answer?.replyTo]).toEqual(["reply-only", CONSOLE]);
  expect(text(answer)).toBe(`LIVE nyc1 · NOT SENT BUY 0.00152 BTC
  It never left the desk: the decision was stale
  Nothing is open.
  Order …1c5a52 #0EV3
`);
});

test("trades and settlements say nothing: the fill has spoken", () => {
  const executed = { size: PLAN.size, value: quote("98.93"), fees: quote("0.59") };
  const settled: EventBody = {
    kind: "order.settled",
    order: PLAN.id,
    product: BTC,
    trades: 1,
    executed,
  };
  const traded: EventBody = { kind: "order.traded", order: PLAN.id, product: BTC, trades: [] };
  expect(told(numbered([planned(false), traded, settled]))).toEqual([]);
});

test("a quarantine says what it means, what waits for it, where to look and how it ends", () => {
  expect(said(planned(false), quarantined("overfilled"))).toBe(
    `🔴 LIVE nyc1 · QUARANTINED BUY 0.00152 BTC: overfilled
  More executed than was ordered. All of it is booked.
  ours 0.00152, theirs 0.00304
  Entries of BTC-USD wait; exits still work.
  Look at the venue: Is more held than is meant?
  Then /resume, paused or not (killed or halted: /rearm): it takes what is booked for right.
  Order …1c5a52 #0EV4
`,
  );
});

test("every quarantine wakes somebody, but for books that do not add up yet, also where a person asked for the order", () => {
  for (const asked of [true, false]) {
    const rings = QUARANTINES.map((why) => {
      const alerts = told(numbered([planned(asked), quarantined(why)]));
      expect(alerts).toHaveLength(1);
      expect(alerts[0]?.topic).toBe("incidents");
      expect(alerts[0]?.card.lines.length).toBeLessThanOrEqual(7);
      return [why, alerts[0]?.priority];
    });
    expect(Object.fromEntries(rings)).toEqual({
      unknown: "P0",
      lost: "P0",
      "two-orders": "P0",
      "other-terms": "P0",
      overfilled: "P0",
      unproven: "P1",
      adjusted: "P1",
    });
  }
});

test("nobody is told to resume what only the venue can explain; what it lost ends by either", () => {
  for (const why of QUARANTINES) {
    const words = said(planned(false), quarantined(why));
    expect(words.includes("/resume")).toBe(why !== "unknown");
    expect(words.includes("by itself")).toBe(why === "unknown" || why === "lost");
  }
});

test("an amount that no fill explains is told with its worth; dust is not", () => {
  const gap = { kind: "balance.adjusted", currency: "BTC", gap: size("-0.0123") } as const;
  expect(said({ ...gap, sort: "pending", worth: quote("-800.4") })).toBe(
    `⚠️ LIVE nyc1 · UNEXPLAINED −0.0123 BTC
  13:07:05 EST. The venue has 0.0123 BTC less than fills explain, about $800.40.
  It is booked as neither profit nor loss.
  Look at the venue: a deposit, a withdrawal, a trade by hand, a fee?
  Once it is explained: /resume #0EV3
`,
  );
  const more = said({ ...gap, gap: size("5"), currency: "USD", sort: "pending", worth: null });
  expect(more).toContain("UNEXPLAINED +5 USD");
  expect(more).toContain("5 USD more than fills explain, worth unknown.");
  expect(told(numbered([{ ...gap, sort: "dust", worth: null }]))).toEqual([]);
});

test("an order of somebody else is told once, and under that when it is gone", () => {
  const [seen, grown, gone] = told(
    numbered(
      [
        { kind: "external.seen", foreign },
        { kind: "external.seen", foreign: { ...foreign, worth: quote("1300") } },
        { kind: "external.gone", foreign: { ...foreign, live: false } },
      ],
      15203,
    ),
  );
  expect(text(seen)).toBe(`⚠️ LIVE nyc1 · NOT OURS: SELL order in BTC-USD on our account
  Worth up to $1,250.00.
  Entries of BTC-USD wait while it stands; exits still work.
  The desk never touches it. Whose is it? Cancel it at the venue, or let it end.
  Venue's order …9f31aa, named hand-made #0EV3
`);
  expect([seen?.priority, gone?.priority]).toEqual(["P1", "P2"]);
  expect([seen?.edit, grown?.edit, grown?.key === seen?.key]).toEqual([false, true, true]);
  expect(gone?.under).toBe(seen?.key);
  expect(gone?.card.headline).toBe("Gone: the SELL order in BTC-USD that was not ours");
});

test("a check is answered to whoever asked: first the result, then what differs, on eight lines at most", () => {
  const [nothing] = told(numbered([checked()], 15203));
  expect([nothing?.topic, nothing?.replyTo]).toEqual(["reply-only", CONSOLE]);
  expect(text(nothing)).toBe(`LIVE nyc1 · RECONCILED: nothing differs
  13:07:05 EST. 12 orders compared. #0EV3
`);
  const one = { what: "trade", subject: "e-1", ours: "", theirs: "0.1 @ 65,000" } as const;
  const two = said(
    checked({
      differences: [one, { what: "balance", subject: "BTC", ours: "0.1", theirs: "0.2" }],
      external: 1,
      unsettled: 2,
      quarantined: 1,
    }),
  );
  expect(two).toBe(`⚠️ LIVE nyc1 · RECONCILED: 2 differences
  13:07:05 EST. 12 orders compared.
  1 order quarantined, 1 not ours, 2 not proven yet
  trade e-1: we had nothing, the venue 0.1 @ 65,000
  balance of BTC: we had 0.1, the venue 0.2 #0EV3
`);
  const many = said(checked({ differences: Array.from({ length: 30 }, () => one) }));
  expect(many.trimEnd().split("\n")).toHaveLength(8);
  expect(many).toContain("… and 25 more");
});

test("whoever asks for a check is told that it began, not that there is nothing to change", () => {
  const begun = said({
    kind: "request.answered",
    verb: "reconcile",
    by: BY_ANA,
    refused: false,
    why: "Reading the venue; what differs follows.",
  });
  expect(begun).toContain("/reconcile begun\n  Reading the venue");
});

test("a fill that came after the order was taken for over says so, rings, and is no edit", () => {
  const alerts = told(numbered([planned(false), { ...filled("0.0005"), late: "cancelled" }]));
  expect(alerts.map(({ edit, priority, topic }) => [edit, priority, topic])).toEqual([
    [false, "P1", "incidents"],
  ]);
  const words = text(alerts[0]);
  expect(words).toMatch(/^⚠️ LIVE nyc1 · LATE: BUY filled 0\.0005 of 0\.00152 BTC/);
  expect(words).toContain("It came when the order was taken for over (cancelled). It is booked.");
});
