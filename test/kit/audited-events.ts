/** One event of each kind that the audit keeps, in an order in which they could happen. */
import type { Confirmation } from "../../src/core/control/request.ts";
import type { Requester } from "../../src/core/control/trading.ts";
import type { EventBody } from "../../src/core/engine/event.ts";
import { confirmationId, inboundId, personId, roomId } from "../../src/core/kernel/ids.ts";
import { quote } from "../../src/core/kernel/money.ts";
import type { Policy } from "../../src/core/risk/limits.ts";
import { ana as anaPlain, at, plan } from "../db/samples.ts";

export const ana: Requester = {
  ...anaPlain,
  account: "console:local",
  words: "/limits set daily-loss 200",
};
export const bo: Requester = {
  person: personId("bo"),
  name: "Bo",
  room: roomId("telegram:1002"),
  inbound: inboundId("telegram:77"),
  account: "telegram:1002",
  words: "/approve [code] 200",
  privately: true,
};

const policy = {} as Policy;
const glance = {
  dayNet: quote("-3.1"),
  dayClosed: quote("-2.51"),
  dayOpen: quote("-0.59"),
  dayLimit: quote("-150"),
  equity: quote("4982.40"),
  gross: quote("99"),
  grossLimit: null,
};
const latch = { at: at(0), by: ana, reason: "spread is odd" };

export const RAISE: Confirmation = {
  id: confirmationId("conf-raise"),
  code: "K7QF",
  proposal: { verb: "limits set", key: "portfolio.max_daily_loss_usd", from: "150", to: "200" },
  by: ana,
  snapshot: { "portfolio.max_daily_loss_usd": "150" },
  openedAt: at(0),
  expiresAt: at(120_000),
};
const stepped: Confirmation = { ...RAISE, progress: { confirmedAt: at(1) } };
const done: Confirmation = {
  ...RAISE,
  progress: { confirmedAt: at(1), codeAt: at(2), approved: { by: bo, at: at(3) } },
};
const trip = {
  breaker: "daily-loss",
  at: at(0),
  observed: "-151.20",
  limit: "-150",
  unit: "usd",
} as const;

/** What Ana and Bo saw when they said yes. */
export const SAW = { ana: "a".repeat(16), bo: "b".repeat(16) };

export const AUDITED_EVENTS: readonly EventBody[] = [
  {
    kind: "desk.started",
    mode: "live",
    name: "nyc1",
    version: "1",
    run: "r1",
    recovered: { orders: 0, positions: 0 },
  },
  { kind: "policy.adopted", policy, kept: ["portfolio.max_drawdown_usd"], version: 1 },
  { kind: "confirmation.opened", confirmation: RAISE, detail: [] },
  {
    kind: "confirmation.stepped",
    confirmation: stepped,
    step: "confirm",
    by: { ...ana, words: "pressed confirm" },
    saw: SAW.ana,
  },
  { kind: "code.spent", by: { ...ana, words: "[code]" }, step: 59_000_000, exposed: false },
  {
    kind: "confirmation.closed",
    confirmation: done,
    outcome: "confirmed",
    by: bo,
    detail: "",
    saw: SAW.bo,
  },
  {
    kind: "limit.changed",
    key: "portfolio.max_daily_loss_usd",
    from: "150",
    to: "200",
    raise: true,
    by: ana,
    version: 2,
    confirmers: ["Ana", "Bo"],
  },
  {
    kind: "limit.reverted",
    key: "portfolio.max_daily_loss_usd",
    from: "200",
    to: "150",
    version: 3,
  },
  {
    kind: "stage.changed",
    from: "paper",
    to: "shadow",
    by: ana,
    why: "raised",
    confirmers: ["Ana", "Bo"],
    policy,
    approved: policy,
    version: 4,
  },
  { kind: "breaker.tripped", trip, glance, holdings: [], openOrders: 1 },
  { kind: "breaker.cleared", trip, why: "UTC midnight" },
  { kind: "trading.paused", latch },
  {
    kind: "attempt.refused",
    person: personId("vic"),
    name: "Vic",
    room: roomId("telegram:-100"),
    words: "/resume",
    why: "role",
    count: 3,
  },
  {
    kind: "security.noticed",
    platform: "telegram",
    what: "strangers",
    count: 12,
    detail: "900, 901",
  },
  { kind: "trading.resumed", by: ana, equity: quote("5000"), rearmed: ["daily-loss"] },
  {
    kind: "venue.checked",
    by: ana,
    differences: [],
    orders: 1,
    external: 0,
    unsettled: 0,
    quarantined: 0,
  },
  {
    kind: "order.planned",
    plan: { ...plan("x", "sell"), purpose: "flatten" },
    because: "",
    by: ana,
  },
  { kind: "order.cancel-asked", order: plan("x").id, why: "asked", by: ana },
  { kind: "trading.halted", latch: { at: at(0), by: null, reason: "three unknown orders" } },
  { kind: "trading.killed", latch, openOrders: 2 },
  { kind: "kill.progressed", closed: 1, total: 2, unknown: 0 },
  {
    kind: "kill.finished",
    total: 2,
    cancelled: 2,
    filled: 0,
    holdings: [],
    flattenCost: quote("0"),
    killedAt: at(0),
  },
  { kind: "trading.rearmed", by: ana },
  { kind: "person.suspended", person: personId("bo"), name: "Bo", by: ana, reason: "lost phone" },
  { kind: "person.restored", person: personId("bo"), name: "Bo", by: ana },
  { kind: "platform.trusted", platform: "telegram", by: ana },
  {
    kind: "duty.changed",
    by: ana,
    on: false,
    to: { person: personId("bo"), name: "Bo" },
    open: [],
  },
  { kind: "alarm.tested", alarm: "a1b2c3d4", by: ana },
  { kind: "alarm.heard", alarm: "a1b2c3d4", by: bo, afterMs: 4200 },
  { kind: "request.answered", verb: "resume", by: ana, refused: true, why: "It is not paused." },
  { kind: "desk.stopped", why: "SIGTERM", glance, holdings: [], openOrders: 0 },
];
