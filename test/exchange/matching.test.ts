/** How client orders meet the market: price and time, partial fills, fees, holds. */
import { expect, test } from "vitest";
import { bench, limit, market, shown } from "./caller.ts";
import { steppingClock } from "./stepping-clock.ts";

const BOOK = {
  bids: [
    ["99.00", "0.5"],
    ["98.00", "2"],
  ],
  asks: [
    ["100.00", "0.5"],
    ["101.00", "0.5"],
    ["102.00", "3"],
  ],
} as const;

test("a marketable order walks the levels, each at its own price, and pays the taker fee", async () => {
  await using on = await bench();
  on.exchange.control.quote("BTC-USD", BOOK);
  await on.place({ configuration: market({ base_size: "1.2" }) });
  const { fills, orders, balances } = on.exchange.ledger;
  expect(
    fills.map(({ price, size, commission, liquidity }) => [price, size, commission, liquidity]),
  ).toEqual([
    ["100", "0.5", "0.6", "TAKER"],
    ["101", "0.5", "0.606", "TAKER"],
    ["102", "0.2", "0.2448", "TAKER"],
  ]);
  expect(orders[0]).toMatchObject({ status: "FILLED", filledValue: "120.9", totalFees: "1.4508" });
  expect(balances["BTC"]).toEqual({ available: "1.2", hold: "0" });
  expect(balances["USD"]).toEqual({ available: "9877.6492", hold: "0" });
});

test("a quote-sized market buy spends exactly its quote size, fees included", async () => {
  await using on = await bench();
  on.exchange.control.quote("BTC-USD", BOOK);
  const id = await on.place({ configuration: market({ quote_size: "100.00" }) });
  const { orders, fills, balances } = on.exchange.ledger;
  expect(orders[0]?.status).toBe("FILLED");
  expect(fills).toHaveLength(2);
  expect(balances["USD"]).toEqual({ available: "9900", hold: "0" });
  expect(await shown(on, id)).toMatchObject({
    size_in_quote: true,
    total_value_after_fees: "100",
    completion_percentage: "100",
    filled_value: "98.8142292490118577",
  });
  const rows = (await on.get("/orders/historical/fills")).json["fills"] as { size: string }[];
  expect(rows.map((row) => row.size)).toEqual(["48.8142292490118577", "50"]);
});

test("a bought limit holds value and taker fee, and gives the rest back when it fills as maker", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "110");
  await on.place({ configuration: limit("1", "100.00", { post_only: true }) });
  expect(on.exchange.ledger.balances["USD"]).toEqual({ available: "9898.8", hold: "101.2" });
  on.exchange.control.trade("BTC-USD", "100", "0.4");
  expect(on.exchange.ledger.orders[0]).toMatchObject({
    status: "OPEN",
    filledSize: "0.4",
    totalFees: "0.24",
    hold: "60.72",
  });
  on.exchange.control.trade("BTC-USD", "99");
  expect(on.exchange.ledger.orders[0]).toMatchObject({ status: "FILLED", totalFees: "0.6" });
  expect(on.exchange.ledger.balances["USD"]).toEqual({ available: "9899.4", hold: "0" });
  expect(on.exchange.ledger.fills.every((fill) => fill.liquidity === "MAKER")).toBe(true);
});

test("a print serves the better price first, and the older order at the same price", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "110");
  const older = await on.place({ configuration: limit("1", "100.00") });
  const newer = await on.place({ configuration: limit("1", "100.00") });
  const better = await on.place({ configuration: limit("1", "101.00") });
  const filled = (): unknown =>
    Object.fromEntries(on.exchange.ledger.orders.map((order) => [order.orderId, order.filledSize]));
  on.exchange.control.trade("BTC-USD", "100", "0.5");
  expect(filled()).toEqual({ [better]: "1", [older]: "0", [newer]: "0" });
  on.exchange.control.trade("BTC-USD", "100", "1.5");
  expect(filled()).toEqual({ [better]: "1", [older]: "1", [newer]: "0.5" });
});

test("a resting sell fills when the market rises through it", async () => {
  await using on = await bench({ balances: { BTC: "2" } });
  on.exchange.control.trade("BTC-USD", "100");
  await on.place({ side: "SELL", configuration: limit("1.5", "105.00") });
  expect(on.exchange.ledger.balances["BTC"]).toEqual({ available: "0.5", hold: "1.5" });
  on.exchange.control.trade("BTC-USD", "104.99");
  expect(on.exchange.ledger.fills).toHaveLength(0);
  on.exchange.control.trade("BTC-USD", "105.01");
  expect(on.exchange.ledger.orders[0]).toMatchObject({ status: "FILLED", filledValue: "157.5" });
  expect(on.exchange.ledger.balances["USD"]?.available).toBe("10156.555");
});

test("an IOC keeps what it got and cancels the rest; a FOK that cannot fill gets nothing", async () => {
  await using on = await bench();
  on.exchange.control.quote("BTC-USD", BOOK);
  const fok = { limit_limit_fok: { base_size: "1.2", limit_price: "101.00" } };
  const ioc = { sor_limit_ioc: { base_size: "1.2", limit_price: "101.00" } };
  await on.place({ configuration: fok });
  await on.place({ configuration: ioc });
  expect(on.exchange.ledger.orders).toMatchObject([
    { status: "CANCELLED", filledSize: "0", hold: "0" },
    { status: "CANCELLED", filledSize: "1", hold: "0" },
  ]);
});

test("a marketable GTC limit takes what its price allows and rests with the remainder", async () => {
  await using on = await bench();
  on.exchange.control.quote("BTC-USD", BOOK);
  await on.place({ configuration: limit("2", "101.00") });
  expect(on.exchange.ledger.orders[0]).toMatchObject({
    status: "OPEN",
    filledSize: "1",
    hold: "102.212",
  });
  on.exchange.control.quote("BTC-USD", { bids: [], asks: [["100.50", "0.3"]] });
  expect(on.exchange.ledger.orders[0]?.filledSize).toBe("1.3");
  expect(on.exchange.ledger.fills.at(-1)).toMatchObject({ price: "101", liquidity: "MAKER" });
});

test("a GTD order expires at its end", async () => {
  const clock = steppingClock(Date.now());
  await using on = await bench({ clock });
  on.exchange.control.trade("BTC-USD", "110");
  const end = new Date(clock.now() + 60_000).toISOString();
  const fields = { base_size: "1", limit_price: "100.00", end_time: end };
  await on.place({ configuration: { limit_limit_gtd: fields } });
  clock.advance(59_999);
  expect(on.exchange.ledger.orders[0]?.status).toBe("OPEN");
  clock.advance(1);
  expect(on.exchange.ledger.orders[0]?.status).toBe("EXPIRED");
  expect(on.exchange.ledger.balances["USD"]?.hold).toBe("0");
});

test("an order on the USDC twin trades in the USD book and settles in USDC", async () => {
  await using on = await bench();
  on.exchange.control.quote("BTC-USD", BOOK);
  await on.place({ product: "BTC-USDC", configuration: market({ base_size: "0.5" }) });
  expect(on.exchange.ledger.fills[0]).toMatchObject({ productId: "BTC-USDC", price: "100" });
  expect(on.exchange.ledger.balances["USDC"]?.available).toBe("9949.4");
  expect(on.exchange.ledger.balances["USD"]?.available).toBe("10000");
});

test("the fee tier follows the volume traded", async () => {
  const tiers = [
    { name: "Intro 1", volume: "0", taker: "0.012", maker: "0.006" },
    { name: "Intro 2", volume: "50", taker: "0.006", maker: "0.004" },
  ];
  await using on = await bench({ tiers });
  on.exchange.control.quote("BTC-USD", BOOK);
  await on.place({ configuration: market({ base_size: "0.5" }) });
  await on.place({ configuration: market({ base_size: "0.5" }) });
  expect(on.exchange.ledger.fills.map((fill) => fill.commission)).toEqual(["0.6", "0.303"]);
  const { json } = await on.get("/transaction_summary");
  expect(json["fee_tier"]).toMatchObject({ pricing_tier: "Intro 2", taker_fee_rate: "0.006" });
});
