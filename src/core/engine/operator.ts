/** What people ask for. The safe direction happens at once; what can raise risk opens a confirmation first. */
import type { Answer } from "../control/request.ts";
import type { Requester } from "../control/trading.ts";
import { unreachable } from "../kernel/assert.ts";
import { baseOf, type ProductId } from "../kernel/ids.ts";
import { decimal, type Quote } from "../kernel/money.ts";
import { isOver } from "../order/merge.ts";
import type { Order } from "../order/state.ts";
import { answer } from "./answer.ts";
import { cancelOrders } from "./cancel.ts";
import { commit } from "./changes.ts";
import {
  close,
  confirm,
  findAnswered,
  nothingWaits,
  propose,
  voidConfirmations,
} from "./confirmations.ts";
import { holdings, openOrders } from "./figures.ts";
import type { InputBody } from "./input.ts";
import { flattenCost, kill } from "./kill.ts";
import { askLimit } from "./limit-changes.ts";
import { list } from "./listing.ts";
import { askResume, pause, toAccept } from "./pausing.ts";
import { readAll } from "./readings.ts";
import type { Turn } from "./turn.ts";

type Requested = Extract<InputBody, { kind: "operator.requested" }>;

/** Obeys one request once: a message whose request is known to be handled changes nothing. */
export function onRequested(turn: Turn, body: Requested): void {
  if (turn.state.desk.handled.has(body.by.inbound)) return;
  const { request, by, nonce } = body;
  switch (request.verb) {
    case "pause":
      return pause(turn, by, request);
    case "kill":
      return askKill(turn, by, request.reason);
    case "resume":
      return askResume(turn, by, nonce, request.scope);
    case "rearm":
      return askRearm(turn, by, nonce);
    case "reconcile":
      turn.state.sight.checks.push({ by, askedAt: turn.at });
      list(turn, "asked");
      return answer(turn, "reconcile", by, false, "Reading the venue; what differs follows.");
    case "flatten":
      return askFlatten(turn, by, nonce, request.product);
    case "cancel":
      return askCancel(turn, by, nonce, request.order);
    case "limits set":
      return askLimit(turn, by, nonce, request);
    case "confirm":
      return onConfirm(turn, by, request);
    case "deny":
      return onDeny(turn, by, request);
    default:
      return unreachable(request);
  }
}

function askKill(turn: Turn, by: Requester, reason: string): void {
  const { desk } = turn.state;
  if (!desk.killed) return kill(turn, { at: turn.at, by, reason });
  const live = [...desk.orders.values()].filter((order) => !isOver(order));
  cancelOrders(turn, live, "kill", by);
  voidConfirmations(turn, "killed again");
  const open = live.length === 0 ? "no order is open" : `orders still open: ${live.length}`;
  answer(turn, "kill", by, false, `Already killed; ${open}.`);
}

function askRearm(turn: Turn, by: Requester, nonce: string): void {
  const { desk } = turn.state;
  if (!desk.killed && !desk.halted)
    return answer(turn, "rearm", by, false, "Nothing to rearm: not killed.");
  const open = openOrders(turn.state).length;
  if (open > 0) {
    return answer(
      turn,
      "rearm",
      by,
      true,
      `${open} orders are not yet known to be over. Try again when they are.`,
    );
  }
  const again = readAll(turn.state, turn.at).find(({ breaker, reading }) => {
    return reading.beyond && breaker.consequence !== "reduce";
  });
  if (again) {
    const { breaker, reading } = again;
    const why = `${breaker.name.replaceAll("-", " ")} is still beyond its limit (${reading.observed} of ${reading.limit}): it would stop the desk again at once.`;
    return answer(turn, "rearm", by, true, why);
  }
  propose(turn, { verb: "rearm" }, by, nonce, toAccept(turn));
}

const cents = (amount: Quote): string => decimal(amount).replace(/(\.\d\d)\d*$/, "$1");

function askFlatten(turn: Turn, by: Requester, nonce: string, product: ProductId | null): void {
  const { desk } = turn.state;
  const held = [...desk.positions.keys()].filter((id) => product === null || id === product);
  if (held.length === 0) {
    return answer(turn, "flatten", by, false, `Nothing is held${product ? ` of ${product}` : ""}.`);
  }
  const sizes = holdings(turn.state)
    .filter(({ product: id }) => held.includes(id))
    .map(({ product: id, size, worth }) => {
      const about = worth === null ? "no price" : `about $${cents(worth)}`;
      return `${decimal(size)} ${baseOf(id)} (${about})`;
    });
  const cost = cents(flattenCost(turn.state));
  propose(turn, { verb: "flatten", products: held }, by, nonce, [
    `At the market, within the price collar: ${sizes.join(", ")}.`,
    `Fees and slippage at most about $${cost}.`,
  ]);
}

function askCancel(turn: Turn, by: Requester, nonce: string, named: string): void {
  const fits = [...turn.state.desk.orders.values()].filter(
    ({ plan }) => plan.id === named || (named.length >= 4 && plan.id.endsWith(named.toLowerCase())),
  );
  const [order] = fits;
  if (!order || fits.length > 1) {
    const why = order
      ? `${fits.length} open orders end in ${named}.`
      : `No open order is called ${named}.`;
    return answer(turn, "cancel", by, true, `${why} /orders lists them.`);
  }
  if (order.plan.purpose === "entry") return void cancelEntry(turn, order, by);
  propose(turn, { verb: "cancel", order: order.plan.id }, by, nonce, [
    `It is ${order.plan.purpose === "stop" ? "a stop" : "an exit"}: without it the position stays open.`,
  ]);
}

function cancelEntry(turn: Turn, order: Order, by: Requester): void {
  if (order.cancelAskedAt !== null) {
    cancelOrders(turn, [order], "asked", by);
    return answer(turn, "cancel", by, false, "Already being cancelled; asked for once more.");
  }
  cancelOrders(turn, [order], "asked", by);
}

function onDeny(turn: Turn, by: Requester, request: Answer): void {
  const open = findAnswered(turn.state, request);
  if (!open) return answer(turn, "deny", by, true, nothingWaits(request));
  close(turn, open, "denied", by, "");
}

function onConfirm(turn: Turn, by: Requester, request: Answer): void {
  const answered = confirm(turn, request, by);
  if (answered.ok) return commit(turn, answered.confirmation.proposal, by);
  if (answered.why !== "") answer(turn, "confirm", by, true, answered.why);
}
