/** Many disconnects at random moments of a trading desk's life, and then the question whether both sides know the same. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { Event, EventOf } from "../../src/core/engine/event.ts";
import { decimal } from "../../src/core/kernel/money.ts";
import { type Random, seeded } from "../../src/core/kernel/random.ts";
import type { QuotedLevel, Quotes } from "../../src/exchange/control.ts";
import type { Stream } from "../../src/exchange/faults.ts";
import { type ExchangeDesk, exchangeDesk } from "./exchange-desk.ts";

export interface Disconnects {
  /** How the sockets went, by kind; one of these may end both. */
  readonly broken: Readonly<Record<string, number>>;
  /** Breaks that the desk wrote down, of one socket each. */
  readonly disconnects: number;
  readonly orders: number;
  /** Orders that got only a part of what they asked for. */
  readonly partly: number;
  readonly fills: number;
  readonly virtualSeconds: number;
}

const WAYS = ["closed 1000", "closed 1001", "closed 1011", "cut", "stalled", "gap"] as const;
const STREAMS: readonly (readonly Stream[])[] = [["market"], ["user"], ["market", "user"]];
/** Longer than any client waits for a sign of life. */
const STALLED_MS = 20_000;

/** @param count disconnects; @throws when the two sides differ at the end; @param keep is shown all that the desk wrote down */
export async function manyDisconnects(
  seed: string,
  count: number,
  keep: (events: readonly Event[]) => void = () => undefined,
): Promise<Disconnects> {
  const folder = mkdtempSync(join(tmpdir(), "disconnects-"));
  const random = seeded(seed);
  const on = await exchangeDesk(seed, folder);
  const began = on.time.clock.now();
  try {
    const broken: Record<string, number> = {};
    await on.time.until("the desk to read the venue", () => on.desk.view().reconciled);
    while (of(on.journal.events, "feed.broke").length < count) {
      // Some breaks hit the client while it is still coming back from the last.
      if (random.next() < 0.8) await recovered(on);
      await live(on, random);
      const way = pick(random, WAYS);
      await breakOff(on, random, way);
      broken[way] = (broken[way] ?? 0) + 1;
    }
    const virtualSeconds = Math.round((on.time.clock.now() - began) / 1000);
    await rest(on);
    await agree(on);
    const { orders, fills } = on.exchange.ledger;
    await on.close();
    keep(on.journal.events);
    expect(on.fatal).toBeNull();
    const disconnects = of(on.journal.events, "feed.broke").length;
    const partly = orders.filter(({ status }) => status === "CANCELLED").length;
    return {
      broken,
      disconnects,
      orders: orders.length,
      partly,
      fills: fills.length,
      virtualSeconds,
    };
  } catch (error) {
    throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
  } finally {
    await on.exchange.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const pick = <T>(random: Random, of: readonly T[]): T => {
  const one = of[random.between(0, of.length - 1)];
  if (one === undefined) throw new RangeError("nothing to pick from");
  return one;
};

/** Both streams live, and the desk has read the venue again. */
const recovered = ({ time, desk }: ExchangeDesk): Promise<void> =>
  time.until(
    "both streams to come back",
    () => {
      const { feeds, reconciled } = desk.view();
      return reconciled && feeds.every(({ ageMs }) => ageMs !== null && ageMs < 1200);
    },
    300_000,
    200,
  );

/** Prices move for a while; now and then an answer to a create is lost. */
async function live({ time, exchange }: ExchangeDesk, random: Random): Promise<void> {
  for (let left = random.between(1, 14); left > 0; left -= 1) {
    const price = 65_000 + random.between(-80, 80);
    exchange.control.trade("BTC-USD", String(price), `0.${random.between(1, 999)}`);
    if (random.next() < 0.5) exchange.control.quote("BTC-USD", thin(random, price));
    await time.pass(random.between(20, 700));
  }
  if (random.next() < 0.05) exchange.control.dropNextAnswer("POST /orders");
}

/** A book in which an order meets several levels, and sometimes not enough of them. */
function thin(random: Random, price: number): Quotes {
  const side = (sign: 1 | -1): QuotedLevel[] =>
    Array.from({ length: random.between(1, 4) }, (_, nth) => [
      String(price + sign * (nth + 1)),
      `0.000${random.between(1, 9)}`,
    ]);
  return { bids: side(-1), asks: side(1) };
}

async function breakOff(
  { time, exchange }: ExchangeDesk,
  random: Random,
  way: (typeof WAYS)[number],
): Promise<void> {
  const streams = pick(random, STREAMS);
  const { control } = exchange;
  if (way === "stalled") {
    control.silence(streams);
    await time.pass(STALLED_MS);
    control.resume();
  } else if (way === "gap") {
    control.dropFrames(1, streams);
    control.trade("BTC-USD", "65000.00");
    await time.pass(1100);
  } else {
    control.closeSockets(way === "cut" ? 1006 : Number(way.slice(7)), streams);
  }
}

/** Nothing trades any more; the last break of all is over. */
async function rest(on: ExchangeDesk): Promise<void> {
  const { time, exchange, desk } = on;
  desk.drain();
  await time.pass(200_000);
  exchange.control.quote("BTC-USD", { bids: [["65001.5", "0.7"]], asks: [["65002", "1.25"]] });
  exchange.control.closeSockets(1006);
  await time.pass(1000);
  await recovered(on);
}

const of = <K extends Event["body"]["kind"]>(events: readonly Event[], kind: K): EventOf<K>[] =>
  events.map(({ body }) => body).filter((body): body is EventOf<K> => body.kind === kind);

/** Every order, every amount and the top of the book. */
async function agree(on: ExchangeDesk): Promise<void> {
  const { exchange, journal, desk } = on;
  const { events } = journal;
  const closed = new Map(of(events, "order.closed").map((body) => [body.order as string, body]));
  const executed = [...of(events, "order.filled"), ...of(events, "order.corrected")];
  const mine = exchange.ledger.orders.map(({ clientOrderId: id }) => {
    const end = closed.get(id);
    const parts = executed.filter(({ order }) => order === id);
    const sum = (amounts: readonly bigint[]): string =>
      decimal(amounts.reduce((a, b) => a + b, 0n));
    return {
      id,
      ended: end?.why,
      size: sum(parts.map((part) => ("size" in part ? part.size : 0n))),
      value: sum(parts.map(({ value }) => value)),
      fees: sum(parts.map(({ fee }) => fee)),
    };
  });
  expect(mine).toEqual(
    exchange.ledger.orders.map((order) => ({
      id: order.clientOrderId,
      ended: order.status.toLowerCase(),
      size: order.filledSize,
      value: order.filledValue,
      fees: order.totalFees,
    })),
  );
  expect(desk.view()).toMatchObject({ orders: [], halted: null, killed: null });
  const entries = of(events, "order.traded").flatMap((body) =>
    body.trades.map(({ entry }) => entry),
  );
  expect(entries.sort()).toEqual(exchange.ledger.fills.map(({ entryId }) => entryId).sort());
  const settled = of(events, "order.settled").map(({ order }) => order as string);
  expect(settled.sort()).toEqual(mine.map(({ id }) => id).sort());
  const planned = of(events, "order.planned").map(({ plan }) => plan.id as string);
  expect(planned).toEqual(expect.arrayContaining(mine.map(({ id }) => id)));
  const held = desk.view().positions.reduce((sum, { size }) => sum + size, 0n);
  expect(decimal(held)).toBe(exchange.ledger.balances["BTC"]?.available);
  // From a snapshot alone, and then from a change to it.
  expect(quoted(on)).toEqual(await top(on));
  const asks: QuotedLevel[] = [["65002", "1.25"]];
  exchange.control.quote("BTC-USD", { bids: [["65001.75", "0.2"]], asks });
  await on.time.pass(5000);
  expect(quoted(on)).toEqual(["65001.75", "0.2", "65002", "1.25"]);
  expect(quoted(on)).toEqual(await top(on));
}

function quoted({ heard }: ExchangeDesk): unknown {
  const { quote } = heard;
  if (quote === null) return null;
  const { bid, bidSize, ask, askSize } = quote;
  return [decimal(bid), decimal(bidSize), decimal(ask), decimal(askSize)];
}

/** What the exchange says to whoever asks over REST. */
async function top({ exchange, time }: ExchangeDesk): Promise<unknown> {
  const path = "/api/v3/brokerage/market/product_book?product_id=BTC-USD&limit=1";
  const asked = exchange.transport.request({
    ...{ method: "GET", url: exchange.rest + path, headers: {}, body: null, timeoutMs: 5000 },
  });
  await time.pass(200);
  const reply = await asked;
  if ("failed" in reply) throw new Error(reply.cause);
  type Level = { readonly price: string; readonly size: string };
  const { pricebook } = JSON.parse(reply.body) as { pricebook: Record<"bids" | "asks", Level[]> };
  return [...pricebook.bids, ...pricebook.asks].flatMap(({ price, size }) => [price, size]);
}
