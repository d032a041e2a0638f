/** Rows of another shape than documented: what may be left out is counted, and nothing unreadable looks like nothing. */
import { expect, test } from "vitest";
import { orderId } from "../../../src/core/kernel/ids.ts";
import { size } from "../../../src/core/kernel/money.ts";
import { BTC, file, openRest, type Route } from "./rest-rig.ts";
import { openStreams } from "./stream-rig.ts";
import { frame, reply, START, vectorJson } from "./world.ts";

const OURS = orderId("1f2a7b90-0000");
const row = (over: object) => ({
  order_id: "v-1",
  client_order_id: OURS,
  product_id: "BTC-USD",
  status: "FILLED",
  filled_size: "0.5",
  average_filled_price: "100",
  filled_value: "50",
  total_fees: "0.3",
  ...over,
});
const account = (currency: string, value: unknown) => ({
  currency,
  type: "ACCOUNT_TYPE_CRYPTO",
  available_balance: { value, currency },
  hold: { value: "0", currency },
});
const CASH = [account("USD", "1000"), account("BTC", "0.5")];

function api(over: { orders?: unknown[]; accounts?: unknown[] }, more: Record<string, Route> = {}) {
  return openRest({
    "GET /products": () => reply(200, vectorJson("rest/products-list.json")),
    "GET /transaction_summary": file("transaction-summary.2023.json"),
    "GET /accounts": () => reply(200, { accounts: over.accounts ?? CASH, has_next: false }),
    "GET /orders/historical/batch": () =>
      reply(200, { orders: over.orders ?? [], has_next: false, cursor: "" }),
    ...more,
  });
}

const good = row({ client_order_id: "1f2a7b90-good", order_id: "v-2" });

test.each<[string, object]>([
  ["has an amount that is none", { filled_size: "1e5" }],
  ["has no status", { status: null }],
  ["has a client id of another shape", { client_order_id: "1f2a7b90-not/ours" }],
  ["has an execution whose worth is not told", { filled_value: "", average_filled_price: "" }],
])(
  "a row of ours that %s is left out of the listing and counted, the others stay",
  async (_, odd) => {
    const { venue, run, rejected } = api({ orders: [row(odd), good] });
    const listing = await run(venue().list(START));
    expect(listing.ok && listing.value.orders.map(({ order }) => order)).toContain("1f2a7b90-good");
    expect(listing.ok && listing.value.orders.some(({ order }) => order === OURS)).toBe(false);
    expect(rejected.length).toBeGreaterThan(0);
  },
);

test.each<[string, unknown]>([
  ["an amount that is none", account("SHIB", "1e-7")],
  ["an amount in another shape", { currency: "SHIB", available_balance: "7" }],
  ["no currency", { available_balance: { value: "1" } }],
  ["no shape at all", "nonsense"],
])("an account row with %s is left out and counted, the others stay", async (_, odd) => {
  const { venue, run, rejected } = api({ accounts: [odd, ...CASH] });
  const listing = await run(venue().list(START));
  if (!listing.ok) throw new Error(listing.error.detail);
  expect(listing.value.balances.map(({ currency }) => currency)).toEqual(["USD", "BTC"]);
  expect(listing.value.balances[0]?.available).toBe(size("1000"));
  expect(rejected).toHaveLength(1);
});

test("our own cash that cannot be read is a fault: it must not look like none", async () => {
  for (const odd of [account("USD", "1e5"), { currency: "USD", available_balance: "7" }]) {
    const { venue, run } = api({ accounts: [odd, account("BTC", "0.5")] });
    expect(await run(venue().list(START))).toMatchObject({
      ok: false,
      error: { kind: "unavailable", detail: expect.stringContaining("USD") },
    });
  }
  const { venue, run } = api({ accounts: [{ coin: "USD" }, { coin: "BTC" }] });
  expect((await run(venue().list(START))).ok).toBe(false);
});

test("a search does not call an order absent while a row that may be it cannot be read", async () => {
  for (const odd of [{ status: null }, { status: null, client_order_id: null }]) {
    const { venue, run, rejected } = api({ orders: [row(odd)] });
    expect(await run(venue().find(OURS, BTC, START))).toMatchObject({
      ok: false,
      error: { kind: "unavailable" },
    });
    expect(rejected).toHaveLength(1);
  }
  const other = api({ orders: [row({ status: null, client_order_id: "someone" }), good] });
  expect(await other.run(other.venue().find(OURS, BTC, START))).toEqual({ ok: true, value: null });
});

test("a row whose worth is not told is asked for by itself, and is a fault when that does not tell it either", async () => {
  const untold = row({ filled_value: "0", average_filled_price: "0" });
  const told = api(
    { orders: [untold] },
    { "GET /orders/historical/v-1": () => reply(200, { order: row({}) }) },
  );
  expect(await told.run(told.venue().find(OURS, BTC, START))).toMatchObject({
    ok: true,
    value: { source: "read", executed: { size: size("0.5"), value: size("50") } },
  });
  const never = api(
    { orders: [untold] },
    { "GET /orders/historical/v-1": () => reply(200, { order: untold }) },
  );
  expect(await never.run(never.venue().find(OURS, BTC, START))).toMatchObject({ ok: false });
});

test("an execution on the stream whose worth is not told is counted and not heard", async () => {
  const { coinbase, say, of, up, heard, rejected } = await openStreams();
  coinbase.venue?.start((input) => heard.push(input));
  await up();
  const order = {
    order_id: "v-1",
    client_order_id: "0c7e6c1e-1",
    product_id: "BTC-USD",
    status: "FILLED",
    cumulative_quantity: "0.5",
  };
  say(
    frame(0, "user", { orders: [order] }),
    frame(1, "user", { orders: [{ ...order, avg_price: "100" }] }),
  );
  expect(rejected).toEqual(["what the execution was worth is not told"]);
  expect(of("order.observed")).toMatchObject([
    { observation: { executed: { value: size("50") } } },
  ]);
});
