/** What people ask for. The safe direction happens at once; what can raise risk opens a confirmation first. */
import type { Request } from "../control/request.ts";
import type { Requester } from "../control/trading.ts";
import { unreachable } from "../kernel/assert.ts";
import { baseOf, type ProductId } from "../kernel/ids.ts";
import { decimal, type Quote } from "../kernel/money.ts";
import { isOver } from "../order/merge.ts";
import type { Order } from "../order/state.ts";
import { answer } from "./answer.ts";
import { onApprove, onCode, onConfirm, onDeny, spend } from "./answering.ts";
import { cancelOrders } from "./cancel.ts";
import { close, isWaitingToRaise, voidConfirmations } from "./confirmations.ts";
import { holdings } from "./figures.ts";
import type { InputBody } from "./input.ts";
import { flattenCost, kill } from "./kill.ts";
import { askLimit } from "./limit-changes.ts";
import { list } from "./listing.ts";
import { askResume, pause, toAccept } from "./pausing.ts";
import { barred, duty, heardAlarm, restore, suspend, testAlarm, trust } from "./people.ts";
import { propose } from "./proposing.ts";
import { notRearmed } from "./rearming.ts";
import { authorityOf } from "./roster.ts";
import { askStage } from "./stage.ts";
import type { Turn } from "./turn.ts";

type Requested = Extract<InputBody, { kind: "operator.requested" }>;

/** Obeys one request once: a message whose request is known to be handled changes nothing. */
export function onRequested(turn: Turn, body: Requested): void {
  if (turn.state.desk.handled.has(body.by.inbound)) return;
  const { request, by, nonce } = body;
  const no = barred(turn.state, request, by);
  if (no !== null) {
    // Whoever gave it: a code that was shown or taken is worth nothing any more.
    if (request.verb === "code") spend(turn, by, request);
    return answer(turn, request.verb, by, true, no);
  }
  switch (request.verb) {
    case "pause":
      return pause(turn, by, request);
    case "kill":
      return askKill(turn, by, nonce, request.reason);
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
    case "approve":
    case "deny":
    case "code":
      return onAnswer(turn, by, request);
    case "stage":
      return askStage(turn, by, nonce, request);
    case "suspend":
      return suspend(turn, by, request);
    case "restore":
      return restore(turn, by, request.person);
    case "trust":
      return trust(turn, by, request.platform);
    case "duty":
      return duty(turn, by, request);
    case "testalarm":
      return testAlarm(turn, by, nonce);
    case "heard":
      return heardAlarm(turn, by, request.alarm);
    default:
      return unreachable(request);
  }
}

type Answered = Extract<Request, { verb: "confirm" | "approve" | "deny" | "code" }>;

function onAnswer(turn: Turn, by: Requester, request: Answered): void {
  switch (request.verb) {
    case "confirm":
      return onConfirm(turn, by, request);
    case "approve":
      return onApprove(turn, by, request);
    case "deny":
      return onDeny(turn, by, request);
    case "code":
      return onCode(turn, by, request);
    default:
      return unreachable(request);
  }
}

/** Where the policy has kills in chat confirmed, entries stop at the first step all the same. */
function askKill(turn: Turn, by: Requester, nonce: string, reason: string): void {
  const { desk } = turn.state;
  if (!desk.killed && by.host !== true && authorityOf(turn.state).killAsks) {
    const asked = [...desk.confirmations.values()].find(({ proposal }) => proposal.verb === "kill");
    // Two people who both want it dead have confirmed it.
    if (asked && asked.by.person !== by.person) {
      close(turn, asked, { outcome: "confirmed", by });
      return kill(turn, { at: turn.at, by, reason });
    }
    pause(turn, by, { reason: `kill asked: ${reason}` });
    const detail = ["Entries are stopped. Confirmed, every open order is cancelled."];
    return propose(turn, { proposal: { verb: "kill", reason }, by, nonce, class: "go-on", detail });
  }
  if (!desk.killed) return kill(turn, { at: turn.at, by, reason });
  const live = [...desk.orders.values()].filter((order) => !isOver(order));
  cancelOrders(turn, live, "kill", by);
  if (isWaitingToRaise(turn.state)) {
    // A no that is written down before anything else, so that no crash forgets it.
    turn.say({ kind: "trading.paused", latch: { at: turn.at, by, reason: "killed again" } });
  }
  voidConfirmations(turn, "killed again");
  const open = live.length === 0 ? "no order is open" : `orders still open: ${live.length}`;
  answer(turn, "kill", by, false, `Already killed; ${open}.`);
}

function askRearm(turn: Turn, by: Requester, nonce: string): void {
  const { desk } = turn.state;
  if (!desk.killed && !desk.halted)
    return answer(turn, "rearm", by, false, "Nothing to rearm: not killed.");
  const not = notRearmed(turn);
  if (not !== null) return answer(turn, "rearm", by, true, not);
  const detail = toAccept(turn);
  propose(turn, { proposal: { verb: "rearm" }, by, nonce, class: "rearm", detail });
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
  const detail = [
    `At the market, within the price collar: ${sizes.join(", ")}.`,
    `Fees and slippage at most about $${cost}.`,
  ];
  const proposal = { verb: "flatten", products: held } as const;
  propose(turn, { proposal, by, nonce, class: "go-on", detail });
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
  const proposal = { verb: "cancel", order: order.plan.id } as const;
  const what = order.plan.purpose === "stop" ? "a stop" : "an exit";
  const detail = [`It is ${what}: without it the position stays open.`];
  propose(turn, { proposal, by, nonce, class: "go-on", detail });
}

function cancelEntry(turn: Turn, order: Order, by: Requester): void {
  if (order.cancelAskedAt !== null) {
    cancelOrders(turn, [order], "asked", by);
    return answer(turn, "cancel", by, false, "Already being cancelled; asked for once more.");
  }
  cancelOrders(turn, [order], "asked", by);
}
