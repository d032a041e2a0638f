/** Every WebSocket vector and every REST read: from captured text to the exact input. */
// A vector nothing here names still has to be read without a rejection.
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { readFrame } from "../../../src/adapters/coinbase/frame.ts";
import { plainDecimal } from "../../../src/adapters/coinbase/plain-decimal.ts";
import {
  moment,
  readCandle,
  reading,
  readQuote,
  readTrade,
} from "../../../src/adapters/coinbase/read.ts";
import { readObservation } from "../../../src/adapters/coinbase/read-order.ts";
import { OrderRow } from "../../../src/adapters/coinbase/rest/order-row.ts";

import { decimal, price, quote, size } from "../../../src/core/kernel/money.ts";
import { iso } from "../../../src/core/kernel/time.ts";
import { frame, vectorJson, vectorText } from "./world.ts";

const files = readdirSync(new URL("../../fixtures/vectors/ws", import.meta.url));
const frames = files.filter((file) => !file.startsWith("request.") && !file.startsWith("error."));

test("there are vectors", () => {
  expect(frames.length).toBeGreaterThan(30);
});

test.each(frames)("%s is read frame by frame with nothing rejected", (file) => {
  const text = vectorText(`ws/${file}`);
  const lines = file.endsWith(".jsonl") ? text.trim().split("\n") : [text];
  for (const line of lines) {
    const read = readFrame(line);
    expect(read).toMatchObject({ kind: "numbered", rejected: [] });
    expect(read.kind === "numbered" && read.sequence).toBe(JSON.parse(line).sequence_num);
  }
});

function body(file: string) {
  const read = readFrame(vectorText(`ws/${file}`));
  if (read.kind !== "numbered") throw new Error(file);
  return read.body;
}

function userObservations(file: string) {
  const read = body(file);
  if (read.channel !== "user") throw new Error(file);
  return read.rows.map((row) => readObservation(row, "stream"));
}

test("an error frame has no number and keeps its message", () => {
  expect(readFrame(vectorText("ws/error.auth.json"))).toEqual({
    kind: "error",
    message: "authentication failure",
  });
  expect(readFrame(vectorText("ws/error.rate-limit.json"))).toEqual({
    kind: "error",
    message: "rate limit exceeded",
  });
});

test("an acknowledgement is the whole set of the connection", () => {
  expect(body("subscriptions.cumulative.json")).toEqual({
    channel: "subscriptions",
    set: new Map([
      ["heartbeats", ["heartbeats"]],
      ["level2", ["BTC-USD", "ETH-USD"]],
    ]),
  });
  expect(body("subscriptions.empty.json")).toEqual({ channel: "subscriptions", set: new Map() });
});

test("a ticker is a quote", () => {
  const read = body("ticker.update.json");
  if (read.channel !== "ticker" || !read.rows[0]) throw new Error("a ticker");
  expect(readQuote(read.rows[0])).toEqual({
    bid: price("68923.66"),
    ask: price("68923.67"),
    bidSize: size("0.17189468"),
    askSize: size("0.16987193"),
  });
  expect(readQuote({ ...read.rows[0], best_bid: null })).toBeNull();
  expect(readQuote({ ...read.rows[0], best_ask: "0" })).toBeNull();
});

test("a market trade keeps its id, its exact amounts and its moment", () => {
  const read = body("market_trades.update.json");
  if (read.channel !== "market_trades") throw new Error("trades");
  expect(read.rows.map(readTrade).map((trade) => ({ ...trade, time: iso(trade.time) }))).toEqual([
    {
      tradeId: "995098665",
      price: price("68925.01"),
      size: size("0.5"),
      time: "2026-09-07T23:37:22.588Z",
    },
    {
      tradeId: "995098664",
      price: price("68924.94"),
      size: size("0.01450854"),
      time: "2026-09-07T23:37:22.484Z",
    },
  ]);
});

test.each([
  ["a price of zero", { price: "0" }],
  ["a price below zero", { price: "-1" }],
  ["no size", { size: "0" }],
  ["a size below zero", { size: "-1" }],
])("a trade with %s is none", (_, odd) => {
  const trade = { trade_id: "1", product_id: "BTC-USD", price: "1", size: "1" };
  const wire = { ...trade, time: "2026-09-07T23:37:22Z" };
  expect(reading(() => readTrade(wire)).ok).toBe(true);
  expect(reading(() => readTrade({ ...wire, ...odd })).ok).toBe(false);
});

test.each([
  ["a price of zero", { low: "0" }],
  ["prices below zero", { low: "-2" }],
  ["its high below its low", { high: "1", low: "4" }],
  ["its opening above its high", { open: "5" }],
  ["its opening below its low", { open: "0.5" }],
  ["its close above its high", { close: "5" }],
  ["its close below its low", { close: "0.5" }],
  ["a volume below zero", { volume: "-1" }],
])("a candle with %s is none", (_, odd) => {
  const wire = { start: 300, low: "1", high: "4", open: "2", close: "3", volume: "0" };
  expect(reading(() => readCandle(wire)).ok).toBe(true);
  expect(reading(() => readCandle({ ...wire, ...odd })).ok).toBe(false);
});

test.each([
  ["1e-7", "0.0000001"],
  ["1.5E+3", "1500"],
  ["-12.34e1", "-123.4"],
  ["123.45e-1", "12.345"],
  ["0e0", "0"],
])("%s is %s, exactly", (text, plain) => {
  expect(decimal(price(plainDecimal(text)))).toBe(plain);
});

test.each(["1", "0.10", "", "e5", "1e", "1e999", "0x1e5", "1e5 "])("%j stays as it is", (text) => {
  expect(plainDecimal(text)).toBe(text);
});

const A = {
  order: "0c7e6c1e-3f64-4c4e-9a55-2c1b7f0e9a01",
  venueId: "b4a5f1de-7c06-4b11-9d3e-5f2a8c9e0d11",
  detail: "",
  source: "stream",
};
const executed = (of: string, value: string, fees: string) => ({
  size: size(of),
  value: quote(value),
  fees: quote(fees),
});

test("both FILLED frames of one order say the same", () => {
  const first = userObservations("user.update-filled-1.json");
  expect(first).toEqual([{ ...A, progress: "filled", executed: executed("0.01", "600", "3.6") }]);
  expect(userObservations("user.update-filled-2.json")).toEqual(first);
});

test("a frame of 2023 with the barest fields is an observation", () => {
  expect(userObservations("user.snapshot-minimal-2023.json")).toEqual([
    { ...A, progress: "open", executed: executed("0", "0", "0") },
  ]);
});

test.each([
  ["user.update-pending.json", "pending"],
  ["user.update-open.json", "open"],
  ["user.update-partial.json", "open"],
  ["user.update-cancel-queued.json", "cancelling"],
  ["user.update-cancelled.json", "cancelled"],
  ["user.update-failed.json", "failed"],
  ["user.doc-lowercase-reject_reason.json", "open"],
])("%s is %s", (file, progress) => {
  expect(userObservations(file).map((each) => each.progress)).toEqual([progress]);
});

test("a quote-sized fill keeps all its fifteen places, its value without fees", () => {
  expect(userObservations("user.update-market-quote-filled.json")[0]?.executed).toEqual(
    executed("0.000716838128679", "49.4071146245059289", "0.5928853754940711"),
  );
});

test("a snapshot in batches is read whole", () => {
  expect(userObservations("user.snapshot-batch-1-of-2.json")).toHaveLength(50);
  expect(userObservations("user.snapshot-batch-2-of-2.json")).toHaveLength(10);
  expect(userObservations("user.snapshot-empty.json")).toEqual([]);
});

const order = (over: object) => {
  const base = {
    order_id: "o-1",
    client_order_id: "c-1",
    product_id: "BTC-USD",
    status: "OPEN",
    cumulative_quantity: "0",
  };
  const read = readFrame(frame(1, "user", { type: "update", orders: [{ ...base, ...over }] }));
  if (read.kind !== "numbered" || read.body.channel !== "user" || !read.body.rows[0])
    throw new Error("an order");
  return readObservation(read.body.rows[0], "stream");
};

test("without filled_value the value is average price times size", () => {
  expect(
    order({ cumulative_quantity: "0.5", avg_price: "100.5", total_fees: "" }).executed,
  ).toEqual(executed("0.5", "50.25", "0"));
});

test("a fill whose worth is told neither way cannot be read", () => {
  for (const worth of [{}, { avg_price: "0" }, { filled_value: "0", avg_price: "" }]) {
    expect(() => order({ cumulative_quantity: "0.5", ...worth })).toThrow(RangeError);
  }
  expect(order({ cumulative_quantity: "0", avg_price: "0" }).executed.value).toBe(0n);
});

test("both spellings of the reject reason are heard", () => {
  expect(order({ status: "FAILED", reject_Reason: "HOLD_FAILURE" }).detail).toBe("HOLD_FAILURE");
  expect(order({ status: "FAILED", reject_reason: "HOLD_FAILURE" }).detail).toBe("HOLD_FAILURE");
});

test("a status never seen before is pending with its word, and nothing throws", () => {
  expect(order({ status: "TELEPORTED" })).toMatchObject({
    progress: "pending",
    detail: "status TELEPORTED",
  });
});

test("places below 1e-18 are cut, not refused", () => {
  const filled = order({ cumulative_quantity: "0.1234567890123456789", avg_price: "1" });
  expect(decimal(filled.executed.size)).toBe("0.123456789012345678");
});

test("one row that cannot be read does not cost the others", () => {
  const trade = {
    trade_id: 1,
    product_id: "BTC-USD",
    price: "1",
    size: "1",
    time: "2026-01-01T00:00:00Z",
  };
  const read = readFrame(frame(1, "market_trades", { trades: [{ nonsense: 1 }, trade] }, "odd"));
  if (read.kind !== "numbered" || read.body.channel !== "market_trades") throw new Error("trades");
  expect(read.body.rows).toHaveLength(1);
  expect(read.rejected).toHaveLength(2);
});

test.each(["", "nonsense", "[]", "null", '{"channel":"ticker"}', '{"sequence_num":1}'])(
  "%j is unreadable",
  (text) => {
    expect(readFrame(text).kind).toBe("unreadable");
  },
);

test("moments have 0, 3, 6 or 9 places, and what is not a moment is named", () => {
  for (const places of ["", ".123", ".123456", ".123456789"]) {
    expect(iso(moment(`2026-09-07T23:37:22${places}Z`))).toBe(
      `2026-09-07T23:37:22${places === "" ? ".000" : ".123"}Z`,
    );
  }
  expect(reading(() => moment("0001-01-01T00:00:00Z")).ok).toBe(false);
  expect(reading(() => moment("2026-09-07 23:37:22 +0000 UTC")).ok).toBe(false);
});

test.each([
  ["order.open.json", "open", "0", ""],
  ["order.partially-filled.json", "open", "0.004", ""],
  ["order.filled-limit.json", "filled", "0.01", ""],
  ["order.filled-market-quote.json", "filled", "0.000716838128679", ""],
  ["order.cancelled.json", "cancelled", "0", "User requested cancel"],
  ["order.failed.json", "failed", "0", "HOLD_FAILURE"],
  ["order.expired-gtd.json", "expired", "0", ""],
  ["order.stop-limit-open.json", "open", "0", ""],
])("REST %s is %s", (file, progress, filled, detail) => {
  const wire = OrderRow.parse(vectorJson(`rest/${file}`).order);
  const seen = readObservation(wire, "read");
  expect(seen).toMatchObject({ progress, detail, source: "read" });
  expect(decimal(seen.executed.size)).toBe(filled);
});

test("an open order with a cancel under way is cancelling", () => {
  const wire = OrderRow.parse({
    ...vectorJson("rest/order.open.json").order,
    pending_cancel: true,
  });
  expect(readObservation(wire, "read").progress).toBe("cancelling");
});
