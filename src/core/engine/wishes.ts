/** What is wanted: by the strategy when a bar closes, by a stop or a take when a price moves. `trade.ts` allows and plans it. */
import { tradingState } from "../control/trading.ts";
import { intentId, type ProductId } from "../kernel/ids.ts";
import type { Price } from "../kernel/money.ts";
import { later } from "../kernel/time.ts";
import type { Bar } from "../market/candles.ts";
import { isSound } from "../market/view.ts";
import type { Purpose } from "../order/state.ts";
import type { Position } from "../portfolio/position.ts";
import { enter } from "./enter.ts";
import { countFailedExit, exitWait } from "./exit-wait.ts";
import { awaitsLeg, withdrawEntries } from "./replace.ts";
import { tradable } from "./tradable.ts";
import { exit } from "./trade.ts";
import type { Turn } from "./turn.ts";
import { ourTime } from "./venue-clock.ts";

/** A bar closed: ask the strategy, and turn its wish into an intent. A wish to be flat stands until it is or is taken back. */
export function onBarClosed(turn: Turn, product: ProductId, bar: Bar): void {
  const { settings, sight } = turn.state;
  const { strategy, barMs } = settings;
  const bars = sight.markets.get(product)?.bars ?? [];
  if (bars.length < strategy.warmUpBars) return;
  const wish = strategy.decide(bars, product);
  if (!wish) return;
  const { because } = wish;
  const held = tradable(turn, product);
  const id = intentId(`${strategy.name}|${product}|${bar.start}|${wish.want}`);
  if (wish.want === "long") {
    sight.flatWishes.delete(product);
    const decidedAt = ourTime(turn.state, later(bar.start, barMs));
    const isFree = !held && !isBusy(turn, product);
    sight.decisions.set(product, `${isFree ? "BUY" : "HOLD"} [${because}]`);
    if (isFree) enter(turn, product, { id, because, decidedAt });
    return;
  }
  withdrawEntries(turn, product, "the strategy wants none of it");
  // Spot is sold only by whoever holds it.
  sight.decisions.set(product, `${held ? "SELL" : "FLAT (long-only)"} [${because}]`);
  if (held) {
    sight.flatWishes.set(product, { because, id, tried: false });
    leave(turn, held);
  }
}

const isBusy = ({ state, at }: Turn, product: ProductId): boolean =>
  [...state.desk.orders.values()].some((order) => order.plan.product === product) ||
  awaitsLeg(state, product, at);

/** A price moved: sell what reached its stop or its take, and what the strategy wanted sold and still is not. */
export function checkExits(turn: Turn, product: ProductId): void {
  const held = tradable(turn, product);
  if (held) leave(turn, held);
  else turn.state.sight.flatWishes.delete(product);
}

function leave(turn: Turn, held: Position): void {
  const { desk, sight } = turn.state;
  const { product, strategy, openedAt } = held;
  if (!["active", "reducing"].includes(tradingState(desk, held))) return;
  const quote = sight.markets.get(product)?.quote;
  const reached = quote && isSound(quote) ? protection(held, quote.bid) : null;
  const wish = sight.flatWishes.get(product);
  if (!reached && !wish) return;
  const last = sight.exitTriedAt.get(product);
  if (last !== undefined && turn.at - last < exitWait(turn.state, product)) return;
  sight.exitTriedAt.set(product, turn.at);
  withdrawEntries(turn, product, "what it buys is being sold");
  const { purpose, because } = reached ?? { purpose: "signal-exit", because: wish?.because ?? "" };
  const first = !reached && wish && !wish.tried;
  if (first) wish.tried = true;
  const named = reached ? `${strategy}|${product}|${openedAt}|${purpose}` : wish?.id;
  const id = first ? wish.id : intentId(`${named}|${turn.at}`);
  if (exit(turn, held, purpose, id, because, null)?.failed) countFailedExit(turn, product);
}

function protection(held: Position, bid: Price): { purpose: Purpose; because: string } | null {
  if (held.stop !== null && bid <= held.stop) return { purpose: "stop", because: "stop reached" };
  if (held.take !== null && bid >= held.take) return { purpose: "take", because: "take reached" };
  return null;
}
