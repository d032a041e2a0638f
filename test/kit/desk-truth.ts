/** Compares what a desk wrote down and told with what happened at the far end: the exchange's ledger, the lines on stdout. */
import { expect } from "vitest";
import type { ConnectionSpec } from "../../db/connect.ts";
import { openJournal } from "../../src/adapters/postgres/journal.ts";
import { eventId } from "../../src/chat/event-id.ts";
import { encodeDesk } from "../../src/core/engine/codec.ts";
import type { Desk } from "../../src/core/engine/desk.ts";
import type { Event, EventKind, EventOf } from "../../src/core/engine/event.ts";
import { decimal, parse } from "../../src/core/kernel/money.ts";
import type { LedgerView } from "../../src/exchange/ledger-view.ts";
import { recover } from "../../src/run/recover.ts";

export interface Record {
  readonly events: readonly Event[];
  /** Folded from the first event. */
  readonly desk: Desk;
  /** Folded from the newest checkpoint. */
  readonly fromCheckpoint: Desk;
}

/** What the journal holds now. */
export async function record(connection: ConnectionSpec): Promise<Record> {
  const journal = openJournal({ connection, epoch: 0 });
  try {
    const [first, newest, events] = await Promise.all([
      recover(journal, "first"),
      recover(journal),
      journal.read(0, 100_000),
    ]);
    return { events, desk: first.desk, fromCheckpoint: newest.desk };
  } finally {
    await journal.close();
  }
}

export const bodies = <K extends EventKind>({ events }: Record, kind: K): EventOf<K>[] =>
  events.map(({ body }) => body).filter((body): body is EventOf<K> => body.kind === kind);

/** The last start has read the venue, and no order is under way. */
export function isSettled({ events, desk }: Record): boolean {
  const started = events.findLastIndex(({ body }) => body.kind === "desk.started");
  const read = events.findLastIndex(({ body }) => body.kind === "venue.reconciled");
  return started >= 0 && read > started && desk.orders.size === 0;
}

const total = (texts: readonly string[]): string =>
  decimal(texts.map(parse).reduce((sum, one) => sum + one, 0n));

/** One order at the exchange for each decision that sent one, and fills, position and cash equal to its ledger. */
export function agreesWithLedger(journal: Record, ledger: LedgerView): void {
  const planned = bodies(journal, "order.planned").map(({ plan }) => plan);
  const sent = ledger.orders.map(({ clientOrderId }) => clientOrderId);
  expect(new Set(planned.map(({ intent }) => intent)).size).toBe(planned.length);
  expect(new Set(sent).size).toBe(sent.length);
  expect(planned.map(({ id }): string => id)).toEqual(expect.arrayContaining(sent));
  expect([...journal.desk.orders.keys()]).toEqual([]);
  for (const order of ledger.orders) {
    const ours = [...journal.desk.closed.values()].find(
      ({ plan }) => plan.id === order.clientOrderId,
    );
    expect(
      ours && { size: decimal(ours.executed.size), fees: decimal(ours.executed.fees) },
    ).toEqual({
      size: order.filledSize,
      fees: order.totalFees,
    });
  }
  const filled = bodies(journal, "order.filled");
  expect({
    size: decimal(filled.reduce((sum, { size }) => sum + size, 0n)),
    value: decimal(filled.reduce((sum, { value }) => sum + value, 0n)),
    fees: decimal(filled.reduce((sum, { fee }) => sum + fee, 0n)),
  }).toEqual({
    size: total(ledger.fills.map(({ size }) => size)),
    value: total(ledger.fills.map(({ value }) => value)),
    fees: total(ledger.fills.map(({ commission }) => commission)),
  });
  const held = [...journal.desk.positions.values()].map(({ size }) => size as bigint);
  expect(decimal(held.reduce((sum, size) => sum + size, 0n))).toBe(
    ledger.balances["BTC"]?.available,
  );
  const cash = journal.desk.balances.get("USD");
  expect(cash && decimal(cash.available)).toBe(ledger.balances["USD"]?.available);
}

/** The database keeps the keys of an object in an order of its own; that of maps and lists counts. */
export function agreesWithCheckpoint({ desk, fromCheckpoint }: Record): void {
  expect(JSON.parse(encodeDesk(fromCheckpoint))).toEqual(JSON.parse(encodeDesk(desk)));
}

const TOLD: readonly EventKind[] = [
  "order.filled",
  "breaker.tripped",
  "trading.killed",
  "trading.paused",
];

/** Every fill, trip and latch was said exactly once in all that was printed, over however many runs. */
export function saidOnce({ events }: Record, out: string): void {
  const told = events.filter(({ body }) => TOLD.includes(body.kind));
  const times = told.map(({ seq, body }) => ({
    what: `${body.kind} #${eventId(seq)}`,
    times: out.split(`#${eventId(seq)}`).length - 1,
  }));
  expect(times).toEqual(times.map(({ what }) => ({ what, times: 1 })));
  const fills = events.filter(({ body }) => body.kind === "order.filled").length;
  expect(out.match(/ (BUY|SELL) fill(ed|ing) /g)?.length ?? 0).toBe(fills);
}
