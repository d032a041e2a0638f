/** The figures that commands and alerts both show: the day, the exposure, what is held, the state's word. */
import type { TradingState } from "../core/control/trading.ts";
import type { Glance, Holding } from "../core/engine/glance.ts";
import { baseOf } from "../core/kernel/ids.ts";
import { NO_QUOTE, negate, type Quote, ratio } from "../core/kernel/money.ts";
import { few } from "./compose.ts";
import { about, bareMoney, cap, money, percent, price, units } from "./format.ts";

/** What people call each state. */
export const STATE_WORDS: Readonly<Record<TradingState, string>> = {
  active: "RUNNING",
  reducing: "PAUSED",
  halted: "HALTED",
  killed: "KILLED",
};

const asLoss = (limit: Quote): Quote => (limit > 0n ? negate(limit) : limit);

/** `Day −$3.10 of −$150 · exposure 2%` */
export function dayLine(glance: Glance): string {
  const limit = glance.dayLimit === null ? "" : ` of ${cap(asLoss(glance.dayLimit))}`;
  const whole = glance.grossLimit ?? NO_QUOTE;
  const exposure = whole > 0n ? percent(ratio(glance.gross, whole)) : about(glance.gross);
  return `Day ${money(glance.dayNet)}${limit} · exposure ${exposure}`;
}

/** `Day −$3.10 (closed −2.51, open −0.59) · limit −150` */
export function dayInFull(glance: Glance): string {
  const { dayNet, dayClosed, dayOpen, dayLimit } = glance;
  const limit = dayLimit === null ? "no limit" : `limit ${cap(asLoss(dayLimit)).replace("$", "")}`;
  return `Day ${money(dayNet)} (closed ${bareMoney(dayClosed)}, open ${bareMoney(dayOpen)}) · ${limit}`;
}

/** `Equity $4,982.40 · exposure $99 / $5,000` */
export function equityLine(glance: Glance): string {
  const limit = glance.grossLimit === null ? "no limit" : cap(glance.grossLimit);
  return `Equity ${money(glance.equity)} · exposure ${about(glance.gross)} / ${limit}`;
}

/** `0.0123 BTC ($800)` */
export function holdingText(held: Pick<Holding, "product" | "size" | "worth">): string {
  const worth = held.worth === null ? "no price" : about(held.worth);
  return `${units(held.size)} ${baseOf(held.product)} (${worth})`;
}

/** `Holding 0.0123 BTC ($800), stop 64,824.00 active`, or that nothing is held. */
export function holdingLine(holdings: readonly Holding[]): string {
  if (holdings.length === 0) return "Holding nothing";
  const texts = holdings.map((held) => {
    const stop = held.stop === null ? "no stop" : `stop ${price(held.stop)} active`;
    return `${holdingText(held)}, ${stop}`;
  });
  return `Holding ${few(texts, 2)}`;
}
