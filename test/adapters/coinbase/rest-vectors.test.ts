/** Every REST message on file is read, refused as documented, sent, or set aside for a stated reason. */
import { expect, test } from "vitest";
import { classify } from "../../../src/adapters/coinbase/classify.ts";
import { READ } from "./http-rig.ts";
import { outcome } from "./rest-readers.ts";
import { reply, START, vectorJson, vectorText } from "./world.ts";

interface Vector {
  readonly file: string;
  readonly status?: number;
}
const VECTORS: readonly Vector[] = vectorJson("index.json").vectors;
const REST = VECTORS.filter(({ file }) => file.startsWith("rest/"));

/** Reader and, where a page follows, its file. */
const READ_BY: Readonly<Record<string, readonly [reader: string, next?: string]>> = {
  "accounts-list.json": ["accounts"],
  "accounts-list-page1.json": ["accounts", "accounts-list.json"],
  "product.BTC-USD.json": ["product"],
  "product.BTC-USDC.json": ["productUsdc"],
  "products-list.json": ["products"],
  "product-book.json": ["book"],
  "best-bid-ask.json": ["tops"],
  "candles.json": ["candles"],
  "market-trades.json": ["trades"],
  "time.json": ["time"],
  "transaction-summary.2026.json": ["fees"],
  "transaction-summary.2023.json": ["fees"],
  "key-permissions.json": ["permissions"],
  "portfolios-list.json": ["portfolios"],
  "portfolio-breakdown.json": ["breakdown"],
  "order.open.json": ["order"],
  "order.partially-filled.json": ["order"],
  "order.filled-limit.json": ["order"],
  "order.filled-market-quote.json": ["order"],
  "order.cancelled.json": ["order"],
  "order.failed.json": ["order"],
  "order.expired-gtd.json": ["order"],
  "order.stop-limit-open.json": ["order"],
  "orders-list.json": ["orders"],
  "orders-list-page1.json": ["orders", "orders-list.json"],
  "orders-list-empty.json": ["orders"],
  "fills-list.json": ["fills"],
  "fills-list-page1.json": ["fills", "fills-list.json"],
  "preview-order.json": ["preview"],
  "preview-order.errs.json": ["preview"],
  "batch-cancel.json": ["cancels"],
};

const PROVED_ELSEWHERE = /^(create-order-|sandbox\.create-order|request\.(create|preview)-)/;
const NOT_CALLED: Readonly<Record<string, string>> = {
  "account.json": "the list tells the same of every wallet",
  "payment-methods.json": "a trading bot moves no money in or out",
  "edit-order-success.json": "orders are cancelled and placed anew, never edited",
  "edit-order-success.captured-object.json": "as above",
  "edit-order-failure.json": "as above",
  "edit-preview.json": "as above",
  "request.edit-order.json": "as above",
  "close-position.json": "futures only",
  "convert-quote.json": "money is not converted",
  "convert-quote-refused.json": "as above",
  "request.convert-quote.json": "as above",
};

const name = ({ file }: Vector): string => file.replace("rest/", "");

test("every REST message on file has its place", () => {
  const placed = (file: string): number =>
    [file in READ_BY, PROVED_ELSEWHERE.test(file), file in NOT_CALLED].filter(Boolean).length;
  const lost = REST.filter((vector) => {
    const file = name(vector);
    if (vector.status !== undefined && vector.status >= 400) return placed(file) !== 0;
    return file === "request.batch-cancel.json" ? false : placed(file) !== 1;
  });
  expect(lost.map(name)).toEqual([]);
  expect(REST.length).toBeGreaterThan(65);
});

test.each(Object.entries(READ_BY))("%s is read whole", async (file, [reader, next]) => {
  const answers = [file, ...(next ? [next] : [])];
  const read = await outcome(
    reader,
    answers.map((each) => reply(200, vectorText(`rest/${each}`))),
  );
  expect(read).not.toHaveProperty("fault");
  expect(JSON.stringify(read)).not.toMatch(/"odd":[1-9]/);
  expect(JSON.stringify(read).length).toBeGreaterThan(10);
});

const ERRORS = REST.filter(({ status }) => (status ?? 0) >= 400);

test.each(ERRORS.map((vector) => [name(vector), vector.status ?? 0] as const))(
  "%s with status %i is a fault of its kind",
  (file, status) => {
    const read = classify(READ.schema, reply(status, vectorText(`rest/${file}`)), START);
    const body = file.endsWith(".html") ? "page" : file.endsWith(".txt") ? "text" : "json";
    expect(read).toMatchObject({
      ok: false,
      error: { fault: { kind: "status", status, body }, passing: status === 429 || status >= 500 },
    });
    if (read.ok || read.error.fault.kind !== "status") throw new Error("it is a status fault");
    expect(read.error.fault.code === "").toBe(body !== "json");
    expect(read.error.fault.detail.length).toBeGreaterThan(0);
    expect(read.error.fault.detail.length).toBeLessThanOrEqual(200);
  },
);

test("fills of three pages come once each, and the list ends at an empty cursor", async () => {
  const whole = vectorJson("rest/fills-list.json").fills;
  const page = (fills: unknown, cursor: string) => reply(200, { fills, cursor });
  const fills = await outcome("fills", [
    page(whole.slice(0, 2), "a"),
    page(whole.slice(1, 3), "b"),
    page(whole.slice(3), ""),
  ]);
  expect(fills).toEqual(await outcome("fills", [page(whole, "")]));
  expect(fills).toHaveLength(4);
  expect(await outcome("fills", [page(whole, "a"), page([], "b")])).toHaveLength(4);
  expect(await outcome("fills", [page(whole, "a"), page(whole, "a"), page(whole, "")])).toEqual({
    fault: "shape",
  });
});

test("a fill whose size is in quote is worth that much and weighs its part of the price", async () => {
  const [, second, third] = (await outcome("fills", [
    reply(200, vectorText("rest/fills-list.json")),
  ])) as { size: string; value: string; fee: string }[];
  expect(second).toMatchObject({
    value: `30${"0".repeat(18)}`,
    size: "435264111734038",
    fee: `36${"0".repeat(16)}`,
  });
  expect(third).toMatchObject({ size: `6${"0".repeat(15)}`, value: `360${"0".repeat(18)}` });
});

test("a catalogue that is cut is followed by its cursor, and a repeated one ends it", async () => {
  const [one] = vectorJson("rest/products-list.json").products;
  const page = (next: string | null, has_next: boolean) =>
    reply(200, { products: [one], pagination: { next_cursor: next, has_next } });
  expect(await outcome("catalogue", [page("a", true), page(null, false)])).toHaveLength(2);
  expect(await outcome("catalogue", [page("a", true), page("a", true)])).toEqual({
    fault: "shape",
  });
  expect(await outcome("catalogue", [reply(200, vectorText("rest/products-list.json"))])).toEqual(
    expect.arrayContaining([expect.objectContaining({ id: "BTC-USDC", alias: "BTC-USD" })]),
  );
});
