/** A wish to be long becomes an intent of the right size. `trade.ts` allows and plans it. */
import type { IntentId, ProductId } from "../kernel/ids.ts";
import { decimal, NO_SIZE, notional, type Price, price, type Size } from "../kernel/money.ts";
import { type Instant, later } from "../kernel/time.ts";
import { cannotSee } from "../risk/rule.ts";
import { leastSize, mostRaised } from "../risk/sizing.ts";
import type { Intent } from "../strategy/intent.ts";
import { entryWorth } from "./entry-worth.ts";
import { shapeOf } from "./execution.ts";
import { common } from "./tradable.ts";
import { consider, judge } from "./trade.ts";
import type { Turn } from "./turn.ts";

/** Buys for one entry's worth. Without what it takes to reckon it is refused aloud, like any other. */
export function enter(
  turn: Turn,
  product: ProductId,
  { id, because, decidedAt }: { id: IntentId; because: string; decidedAt: Instant },
): void {
  const { settings, sight, desk } = turn.state;
  const { signalLifeMs, execution = { kind: "taker" } as const, sizing } = settings;
  const known = desk.products.get(product);
  const quote = sight.markets.get(product)?.quote;
  const worth = entryWorth(turn.state, product);
  const wish = {
    id,
    because,
    validUntil: later(decidedAt, signalLifeMs),
    stopBps: settings.stopBps,
    takeBps: settings.takeBps,
  };
  const base = known && quote && common(turn, known, product, "buy", "entry", quote.ask);
  const moment = { at: turn.at, decidedAt, signalLifeMs };
  const shape =
    base &&
    worth !== null &&
    shapeOf(execution, { product: known, quote, cap: base.limit, worth, ...moment });
  if (base && shape) {
    const intent = { ...base, ...wish, ...shape };
    if (!sizing) return void consider(turn, intent);
    // What rests is paid for at its limit, what takes about at the ask.
    const at = intent.postOnly ? intent.limit : quote.ask;
    const parts = intent.slices?.buckets ?? 1;
    const of = { floor: sizing.floor, price: at, parts };
    const least = leastSize(of, known);
    if (intent.size >= least) return void consider(turn, intent);
    return raise(turn, intent, { at, least, most: mostRaised(of, known) });
  }
  if (sight.closing || sight.unwritten) return;
  const blind = common(turn, null, product, "buy", "entry", price("0"));
  const intent = { ...blind, ...wish, size: NO_SIZE };
  const [rule, missing] = !known
    ? (["allow-list", "product"] as const)
    : quote && worth === null
      ? (["funds", "equity"] as const)
      : (["no-price", "quote"] as const);
  turn.say({ kind: "intent.vetoed", intent, vetoes: [{ rule, ...cannotSee(missing) }] });
}

interface Raise {
  readonly at: Price;
  readonly least: Size;
  /** Beyond it is another entry than the one that was sized. */
  readonly most: Size;
}

/** Too small: it becomes the smallest that may be, if that is near and every rule lets it through; else nothing is bought. */
function raise(turn: Turn, intent: Intent, { at, least, most }: Raise): void {
  const { closing, unwritten } = turn.state.sight;
  if (closing || unwritten) return;
  const raised = { ...intent, size: least };
  const tried = judge(turn, raised);
  const may = tried.ok ? least <= most : tried.failed.length > 0;
  if (may) return void consider(turn, raised);
  const small = {
    rule: "minimums",
    observed: decimal(notional(at, intent.size)),
    limit: decimal(notional(at, least)),
    unit: "usd",
    missing: null,
  } as const;
  const others = tried.ok ? [] : tried.vetoes.filter(({ rule }) => rule !== "minimums");
  turn.say({ kind: "intent.vetoed", intent, vetoes: [...others, small] });
}
