/** A desk whose entries follow the price, against a whole exchange in virtual time where people sell into them at the wrong moment. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { decimal, NO_SIZE, plus, type Size, size } from "../../src/core/kernel/money.ts";
import { type Random, seeded } from "../../src/core/kernel/random.ts";
import type { Plan } from "../../src/core/order/state.ts";
import type { Strategy } from "../../src/core/strategy/strategy.ts";
import { type ExchangeDesk, exchangeDesk } from "../kit/exchange-desk.ts";
import { quietLog } from "../kit/quiet-log.ts";

const BAR_MS = 1000;
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

/** No decision ever has two orders at the exchange at once, nor buys more than was decided. @param seed of the market */
export async function followsThePrice(moves: number, seed = "maker"): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "maker-"));
  const random = seeded(seed);
  const execution = { kind: "maker", repriceBps: 1, patienceMs: 8000 } as const;
  const on = await exchangeDesk(seed, folder, quietLog(), { strategy: patient, execution });
  try {
    on.exchange.control.setLags({ fillsMs: 300 });
    await on.time.until("the desk to read the venue", () => on.desk.view().reconciled);
    let at = 65_000;
    for (let nth = 0; nth < moves; nth += 1) {
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
    expect(legs.filter((leg) => leg > 1).length).toBeGreaterThan(moves / 50);
    expect(Math.max(...legs)).toBeGreaterThan(2);
    expect(raced.length).toBeGreaterThan(moves / 80);
    expect(on.fatal).toBeNull();
    expect(on.journal.events.filter(({ body }) => body.kind === "trading.halted")).toEqual([]);
  } finally {
    await on.close();
    await on.exchange.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
