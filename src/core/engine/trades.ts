/**
 * The account's trades, read from the venue's books. They name each execution once, with its real fee; an order is settled
 * when its own add up to what the venue says of it.
 */

import type { OrderId } from "../kernel/ids.ts";
import { decimal, minus, type Quote } from "../kernel/money.ts";
import { instant, later } from "../kernel/time.ts";
import { isDone, isFinal, isSameSize, sumOf } from "../order/merge.ts";
import type { Executed, Observation, Order, Trade } from "../order/state.ts";
import { isForeignTrade } from "./identity.ts";
import type { InputBody } from "./input.ts";
import { halt } from "./latch.ts";
import { onObserved } from "./orders.ts";
import { findOrder, quarantine } from "./quarantine.ts";
import { followUp } from "./replace.ts";
import type { Proof } from "./state.ts";
import type { Turn } from "./turn.ts";

/** Trades come into the venue's books a moment after an order is over. */
const PROVE_AFTER_MS = 2000;
const PROVE_AT_LEAST_EVERY_MS = 60_000;
/** Reads in one tick: a start with many orders to prove leaves the venue's patience to others. */
const PROVE_AT_ONCE = 4;
/** An order whose trades do not add up by then is shown to a person. */
const UNPROVEN_AFTER_MS = 600_000;
const SWEEP_MS = 60_000;
/** Fees are rounded by the venue, each and in sum. */
const FEE_ROUNDING = 10n ** 12n;

/** Asks for what is due: the trades of orders that are over, and all trades every minute. */
export function watchTrades(turn: Turn): void {
  const { desk, sight } = turn.state;
  let asked = 0;
  for (const order of desk.closed.values()) {
    const { plan, venueId } = order;
    if (!venueId || !isToProve(order)) continue;
    const before = sight.proofs.get(plan.id) ?? firstLook(turn, order);
    if (turn.at - (order.endedAt ?? turn.at) >= UNPROVEN_AFTER_MS) {
      quarantine(turn, plan.id, "unproven", before.wrong || "its trades cannot be read");
    }
    if (turn.at < before.nextAt || asked === PROVE_AT_ONCE) continue;
    asked += 1;
    const looks = before.looks + 1;
    const wait = Math.min(PROVE_AT_LEAST_EVERY_MS, PROVE_AFTER_MS * 2 ** looks);
    sight.proofs.set(plan.id, { ...before, looks, nextAt: later(turn.at, wait) });
    turn.ask({ kind: "prove", order: plan.id, venueId, product: plan.product });
  }
  for (const id of sight.proofs.keys()) {
    const order = desk.closed.get(id);
    if (!order || !isToProve(order)) sight.proofs.delete(id);
  }
  const last = sight.tradesAskedAt ?? sight.openedAt;
  if (last !== null && turn.at - last >= SWEEP_MS) sweepTrades(turn);
}

/** What a person must judge anyway is not proven by adding up. */
const isToProve = (order: Order): boolean =>
  isFinal(order.progress) &&
  !isDone(order) &&
  (order.quarantine === null || order.quarantine === "unproven");

function firstLook(turn: Turn, order: Order): Proof {
  const { plan, endedAt } = order;
  const first = { looks: 0, nextAt: later(endedAt ?? turn.at, PROVE_AFTER_MS), wrong: "" };
  turn.state.sight.proofs.set(plan.id, first);
  return first;
}

/** Asks for the account's trades, back to the oldest order that is not settled. */
export function sweepTrades(turn: Turn): void {
  const { desk, sight } = turn.state;
  const open = [...desk.orders.values(), ...desk.closed.values()].filter((order) => !isDone(order));
  const planned = open.map((order) => order.plan.plannedAt);
  sight.tradesAskedAt = turn.at;
  turn.ask({ kind: "trades", oldest: planned.length === 0 ? null : instant(Math.min(...planned)) });
}

/** An order that is over and all of its trades, read together. */
export function onRead(
  turn: Turn,
  { observation, trades }: Extract<InputBody, { kind: "order.read" }>,
): void {
  onObserved(turn, observation);
  take(turn, observation.order, trades);
  settle(turn, observation, trades);
}

/** Trades since a moment, of whatever orders. One of ours that we never planned is somebody else writing with our name. */
export function onTraded(turn: Turn, trades: readonly Trade[]): void {
  for (const id of new Set(trades.map(({ order }) => order))) {
    if (id === null) continue;
    const own = trades.filter(({ order }) => order === id);
    if (findOrder(turn, id)) take(turn, id, own);
    else if (own.some((trade) => trade.at > rememberedFrom(turn))) {
      halt(turn, `a trade of order ${id.slice(-4)}, under our name, that we never sent`);
    }
  }
}

/** The venue's clock may be so far from ours. */
const CLOCKS_MS = 10_000;
/** From here on a trade that we do not know means something that nobody has looked at. */
const rememberedFrom = ({ state: { desk } }: Turn): number =>
  Math.max(desk.forgottenUntil > 0 ? desk.forgottenUntil + CLOCKS_MS : 0, desk.acceptedAt);

/** Books what is new. The trades are a statement about their order like any other, and merge like one. */
function take(turn: Turn, id: OrderId, trades: readonly Trade[]): void {
  const order = findOrder(turn, id);
  if (!order) return;
  const own = trades.filter((trade) => !isForeignTrade(turn, order, trade));
  const news = own.filter(({ entry }) => !order.trades.has(entry));
  const [first] = news;
  if (!first) return;
  turn.say({ kind: "order.traded", order: id, product: order.plan.product, trades: news });
  const executed = sumOf(findOrder(turn, id)?.trades.values() ?? []);
  const said = { order: id, progress: "pending", executed, detail: "", source: "read" } as const;
  const venueId = order.venueId ?? first.venueId;
  onObserved(turn, { ...said, venueId });
  // Two orders under one name: what both executed is ours, and told.
  const second = news.find((trade) => trade.venueId !== venueId);
  if (second) onObserved(turn, { ...said, venueId: second.venueId });
  const odd = news.find(({ adjustment }) => adjustment);
  if (odd) quarantine(turn, id, "adjusted", `${odd.entry} is no trade but a correction`);
}

/** The proof: what was read of the order and of its trades at one moment agrees, and with what is booked. */
function settle(turn: Turn, said: Observation, trades: readonly Trade[]): void {
  const order = findOrder(turn, said.order);
  if (!order || !isToProve(order) || !isFinal(said.progress)) return;
  const booked = sumOf(order.trades.values());
  const count = trades.filter(({ adjustment }) => !adjustment).length;
  const wrong = [
    !agreeIn(order, booked, said.executed) &&
      `trades ${decimal(booked.size)}, order ${decimal(said.executed.size)}`,
    !agreeIn(order, order.executed, said.executed) &&
      `heard ${decimal(order.executed.size)}, read ${decimal(said.executed.size)}`,
    said.count !== undefined && said.count !== count && `${count} trades of ${said.count}`,
    !agree(booked.fees, said.executed.fees) &&
      `fees ${decimal(booked.fees)} of ${decimal(said.executed.fees)}`,
  ].filter((each) => each !== false);
  const { id, product } = order.plan;
  if (wrong.length === 0) {
    const { replacing } = order;
    turn.say({
      kind: "order.settled",
      order: id,
      product,
      trades: count,
      executed: order.executed,
    });
    if (replacing) followUp(turn, id);
    return;
  }
  const proof = turn.state.sight.proofs.get(id);
  if (proof) proof.wrong = wrong.join("; ");
}

/** Bought for a sum: what it cost agrees, and the base but for rounding. */
const agreeIn = ({ plan }: Order, a: Executed, b: Executed): boolean =>
  plan.spend === undefined
    ? a.size === b.size
    : isSameSize(a.size, b.size) && agree(a.value, b.value);

function agree(a: Quote, b: Quote): boolean {
  const apart = minus(a, b) as bigint;
  return apart <= FEE_ROUNDING && apart >= -FEE_ROUNDING;
}
