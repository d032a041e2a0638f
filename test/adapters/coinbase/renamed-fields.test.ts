/** Every field of every WebSocket vector renamed: what we rely on shows at once, and what we do not rely on is listed with why. */
// A field that is silent here and not listed fails; so does one that is listed and not silent.
import { readdirSync } from "node:fs";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { readFrame } from "../../../src/adapters/coinbase/frame.ts";
import { reading, readQuote, readTrade } from "../../../src/adapters/coinbase/read.ts";
import { readObservation } from "../../../src/adapters/coinbase/read-order.ts";
import { readBucket } from "../../../src/adapters/coinbase/read-stream.ts";
import { vectorText } from "./world.ts";

const FOLDER = new URL("../../fixtures/vectors/ws", import.meta.url);
const NO_FRAMES = /^(request|error)\./;

const REDUNDANT = "says what another field says";
const NOT_OURS = "nothing is decided by it";
const FUTURES = "futures are not traded";
/** By channel, or `*` for all. */
const UNREAD: Readonly<Record<string, string>> = {
  "*.client_id": "empty, and left out by live frames of some channels",
  "heartbeats.current_time": "a print of the server's language, and no moment: the counter is read",
  "l2_data.event_time": "the epoch in old snapshots; a book is as old as its last frame",
  "ticker.type": REDUNDANT,
  "ticker.price": "the last price comes with the trades",
  "market_trades.type": "trades are told apart by their ids",
  "market_trades.side": "its meaning is not certain, and nothing rests on it",
  "candles.type": "the same start replaces, whatever it is called",
  "status.type": REDUNDANT,
  "status.status_message": "text for people, often empty",
  "user.avg_price": "stands in where the filled value is missing",
  "user.filled_value":
    "average price times size stands in where it is missing; without both a fill is rejected",
  "user.cancel_reason": "text for people, empty unless cancelled",
  "user.reject_reason": "the documentation's spelling; live frames have reject_Reason",
  "user.reject_Reason": "text for people, empty unless failed",
  ...named("ticker", ["volume_24_h", "low_24_h", "high_24_h", "low_52_w", "high_52_w"], NOT_OURS),
  "ticker.price_percent_chg_24_h": NOT_OURS,
  ...named("ticker_batch", ["type", "volume_24_h", "low_24_h", "high_24_h"], NOT_OURS),
  ...named("ticker_batch", ["low_52_w", "high_52_w", "price_percent_chg_24_h"], NOT_OURS),
  ...named("status", ["product_type", "base_currency", "quote_currency"], "the listing says it"),
  ...named("status", ["base_increment", "quote_increment"], "the listing says it"),
  ...named("status", ["display_name", "min_market_funds"], "the listing says it"),
  ...named("user", ["completion_percentage", "leaves_quantity", "number_of_fills"], REDUNDANT),
  ...named("user", ["total_value_after_fees", "outstanding_hold_amount"], REDUNDANT),
  ...named("user", ["limit_price", "stop_price", "order_side", "order_type"], "the plan knows it"),
  ...named("user", ["post_only", "time_in_force", "start_time", "end_time"], "the plan knows it"),
  ...named("user", ["product_type", "retail_portfolio_id", "creation_time"], "the plan knows it"),
  ...named("user", ["contract_expiry_type", "risk_managed_by", "trigger_status"], FUTURES),
};

function named(channel: string, fields: readonly string[], why: string): Record<string, string> {
  return Object.fromEntries(fields.map((field) => [`${channel}.${field}`, why]));
}

/** All that becomes of a frame, rejections included. */
function outcome(text: string): string {
  const frame = readFrame(text);
  if (frame.kind !== "numbered") return inspect(frame);
  const { body } = frame;
  const read = <T>(rows: readonly T[], to: (row: T) => unknown) =>
    rows.map((row) => reading(() => to(row)));
  const meant = (): unknown => {
    if (body.channel === "ticker")
      return read(body.rows, (row) => [row.product_id, readQuote(row)]);
    if (body.channel === "market_trades") {
      return read(body.rows, (row) => [row.product_id, readTrade(row)]);
    }
    if (body.channel === "candles")
      return read(body.rows, (row) => [row.product_id, readBucket(row)]);
    if (body.channel === "user") {
      const orders = read(body.rows, (row) => [row.product, readObservation(row, "stream")]);
      return [orders, body.events];
    }
    return body;
  };
  const { sequence, stamp, rejected } = frame;
  return inspect([sequence, stamp, body.channel, meant(), rejected], { depth: 20 });
}

/** The frame once per key of it, with that key renamed where it first stands; lists count by their first entry. */
function* renamed(frame: unknown): Generator<{ readonly key: string; readonly text: string }> {
  const seen = new Set<string>();
  function* walk(node: unknown, path: string): Generator<{ key: string; text: string }> {
    if (Array.isArray(node)) {
      for (const each of node.slice(0, 1)) yield* walk(each, `${path}[]`);
    } else if (typeof node === "object" && node !== null) {
      const record = node as Record<string, unknown>;
      for (const key of Object.keys(record)) {
        if (seen.has(`${path}.${key}`)) continue;
        seen.add(`${path}.${key}`);
        const value = record[key];
        delete record[key];
        record[`${key}_renamed`] = value;
        yield { key, text: JSON.stringify(frame) };
        delete record[`${key}_renamed`];
        record[key] = value;
        yield* walk(value, `${path}.${key}`);
      }
    }
  }
  yield* walk(frame, "");
}

const lines = readdirSync(FOLDER)
  .filter((file) => !NO_FRAMES.test(file))
  .flatMap((file) => {
    const text = vectorText(`ws/${file}`);
    return file.endsWith(".jsonl") ? text.trim().split("\n") : [text];
  })
  .filter((text) => !["futures_balance_summary"].includes(JSON.parse(text).channel));

test("a renamed field is noticed, or it is one of those that nothing rests on", () => {
  const silent = new Set<string>();
  const noticed = new Set<string>();
  for (const line of lines) {
    const before = outcome(JSON.stringify(JSON.parse(line)));
    const { channel } = JSON.parse(line);
    for (const { key, text } of renamed(JSON.parse(line))) {
      // Positions are futures; whatever is in them is passed over.
      if (/positions/.test(key) || !text.includes(`"${key}_renamed"`)) continue;
      const where = `*.${key}` in UNREAD ? `*.${key}` : `${channel}.${key}`;
      (outcome(text) === before ? silent : noticed).add(where);
    }
  }
  const unnoticed = [...silent].filter((field) => !noticed.has(field));
  expect(unnoticed.filter((field) => !(field in UNREAD) && !inPosition(field))).toEqual([]);
  expect(Object.keys(UNREAD).filter((field) => !silent.has(field))).toEqual([]);
  for (const field of RELIED_ON) expect(noticed, field).toContain(field);
});

const inPosition = (field: string): boolean => POSITION_FIELDS.has(field);
/** Fields of futures positions on the user channel. */
const POSITION_FIELDS = new Set(
  [
    ...["portfolio_uuid", "vwap", "entry_vwap", "position_side", "margin_type", "net_size"],
    ...["buy_order_size", "sell_order_size", "leverage", "mark_price", "liquidation_price"],
    ...["im_notional", "mm_notional", "position_notional", "unrealized_pnl", "aggregated_pnl"],
    ...["side", "number_of_contracts", "realized_pnl", "entry_price"],
  ].map((field) => `user.${field}`),
);

const RELIED_ON = [
  ...["channel", "sequence_num", "events"].map((field) => `l2_data.${field}`),
  "heartbeats.heartbeat_counter",
  "subscriptions.subscriptions",
  ...["type", "product_id", "updates", "side", "price_level", "new_quantity"].map(
    (f) => `l2_data.${f}`,
  ),
  ...["tickers", "product_id", "best_bid", "best_ask"].map((field) => `ticker.${field}`),
  ...["best_bid_quantity", "best_ask_quantity"].map((field) => `ticker.${field}`),
  ...["trades", "trade_id", "product_id", "price", "size", "time"].map((f) => `market_trades.${f}`),
  ...["candles", "start", "low", "high", "open", "close", "volume", "product_id"].map(
    (f) => `candles.${f}`,
  ),
  ...["products", "id", "status"].map((field) => `status.${field}`),
  ...["orders", "order_id", "client_order_id", "product_id", "status"].map((f) => `user.${f}`),
  ...["cumulative_quantity", "total_fees"].map((field) => `user.${field}`),
];

test("a fill that is told neither its value nor its average price is rejected", () => {
  const frame = JSON.parse(vectorText("ws/user.update-filled-1.json"));
  const order = frame.events[0].orders[0];
  delete order.filled_value;
  delete order.avg_price;
  expect(outcome(JSON.stringify(frame))).toContain("what the execution was worth is not told");
});

test.each(["best_bid", "best_ask", "best_bid_quantity", "best_ask_quantity"])(
  "a ticker without %s is rejected; one whose side is empty is not",
  (field) => {
    const rejected = (change: (row: Record<string, unknown>) => void): number => {
      const ticker = JSON.parse(vectorText("ws/ticker.update.json"));
      change(ticker.events[0].tickers[0]);
      const read = readFrame(JSON.stringify(ticker));
      return read.kind === "numbered" ? read.rejected.length : -1;
    };
    expect(rejected((row) => delete row[field])).toBe(1);
    for (const empty of ["", null])
      expect(rejected((row) => Object.assign(row, { [field]: empty }))).toBe(0);
  },
);
