/** What people ask for. The safe direction happens at once; what can raise risk opens a confirmation first. */
import type { Answer, Proposal } from "../control/request.ts";
import type { Requester } from "../control/trading.ts";
import { unreachable } from "../kernel/assert.ts";
import { baseOf, intentId, type ProductId } from "../kernel/ids.ts";
import { decimal, type Quote } from "../kernel/money.ts";
import { isOver } from "../order/merge.ts";
import type { Order } from "../order/state.ts";
import {
  findLimit,
  isRaise,
  type LimitRow,
  type LimitValue,
  limitFrom,
  limitRows,
  limitText,
} from "../risk/policy.ts";
import { stillBeyond } from "./breakers.ts";
import { cancelEntries, cancelOrders } from "./cancel.ts";
import {
  close,
  confirm,
  findAnswered,
  nothingWaits,
  propose,
  voidConfirmations,
} from "./confirmations.ts";
import { equity, holdings, openOrders } from "./figures.ts";
import type { InputBody } from "./input.ts";
import { flattenCost, kill } from "./kill.ts";
import { list } from "./listing.ts";
import { withdrawEntries } from "./replace.ts";
import { exit } from "./trade.ts";
import type { Turn } from "./turn.ts";
import { UNWRITTEN } from "./unwritten.ts";

type Requested = Extract<InputBody, { kind: "operator.requested" }>;

/** Obeys one request once: a message whose request is known to be handled changes nothing. */
export function onRequested(turn: Turn, body: Requested): void {
  if (turn.state.desk.handled.has(body.by.inbound)) return;
  const { request, by, nonce } = body;
  switch (request.verb) {
    case "pause":
      return pause(turn, by, request.reason);
    case "kill":
      return askKill(turn, by, request.reason);
    case "resume":
      return askResume(turn, by, nonce);
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
      return askLimit(turn, by, nonce, request.key, request.value);
    case "confirm":
      return onConfirm(turn, by, request);
    case "deny":
      return onDeny(turn, by, request);
    default:
      return unreachable(request);
  }
}

type Verb = Requested["request"]["verb"];

const answer = (turn: Turn, verb: Verb, by: Requester, refused: boolean, why: string): void =>
  turn.say({ kind: "request.answered", verb, by, refused, why });

function pause(turn: Turn, by: Requester, reason: string): void {
  const { desk } = turn.state;
  const wasPaused = desk.paused !== null;
  if (!wasPaused) {
    turn.say({ kind: "trading.paused", latch: { at: turn.at, by, reason } });
    voidConfirmations(turn, "paused");
  }
  // The desk may have paused itself, which leaves what rests.
  cancelEntries(turn, "pause", by);
  if (wasPaused) answer(turn, "pause", by, false, "Already paused.");
}

function askKill(turn: Turn, by: Requester, reason: string): void {
  const { desk } = turn.state;
  if (!desk.killed) return kill(turn, { at: turn.at, by, reason });
  const live = [...desk.orders.values()].filter((order) => !isOver(order));
  cancelOrders(turn, live, "kill", by);
  const open = live.length === 0 ? "no order is open" : `orders still open: ${live.length}`;
  answer(turn, "kill", by, false, `Already killed; ${open}.`);
}

function askResume(turn: Turn, by: Requester, nonce: string): void {
  const { desk } = turn.state;
  if (desk.killed) return answer(turn, "resume", by, true, "The desk is killed. Use /rearm first.");
  if (desk.halted) return answer(turn, "resume", by, true, "The desk is halted. Use /rearm first.");
  if (turn.state.sight.unwritten)
    return answer(turn, "resume", by, true, `Not while ${UNWRITTEN}. Try again when it does.`);
  if (!desk.paused && desk.trips.size === 0)
    return answer(turn, "resume", by, false, "Already running.");
  const holding = stillBeyond(turn.state, turn.at);
  if (holding.length > 0) {
    const named = holding.map(
      ({ name, reading }) => `${name} (${reading.observed} of ${reading.limit})`,
    );
    return answer(turn, "resume", by, true, `Still beyond its limit: ${named.join(", ")}.`);
  }
  const trips = [...desk.trips.keys()];
  const detail = trips.length > 0 ? [`Re-arms ${trips.join(", ").replaceAll("-", " ")}.`] : [];
  propose(turn, { verb: "resume" }, by, nonce, [...detail, ...toAccept(turn)]);
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
  propose(turn, { verb: "rearm" }, by, nonce, toAccept(turn));
}

/** Orders that do not fit together stay as they are booked once somebody goes on. */
function toAccept({ state: { desk } }: Turn): readonly string[] {
  const odd = [...desk.closed.values(), ...desk.orders.values()].flatMap(({ plan, quarantine }) =>
    quarantine === null || quarantine === "unknown" || quarantine === "lost"
      ? []
      : [`…${plan.id.slice(-6)} (${quarantine.replaceAll("-", " ")})`],
  );
  return odd.length === 0 ? [] : [`Accepts as booked: ${odd.join(", ")}.`];
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

function askLimit(turn: Turn, by: Requester, nonce: string, key: string, text: string): void {
  const { policy } = turn.state.desk;
  const row = policy && findLimit(policy, key);
  if (!row) {
    const near = policy
      ? limitRows(policy)
          .filter((known) => known.key.includes(key))
          .map((known) => known.key)
      : [];
    const hint =
      near.length > 0 ? `Did you mean ${near.slice(0, 3).join(" or ")}?` : "/limits lists them.";
    return answer(turn, "limits set", by, true, `No limit is called ${key}. ${hint}`);
  }
  const value = readLimit(row, text);
  if (typeof value === "string") return answer(turn, "limits set", by, true, value);
  const [from, to] = [limitText(row.value), limitText(value.is)];
  if (from === to) return answer(turn, "limits set", by, false, `${key} is ${to} already.`);
  if (!isRaise(row.spec, row.value, value.is)) {
    return turn.say({ kind: "limit.changed", key, from, to, raise: false, by });
  }
  propose(turn, { verb: "limits set", key, from, to }, by, nonce, []);
}

/** The value typed, or a sentence about why it is none. */
function readLimit(row: LimitRow, text: string): { readonly is: LimitValue } | string {
  try {
    return { is: limitFrom(row, text) };
  } catch (error) {
    if (error instanceof RangeError) return `${error.message}.`;
    throw error;
  }
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

/** Sells all of one product, or says why not: silence would be taken for done. */
function flatten(turn: Turn, product: ProductId, by: Requester): void {
  const held = turn.state.desk.positions.get(product);
  if (!held) return;
  withdrawEntries(turn, product, "flatten");
  const id = intentId(`operator|${product}|${turn.at}|flatten`);
  const not = exit(turn, held, "flatten", id, `asked by ${by.name}`, by);
  if (not) answer(turn, "flatten", by, true, `${product} is not sold: ${not.why}.`);
}

/** The confirmed change itself. */
function commit(turn: Turn, proposal: Proposal, by: Requester): void {
  const { desk } = turn.state;
  switch (proposal.verb) {
    case "resume":
      return turn.say({
        kind: "trading.resumed",
        by,
        rearmed: [...desk.trips.keys()],
        equity: equity(turn.state) ?? desk.peakEquity,
      });
    case "rearm":
      return turn.say({ kind: "trading.rearmed", by });
    case "limits set": {
      const { key, from, to } = proposal;
      return turn.say({ kind: "limit.changed", key, from, to, raise: true, by });
    }
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
