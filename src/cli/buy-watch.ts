/** What came of one wish to buy, read from the events of the desk that had it: a verdict, a fill, a fee, an exit code. */
// It asks for nothing and decides nothing.
import type { Event, EventOf } from "../core/engine/event.ts";
import { type OrderId, type ProductId, quoteOf } from "../core/kernel/ids.ts";
import { decimal, floorTo, NO_SIZE, type Price, priceOf } from "../core/kernel/money.ts";
import type { Executed, Plan } from "../core/order/state.ts";
import { BY_HAND } from "../core/strategy/strategy.ts";

export interface BuyWatch {
  see(events: readonly Event[]): void;
  /** The gate has spoken. */
  isDecided(): boolean;
  isOver(): boolean;
  /** Lines for people, and 0 when something was bought, 1 when nothing was and nothing will be, 2 when that is not known. */
  told(): { readonly lines: readonly string[]; readonly code: 0 | 1 | 2 };
}

/** The engine's word for an order that never left. */
const NOT_SENT = "not-sent";
const CENT = (10n ** 16n) as Price;

export function buyWatch(product: ProductId): BuyWatch {
  let vetoed: EventOf<"intent.vetoed"> | null = null;
  let plan: Plan | null = null;
  let executed: Executed | null = null;
  let end: string | null = null;

  const see = ({ body }: Event): void => {
    if (body.kind === "intent.vetoed" && isOurs(body.intent.strategy)) vetoed ??= body;
    if (body.kind === "order.planned" && isOurs(body.plan.strategy)) plan ??= body.plan;
    if (plan === null || !("order" in body) || body.order !== orderOf(plan)) return;
    if (body.kind === "order.filled" || body.kind === "order.corrected") executed = body.executed;
    if (body.kind === "order.rejected") {
      const { reason, message } = body;
      end =
        reason === NOT_SENT ? `not sent: ${message}` : `refused by the venue: ${reason} ${message}`;
    }
    if (body.kind === "order.released") end = `not sent: ${body.why}`;
    if (body.kind === "order.absent") end = "the venue never had the order";
    if (body.kind === "order.closed") {
      executed = body.executed;
      end = body.why === "filled" ? "filled" : `${body.why} ${body.detail}`;
    }
  };
  const bought = (): boolean => executed !== null && executed.size > NO_SIZE;

  return {
    see: (events) => events.forEach(see),
    isDecided: () => vetoed !== null || plan !== null,
    isOver: () => vetoed !== null || end !== null,
    told() {
      if (vetoed !== null)
        return { lines: ["vetoed, nothing was sent:", ...reasons(vetoed)], code: 1 };
      if (plan === null) return { lines: ["the desk decided nothing: nothing was sent"], code: 1 };
      const asked =
        plan.spend !== undefined
          ? `approved: ${decimal(plan.spend)} ${quoteOf(product)} to spend on ${product} at the market`
          : `approved: up to ${decimal(plan.size)} ${product}, at most ${decimal(plan.limit)} each`;
      const fill = executed !== null && bought() ? [fillLine(product, executed)] : [];
      if (end === null) {
        const doubt = "how it ended is not known yet: the next start of a desk finds out";
        return { lines: [asked, ...fill, doubt], code: 2 };
      }
      const last = end === "filled" ? [] : [end.trim()];
      return { lines: [asked, ...fill, ...last], code: bought() ? 0 : 1 };
    },
  };
}

const isOurs = (strategy: string): boolean => strategy === BY_HAND;
const orderOf = ({ id }: Plan): OrderId => id;

const reasons = ({ vetoes }: EventOf<"intent.vetoed">): readonly string[] =>
  vetoes.map(({ rule, observed, limit, unit, missing }) =>
    missing === null
      ? `  ${rule}: ${observed} against ${limit} ${unit === "state" ? "" : unit}`.trimEnd()
      : `  ${rule}: ${missing} is not known`,
  );

function fillLine(product: ProductId, { size, value, fees }: Executed): string {
  const [base, quote] = product.split("-");
  const average = floorTo(priceOf(value, size), CENT);
  return `bought ${decimal(size)} ${base} at ${decimal(average)} for ${decimal(value)} ${quote}, fee ${decimal(fees)} ${quote}`;
}
