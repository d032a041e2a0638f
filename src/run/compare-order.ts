/** One order as the journal has it against the venue's own account of it. Pure: it reads nothing and decides nothing. */
import { decimal, minus, type Quote, type Size } from "../core/kernel/money.ts";
import { isDone, isFinal, isOver, isSameSize, sumOf } from "../core/order/merge.ts";
import type { Executed, Observation, Order, Trade } from "../core/order/state.ts";

/** Where the journal and the venue do not agree, or nobody can say. Figures as text. */
export interface Finding {
  readonly what:
    | "order"
    | "trade"
    | "balance"
    /** Under our own name, and never sent by us. */
    | "stranger"
    /** Somebody else's order on the account. */
    | "external"
    | "quarantined";
  readonly subject: string;
  readonly ours: string;
  readonly theirs: string;
}

/** The order and all of its trades as the venue has them; trades are null where only the order itself was read. */
export interface Account {
  readonly observation: Observation;
  readonly trades: readonly Trade[] | null;
}

/** The venue rounds fees and averages, each and in sum. In 1e-18. */
const ROUNDING = 10n ** 12n;

export function compareOrder(ours: Order, theirs: Account): readonly Finding[] {
  const subject = ours.plan.id;
  const say = (what: Finding["what"], own: string, venues: string): Finding => ({
    what,
    subject,
    ours: own,
    theirs: venues,
  });
  const { observation, trades } = theirs;
  const findings: Finding[] = [];
  const [mine, its] = [wordOf(ours), observation.progress];
  if (isOver(ours) !== isFinal(its) || (isFinal(ours.progress) && mine !== its)) {
    findings.push(say("order", mine, its));
  }
  const wanted = termsApart(ours, observation);
  if (wanted) findings.push(say("order", wanted.ours, wanted.theirs));
  const sold = executedOf(theirs);
  if (!isSame(ours, sold, trades !== null)) {
    findings.push(say("order", amounts(ours.executed), amounts(sold)));
  }
  if (trades !== null) findings.push(...compareTrades(ours, trades), ...unproven(ours, theirs));
  return findings;
}

/** What the journal calls it: how far the venue said it got, else how it was sent. */
export const wordOf = ({ progress, submission }: Order): string =>
  progress === "none" ? submission : progress;

/** Of trades that reach as far as the order itself they are right: fees of each, and no rounded average. */
function executedOf({ observation, trades }: Account): Executed {
  if (!trades || trades.length === 0) return observation.executed;
  const sum = sumOfTrades(trades);
  return sum.size < observation.executed.size ? observation.executed : sum;
}

const sumOfTrades = (trades: readonly Trade[]): Executed =>
  sumOf(
    trades
      .filter(({ adjustment }) => !adjustment)
      .map(({ size, value, fee }) => ({ size, value, fees: fee })),
  );

/** A listing gives worth by a rounded average, or not yet: there only size and fees are compared. */
function isSame(order: Order, theirs: Executed, proven: boolean): boolean {
  const { executed: ours } = order;
  if (!isOneSize(order, ours.size, theirs.size) || !isNear(ours.fees, theirs.fees)) return false;
  return !proven || isNear(ours.value, theirs.value);
}

/** What was bought for a sum is a quotient, which each side rounds in its own way. */
const isOneSize = ({ plan }: Order, a: Size, b: Size): boolean =>
  plan.spend === undefined ? a === b : isSameSize(a, b);

function isNear(a: Quote, b: Quote): boolean {
  const apart = minus(a, b) as bigint;
  return apart <= ROUNDING && apart >= -ROUNDING;
}

/**
 * Trades that are in one book only. What is booked in sum and not yet by its trades is no difference: an order that lives, or
 * has just ended, is proven a moment later.
 */
function compareTrades(ours: Order, trades: readonly Trade[]): readonly Finding[] {
  const { size: traded } = sumOfTrades(trades);
  const within = traded <= ours.executed.size || isOneSize(ours, traded, ours.executed.size);
  const isBooked = !ours.settled && within;
  const news = trades.filter(({ entry, adjustment }) => {
    return !ours.trades.has(entry) && (adjustment || !isBooked);
  });
  const listed = new Set(trades.map(({ entry }) => entry));
  const gone = [...ours.trades].filter(([entry]) => !listed.has(entry));
  return [
    ...news.map((trade) => unknownTrade(trade)),
    ...gone.map(
      ([entry, { size }]): Finding => ({
        what: "trade",
        subject: entry,
        ours: `${decimal(size)} of order ${ours.plan.id}`,
        theirs: "",
      }),
    ),
  ];
}

export function unknownTrade({ entry, order, venueId, adjustment, ...trade }: Trade): Finding {
  const { side, size, price, product, fee } = trade;
  const kind = adjustment ? "a correction: " : "";
  const whose = order ?? venueId;
  const theirs = `${kind}${side} ${decimal(size)} ${product} at ${decimal(price)}, fee ${decimal(fee)}, order ${whose}`;
  return { what: "trade", subject: entry, ours: "", theirs };
}

/** The venue's own order against the venue's own trades, once it is over: the proof that the journal waits for. */
function unproven(ours: Order, { observation, trades }: Account): readonly Finding[] {
  if (!trades || !isFinal(observation.progress) || isDone(ours)) return [];
  const sum = sumOfTrades(trades);
  const { executed, count } = observation;
  const told = trades.filter(({ adjustment }) => !adjustment).length;
  const wrong =
    !isOneSize(ours, sum.size, executed.size) ||
    !isNear(sum.fees, executed.fees) ||
    (count !== undefined && count !== told);
  if (!wrong) return [];
  return [
    {
      what: "order",
      subject: ours.plan.id,
      ours: "not settled",
      theirs: `order ${amounts(executed)} in ${count ?? "some"} trades, its trades ${amounts(sum)} in ${told}`,
    },
  ];
}

function termsApart({ plan }: Order, { terms }: Observation) {
  if (!terms) return null;
  const apart =
    terms.product !== plan.product ||
    terms.side !== plan.side ||
    (terms.size !== null && terms.size !== plan.size) ||
    (terms.limit !== null && terms.limit !== plan.limit) ||
    (terms.spend ?? plan.spend) !== plan.spend ||
    (terms.timeInForce !== null && terms.timeInForce !== plan.timeInForce);
  return apart ? { ours: inWords(plan), theirs: inWords(terms) } : null;
}

const inWords = (of: NonNullable<Observation["terms"]>): string =>
  [
    of.side,
    of.size === null ? "?" : decimal(of.size),
    of.product,
    "at",
    of.limit === null ? "?" : decimal(of.limit),
    of.timeInForce ?? "?",
  ].join(" ");

const amounts = ({ size, value, fees }: Executed): string =>
  `executed ${decimal(size)} worth ${decimal(value)}, fees ${decimal(fees)}`;

/** It is to be asked for by itself: a listing cannot prove it, or does not show it. */
export const isToRead = (order: Order): boolean => !isDone(order) || order.quarantine !== null;
