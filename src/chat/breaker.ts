/** Circuit breakers in words: their names, how far each is from its limit, and what one tripped on. */
import type { BreakerView } from "../core/engine/views.ts";
import { ROLLING_LOSS } from "../core/risk/breakers/daily-loss.ts";
import { type Trip, tripWords } from "../core/risk/trip.ts";
import { figure, loss } from "./figure.ts";

/** `daily loss`, `spread BTC-USD` */
export const breakerName = ({ breaker, product }: Pick<BreakerView, "breaker" | "product">) =>
  tripWords(product === null ? breaker : `${breaker} ${product}`);

/** `2/4`, `$3.10/$150`, `0.5 s of 15 s`, `off`; what is no number stands alone. */
export function distance({ now, unread }: Pick<BreakerView, "now" | "unread">): string {
  if (now === null) return unread ?? "nothing to read";
  if (now.unit === "text") return figure(now.observed, "text");
  const [observed, limit] = [figure(now.observed, now.unit), figure(now.limit, now.unit)];
  const isShort = now.unit === "count" || now.unit === "usd";
  return isShort ? `${observed}/${limit}` : `${observed} of ${limit}`;
}

const LOSSES: readonly string[] = ["daily-loss", "drawdown"] satisfies Trip["breaker"][];

/** `daily loss −$151.20 / −$150`, `consecutive losses 4 / 4`, `spread BTC-USD 62 bp / 50 bp` */
export function tripText(trip: Trip): string {
  const { breaker, product = null, observed, limit, unit } = trip;
  const name = trip.of === ROLLING_LOSS ? "24-hour loss" : breakerName({ breaker, product });
  if (LOSSES.includes(breaker) && unit === "usd") {
    return `${name} ${loss(observed)} / ${loss(limit)}`;
  }
  const sign = LOSSES.includes(breaker) ? "−" : "";
  return `${name} ${sign}${figure(observed, unit)} / ${sign}${figure(limit, unit)}`;
}
