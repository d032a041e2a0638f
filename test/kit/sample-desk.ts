/** One desk at one moment, and the events of an ordinary day, for tests of what people read. */
import type { Asker } from "../../src/chat/command.ts";
import type { Person, Room } from "../../src/chat/person.ts";
import { wallClock } from "../../src/chat/wall-clock.ts";
import type { Confirmation } from "../../src/core/control/request.ts";
import type { Requester } from "../../src/core/control/trading.ts";
import type { Event, EventBody, EventOf } from "../../src/core/engine/event.ts";
import type { Glance } from "../../src/core/engine/glance.ts";
import type { DeskView, LimitView } from "../../src/core/engine/views.ts";
import * as ids from "../../src/core/kernel/ids.ts";
import { decimal, parse, price, quote, size } from "../../src/core/kernel/money.ts";
import { instant, later } from "../../src/core/kernel/time.ts";
import type { Plan } from "../../src/core/order/state.ts";
import type { Intent } from "../../src/core/strategy/intent.ts";

/** 18 November 2026, 13:07:05 in New York. */
export const NOW = instant(Date.UTC(2026, 10, 18, 18, 7, 5));
export const WALL = wallClock("America/New_York");
export const BTC = ids.productId("BTC-USD");
export const CONSOLE = ids.roomId("console:local");
export const OTHER_ROOM = ids.roomId("console:other");

export const ANA: Person = {
  id: ids.personId("ana"),
  name: "Ana",
  role: "risk",
  accounts: ["console:local", "telegram:1001", "slack:T1/UANA"],
};
export const BO: Person = {
  id: ids.personId("bo"),
  name: "Bo",
  role: "operator",
  accounts: ["console:bo", "telegram:1002"],
};
export const VIC: Person = {
  id: ids.personId("vic"),
  name: "Vic",
  role: "viewer",
  accounts: ["console:vic"],
};
/** Ana's private chats with the desk, and a group that hears nothing unasked. */
export const ANA_TELEGRAM = ids.roomId("telegram:1001");
export const ANA_SLACK = ids.roomId("slack:@UANA");
export const GROUP = ids.roomId("telegram:-100");
export const CHAT_ROOMS: readonly Room[] = [
  { id: ANA_TELEGRAM, owner: ANA.id, hears: [] },
  { id: ANA_SLACK, owner: ANA.id, hears: [] },
  { id: GROUP, owner: null, hears: [] },
];
export const ROOMS: readonly Room[] = [
  { id: CONSOLE, owner: null, hears: ["incidents", "activity"] },
  { id: OTHER_ROOM, owner: null, hears: ["incidents"] },
];
export const ASKER: Asker = { person: ANA, account: "console:local", room: CONSOLE, clock: WALL };

export const BY_ANA: Requester = {
  person: ANA.id,
  name: "Ana",
  room: CONSOLE,
  inbound: ids.inboundId("console:run:1"),
};

export const GLANCE: Glance = {
  dayNet: quote("-3.10"),
  dayClosed: quote("-2.51"),
  dayOpen: quote("-0.59"),
  dayLimit: quote("150"),
  equity: quote("4982.40"),
  gross: quote("98.93"),
  grossLimit: quote("5000"),
};

export const HOLDING = {
  product: BTC,
  size: size("0.0123"),
  worth: quote("800.4"),
  stop: price("64824"),
} as const;

export const PLAN: Plan = {
  id: ids.orderId("abcd1234-7b1c5a52"),
  intent: ids.intentId("i1"),
  strategy: "ma-cross",
  product: BTC,
  side: "buy",
  purpose: "entry",
  size: size("0.00152"),
  limit: price("65100"),
  timeInForce: "ioc",
  reference: price("65076.29"),
  plannedAt: NOW,
  validUntil: later(NOW, 60_000),
  stopBps: 40,
  takeBps: 80,
};

export const INTENT: Intent = {
  id: ids.intentId("i2"),
  strategy: "ma-cross",
  product: BTC,
  side: "buy",
  purpose: "entry",
  size: size("0.0003846"),
  limit: price("65000"),
  reference: price("64990"),
  timeInForce: "ioc",
  at: NOW,
  validUntil: later(NOW, 60_000),
  because: "fast above slow",
  stopBps: null,
  takeBps: null,
};

export const CONFIRMATION: Confirmation = {
  id: ids.confirmationId("c0ffee00"),
  code: "K7QF",
  proposal: {
    verb: "limits set",
    key: "per_symbol.BTC-USD.max_position_notional_usd",
    from: "1000",
    to: "1200",
  },
  by: BY_ANA,
  snapshot: {},
  openedAt: NOW,
  expiresAt: later(NOW, 120_000),
};

export function filled(part: string): EventOf<"order.filled"> {
  const value = quote(part === "0.00152" ? "98.927832" : "32.54205");
  return {
    kind: "order.filled",
    order: PLAN.id,
    product: BTC,
    side: "buy",
    strategy: "ma-cross",
    purpose: "entry",
    size: size(part),
    value,
    fee: quote("0.5935"),
    executed: { size: size(part), value, fees: quote("0.5935") },
    orderSize: PLAN.size,
    reference: PLAN.reference,
    position: {
      product: BTC,
      size: size(part),
      cost: value,
      realized: quote("0"),
      fees: quote("0.5935"),
      openedAt: NOW,
      strategy: "ma-cross",
      stop: price("64823.76"),
      take: price("65604.77"),
    },
    realized: quote("0"),
    result: null,
    glance: GLANCE,
  };
}

export const vetoed = (): EventOf<"intent.vetoed"> => ({
  kind: "intent.vetoed",
  intent: INTENT,
  vetoes: [{ rule: "spread", observed: "62", limit: "50", unit: "bps", missing: null }],
});

export const paused = (): EventBody => ({
  kind: "trading.paused",
  latch: { at: NOW, by: BY_ANA, reason: "lunch" },
});

/** Numbers the bodies from `first`, `stepMs` apart. */
export const numbered = (bodies: readonly EventBody[], first = 1, stepMs = 0): Event[] =>
  bodies.map((body, index) => ({ seq: first + index, at: later(NOW, index * stepMs), body }));

/** A cap as the file has it. */
export const limitView = (
  key: string,
  title: string,
  unit: LimitView["unit"],
  value: string,
  used: string | null = null,
): LimitView => ({
  ...{ key, title, unit, value, used },
  headroom: used === null || value === "none" ? null : decimal(parse(value) - parse(used)),
  approved: value,
  ceiling: null,
  file: value,
  source: null,
  until: null,
  after: null,
  strictest: value,
});

export const VIEW: DeskView = {
  at: NOW,
  mode: "live",
  name: "nyc1",
  trading: "active",
  paused: null,
  pauses: [],
  halted: null,
  killed: null,
  reconciled: true,
  glance: GLANCE,
  positions: [
    {
      product: BTC,
      size: size("0.00152"),
      worth: quote("98.93"),
      stop: price("64823.76"),
      average: price("65084.10"),
      take: price("65604.77"),
      mark: price("65086"),
      open: quote("-0.59"),
      fees: quote("0.59"),
    },
  ],
  orders: [
    {
      id: PLAN.id,
      product: BTC,
      side: "sell",
      purpose: "take",
      size: size("0.00152"),
      limit: price("65604.77"),
      spend: null,
      filled: size("0"),
      state: "open",
      ageMs: 65_000,
    },
  ],
  limits: [
    limitView("portfolio.max_daily_loss_usd", "daily loss", "usd", "150", "3.1"),
    limitView("per_symbol.BTC-USD.max_position_notional_usd", "position", "usd", "1000", "98.93"),
    limitView("per_symbol.BTC-USD.max_leverage", "leverage", "count", "none"),
    limitView("per_symbol.BTC-USD.cooldown_seconds", "pause between entries", "seconds", "300"),
  ],
  waiting: [],
  policyVersion: 1,
  breakers: [
    {
      breaker: "consecutive-losses",
      product: null,
      tripped: null,
      now: { observed: "2", limit: "4", unit: "count" },
      holds: false,
      nearness: 0.5,
    },
    {
      breaker: "daily-loss",
      product: null,
      tripped: null,
      now: { observed: "3.10", limit: "150", unit: "usd" },
      holds: false,
      nearness: 0.02,
    },
  ],
  feeds: [
    { stream: "market", ageMs: 400 },
    { stream: "user", ageMs: 1100 },
  ],
  clockAheadMs: 120,
  markets: [
    {
      product: BTC,
      decision: "BUY [fast 65,090 above slow 65,084]",
      entry: quote("100"),
      riskFactor: 1,
      bid: price("65086"),
      ask: price("65087.30"),
      mid: price("65086.65"),
      spreadBps: 0.1997,
      ageMs: 400,
      depth: {
        top1: { bids: quote("15574"), asks: quote("18901") },
        top10: { bids: quote("46483"), asks: quote("126690") },
      },
      buying: { average: price("65089.90"), slippageBps: 0.3994, whole: true },
      selling: { average: price("65084"), slippageBps: 0.3073, whole: true },
      volume: { oneMinute: size("2.5"), fiveMinutes: size("11.25") },
      range: { low: price("65010.5"), high: price("65101") },
      bars: { count: 84, whole: true },
    },
  ],
  silent: [],
  fills: [],
  pending: [CONFIRMATION],
  stage: null,
  suspended: [],
  distrusted: [],
  duty: [],
  routes: [],
  counts: { fills: 4, vetoes: 41, trips: 0, orders: 5 },
};
