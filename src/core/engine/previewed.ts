/** What the venue would make of an entry, asked before it leaves. It may keep the order back; it can never let one through. */
import type { InputBody } from "./input.ts";
import type { Turn } from "./turn.ts";

/** The order leaves now, unless the venue would refuse it. A preview that failed says nothing against it. */
export function onPreviewed(
  turn: Turn,
  { order: id, preview }: Extract<InputBody, { kind: "order.previewed" }>,
): void {
  const order = turn.state.desk.orders.get(id);
  // Searched for meanwhile, it is sent by whoever finds that it must be.
  if (order?.submission !== "planned" || order.attempts > 1) return;
  turn.say({ kind: "order.previewed", order: id, ...preview });
  const { plan } = order;
  if (preview.refusals.length === 0) return turn.ask({ kind: "place", plan, attempt: 1 });
  const why = `the venue's preview refuses it: ${preview.refusals.join(", ")}`;
  const { product, side } = plan;
  turn.say({ kind: "order.released", order: id, product, side, why });
}
