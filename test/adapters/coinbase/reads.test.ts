/** What the venue is asked by REST: listings, searches and cancels. */
// One small scripted API per test; time stands still unless moved.
import { expect, test } from "vitest";
import { orderId, venueOrderId } from "../../../src/core/kernel/ids.ts";
import { decimal } from "../../../src/core/kernel/money.ts";
import { BTC, file, openRest, type Route } from "./rest-rig.ts";
import { reply, START, vectorJson, vectorText } from "./world.ts";

const OURS = orderId("1f2a7b90-5a3b-4a53-8d7e-91b0d4c6e702");
const paged =
  (first: string, last: string): Route =>
  (url) =>
    reply(200, vectorText(`rest/${url.searchParams.has("cursor") ? last : first}`));
const LISTING: Readonly<Record<string, Route>> = {
  "GET /products": file("products-list.json"),
  "GET /accounts": paged("accounts-list-page1.json", "accounts-list.json"),
  "GET /transaction_summary": file("transaction-summary.2023.json"),
  "GET /orders/historical/batch": (url) =>
    reply(
      200,
      vectorText(
        url.searchParams.has("order_status")
          ? "rest/orders-list-empty.json"
          : url.searchParams.has("cursor")
            ? "rest/orders-list.json"
            : "rest/orders-list-page1.json",
      ),
    ),
};

test("a listing is complete: products, wallets of all pages, rates, ours by name and the others as foreign", async () => {
  const { venue, run, requests } = openRest(LISTING);
  const listing = await run(venue().list(START));
  if (!listing.ok) throw new Error(listing.error.detail);
  const { products, balances, orders, foreign, takerRate, makerRate, asOf } = listing.value;
  expect(products.map((each) => [each.id, decimal(each.priceStep), each.closed])).toEqual([
    ["BTC-USD", "0.01", null],
    ["BTC-USDC", "0.01", null],
  ]);
  expect(balances.find((each) => each.currency === "USDC")?.available).toBeGreaterThan(0n);
  expect([decimal(takerRate), decimal(makerRate), asOf]).toEqual(["0.006", "0.004", START]);
  expect(orders.map((each) => [each.order, each.progress])).toContainEqual([OURS, "filled"]);
  expect(foreign.map((each) => each.clientId)).toContain("0c7e6c1e-3f64-4c4e-9a55-2c1b7f0e9a01");
  const dates = requests.flatMap((each) => new URL(each.url).searchParams.getAll("start_date"));
  expect(dates[0]).toBe("2026-09-07T23:35:22.000Z");
});

test.each(Object.keys(LISTING))("a listing without %s is a fault, never a part", async (route) => {
  const { venue, run } = openRest({ ...LISTING, [route]: () => reply(503, "<html>") });
  expect(await run(venue().list(START))).toMatchObject({
    ok: false,
    error: { kind: "unavailable" },
  });
});

test("a product that is halted is closed by the venue's word, and a missing one is a fault", async () => {
  const halted = vectorJson("rest/products-list.json");
  halted.products[0].cancel_only = true;
  const closed = openRest({ ...LISTING, "GET /products": () => reply(200, halted) });
  const listing = await closed.run(closed.venue().list(START));
  expect(listing.ok && listing.value.products[0]?.closed).toBe("cancel_only");
  const missing = openRest({
    ...LISTING,
    "GET /products": () => reply(200, { products: halted.products.slice(0, 1) }),
  });
  expect((await missing.run(missing.venue().list(START))).ok).toBe(false);
});

test.each([
  ["trading_disabled", "trading_disabled", undefined],
  ["is_disabled", "is_disabled", undefined],
  ["cancel_only", "cancel_only", undefined],
  ["view_only", "view_only", undefined],
  ["auction_mode", "auction_mode", undefined],
  ["limit_only", null, "limit_only"],
  ["post_only", null, "post_only"],
])(
  "the flag %s forbids what it means, and where it is not told it counts as raised",
  async (flag, closed, only) => {
    for (const value of [true, "true", null, undefined]) {
      const flagged = vectorJson("rest/products-list.json");
      flagged.products[0][flag] = value;
      const open = openRest({ ...LISTING, "GET /products": () => reply(200, flagged) });
      const listing = await open.run(open.venue().list(START));
      const product = listing.ok ? listing.value.products[0] : undefined;
      const untold =
        value === true || value === "true" ? closed : closed && `${closed} is not told`;
      expect([product?.closed, product?.only]).toEqual([untold, only]);
    }
  },
);

test("a refused key is refused, not unavailable", async () => {
  const { venue, run } = openRest({
    ...LISTING,
    "GET /accounts": () => reply(403, vectorText("rest/error.403-scopes.json")),
  });
  expect(await run(venue().list(START))).toMatchObject({ ok: false, error: { kind: "refused" } });
});

test("a search reads every page from two minutes before, in all statuses, before it says that nothing is there", async () => {
  const { venue, run, requests } = openRest({
    "GET /orders/historical/batch": LISTING["GET /orders/historical/batch"] ?? file(""),
  });
  expect(await run(venue().find(orderId("1f2a7b90-none"), BTC, START))).toEqual({
    ok: true,
    value: null,
  });
  expect(requests).toHaveLength(2);
  const query = new URL(requests[0]?.url ?? "").searchParams;
  expect(Object.fromEntries(query)).toEqual({
    limit: "100",
    product_ids: "BTC-USD",
    start_date: "2026-09-07T23:35:22.000Z",
  });
});

test("a search that cannot be finished is a fault", async () => {
  const same = vectorJson("rest/orders-list-page1.json");
  const { venue, run } = openRest({ "GET /orders/historical/batch": () => reply(200, same) });
  expect(await run(venue().find(orderId("1f2a7b90-none"), BTC, START))).toMatchObject({
    ok: false,
    error: { kind: "unavailable" },
  });
});

test("an order found is read once more by itself, and its row stands when that fails", async () => {
  const list = LISTING["GET /orders/historical/batch"] ?? file("");
  const row = openRest({ "GET /orders/historical/batch": list });
  expect(await row.run(row.venue().find(OURS, BTC, START))).toMatchObject({
    ok: true,
    value: { order: OURS, source: "listing" },
  });
  const both = openRest({
    "GET /orders/historical/batch": list,
    "GET /orders/historical/c15d20aa-66f1-4f0a-8f0e-7b1b9a52c302": file(
      "order.filled-market-quote.json",
    ),
  });
  expect(await both.run(both.venue().find(OURS, BTC, START))).toMatchObject({
    ok: true,
    value: { order: OURS, source: "read" },
  });
});

test("cancels go in chunks of 100, are answered by order and not by place, and a chunk that is lost three times costs only itself", async () => {
  const ids = Array.from({ length: 250 }, (_, index) => venueOrderId(`o-${index}`));
  const sizes: number[] = [];
  const { venue, run } = openRest({
    "POST /orders/batch_cancel": (_, body) => {
      const asked: string[] = Reflect.get(Object(body), "order_ids");
      sizes.push(asked.length);
      if (asked.includes("o-150")) return { failed: "ambiguous", cause: "reset" };
      const results = asked.map((order_id) => ({
        success: order_id !== "o-3",
        failure_reason:
          order_id === "o-3" ? "DUPLICATE_CANCEL_REQUEST" : "UNKNOWN_CANCEL_FAILURE_REASON",
        order_id,
      }));
      return reply(200, { results: results.filter((each) => each.order_id !== "o-5").reverse() });
    },
  });
  const rows = await run(venue().cancel([...ids, ids[0] ?? venueOrderId("o-0")]));
  if (!rows.ok) throw new Error(rows.error.detail);
  expect(sizes).toEqual([100, 100, 100, 100, 50]);
  expect(rows.value.size).toBe(250);
  const row = (index: number) => rows.value.get(venueOrderId(`o-${index}`));
  expect(row(0)).toEqual({ taken: true, cause: "" });
  expect(row(3)).toEqual({ taken: true, cause: "DUPLICATE_CANCEL_REQUEST" });
  expect(row(5)?.taken).toBe(false);
  expect(row(150)?.taken).toBe(false);
});

test("cancel rows of the vector keep their reasons, and a cancel that got no answer is a fault", async () => {
  const ids = vectorJson("rest/batch-cancel.json").results.map((each: { order_id: string }) =>
    venueOrderId(each.order_id),
  );
  const good = openRest({ "POST /orders/batch_cancel": file("batch-cancel.json") });
  const rows = await good.run(good.venue().cancel(ids));
  expect(rows.ok && [...rows.value.values()].map((each) => each.cause)).toEqual([
    "",
    "UNKNOWN_CANCEL_ORDER",
    "ORDER_IS_FULLY_FILLED",
  ]);
  const lost = openRest({
    "POST /orders/batch_cancel": () => ({ failed: "ambiguous", cause: "timeout" }),
  });
  expect(await lost.run(lost.venue().cancel(ids))).toMatchObject({
    ok: false,
    error: { kind: "unavailable" },
  });
  expect(lost.requests).toHaveLength(3);
});
