/** The journal against the venue's own books: what differs is named with both sides, and nothing else is. */
import { expect, test } from "vitest";
import { type Desk, newDesk } from "../../src/core/engine/desk.ts";
import type { EventBody } from "../../src/core/engine/event.ts";
import { evolve } from "../../src/core/engine/evolve.ts";
import { type OrderId, venueOrderId } from "../../src/core/kernel/ids.ts";
import { quote, size } from "../../src/core/kernel/money.ts";
import { later } from "../../src/core/kernel/time.ts";
import { compare, reachOf, type Seen } from "../../src/run/compare.ts";
import type { Account } from "../../src/run/compare-order.ts";
import {
  account,
  FILLED,
  listed,
  NOTHING,
  observed,
  open,
  planned,
  SETTLED,
  taken,
  trade,
  traded,
  WHOLE,
} from "../kit/compared-order.ts";
import { BTC, NOW, numbered, PLAN } from "../kit/sample-desk.ts";

function desk(...bodies: readonly EventBody[]): Desk {
  const made = newDesk();
  for (const event of numbered(bodies)) evolve(made, event);
  return made;
}

const seen = (over: Partial<Seen> = {}): Seen => ({
  since: NOW,
  listing: listed(),
  read: new Map<OrderId, Account | null>([[PLAN.id, account()]]),
  trades: [],
  ...over,
});
const lines = (bodies: readonly EventBody[], over: Partial<Seen> = {}): readonly string[] =>
  compare(desk(...bodies), seen(over)).findings.map(
    ({ what, subject, ours, theirs }) => `${what} ${subject.slice(-6)}: ${ours} | ${theirs}`,
  );
const read = (of: Account | null) => ({ read: new Map([[PLAN.id, of]]) });
const unread = { read: new Map() };

test("what both sides say alike is no difference, proven or only listed, open or over", () => {
  expect(lines(FILLED)).toEqual([]);
  expect(lines(SETTLED)).toEqual([]);
  const listing = listed({ orders: [observed({ source: "listing" })] });
  expect(lines(SETTLED, { ...unread, listing, trades: [trade()] })).toEqual([]);
  const resting = account({ progress: "open", executed: NOTHING, count: 0 }, []);
  expect(lines([planned, taken, open], read(resting))).toEqual([]);
});

test("an order that is open on one side only is named with both sides", () => {
  const over = account({ progress: "cancelled", executed: NOTHING, count: 0 }, []);
  expect(lines([planned, taken, open], read(over))).toEqual(["order 1c5a52: open | cancelled"]);
  expect(lines([planned, taken, open], read(null))).toEqual(["order 1c5a52: open | "]);
  const absent: EventBody = { kind: "order.absent", order: PLAN.id, product: BTC };
  const listing = listed({ orders: [observed({ progress: "open", executed: NOTHING })] });
  expect(lines([planned, absent], { ...unread, listing })).toEqual(["order 1c5a52: absent | open"]);
});

test("a listing that shows an order twice is taken at its later word; two orders under one name are named", () => {
  const early = observed({ progress: "open", executed: NOTHING });
  const twice = listed({ orders: [early, observed(), early] });
  expect(lines(SETTLED, { ...unread, listing: twice })).toEqual([]);
  const second = observed({ venueId: venueOrderId("v-2") });
  const both = listed({ orders: [observed(), second] });
  expect(lines(SETTLED, { ...unread, listing: both })).toEqual([
    "order 1c5a52: one order | v-1 and v-2",
  ]);
});

test("an order whose fate nobody knows is no difference while the venue has none either", () => {
  const lost: EventBody = { kind: "order.unknown", order: PLAN.id, cause: "timeout" };
  expect(lines([planned, lost], read(null))).toEqual([]);
  expect(lines([planned, lost])).toContain("order 1c5a52: unknown | filled");
});

test("size, worth and fees that differ are named; a worth that is only listed may be rounded", () => {
  const less = { ...WHOLE, fees: quote("0.6") };
  expect(lines(SETTLED, read(account({ executed: less }, [trade({ fee: less.fees })])))).toEqual([
    "order 1c5a52: executed 0.00152 worth 98.927832, fees 0.5935 | executed 0.00152 worth 98.927832, fees 0.6",
  ]);
  const rounded = { ...WHOLE, value: quote("98.93") };
  const listing = listed({ orders: [observed({ executed: rounded })] });
  expect(lines(SETTLED, { ...unread, listing })).toEqual([]);
  const worth = read(account({ executed: rounded }, [trade({ value: rounded.value })]));
  expect(lines(SETTLED, worth)).toHaveLength(1);
});

test("a trade in one book only is named; one that is booked in sum and not proven yet is not", () => {
  const second = trade({
    entry: "e-2",
    size: size("0.001"),
    value: quote("65"),
    fee: quote("0.4"),
  });
  expect(lines(SETTLED, { ...unread, trades: [trade(), second] })).toEqual([
    "trade e-2:  | buy 0.001 BTC-USD at 65084.1, fee 0.4, order abcd1234-7b1c5a52",
  ]);
  expect(lines(FILLED, { trades: [trade()] })).toEqual([]);
  expect(lines(SETTLED, read(account({}, [])))).toContain(
    "trade e-1: 0.00152 of order abcd1234-7b1c5a52 | ",
  );
  const taken = trade({ entry: "e-3", adjustment: true });
  expect(lines(SETTLED, read(account({}, [trade(), taken])))).toEqual([
    "trade e-3:  | a correction: buy 0.00152 BTC-USD at 65084.1, fee 0.5935, order abcd1234-7b1c5a52",
  ]);
});

test("a trade under our name of an order that nobody planned is named", () => {
  const stranger = trade({ entry: "e-9", order: "abcd1234-ffffff" as OrderId });
  expect(lines([], { ...unread, trades: [stranger, trade({ order: null })] })).toEqual([
    "trade e-9:  | buy 0.00152 BTC-USD at 65084.1, fee 0.5935, order abcd1234-ffffff",
  ]);
  const listing = listed({ orders: [observed({ progress: "open" })] });
  expect(lines([], { ...unread, listing })).toEqual(["stranger 1c5a52: never sent | open"]);
});

test("trades that do not add up to their own order are named until it is settled", () => {
  const short = [trade({ size: size("0.001") })];
  expect(lines(FILLED, read(account({}, short)))).toEqual([
    "order 1c5a52: not settled | order executed 0.00152 worth 98.927832, fees 0.5935 in 1 trades, its trades executed 0.001 worth 98.927832, fees 0.5935 in 1",
  ]);
  expect(lines(FILLED, read(account({ count: 2 })))).toHaveLength(1);
});

test("another order under the same name is told by its terms", () => {
  const terms = {
    product: BTC,
    side: "sell",
    size: PLAN.size,
    limit: null,
    timeInForce: null,
  } as const;
  expect(lines(SETTLED, read(account({ terms })))).toEqual([
    "order 1c5a52: buy 0.00152 BTC-USD at 65100 ioc | sell 0.00152 BTC-USD at ? ?",
  ]);
});

test("what waits for a person is named as long as it waits", () => {
  const why: EventBody = {
    kind: "order.quarantined",
    order: PLAN.id,
    product: BTC,
    why: "adjusted",
    detail: "",
  };
  expect(lines([...FILLED, traded, why])).toEqual([
    "quarantined 1c5a52: adjusted | filled, executed 0.00152",
  ]);
  expect(compare(desk(...FILLED, traded, why), seen())).toMatchObject({
    quarantined: 1,
    unsettled: 1,
  });
});

test("balances that differ by more than dust are named, of either side's currencies", () => {
  const owned = (currency: string, available: string) => ({
    currency,
    available: size(available),
    hold: size("1"),
  });
  const reconciled: EventBody = {
    kind: "venue.reconciled",
    ...listed({ balances: [owned("USD", "99"), owned("BTC", "0.5")] }),
    differences: [],
    first: true,
  };
  const theirs = [owned("USD", "99.0000000001"), owned("ETH", "2")];
  const listing = listed({ balances: theirs });
  expect(lines([reconciled], { ...unread, listing })).toEqual([
    "balance BTC: 1.5 | 0",
    "balance ETH: 0 | 3",
  ]);
  expect(lines([], { ...unread, listing })).toEqual([]);
});

test("an order of somebody else is named while it stands, and once more when only the journal has it", () => {
  const foreign = {
    venueId: venueOrderId("x-1"),
    product: BTC,
    clientId: "",
    side: "sell",
    live: true,
    worth: quote("12"),
  } as const;
  const listing = listed({ foreign: [foreign, { ...foreign, live: false }] });
  expect(lines([], { ...unread, listing })).toEqual([
    "external x-1:  | sell in BTC-USD, worth up to 12",
  ]);
  const known: EventBody = { kind: "external.seen", foreign };
  expect(lines([known], { ...unread, listing })).toHaveLength(1);
  expect(lines([known], unread)).toEqual(["external x-1: sell in BTC-USD, worth up to 12 | "]);
});

test("the venue is read back to the oldest order that is not settled, and a while in any case", () => {
  const now = later(NOW, 100_000_000);
  expect(reachOf(desk(...SETTLED), now, 1000)).toBe(now - 1000);
  expect(reachOf(desk(...FILLED), now, 1000)).toBe(PLAN.plannedAt);
  expect(reachOf(desk(planned), now, 1000)).toBe(PLAN.plannedAt);
});
