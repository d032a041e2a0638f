/** Why a circuit breaker shows no figure: nobody set its cap, or what it reads is not known. It says so, and no more. */
import type { ProductId } from "../kernel/ids.ts";
import type { LimitKey } from "../risk/limits.ts";
import { BREAKERS, type BreakerName } from "../risk/trip.ts";
import { equity, lastMarkOf } from "./figures.ts";
import type { State } from "./state.ts";

/** The caps that each of them watches; none: it has no figure, or needs no cap. */
const CAPS: { readonly [B in BreakerName]: readonly LimitKey[] } = {
  "daily-loss": [
    "portfolio.max_daily_loss_usd",
    "portfolio.max_daily_loss_pct",
    "portfolio.max_realized_loss_24h_usd",
  ],
  drawdown: ["portfolio.max_drawdown_usd", "portfolio.max_drawdown_pct"],
  "consecutive-losses": ["circuit_breakers.consecutive_losses"],
  "consecutive-rejects": ["circuit_breakers.consecutive_rejects"],
  "feed-silence": ["circuit_breakers.websocket_disconnect_seconds"],
  throttled: ["circuit_breakers.api_429_per_minute"],
  "rule-failure": [],
  spread: ["circuit_breakers.spread_widening_bps"],
  "error-rate": ["circuit_breakers.errors_per_5_minutes"],
  drift: [],
  "unknown-orders": ["circuit_breakers.unknown_orders"],
  volatility: ["circuit_breakers.volatility_bps_per_minute"],
};
/** Those that watch each product by itself. */
const BY_PRODUCT: readonly BreakerName[] = ["spread", "volatility"];

export interface Unread {
  readonly breaker: BreakerName;
  readonly product: ProductId | null;
  /** `off`, or `cannot read: no price of BTC-USD`. */
  readonly why: string;
}

/** @param isShown what has a reading, or is tripped */
export function unreadOf(
  state: State,
  isShown: (breaker: BreakerName, product: ProductId | null) => boolean,
): readonly Unread[] {
  return BREAKERS.flatMap((breaker) => {
    const isOff = !isSet(state, breaker);
    const each = BY_PRODUCT.includes(breaker) && !isOff ? [...state.sight.markets.keys()] : [null];
    return each
      .filter((product) => !isShown(breaker, product))
      .map((product) => ({
        breaker,
        product,
        why: isOff ? "off" : whyNot(state, breaker, product),
      }));
  });
}

/** Where the policy says nothing of unknown orders there is a usual number; null alone turns that off. */
function isSet({ desk: { policy } }: State, breaker: BreakerName): boolean {
  const caps = CAPS[breaker];
  if (caps.length === 0) return true;
  return caps.some((key) => {
    const [section, name = ""] = key.split(".");
    const caps: object =
      section === "portfolio" ? (policy?.portfolio ?? {}) : (policy?.circuit_breakers ?? {});
    const cap: unknown = Object.entries(caps).find(([each]) => each === name)?.[1];
    return cap !== null && cap !== undefined;
  });
}

function whyNot(state: State, breaker: BreakerName, product: ProductId | null): string {
  if (breaker === "rule-failure") return "none seen";
  const { desk } = state;
  const mark = lastMarkOf(state);
  const unpriced = [...desk.positions.keys()].find((held) => mark(held) === null);
  if (breaker === "spread") return `cannot read: no fresh price of ${product}`;
  if (breaker === "volatility") return `cannot read: no whole minute of prices of ${product}`;
  if (unpriced !== undefined) return `cannot read: no price of ${unpriced}`;
  if (equity(state) === null) return "cannot read: the venue has told no balances";
  return "cannot read: the day has not begun";
}
