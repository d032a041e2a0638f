/** Whole lives of orders at a real exchange, and everything the real client heard and read of them on the way. */
// The exchange's own ledger is the truth that the desk is compared with afterwards.
import type { InputBody } from "../../src/core/engine/input.ts";
import { intentId } from "../../src/core/kernel/ids.ts";
import { type Price, parse, price, type Size, size } from "../../src/core/kernel/money.ts";
import type { Random } from "../../src/core/kernel/random.ts";
import { later } from "../../src/core/kernel/time.ts";
import { clientOrderId } from "../../src/core/order/client-id.ts";
import type { Plan, Side, Trade } from "../../src/core/order/state.ts";
import type { LedgerOrder } from "../../src/exchange/ledger-view.ts";
import { BTC } from "./desk-script.ts";
import { type ExchangeClient, exchangeClient } from "./exchange-client.ts";
import { quietLog } from "./quiet-log.ts";

export interface VenueLife {
  readonly plan: Plan;
  /** In the order in which they came. */
  readonly said: readonly InputBody[];
  /** The answer to the create. */
  readonly answer: InputBody;
  /** What a sweep says once it is over: the listing, the order with its trades, and all trades. */
  readonly sweep: readonly InputBody[];
  /** Before it and after it, and the order itself, as the exchange's ledger has them. */
  readonly ledger: {
    readonly base: bigint;
    readonly quote: bigint;
    readonly order: LedgerOrder | undefined;
  };
}

export interface Lives {
  next(): Promise<VenueLife>;
  close(): Promise<void>;
}

const MID = 65_000;

export async function venueLives(random: Random, keyFolder: string): Promise<Lives> {
  const log = quietLog();
  const client = exchangeClient("lives", keyFolder, log, { USD: "100000000", BTC: "1000" });
  const heard: InputBody[] = [];
  client.venue.start((input) => heard.push(input));
  await client.time.pass(2000);
  let nth = 0;
  return {
    next: () => {
      nth += 1;
      return live(client, heard, random, nth);
    },
    close: async () => {
      await client.exchange.close();
      await client.coinbase.close();
    },
  };
}

async function live(
  client: ExchangeClient,
  heard: InputBody[],
  random: Random,
  nth: number,
): Promise<VenueLife> {
  const { time, exchange, venue } = client;
  const { control } = exchange;
  const lag = random.next() < 0.5 ? 0 : random.between(50, 1500);
  control.setLags({ fillsMs: lag });
  control.quote("BTC-USD", thin(random, 1));
  await time.pass(500);
  heard.length = 0;
  const before = balances(client);
  const plan = planned(client, random, nth);
  const answer = await place(client, plan, random);
  for (let left = random.between(0, 5); left > 0; left -= 1)
    await happens(client, plan, heard, random);
  const id = exchange.ledger.orders.find(({ clientOrderId: own }) => own === plan.id)?.orderId;
  if (id) await time.ended(venue.cancel([id as never]));
  await time.pass(5000);
  const said = heard.filter((input) => input.kind.startsWith("order."));
  const sweep = await swept(client, plan, id);
  const after = balances(client);
  return {
    ...{ plan, said, sweep },
    answer: { kind: "order.answered", order: plan.id, answer },
    ledger: {
      base: after.base - before.base,
      quote: after.quote - before.quote,
      order: exchange.ledger.orders.find(({ clientOrderId: own }) => own === plan.id),
    },
  };
}

function balances({ exchange }: ExchangeClient): { readonly base: bigint; readonly quote: bigint } {
  const of = (currency: string): bigint => {
    const row = exchange.ledger.balances[currency];
    return parse(row?.available ?? "0") + parse(row?.hold ?? "0");
  };
  return { base: of("BTC"), quote: of("USD") };
}

/** Around the middle, so that some orders rest, some fill at once and some in part. */
function planned({ time }: ExchangeClient, random: Random, nth: number): Plan {
  const side: Side = random.next() < 0.5 ? "buy" : "sell";
  const away = random.between(-4, 4);
  const intent = intentId(`life-${nth}`);
  const at = time.clock.now();
  const limit: Price = price(String(MID + away));
  return {
    id: clientOrderId("testdesk", intent, 1),
    ...{ intent, side, limit, reference: limit, plannedAt: at },
    strategy: "puppet",
    product: BTC,
    purpose: side === "buy" ? "entry" : "signal-exit",
    size: size(`0.000${random.between(10, 999)}`) as Size,
    timeInForce: random.next() < 0.3 ? "ioc" : "gtc",
    validUntil: later(at, 60_000),
    stopBps: null,
    takeBps: null,
  };
}

/** A few levels of little size on both sides. */
function thin(random: Random, from: number) {
  const side = (sign: 1 | -1): [string, string][] =>
    Array.from({ length: random.between(1, 4) }, (_, nth) => [
      String(MID + sign * (nth + from)),
      `0.0000${random.between(1, 99)}`,
    ]);
  return { bids: side(-1), asks: side(1) };
}

async function place(client: ExchangeClient, plan: Plan, random: Random) {
  const { control } = client.exchange;
  const luck = random.next();
  if (luck < 0.1) control.dropNextAnswer("POST /orders");
  else if (luck < 0.15) control.failNextOrder("HOLD_FAILURE");
  else if (luck < 0.2) control.refuseNextOrder("INSUFFICIENT_FUND");
  if (luck > 0.85 && plan.timeInForce === "gtc") return timed(client, plan);
  return client.time.ended(client.venue.place(plan));
}

/** The same order with an end of its own at the exchange, which no plan of ours has: it will expire. */
async function timed({ exchange, signer, time }: ExchangeClient, plan: Plan) {
  const body = {
    client_order_id: plan.id,
    product_id: plan.product,
    side: plan.side.toUpperCase(),
    order_configuration: {
      limit_limit_gtd: {
        base_size: text(plan.size),
        limit_price: text(plan.limit),
        end_time: new Date(time.clock.now() + 2000).toISOString(),
        post_only: false,
      },
    },
  };
  const url = `${exchange.rest}/api/v3/brokerage/orders`;
  const token = await signer.create();
  const asked = exchange.transport.request({
    method: "POST",
    url,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
    timeoutMs: 5000,
  });
  await time.ended(asked);
  return { kind: "unknown", cause: "placed by other means" } as const;
}

const text = (amount: bigint): string => {
  const digits = amount.toString().padStart(19, "0");
  return `${digits.slice(0, -18)}.${digits.slice(-18)}`.replace(/\.?0+$/, "");
};

/** The market moves, time passes, somebody looks or cancels. */
async function happens(
  { time, exchange, venue }: ExchangeClient,
  plan: Plan,
  heard: InputBody[],
  random: Random,
): Promise<void> {
  const { control } = exchange;
  const what = random.between(0, 5);
  const id = exchange.ledger.orders.find(({ clientOrderId: own }) => own === plan.id)?.orderId;
  if (what < 2)
    control.trade("BTC-USD", String(MID + random.between(-4, 4)), `0.0000${random.between(1, 99)}`);
  if (what === 2) control.quote("BTC-USD", thin(random, random.between(-2, 2) || 1));
  if (what === 3 && id) await time.ended(venue.cancel([id as never]));
  if (what === 4) {
    const found = await time.ended(venue.find(plan.id, plan.product, plan.plannedAt));
    if (found.ok && found.value) heard.push({ kind: "order.observed", observation: found.value });
  }
  if (what === 5 && id) {
    const read = await time.ended(venue.prove(plan.id, id as never, plan.product));
    if (read.ok) heard.push({ kind: "order.read", ...read.value });
  }
  await time.pass(random.between(1, 1200));
}

async function swept({ time, venue }: ExchangeClient, plan: Plan, id: string | undefined) {
  const listed = await time.ended(venue.list(plan.plannedAt));
  const traded = await time.ended(venue.trades(plan.plannedAt));
  const read = id ? await time.ended(venue.prove(plan.id, id as never, plan.product)) : null;
  if (!listed.ok || !traded.ok || (read && !read.ok)) throw new Error("the sweep failed");
  // The reading overlaps the lives before.
  const isIts = ({ order }: Trade): boolean => order === plan.id;
  const sweep: InputBody[] = [
    { kind: "venue.traded", trades: traded.value.filter(isIts), asOf: time.clock.now() },
    ...listed.value.orders
      .filter(({ order }) => order === plan.id)
      .map((observation) => ({ kind: "order.observed", observation }) as const),
  ];
  if (read?.ok) sweep.push({ kind: "order.read", ...read.value });
  return sweep;
}
