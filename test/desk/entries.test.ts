/** Desks that execute their entries in other ways than at once, against a whole exchange in virtual time. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Event, EventKind } from "../../src/core/engine/event.ts";
import { decimal, NO_SIZE, plus, type Size, size } from "../../src/core/kernel/money.ts";
import { type Random, seeded } from "../../src/core/kernel/random.ts";
import type { Plan } from "../../src/core/order/state.ts";
import type { Strategy } from "../../src/core/strategy/strategy.ts";
import { BTC, POLICY } from "../kit/desk-script.ts";
import { type ExchangeDesk, exchangeDesk } from "../kit/exchange-desk.ts";
import { quietLog } from "../kit/quiet-log.ts";

const BAR_MS = 1000;
const MOVES = 400;
const OVER = new Set(["FILLED", "CANCELLED", "EXPIRED", "FAILED"]);

/** In for most of the time, out for long enough to be flat. */
const patient: Strategy = {
  name: "patient",
  warmUpBars: 1,
  decide: (bars) => {
    const nth = Math.floor((bars.at(-1)?.start ?? 0) / BAR_MS);
    return { want: nth % 12 < 9 ? "long" : "flat", because: "its turn" };
  },
};

const entries = ({ journal }: ExchangeDesk): Plan[] =>
  journal.events.flatMap(({ body }) =>
    body.kind === "order.planned" && body.plan.purpose === "entry" ? [body.plan] : [],
  );

/** The orders of one decision that the exchange could still fill, at most, of all decisions. */
function mostAlive(on: ExchangeDesk): number {
  const alive = new Map<string, number>();
  const intents = new Map(entries(on).map(({ id, intent }) => [id as string, intent as string]));
  for (const { clientOrderId, status } of on.exchange.ledger.orders) {
    const intent = intents.get(clientOrderId);
    if (intent === undefined || OVER.has(status)) continue;
    alive.set(intent, (alive.get(intent) ?? 0) + 1);
  }
  return Math.max(0, ...alive.values());
}

const askedBack = ({ journal }: ExchangeDesk): Set<string> =>
  new Set(
    journal.events.flatMap(({ body }) =>
      body.kind === "order.cancel-asked" && body.replace ? [body.order] : [],
    ),
  );

/** Waits for the desk to ask an order back, and sells into it, or some of it, while the request is on its way. */
async function race(on: ExchangeDesk, random: Random): Promise<void> {
  const before = askedBack(on);
  for (let waited = 0; waited < 500; waited += 10) {
    const news = [...askedBack(on)].find((id) => !before.has(id));
    const row = on.exchange.ledger.orders.find(({ clientOrderId }) => clientOrderId === news);
    if (row && !OVER.has(row.status)) {
      const under = String(Number(row.limitPrice) - 1);
      const part = random.next() < 0.4 ? [] : [`0.000${random.between(1, 9)}`];
      on.exchange.control.trade("BTC-USD", under, ...part);
    }
    if (news !== undefined) return;
    await pass(on, 10);
  }
}

/** A move, and now and then somebody who sells into the bids just then, or an answer that is lost. */
async function move(on: ExchangeDesk, random: Random, at: number): Promise<void> {
  const { exchange } = on;
  const side = (sign: 1 | -1) =>
    [0, 1, 2].map((nth) => [String(at + sign * (2 + nth)), "0.5"] as const);
  exchange.control.quote("BTC-USD", { bids: side(-1), asks: side(1) });
  const chance = random.next();
  if (chance < 0.04) exchange.control.dropNextAnswer("POST /orders/batch_cancel");
  else if (chance < 0.08) exchange.control.delayNextAnswer("POST /orders/batch_cancel", 900);
  else if (chance < 0.12) exchange.control.delayNext("POST /orders/batch_cancel", 900);
  if (random.next() < 0.2) await race(on, random);
  await pass(on, random.between(20, 700));
  if (random.next() < 0.2) {
    exchange.control.trade("BTC-USD", String(at - 3), `0.000${random.between(1, 9)}`);
  }
  await pass(on, random.between(0, 120));
}

/** In steps so small that two orders at once would be seen. */
async function pass(on: ExchangeDesk, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 10) {
    await on.time.pass(Math.min(10, left));
    expect(mostAlive(on)).toBeLessThanOrEqual(1);
  }
}

test("over many moves no decision has two orders at the exchange at once, nor buys more than was decided", async () => {
  const folder = mkdtempSync(join(tmpdir(), "maker-"));
  const random = seeded("maker");
  const execution = { kind: "maker", repriceBps: 1, patienceMs: 8000 } as const;
  const on = await exchangeDesk("maker", folder, quietLog(), { strategy: patient, execution });
  try {
    on.exchange.control.setLags({ fillsMs: 300 });
    await on.time.until("the desk to read the venue", () => on.desk.view().reconciled);
    let at = 65_000;
    for (let nth = 0; nth < MOVES; nth += 1) {
      at += random.between(-30, 45);
      await move(on, random, at);
    }
    const first = new Map<string, Size>();
    const got = new Map<string, Size>();
    const rows = new Map(on.exchange.ledger.orders.map((row) => [row.clientOrderId, row]));
    for (const { id, intent, leg, size: planned } of entries(on)) {
      if (leg === undefined) first.set(intent, planned);
      const filled = size(rows.get(id)?.filledSize ?? "0");
      got.set(intent, plus(got.get(intent) ?? NO_SIZE, filled));
    }
    const over = [...got].filter(([intent, all]) => all > (first.get(intent) ?? NO_SIZE));
    expect(over.map(([intent, all]) => `${intent}: ${decimal(all)}`)).toEqual([]);
    const legs = entries(on).map(({ leg }) => leg ?? 1);
    const raced = [...askedBack(on)].filter((id) => Number(rows.get(id)?.filledSize) > 0);
    // It is worth nothing unless orders were followed, and fills won races.
    expect(legs.filter((leg) => leg > 1).length).toBeGreaterThan(8);
    expect(Math.max(...legs)).toBeGreaterThan(2);
    expect(raced.length).toBeGreaterThan(5);
    expect(on.fatal).toBeNull();
    expect(on.journal.events.filter(({ body }) => body.kind === "trading.halted")).toEqual([]);
  } finally {
    await on.close();
    await on.exchange.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Wants in at the first bar and stays. */
const once: Strategy = {
  name: "once",
  warmUpBars: 1,
  decide: () => ({ want: "long", because: "its turn" }),
};

async function desk(name: string, over: Parameters<typeof exchangeDesk>[3]): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  const on = await exchangeDesk(name, folder, quietLog(), { strategy: once, ...over });
  const said = (kind: EventKind) => on.journal.events.filter(({ body }) => body.kind === kind);
  /** Prices stand and trades come, so that bars close. */
  const live = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 500) {
      on.exchange.control.trade("BTC-USD", "65000", "0.001");
      await on.time.pass(500);
    }
  };
  await on.time.until("the desk to read the venue", () => on.desk.view().reconciled);
  return {
    ...{ on, said, live },
    [Symbol.asyncDispose]: async () => {
      await on.close();
      await on.exchange.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Opened extends AsyncDisposable {
  readonly on: ExchangeDesk;
  said(kind: EventKind): readonly Event[];
  live(ms: number): Promise<void>;
}

test("an entry in parts is one order whose fills over a minute are booked like any, and proven", async () => {
  const execution = { kind: "twap", lastsMs: 60_000, buckets: 6 } as const;
  const allowed = { products: [BTC], order_types: ["twap_limit_gtd"] } as const;
  await using opened = await desk("twap", { execution, policy: { ...POLICY, allowed } });
  const { on, said, live } = opened;
  await live(30_000);
  const [order] = on.exchange.ledger.orders;
  expect(order).toMatchObject({ type: "twap_limit_gtd", status: "OPEN" });
  const half = said("order.filled").length;
  expect(half).toBeGreaterThan(1);
  await live(60_000);
  expect(on.exchange.ledger.orders).toMatchObject([{ status: "FILLED", numberOfFills: 6 }]);
  expect(said("order.filled")).toHaveLength(6);
  expect(said("order.settled")).toHaveLength(1);
  const [held] = on.desk.view().positions;
  expect(held && decimal(held.size)).toBe(on.exchange.ledger.orders[0]?.filledSize);
});

test("an entry is previewed by the exchange before it leaves; one that fails or hangs holds it up for two seconds at most", async () => {
  for (const trouble of ["none", "failed", "hangs"] as const) {
    await using opened = await desk(`preview-${trouble}`, { preview: true });
    const { on, said, live } = opened;
    const { control, ledger } = on.exchange;
    if (trouble === "failed") control.failNext("POST /orders/preview", "500-json", 9);
    if (trouble === "hangs") control.hang("POST /orders/preview");
    await live(6000);
    const [planned] = said("order.planned");
    const [seen] = said("order.previewed");
    const [known] = said("order.acknowledged");
    expect(ledger.orders).toHaveLength(1);
    const shown = trouble === "none" ? { failure: null } : { total: null, refusals: [] };
    expect(seen?.body).toMatchObject(shown);
    expect(seen && "failure" in seen.body && seen.body.failure === null).toBe(trouble === "none");
    expect((known?.at ?? Number.NaN) - (planned?.at ?? 0)).toBeLessThan(2300);
  }
});
