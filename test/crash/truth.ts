/** What a round came to: the exchange's ledger is the truth, and the journal must say the same. It collects, and stops at nothing. */
import { isDeepStrictEqual } from "node:util";
import { eventId } from "../../src/chat/event-id.ts";
import { encodeDesk } from "../../src/core/engine/codec.ts";
import { decimal, parse } from "../../src/core/kernel/money.ts";
import { isOver } from "../../src/core/order/merge.ts";
import type { LedgerView } from "../../src/exchange/ledger-view.ts";
import { bodies, type Record } from "../kit/desk-truth.ts";

export const FAULTS = [
  /** Two orders at the exchange for one decision, or one that no decision of the journal explains. */
  "duplicates",
  /** A request that could change something, sent by a desk that another had overtaken. */
  "zombie orders",
  /** Executed at the exchange, and the journal has another size, worth or fee, or nothing. */
  "lost fills",
  "wrong positions",
  /** Open in the journal or at the exchange when all should have ended. */
  "unresolved",
  /** A latch that was on disk and is not in force. */
  "lost latches",
  /** A fill that no line on stdout spoke of, and that nobody tried to tell. */
  "untold",
  /** A message that a room shows more than once, and not as perhaps repeated. */
  "told twice",
  "other",
] as const;
export type Fault = (typeof FAULTS)[number];

export interface Finding {
  readonly fault: Fault;
  readonly what: string;
}

const RESTING: readonly string[] = ["PENDING", "OPEN", "QUEUED", "CANCEL_QUEUED"];
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((all, one) => all + one, 0n);
const sumOf = (texts: readonly string[]): string => decimal(sum(texts.map(parse)));

export interface Told {
  /** Everything that all the desks of the round said. */
  readonly out: string;
  /** Events a message of which was begun. Cut off, news is not repeated: it was perhaps shown. */
  readonly tried: ReadonlySet<number>;
}

export function findings(kept: Record, ledger: LedgerView, told: Told): readonly Finding[] {
  return [
    ...duplicates(kept, ledger),
    ...fills(kept, ledger),
    ...positions(kept, ledger),
    ...unresolved(kept, ledger),
    ...untold(kept, told),
    ...integrity(kept),
  ];
}

const finding = (fault: Fault, what: string): Finding => ({ fault, what });

function twice(texts: readonly string[]): readonly string[] {
  return texts.filter((text, index) => texts.indexOf(text) !== index);
}

function duplicates(kept: Record, { orders }: LedgerView): readonly Finding[] {
  const planned = bodies(kept, "order.planned").map(({ plan }) => plan);
  const sent = orders.map(({ clientOrderId }) => clientOrderId);
  const known = new Set<string>(planned.map(({ id }) => id));
  return [
    ...twice(sent).map((id) => `${id} is twice at the exchange`),
    ...twice(planned.map(({ intent }) => intent)).map((intent) => `${intent} was planned twice`),
    ...sent.filter((id) => !known.has(id)).map((id) => `no decision explains ${id}`),
  ].map((what) => finding("duplicates", what));
}

/** Order by order, and all together as the events tell them. */
function fills(kept: Record, ledger: LedgerView): readonly Finding[] {
  const found: Finding[] = [];
  const compare = (what: string, ours: string, theirs: string): void => {
    if (ours !== theirs) found.push(finding("lost fills", `${what}: ${ours}, not ${theirs}`));
  };
  const all = [...kept.desk.closed.values(), ...kept.desk.orders.values()];
  for (const order of ledger.orders) {
    const ours = all.find(({ plan }) => plan.id === order.clientOrderId)?.executed;
    const told = ours && [ours.size, ours.value, ours.fees].map((one) => decimal(one)).join(" ");
    const theirs = [order.filledSize, order.filledValue, order.totalFees].join(" ");
    if (order.numberOfFills > 0 || ours) compare(order.clientOrderId, told ?? "nothing", theirs);
  }
  const filled = bodies(kept, "order.filled");
  const steps = [...filled, ...bodies(kept, "order.corrected")];
  const { size, value, fee } = {
    size: decimal(sum(filled.map((step) => step.size))),
    value: decimal(sum(steps.map((step) => step.value))),
    fee: decimal(sum(steps.map((step) => step.fee))),
  };
  compare("size of all fills", size, sumOf(ledger.fills.map((row) => row.size)));
  compare("worth of all fills", value, sumOf(ledger.fills.map((row) => row.value)));
  compare("fees of all fills", fee, sumOf(ledger.fills.map((row) => row.commission)));
  return found;
}

function positions({ desk }: Record, { balances }: LedgerView): readonly Finding[] {
  const theirs = (currency: string): string => {
    const row = balances[currency];
    return sumOf([row?.available ?? "0", row?.hold ?? "0"]);
  };
  const held = decimal(sum([...desk.positions.values()].map(({ size }) => size as bigint)));
  const cash = desk.balances.get("USD");
  const money = decimal(sum(cash ? [cash.available, cash.hold] : []));
  return [
    ["BTC", held, theirs("BTC")],
    ["USD", money, theirs("USD")],
  ].flatMap(([currency, ours, real]) =>
    ours === real ? [] : [finding("wrong positions", `${currency} ${ours}, not ${real}`)],
  );
}

function unresolved({ desk }: Record, { orders }: LedgerView): readonly Finding[] {
  const open = [...desk.orders.values()].filter((order) => !isOver(order));
  const rests = orders.filter(({ status }) => RESTING.includes(status));
  return [
    ...open.map(({ plan, submission }) => `${plan.id} is ${submission} in the journal`),
    ...rests.map(({ clientOrderId, status }) => `${clientOrderId} is ${status} at the exchange`),
  ].map((what) => finding("unresolved", what));
}

function untold({ events }: Record, { out, tried }: Told): readonly Finding[] {
  return events
    .filter(({ body }) => body.kind === "order.filled")
    .filter(({ seq }) => !out.includes(`#${eventId(seq)}`) && !tried.has(seq))
    .map(({ seq }) => finding("untold", `the fill of event ${seq}`));
}

/** The journal has no gap, says the same from a checkpoint as from its start, and the desk trusts itself. */
function integrity({ events, desk, fromCheckpoint }: Record): readonly Finding[] {
  const gap = events.findIndex(({ seq }, index) => seq !== index + 1);
  const [whole, tail] = [desk, fromCheckpoint].map((one) => JSON.parse(encodeDesk(one)) as unknown);
  const latched = [desk.halted, desk.paused].filter((latch) => latch !== null && latch.by === null);
  return [
    ...(gap < 0 ? [] : [`event ${gap + 1} is missing`]),
    ...(isDeepStrictEqual(whole, tail) ? [] : ["the newest checkpoint and the events disagree"]),
    ...latched.map((latch) => `it stopped trading by itself: ${latch?.reason}`),
    ...[...desk.trips.values()].map(({ breaker }) => `a breaker tripped: ${breaker}`),
  ].map((what) => finding("other", what));
}
