/** Given–when–then over the pure core: feeds inputs with a hand-set clock and keeps what came out. */

import type { Request } from "../../src/core/control/request.ts";
import type { Requester } from "../../src/core/control/trading.ts";
import type { Effect } from "../../src/core/engine/effect.ts";
import type { EventBody, EventKind, EventOf } from "../../src/core/engine/event.ts";
import { evolve } from "../../src/core/engine/evolve.ts";
import type { InputBody, Listing } from "../../src/core/engine/input.ts";
import { newState, type Settings, type State } from "../../src/core/engine/state.ts";
import { step } from "../../src/core/engine/step.ts";
import { inboundId, personId, productId, roomId, venueOrderId } from "../../src/core/kernel/ids.ts";
import { price, quote, rate, size } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Plan } from "../../src/core/order/state.ts";
import { GATE } from "../../src/core/risk/gate.ts";
import type { Policy } from "../../src/core/risk/limits.ts";
import type { Strategy } from "../../src/core/strategy/strategy.ts";

export const BTC = productId("BTC-USD");
export const START = instant(Date.UTC(2026, 10, 18, 14, 0, 0));

export const POLICY: Policy = {
  portfolio: {
    max_gross_notional_usd: quote("5000"),
    max_net_notional_usd: quote("2500"),
    max_daily_loss_usd: quote("150"),
    max_drawdown_usd: quote("300"),
    max_orders_per_minute: 12,
  },
  per_symbol: new Map([
    [
      BTC,
      {
        max_position_notional_usd: quote("1000"),
        max_position_units: null,
        max_order_notional_usd: quote("500"),
        max_leverage: 1,
        max_slippage_bps: 15,
        cooldown_seconds: 5,
      },
    ],
  ]),
  circuit_breakers: {
    consecutive_rejects: 5,
    consecutive_losses: 4,
    websocket_disconnect_seconds: 15,
    api_429_per_minute: 20,
    spread_widening_bps: 50,
    stale_price_seconds: 10,
    confirm_seconds: 5,
  },
  event_lockouts: [],
  allowed: { products: [BTC], order_types: ["market_ioc", "limit_gtc"] },
};

export const PRODUCT = {
  id: BTC,
  priceStep: price("0.01"),
  sizeStep: size("0.00000001"),
  minSize: size("0.00000001"),
  maxSize: size("3400"),
  minNotional: quote("1"),
  maxNotional: quote("150000000"),
  closed: null,
};

export const listing = (changes: Partial<Listing> = {}): Listing => ({
  products: [PRODUCT],
  balances: [
    { currency: "USD", available: size("10000"), hold: size("0") },
    { currency: "BTC", available: size("0"), hold: size("0") },
  ],
  orders: [],
  foreign: [],
  takerRate: rate("0.006"),
  makerRate: rate("0.004"),
  asOf: START,
  ...changes,
});

/** A strategy that says what the script tells it to. */
export interface Puppet extends Strategy {
  next: "long" | "flat" | null;
}

export const puppet = (): Puppet => ({
  name: "puppet",
  warmUpBars: 1,
  next: null,
  decide() {
    const want = this.next;
    this.next = null;
    return want === null ? null : { want, because: "told to" };
  },
});

export const settings = (strategy: Strategy, policy: Policy = POLICY): Settings => ({
  deploy: "testdesk",
  products: [BTC],
  quoteCurrency: "USD",
  barMs: 1000,
  strategy,
  orderQuote: quote("100"),
  stopBps: 40,
  takeBps: 80,
  signalLifeMs: 10_000,
  admissionMs: 130_000,
  listEveryMs: 30_000,
  rules: GATE,
  policy,
});

export class DeskScript {
  now: number = START;
  seq = 0;
  messages = 0;
  readonly strategy: Puppet = puppet();
  state: State;
  readonly events: EventBody[] = [];
  effects: Effect[] = [];

  constructor(policy: Policy = POLICY, state?: State, over: Partial<Settings> = {}) {
    this.state = state ?? newState({ ...settings(this.strategy, policy), ...over });
  }

  /** A desk that has started, heard prices and been reconciled. */
  static ready(policy: Policy = POLICY, over: Partial<Settings> = {}): DeskScript {
    const script = new DeskScript(policy, undefined, over);
    script.hearing(START);
    script.put({ kind: "desk.opened", mode: "demo", name: "desk", version: "test", run: "r1" });
    script.put({ kind: "feed.alive", stream: "user" });
    script.put({ kind: "venue.listed", listing: listing() });
    script.trade("100").quote("99.99", "100.01").tick(100);
    return script;
  }

  /** The market stream has been whole since before this moment. */
  hearing(from: number): this {
    for (let at = from - 2 * this.state.settings.barMs; at < from; at += 5000) {
      this.now = at;
      this.put({ kind: "feed.alive", stream: "market" });
    }
    this.now = from;
    return this;
  }

  put(body: InputBody): this {
    this.seq += 1;
    const { events, effects } = step(this.state, { seq: this.seq, at: instant(this.now), body });
    this.events.push(...events.map((event) => event.body));
    this.effects.push(...effects);
    return this;
  }

  wait(ms: number): this {
    this.now += ms;
    return this;
  }

  tick(ms = 250): this {
    return this.wait(ms).put({ kind: "clock.ticked", leading: true, unwrittenMs: 0 });
  }

  /** Both streams prove that they live. */
  alive(): this {
    this.put({ kind: "feed.alive", stream: "market" });
    return this.put({ kind: "feed.alive", stream: "user" });
  }

  /** Time passes while both streams prove every five seconds that they live. */
  beats(ms: number): this {
    const until = this.now + ms;
    while (this.now < until) this.wait(Math.min(5000, until - this.now)).alive();
    return this;
  }

  quote(bid: string, ask: string): this {
    const shown = size("10");
    return this.put({
      kind: "market.quote",
      product: BTC,
      bid: price(bid),
      ask: price(ask),
      bidSize: shown,
      askSize: shown,
    });
  }

  trade(at: string, of = "0.1"): this {
    return this.put({
      kind: "market.trade",
      product: BTC,
      price: price(at),
      size: size(of),
      time: instant(this.now),
      tradeId: String(this.seq),
    });
  }

  /** The venue is listed as of now, with what the fake account owns. */
  listed(changes: Partial<Listing> = {}): this {
    const balances = [...this.state.desk.balances].map(([currency, owned]) => ({
      currency,
      ...owned,
    }));
    return this.put({
      kind: "venue.listed",
      listing: listing({ asOf: instant(this.now), balances, ...changes }),
    });
  }

  /** Tells the strategy what to want and closes a bar, so that it says so. */
  want(what: "long" | "flat"): this {
    const market = this.state.sight.markets.get(BTC);
    const last = market?.lastTrade?.price ?? price("100");
    this.strategy.next = what;
    this.wait(1000);
    this.put({
      kind: "market.trade",
      product: BTC,
      price: last,
      size: size("0.1"),
      time: instant(this.now),
      tradeId: String(this.seq),
    });
    return this;
  }

  by(person = "ana", room = "console:local"): Requester {
    this.messages += 1;
    return {
      person: personId(person),
      name: person,
      room: roomId(room),
      inbound: inboundId(`${room}:${this.messages}`),
    };
  }

  ask(request: Request, by: Requester = this.by()): this {
    const nonce = (this.messages * 7919 + this.seq).toString(16).padStart(32, "9");
    return this.put({ kind: "operator.requested", request, by, nonce });
  }

  /** The desk has decided on an order that no strategy of its own wanted. */
  plan(plan: Plan): this {
    const seq = this.state.desk.seq + 1;
    const body = { kind: "order.planned", plan, because: "told to", by: null } as const;
    evolve(this.state.desk, { seq, at: instant(this.now), body });
    this.events.push(body);
    return this;
  }

  /** The order planned last. */
  lastPlan(): Plan {
    const place = this.effects.filter((effect) => effect.kind === "place").at(-1);
    if (!place) throw new Error("no order was planned");
    return place.plan;
  }

  accept(plan: Plan = this.lastPlan()): this {
    const answer = { kind: "accepted", venueId: venueOrderId(`v-${plan.id}`) } as const;
    return this.put({ kind: "order.answered", order: plan.id, answer });
  }

  /** The venue says that all of the order executed at a price, with a 0.6 % fee. */
  fill(at: string, plan: Plan = this.lastPlan()): this {
    const value = quote(String(0)) + (price(at) * plan.size) / 10n ** 18n;
    return this.put({
      kind: "order.observed",
      observation: {
        order: plan.id,
        venueId: venueOrderId(`v-${plan.id}`),
        progress: "filled",
        executed: { size: plan.size, value: value as never, fees: ((value * 6n) / 1000n) as never },
        detail: "",
        source: "stream",
      },
    });
  }

  said<K extends EventKind>(kind: K): EventOf<K>[] {
    return this.events.filter((event): event is EventOf<K> => event.kind === kind);
  }

  kinds(): EventKind[] {
    return this.events.map((event) => event.kind);
  }

  asked<K extends Effect["kind"]>(kind: K): Extract<Effect, { kind: K }>[] {
    return this.effects.filter(
      (effect): effect is Extract<Effect, { kind: K }> => effect.kind === kind,
    );
  }
}
