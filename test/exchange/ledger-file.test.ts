/** What a restart with the same ledger file remembers. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { bench, type Json, limit, market, orderBody, SOON, shown } from "./caller.ts";
import { stop } from "./conditional.ts";

const folder = mkdtempSync(join(tmpdir(), "exchange-ledger-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("balances, orders, fills and client ids survive a restart, and open orders still fill", async () => {
  const ledgerFile = join(folder, "ledger.jsonl");
  let before: unknown;
  {
    await using on = await bench({ ledgerFile });
    on.exchange.control.trade("BTC-USD", "100");
    await on.place({ configuration: market({ quote_size: "77.77" }) });
    await on.place({ id: "kept", configuration: limit("1", "90.00") });
    before = JSON.parse(JSON.stringify(on.exchange.ledger));
  }
  appendFileSync(ledgerFile, '{"kind":"fil');
  await using on = await bench({ ledgerFile, balances: { USD: "1" } });
  const { orders, fills, balances } = on.exchange.ledger;
  expect({ orders, fills, balances }).toEqual(
    expect.objectContaining({
      orders: (before as { orders: unknown }).orders,
      fills: (before as { fills: unknown }).fills,
      balances: (before as { balances: unknown }).balances,
    }),
  );
  expect(await on.place({ id: "kept" })).toBe(orders[1]?.orderId);
  const fresh = await on.place({ configuration: limit("1", "80.00") });
  expect(orders.map((order) => order.orderId)).not.toContain(fresh);
  on.exchange.control.trade("BTC-USD", "89");
  expect(on.exchange.ledger.orders[1]?.status).toBe("FILLED");
  expect(new Set(on.exchange.ledger.fills.map((fill) => fill.entryId)).size).toBe(
    on.exchange.ledger.fills.length,
  );
});

test("a line torn by a crash is dropped, and what is written after it is read back whole", async () => {
  const ledgerFile = join(folder, "torn.jsonl");
  for (const id of ["one", "two", "three"]) {
    await using on = await bench({ ledgerFile });
    on.exchange.control.trade("BTC-USD", "100");
    await on.place({ id, configuration: limit("1", "90.00") });
    appendFileSync(ledgerFile, '{"kind":"mov');
  }
  await using on = await bench({ ledgerFile });
  const ids = on.exchange.ledger.orders.map((order) => order.clientOrderId);
  expect(ids).toEqual(["one", "two", "three"]);
});

test("a broken ledger file is refused, naming the file and the line", async () => {
  const ledgerFile = join(folder, "broken.jsonl");
  writeFileSync(ledgerFile, '{"kind":"funded","currency":"USD","amount":{"$":"1"}}\nnonsense\n');
  await expect(bench({ ledgerFile })).rejects.toThrow(/broken\.jsonl is broken at line 2/);
});

test("an order without an account for its money is told that the account is not available", async () => {
  const ledgerFile = join(folder, "dollars-only.jsonl");
  writeFileSync(ledgerFile, '{"kind":"funded","currency":"USD","amount":{"$":"100"}}\n');
  await using on = await bench({ ledgerFile });
  on.exchange.control.trade("BTC-USD", "100");
  const order = { product: "BTC-USDC", configuration: limit("0.1", "90.00") };
  const { json } = await on.post("/orders", orderBody(order));
  expect((json["error_response"] as Json)["message"]).toBe("account is not available");
});

test("orders that wait survive a restart: stops trigger, brackets are born, parts go on", async () => {
  const ledgerFile = join(folder, "waiting.jsonl");
  const selling = stop({ limit_price: "80.00", stop_price: "95.00" });
  const now = Date.now();
  const twap = {
    base_size: "0.4",
    limit_price: "105.00",
    start_time: new Date(now - 1000).toISOString(),
    end_time: new Date(now + 3_600_000).toISOString(),
    number_buckets: "4",
    bucket_duration: "600s",
  };
  const attached = { trigger_bracket_gtc: { limit_price: "120.00", stop_trigger_price: "70.00" } };
  {
    await using on = await bench({ ledgerFile, balances: { BTC: "2" } });
    on.exchange.control.trade("BTC-USD", "100");
    await on.place({ side: "SELL", configuration: selling });
    await on.place({ configuration: { twap_limit_gtd: twap } });
    const body = orderBody({ configuration: limit("0.5", "90.00") });
    await on.post("/orders", { ...body, attached_order_configuration: attached });
    const edited = await on.place({ configuration: limit("0.5", "60.00") });
    await on.post("/orders/edit", { order_id: edited, price: "61.00", size: "0.4" });
    await expect.poll(() => on.exchange.ledger.orders[1]?.filledSize, SOON).toBe("0.1");
  }
  await using on = await bench({ ledgerFile });
  expect(on.exchange.ledger.orders[3]).toMatchObject({ limitPrice: "61", baseSize: "0.4" });
  on.exchange.control.trade("BTC-USD", "89");
  const [stopped, parts, , , child] = on.exchange.ledger.orders;
  expect(stopped).toMatchObject({ status: "FILLED", filledSize: "1" });
  expect(parts).toMatchObject({ status: "OPEN", filledSize: "0.1" });
  expect(child).toMatchObject({ status: "OPEN", type: "trigger_bracket_gtc", baseSize: "0.5" });
});

test("a ledger written before there were stops is read", async () => {
  const ledgerFile = join(folder, "older.jsonl");
  const terms = {
    sequence: 1,
    orderId: "0a6f66f6-0000-5000-8000-000000000001",
    clientOrderId: "older",
    productId: "BTC-USD",
    base: "BTC",
    quote: "USD",
    side: "BUY",
    type: "limit_limit_gtc",
    baseSize: { $: "1" },
    quoteSize: null,
    limitPrice: { $: "90" },
    postOnly: false,
    endsAt: null,
    configuration: limit("1", "90.00"),
    createdAt: Date.now(),
  };
  const lines = [
    { kind: "funded", currency: "USD", amount: { $: "1000" } },
    { kind: "funded", currency: "BTC", amount: { $: "0" } },
    { kind: "placed", terms, hold: { $: "91.08" } },
    { kind: "moved", orderId: terms.orderId, status: "OPEN", hold: { $: "91.08" }, at: 1 },
  ];
  writeFileSync(ledgerFile, `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`);
  await using on = await bench({ ledgerFile });
  expect(await shown(on, terms.orderId)).toMatchObject({
    status: "OPEN",
    attached_order_configuration: null,
  });
  on.exchange.control.trade("BTC-USD", "89");
  expect(on.exchange.ledger.orders[0]?.status).toBe("FILLED");
});
