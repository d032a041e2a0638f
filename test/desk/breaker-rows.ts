/** For each circuit breaker how a real desk is made to trip it, and what must be over before a person may resume. */
import type { BREAKER_LIMITS, PORTFOLIO_LIMITS } from "../../src/core/risk/limits.ts";
import type { BreakerName } from "../../src/core/risk/trip.ts";
import { type DeskMarket, HIGH, LOW } from "../kit/desk-market.ts";

/** What a row pulls at while the desk runs. */
export interface Levers {
  readonly market: DeskMarket;
  /** How often it was pulled already: it is again and again until the breaker trips. */
  readonly nth: number;
  type(line: string): void;
}

export interface Row {
  readonly portfolio?: { readonly [K in keyof typeof PORTFOLIO_LIMITS]?: number | null };
  readonly breakers?: { readonly [K in keyof typeof BREAKER_LIMITS]?: number | null };
  /** A desk of its own making, where no exchange can cause it. */
  readonly broken?: true;
  /** Brings about the condition. */
  pull(on: Levers): void;
  /** `/resume` says no before: it lasts longer than the process does. */
  readonly lasts?: true;
  /** Ends the condition at the exchange. */
  over?(market: DeskMarket): void;
  /** Ends it by a line that a person types and confirms. */
  readonly raised?: string;
  /** The desk is halted or killed beside: `/rearm` comes first. */
  readonly rearm?: true;
}

/** A price above the one before is bought. */
const buy = ({ market, nth }: Levers): void => {
  if (nth === 0) market.price(HIGH);
};
/** And one below is sold, at a loss. */
const buyAndSell = ({ market, nth }: Levers): void => market.price(nth % 20 < 10 ? HIGH : LOW);

/** A buy whose answer is lost, and of which the stream tells only later. */
function lostBuy(on: Levers): void {
  const { control } = on.market.exchange;
  if (on.nth === 0) {
    control.setLags({ userMs: 3000 });
    control.dropNextAnswer("POST /orders");
  }
  buy(on);
}

const SPREADS = { wide: ["190.00", "210.00"], narrow: ["199.99", "200.01"] } as const;
/** Of the product that nothing else moves; never the very same book twice. */
function spread({ exchange }: DeskMarket, how: keyof typeof SPREADS, nth: number): void {
  const [bid, ask] = SPREADS[how];
  const shown = `${5 + (nth % 2)}`;
  exchange.control.quote("ETH-USD", { bids: [[bid, shown]], asks: [[ask, shown]] });
}

const LISTING = "GET /orders/historical/batch";
/** How often one call is sent at most. */
const TRIES = 5;

export const ROWS: { readonly [B in BreakerName]: Row } = {
  // A fee is lost with the first buy.
  "daily-loss": {
    portfolio: { max_daily_loss_usd: 0.5 },
    pull: buy,
    lasts: true,
    raised: "/limits set portfolio.max_daily_loss_usd 150",
  },
  drawdown: { portfolio: { max_drawdown_usd: 0.5 }, pull: buy },
  "consecutive-losses": { breakers: { consecutive_losses: 1 }, pull: buyAndSell },
  "consecutive-rejects": {
    breakers: { consecutive_rejects: 1 },
    pull(on) {
      if (on.nth === 0) on.market.exchange.control.refuseNextOrder("INSUFFICIENT_FUND");
      buy(on);
    },
  },
  "feed-silence": {
    breakers: { websocket_disconnect_seconds: 2 },
    pull: ({ market, nth }) => nth === 0 && market.exchange.control.silence(),
    over: ({ exchange }) => exchange.control.resume(),
  },
  throttled: {
    breakers: { api_429_per_minute: 1 },
    pull({ market, nth, type }) {
      if (nth > 0) return;
      market.exchange.control.failNext(LISTING, "429-json");
      type("/reconcile");
    },
  },
  "rule-failure": { broken: true, pull: buy },
  spread: {
    breakers: { spread_widening_bps: 60 },
    pull: ({ market, nth }) => spread(market, "wide", nth),
    lasts: true,
    over: (market) => spread(market, "narrow", 0),
  },
  // A create whose answer is lost, and a search that is answered by nobody.
  "error-rate": {
    breakers: { errors_per_5_minutes: 1 },
    pull(on) {
      const { control } = on.market.exchange;
      if (on.nth === 0) control.failNext(LISTING, "503-html", TRIES);
      lostBuy(on);
    },
    rearm: true,
  },
  drift: {
    pull({ market, nth, type }) {
      if (nth === 0) market.exchange.control.transfer("USD", "250");
      type("/reconcile");
    },
  },
  "unknown-orders": {
    breakers: { unknown_orders: 1 },
    pull: lostBuy,
    rearm: true,
  },
  // Three quiet seconds, then a percent at once.
  volatility: {
    breakers: { volatility_bps_per_minute: 50 },
    pull: ({ market, nth }) => nth === 30 && market.price(HIGH),
  },
};
