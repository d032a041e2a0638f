/** One venue of each kind on the same exchange, in one process and one virtual time: what is asked of one is asked of all. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SigningKey } from "../../src/adapters/coinbase/keys.ts";
import { type Coinbase, openCoinbase } from "../../src/adapters/coinbase/open-coinbase.ts";
import { createPaperVenue, type PaperVenue } from "../../src/adapters/paper/paper-venue.ts";
import { readOnlyTransport } from "../../src/adapters/paper/read-only-transport.ts";
import { createShadowVenue } from "../../src/adapters/paper/shadow-venue.ts";
import type { Listing } from "../../src/core/engine/input.ts";
import { intentId, orderId, type VenueOrderId } from "../../src/core/kernel/ids.ts";
import { NO_SIZE, plus, price, rate, type Size, size } from "../../src/core/kernel/money.ts";
import { seeded } from "../../src/core/kernel/random.ts";
import { ok } from "../../src/core/kernel/result.ts";
import { type Instant, instant, later } from "../../src/core/kernel/time.ts";
import type { Observation, Plan } from "../../src/core/order/state.ts";
import type { QuotedLevel } from "../../src/exchange/control.ts";
import { type InProcessExchange, inProcessExchange } from "../../src/exchange/in-process.ts";
import type { AccountInput, Venue } from "../../src/ports/venue.ts";
import { BTC } from "./desk-script.ts";
import { promptSigner } from "./exchange-signer.ts";
import { type ExchangeTime, exchangeTime } from "./exchange-time.ts";
import { quietLog } from "./quiet-log.ts";

export const VENUES = ["coinbase", "paper", "shadow"] as const;
export type VenueKind = (typeof VENUES)[number];

export interface VenueScene {
  readonly venue: Venue;
  readonly exchange: InProcessExchange;
  readonly time: ExchangeTime;
  readonly heard: readonly AccountInput[];
  /** Said on the stream of one order. */
  said(of: Plan): readonly Observation[];
  plan(name: string, over?: Partial<Plan>): Plan;
  /** Places it and lets everything about it come to rest. @throws unless it is accepted */
  placed(plan: Plan): Promise<VenueOrderId>;
  cancelled(id: VenueOrderId): Promise<{ readonly taken: boolean; readonly cause: string }>;
  found(of: Plan): Promise<Observation | null>;
  listed(since?: Instant): Promise<Listing>;
  /** Puts up exactly these levels, price and size, best first. */
  quote(bids: readonly QuotedLevel[], asks: readonly QuotedLevel[]): Promise<void>;
  close(): Promise<void>;
}

/** All that is owned of a currency, and how much of it is on hold. */
export async function owned(
  scene: VenueScene,
  currency: string,
): Promise<{ readonly all: Size; readonly hold: Size }> {
  const { balances } = await scene.listed();
  const row = balances.find((each) => each.currency === currency);
  const hold = row?.hold ?? NO_SIZE;
  return { all: plus(row?.available ?? NO_SIZE, hold), hold };
}

const START = Date.UTC(2026, 10, 18, 14, 0, 0);
const REST_MS = 1000;
const CASH = { USD: "10000", BTC: "1" };

export async function venueScene(kind: VenueKind): Promise<VenueScene> {
  const keyFolder = mkdtempSync(join(tmpdir(), "claudbot-scene-"));
  const time = exchangeTime(START);
  const exchange = inProcessExchange({
    ...{ keyFolder, seed: kind, market: "manual", clock: time.exchange },
    balances: CASH,
    latencyMs: () => 2,
  });
  time.watch(() => exchange.underWay);
  const coinbase = clientOf(kind, exchange, time);
  const venue = venueOf(kind, coinbase, time);
  const heard: AccountInput[] = [];
  venue.start((input) => heard.push(input));
  coinbase.feed.start((input) => "onMarket" in venue && venue.onMarket(input));
  const rest = (): Promise<void> => time.pass(REST_MS);
  const scene: VenueScene = {
    ...{ venue, exchange, time, heard, plan: planAt(time) },
    said: ({ id }) =>
      heard.flatMap((input) =>
        input.kind === "order.observed" && input.observation.order === id
          ? [input.observation]
          : [],
      ),
    async placed(plan) {
      const answer = await time.ended(venue.place(plan));
      if (answer.kind !== "accepted") throw new Error(JSON.stringify(answer));
      await rest();
      return answer.venueId;
    },
    async cancelled(id) {
      const rows = await time.ended(venue.cancel([id]));
      await rest();
      const row = rows.ok ? rows.value.get(id) : undefined;
      if (!row) throw new Error("no answer for the order");
      return row;
    },
    async found({ id, product, plannedAt }) {
      const found = await time.ended(venue.find(id, product, plannedAt));
      if (!found.ok) throw new Error(found.error.detail);
      return found.value;
    },
    async listed(since = instant(START)) {
      const listed = await time.ended(venue.list(since));
      if (!listed.ok) throw new Error(listed.error.detail);
      return listed.value;
    },
    async quote(bids, asks) {
      exchange.control.quote(BTC, { bids, asks });
      await rest();
    },
    async close() {
      await time.ended(venue.stop());
      await time.ended(coinbase.close());
      await exchange.close();
      rmSync(keyFolder, { recursive: true, force: true });
    },
  };
  exchange.control.trade(BTC, "65000");
  await time.until("the streams live", () => heard.length > 0);
  await scene.quote([["64990", "5"]], [["65000", "5"]]);
  // A desk lists before it trades: until then a shadow owns nothing.
  await scene.listed();
  return scene;
}

function clientOf(kind: VenueKind, exchange: InProcessExchange, time: ExchangeTime): Coinbase {
  const random = seeded(`${kind}|entropy`);
  const hex = (bytes: number): string =>
    Array.from({ length: bytes * 2 }, () => random.between(0, 15).toString(16)).join("");
  const { clock, timers } = time;
  const entropy = { hex };
  const createTarget = `${new URL(exchange.rest).host}/api/v3/brokerage/orders`;
  const { transport } = exchange;
  return openCoinbase({
    ...{ restUrl: exchange.rest, wsUrl: exchange.ws, wsUserUrl: exchange.wsUser },
    // The tokens come from the signer; of the key only that there is one matters.
    key: { name: exchange.keyName, algorithm: "ES256" } as unknown as SigningKey,
    signer: promptSigner({ ...exchange, createTarget, clock, entropy }),
    ...{ clock, timers, entropy, log: quietLog() },
    transport: kind === "coinbase" ? transport : readOnlyTransport(transport, quietLog()),
    products: [BTC],
    namespace: "testdesk",
    quoteCurrency: "USD",
  });
}

function venueOf(kind: VenueKind, coinbase: Coinbase, time: ExchangeTime): Venue | PaperVenue {
  const real = coinbase.venue;
  if (real === null) throw new Error("there is a key");
  if (kind === "coinbase") return real;
  const rates = { takerRate: rate("0.012"), makerRate: rate("0.006") };
  const options = { clock: time.clock, timers: time.timers, orders: [], ...rates };
  if (kind === "shadow") return createShadowVenue({ ...options, real, balances: null });
  const balances = Object.entries(CASH).map(([currency, amount]) => ({
    currency,
    available: size(amount),
    hold: NO_SIZE,
  }));
  const outside = { orders: [], foreign: [], balances: null, rates: null };
  return createPaperVenue({
    ...{ ...options, balances },
    outside: async () => {
      const products = await coinbase.products();
      return products.ok ? ok({ ...outside, products: products.value }) : products;
    },
  });
}

const planAt =
  ({ clock }: ExchangeTime) =>
  (name: string, over: Partial<Plan> = {}): Plan => ({
    id: orderId(`testdesk-${name}`),
    intent: intentId(`i|${name}`),
    strategy: "test",
    product: BTC,
    side: "buy",
    purpose: "entry",
    size: size("0.02"),
    limit: price("65000"),
    timeInForce: "ioc",
    reference: price("65000"),
    plannedAt: clock.now(),
    validUntil: later(clock.now(), 60_000),
    stopBps: null,
    takeBps: null,
    ...over,
  });
