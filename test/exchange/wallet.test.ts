/** The portfolio, ways to pay, conversions, and closing positions that cannot be. */
import { afterEach, expect, test, vi } from "vitest";
import { bench, call, type Json, market, orderBody } from "./caller.ts";
import { vector } from "./vectors.ts";

afterEach(() => vi.useRealTimers());

test("there is one portfolio, the key's own, and it holds what the accounts hold", async () => {
  await using on = await bench({ balances: { USD: "1000", BTC: "0" } });
  on.exchange.control.quote("BTC-USD", { bids: [], asks: [["100.00", "5"]] });
  await on.place({ configuration: market({ base_size: "2" }) });
  const { portfolio_uuid: id } = (await on.get("/key_permissions")).json;
  const { portfolios } = (await on.get("/portfolios?portfolio_type=DEFAULT")).json;
  expect(portfolios).toMatchObject([{ uuid: id, type: "DEFAULT", deleted: false }]);
  expect((await on.get("/portfolios?portfolio_type=INTX")).json["portfolios"]).toEqual([]);
  const { breakdown } = (await on.get(`/portfolios/${id}`)).json as { breakdown: Json };
  expect(breakdown["portfolio_balances"]).toMatchObject({
    total_balance: { value: "10997.6", currency: "USD" },
    total_cash_equivalent_balance: { value: "10797.6", currency: "USD" },
    total_crypto_balance: { value: "200", currency: "USD" },
  });
  expect(breakdown["spot_positions"]).toMatchObject([
    { asset: "USD", total_balance_fiat: 797.6 },
    { asset: "USDC", is_cash: true },
    { asset: "BTC", total_balance_crypto: 2, average_entry_price: { value: "100" } },
  ]);
  expect((await on.get("/portfolios/nobody")).status).toBe(404);
});

test("a way to pay is listed and found by its id", async () => {
  await using on = await bench();
  const [method] = (await on.get("/payment_methods")).json["payment_methods"] as Json[];
  const one = await on.get(`/payment_methods/${method?.["id"]}`);
  expect(one.json["payment_method"]).toEqual(method);
  expect((await on.get("/payment_methods/nobody")).status).toBe(404);
});

const PAIR = { from_account: "USDC", to_account: "USD" };

test("a conversion moves money when it is committed, once, and not when it is quoted", async () => {
  await using on = await bench();
  const { trade } = (await on.post("/convert/quote", { ...PAIR, amount: "100.00" })).json as {
    trade: Json;
  };
  const balances = (): readonly unknown[] =>
    ["USDC", "USD"].map((currency) => on.exchange.ledger.balances[currency]?.available);
  expect([trade["status"], balances()]).toEqual(["TRADE_STATUS_UNSPECIFIED", ["10000", "10000"]]);
  const path = `/convert/trade/${trade["id"]}`;
  expect((await on.post(path, { ...PAIR, to_account: "USDC", from_account: "USD" })).status).toBe(
    400,
  );
  for (const status of ["TRADE_STATUS_CREATED", "TRADE_STATUS_COMPLETED"]) {
    expect((await on.post(path, PAIR)).json["trade"]).toMatchObject({ status });
    expect(balances()).toEqual(["9900", "10100"]);
  }
  const read = await on.get(`${path}?from_account=USDC&to_account=USD`);
  expect(read.json["trade"]).toMatchObject({ id: trade["id"], status: "TRADE_STATUS_COMPLETED" });
});

test("a quote beyond the money is HTTP 200 with an empty id and a reason", async () => {
  await using on = await bench({ balances: { USDC: "0.291" } });
  const { status, json } = await on.post("/convert/quote", { ...PAIR, amount: "1" });
  expect([status, json]).toEqual([200, vector("rest/convert-quote-refused.json")]);
});

test("a quote that ran out, or whose money is gone, moves nothing", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  await using on = await bench({ balances: { USDC: "100" } });
  const quoted = async (): Promise<unknown> =>
    ((await on.post("/convert/quote", { ...PAIR, amount: "80" })).json["trade"] as Json)["id"];
  const [first, second, third] = [await quoted(), await quoted(), await quoted()];
  const commit = async (id: unknown): Promise<unknown> =>
    ((await on.post(`/convert/trade/${id}`, PAIR)).json["trade"] as Json)["status"];
  expect(await commit(first)).toBe("TRADE_STATUS_CREATED");
  expect(await commit(second)).toBe("TRADE_STATUS_CANCELED");
  vi.setSystemTime(Date.now() + 601_000);
  expect(await commit(third)).toBe("TRADE_STATUS_CANCELED");
  expect(on.exchange.ledger.balances["USDC"]?.available).toBe("20");
});

test.each([
  ["wallet ids", { from_account: "66f975a6-bb2e-44be-82e9-cd8669e40001", to_account: "USD" }],
  ["another pair", { from_account: "USD", to_account: "BTC" }],
  ["a currency that was never held", { from_account: "PYUSD", to_account: "USD" }],
])("a conversion of %s is a 400 in the recorded words", async (_what, pair) => {
  await using on = await bench();
  const { status, json } = await on.post("/convert/quote", { ...pair, amount: "1" });
  expect([status, json["message"]]).toEqual([400, "Unsupported account in this conversion"]);
});

test("an unknown conversion is not found, and an amount must be one", async () => {
  await using on = await bench();
  expect((await on.post("/convert/trade/nobody", PAIR)).status).toBe(404);
  expect((await on.post("/convert/quote", { ...PAIR, amount: "-1" })).status).toBe(400);
});

test("a position is closed on futures only: spot is refused like an order", async () => {
  await using on = await bench();
  const close = (body: Json) => on.post("/orders/close_position", body);
  const spot = await close({ client_order_id: "c", product_id: "BTC-USD", size: "1" });
  expect([spot.status, spot.json["success"]]).toEqual([200, false]);
  expect(spot.json).toMatchObject({
    error_response: { new_order_failure_reason: "UNSUPPORTED_ORDER_CONFIGURATION" },
    order_configuration: { market_market_ioc: { base_size: "1" } },
  });
  const future = await close({ client_order_id: "c", product_id: "BIT-28JUL23-CDE" });
  expect(future.json["error_response"]).toMatchObject({ error: "INVALID_PRODUCT_ID" });
  expect((await close({})).status).toBe(400);
});

test("documented routes that a spot trader does not meet say so, after the permission was checked", async () => {
  await using on = await bench({ keys: [{ permissions: ["view"] }] });
  const [, reader] = on.exchange.keys;
  if (reader === undefined) throw new Error("there is a second key");
  const routes = [
    ["POST", "/portfolios"],
    ["POST", "/portfolios/move_funds"],
    ["PUT", "/portfolios/x"],
    ["DELETE", "/cfm/sweeps"],
    ["POST", "/intx/allocate"],
  ] as const;
  const grpc = Object.keys(vector("rest/error.grpc-gateway.json") as Json);
  for (const [method, path] of routes) {
    const to = { rest: on.exchange.rest, key: reader };
    expect((await call(to, method, path, {})).status).toBe(403);
  }
  const left = await on.get("/cfm/positions");
  expect([left.status, Object.keys(left.json)]).toEqual([501, grpc]);
  expect((await on.post("/portfolios/move_funds", orderBody({}))).status).toBe(403);
});
