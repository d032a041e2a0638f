/** What a confirmed request does. Whether it may is judged before, in `operator.ts` and `confirmations.ts`. */
import type { Requester } from "../control/trading.ts";
import { unreachable } from "../kernel/assert.ts";
import { intentId, type ProductId } from "../kernel/ids.ts";
import { answer } from "./answer.ts";
import { cancelOrders } from "./cancel.ts";
import type { Agreed } from "./confirmations.ts";
import { kill } from "./kill.ts";
import { commitLimit } from "./limit-changes.ts";
import { resume } from "./pausing.ts";
import { rearm } from "./rearming.ts";
import { withdrawEntries } from "./replace.ts";
import { commitStage } from "./stage.ts";
import { exit } from "./trade.ts";
import type { Turn } from "./turn.ts";

/** The agreed change itself. */
export function commit(turn: Turn, agreed: Agreed): void {
  const { proposal, by } = agreed.confirmation;
  const { desk } = turn.state;
  switch (proposal.verb) {
    case "resume":
      return resume(turn, by, proposal.scope);
    case "rearm":
      return rearm(turn, by);
    case "limits set":
      return commitLimit(turn, proposal, agreed);
    case "stage":
      return commitStage(turn, proposal, agreed);
    case "kill":
      return kill(turn, { at: turn.at, by, reason: proposal.reason });
    case "cancel": {
      const order = desk.orders.get(proposal.order);
      if (order) cancelOrders(turn, [order], "asked", by);
      return;
    }
    case "flatten":
      for (const product of proposal.products) flatten(turn, product, by);
      return;
    default:
      return unreachable(proposal);
  }
}

/** Sells all of one product, or says why not: silence would be taken for done. */
function flatten(turn: Turn, product: ProductId, by: Requester): void {
  const held = turn.state.desk.positions.get(product);
  if (!held) return;
  withdrawEntries(turn, product, "flatten");
  const id = intentId(`operator|${product}|${turn.at}|flatten`);
  const not = exit(turn, held, "flatten", id, `asked by ${by.name}`, by);
  if (not) answer(turn, "flatten", by, true, `${product} is not sold: ${not.why}.`);
}
