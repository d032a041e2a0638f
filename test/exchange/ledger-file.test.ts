/** What a restart with the same ledger file remembers. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { bench, limit, market } from "./caller.ts";

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
