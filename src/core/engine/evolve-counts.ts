/** Folds what orders do into the counts that the gate looks at: the day's turnover, refusals, cancels, losses by minute, stops. */
import type { ProductId } from "../kernel/ids.ts";
import { minus, NO_QUOTE, plus, type Quote } from "../kernel/money.ts";
import { DAY_MS, type Instant, instant } from "../kernel/time.ts";
import type { Desk } from "./desk.ts";
import type { OrderEvent } from "./order-event.ts";

const MINUTE_MS = 60_000;

/** Before the event itself is folded: it still shows what was. */
/** The market came to meet an order that must rest, while it was on its way: nobody's mistake, and no sign of one. */
export const isOutrun = (reason: string): boolean => reason.includes("POST_ONLY");

export function count(desk: Desk, body: OrderEvent, at: Instant): void {
  switch (body.kind) {
    case "order.planned":
      if (desk.day) desk.day.orders = (desk.day.orders ?? 0) + 1;
      return;
    case "order.rejected":
      return isOutrun(body.reason) ? undefined : refuse(desk, body.product, body.reason, at);
    case "order.progressed":
      if (body.progress !== "pending") endRefusals(desk, desk.orders.get(body.order)?.plan.product);
      return;
    case "order.closed":
      // Taken, and given up by the venue with nothing done: as good as refused.
      if (body.why !== "failed" || body.executed.size > 0n) return endRefusals(desk, body.product);
      return refuse(desk, body.product, body.detail, at);
    case "order.cancel-asked":
      if (desk.orders.get(body.order)?.cancelAskedAt === null) {
        desk.recentCancels = [...desk.recentCancels.filter((time) => at - time < MINUTE_MS), at];
      }
      return;
    case "order.filled":
      trade(desk, body.value);
      realize(desk, minus(body.realized, body.fee), at);
      if (body.purpose === "stop") desk.lastStop.set(body.product, at);
      return;
    case "order.corrected":
      trade(desk, body.value);
      return realize(desk, minus(body.side === "sell" ? body.value : NO_QUOTE, body.fee), at);
    default:
      return;
  }
}

/** The venue said no: in the same words as last time, or in others. */
function refuse(desk: Desk, product: ProductId, reason: string, at: Instant): void {
  const before = desk.sameRefusals.get(product);
  const times = before?.reason === reason ? before.count + 1 : 1;
  desk.sameRefusals.set(product, { reason, count: times, at });
}

/** The venue took an order of the product and did something with it. */
function endRefusals(desk: Desk, product: ProductId | undefined): void {
  if (product !== undefined) desk.sameRefusals.delete(product);
}

function trade(desk: Desk, worth: Quote): void {
  if (desk.day) desk.day.turnover = plus(desk.day.turnover ?? NO_QUOTE, worth);
}

/** One entry for a minute; those of more than a day ago are forgotten. */
function realize(desk: Desk, amount: Quote, at: Instant): void {
  const minute = instant(at - (at % MINUTE_MS));
  const kept = desk.realizedByMinute.filter((each) => at - each.minute < DAY_MS);
  const last = kept.at(-1);
  if (last?.minute === minute)
    kept[kept.length - 1] = { minute, amount: plus(last.amount, amount) };
  else kept.push({ minute, amount });
  desk.realizedByMinute = kept;
}
