/** Shadow: the real venue is read, listened to and never written; what the gate lets through is filled beside it. */
import { expect, test } from "vitest";
import { createShadowVenue } from "../../../src/adapters/paper/shadow-venue.ts";
import type { Listing } from "../../../src/core/engine/input.ts";
import { venueOrderId } from "../../../src/core/kernel/ids.ts";
import { NO_SIZE, price, quote, rate, size } from "../../../src/core/kernel/money.ts";
import { fail, ok } from "../../../src/core/kernel/result.ts";
import type { Observation, Trade } from "../../../src/core/order/state.ts";
import type { AccountInput } from "../../../src/ports/venue.ts";
import { listing } from "../../kit/desk-script.ts";
import { manualTime } from "../../kit/manual-time.ts";
import { BTC, plan, START } from "./paper-rig.ts";

function open(
  real: Partial<Listing> | null = {},
  over: { readonly cash?: string; readonly trades?: readonly Trade[] } = {},
) {
  const time = manualTime(START);
  const heard: AccountInput[] = [];
  let say = (_input: AccountInput): void => undefined;
  let stopped = false;
  const { cash } = over;
  const venue = createShadowVenue({
    clock: time.clock,
    timers: time.timers,
    takerRate: rate("0.5"),
    makerRate: rate("0.5"),
    balances:
      cash === undefined ? null : [{ currency: "USD", available: size(cash), hold: NO_SIZE }],
    orders: [],
    real: {
      start: (hear) => {
        say = hear;
      },
      list: async () =>
        real === null ? fail({ kind: "unavailable", detail: "HTTP 503" }) : ok(listing(real)),
      trades: async () =>
        real === null ? fail({ kind: "unavailable", detail: "HTTP 503" }) : ok(over.trades ?? []),
      stop: async () => {
        stopped = true;
      },
    },
  });
  venue.start((input) => heard.push(input));
  const listed = async (): Promise<Listing> => {
    const answer = await venue.list(START);
    if (!answer.ok) throw new Error(answer.error.detail);
    return answer.value;
  };
  const top = (): void =>
    venue.onMarket({
      kind: "market.quote",
      product: BTC,
      bid: price("99.99"),
      ask: price("100"),
      bidSize: size("10"),
      askSize: size("10"),
    });
  const place = async (of = plan("a")) => {
    const answer = venue.place(of);
    await time.pass(100);
    return answer;
  };
  return {
    venue,
    time,
    heard,
    listed,
    top,
    place,
    isStopped: () => stopped,
    tell: (input: AccountInput) => say(input),
  };
}

const real = (over: Partial<Observation> = {}): Observation => ({
  order: plan("a").id,
  venueId: venueOrderId("real-1"),
  progress: "filled",
  executed: { size: size("1"), value: quote("90"), fees: quote("1") },
  detail: "",
  source: "listing",
  ...over,
});

test("it begins with what the account holds, and goes on with what is its own", async () => {
  const { listed, top, place } = open();
  const { balances, takerRate } = await listed();
  expect(balances).toEqual(listing().balances);
  expect(takerRate).toBe(rate("0.006"));
  top();
  expect(await place()).toEqual({ kind: "accepted", venueId: `shadow-${plan("a").id}` });
  // The account still says what it said: the order never reached it.
  expect((await listed()).balances).toEqual([
    { currency: "USD", available: size("9899.4"), hold: NO_SIZE },
    { currency: "BTC", available: size("1"), hold: NO_SIZE },
  ]);
});

test("what the real account has on hold for its own orders is not there to spend", async () => {
  const { listed, top, place } = open({
    balances: [{ currency: "USD", available: size("50"), hold: size("9950") }],
  });
  expect((await listed()).balances).toEqual([
    { currency: "USD", available: size("50"), hold: NO_SIZE },
  ]);
  top();
  expect(await place()).toMatchObject({ kind: "rejected", reason: "INSUFFICIENT_FUND" });
});

test("with opening cash of its own the account's money is not looked at", async () => {
  const { listed } = open({}, { cash: "500" });
  expect((await listed()).balances).toEqual([
    { currency: "USD", available: size("500"), hold: NO_SIZE },
  ]);
});

test("until the account was read there is no money, and an order is refused", async () => {
  const { venue, top, place } = open(null);
  expect(await venue.list(START)).toMatchObject({ ok: false, error: { detail: "HTTP 503" } });
  top();
  expect(await place()).toMatchObject({ kind: "rejected", reason: "INSUFFICIENT_FUND" });
});

test("the account's products, fees and foreign orders are told as they are", async () => {
  const theirs = { venueId: venueOrderId("x"), product: BTC, clientId: "by-hand" };
  const foreign = [{ ...theirs, side: "buy", live: true, worth: quote("50") } as const];
  const { listed } = open({ foreign, takerRate: rate("0.012"), makerRate: rate("0.008") });
  expect(await listed()).toMatchObject({
    products: listing().products,
    foreign,
    takerRate: rate("0.012"),
    makerRate: rate("0.008"),
    orders: [],
  });
});

test("an order that really stands at the venue under our name is a stranger, even under the id of one of ours", async () => {
  const { listed, top, place, venue, tell, heard } = open({ orders: [real()] });
  await listed();
  top();
  await place();
  const { orders } = await listed();
  expect(orders.map(({ order, venueId }) => [order, venueId])).toEqual([
    [plan("a").id, `shadow-${plan("a").id}`],
    [`${plan("a").id}-real`, "real-1"],
  ]);
  tell({ kind: "order.observed", observation: real({ source: "stream" }) });
  expect(heard.at(-1)).toMatchObject({ observation: { order: `${plan("a").id}-real` } });
  const found = await venue.find(plan("a").id, BTC, START);
  expect(found).toMatchObject({ ok: true, value: { executed: { value: quote("100") } } });
});

test("the real account's trades are somebody else's, under whatever name, and its fault is a fault of all", async () => {
  const theirs: Trade = {
    ...{ entry: "real-1", order: plan("a").id, venueId: venueOrderId("real-1"), product: BTC },
    ...{ side: "buy", at: START, price: price("90"), size: size("1"), value: quote("90") },
    ...{ fee: quote("1"), liquidity: "maker", adjustment: false },
  };
  const { venue, listed, top, place } = open({}, { trades: [theirs] });
  await listed();
  top();
  await place();
  const all = await venue.trades(START);
  expect(all.ok && all.value.map((trade) => [trade.entry, trade.order])).toEqual([
    [`shadow-${plan("a").id}-1`, plan("a").id],
    ["real-1", null],
  ]);
  expect(await open(null).venue.trades(START)).toMatchObject({ ok: false });
});

test("it is deaf when the real account's stream is: life, breaks and throttles are those of the venue", async () => {
  const { heard, time, tell, venue, isStopped } = open();
  await time.pass(5000);
  expect(heard).toEqual([]);
  const said: readonly AccountInput[] = [
    { kind: "feed.alive", stream: "user" },
    { kind: "feed.broken", stream: "user", cause: "test" },
    { kind: "venue.throttled" },
  ];
  for (const each of said) tell(each);
  expect(heard).toEqual(said);
  await venue.stop();
  expect(isStopped()).toBe(true);
});

test("an order meets the prices of a tenth of a second later, not those it was decided on", async () => {
  const { venue, time, listed, top } = open();
  await listed();
  top();
  const answer = venue.place(plan("a", { limit: price("100") }));
  await time.pass(50);
  venue.onMarket({ kind: "feed.broken", stream: "market", cause: "test" });
  await time.pass(50);
  expect(await answer).toMatchObject({ kind: "rejected", reason: "no-price" });
});
