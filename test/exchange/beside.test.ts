/** What happens beside the client's own trading, and that every view of an order's executions tells the same sums. */
import { expect, test } from "vitest";
import { type Bench, bench, type Json, Listener, limit, shown } from "./caller.ts";

const ELSEWHERE = { product: "BTC-USD", side: "BUY", size: "0.5", limit: "90" } as const;

const fillsOf = async (on: Bench, id: string): Promise<readonly Json[]> =>
  (await on.get(`/orders/historical/fills?order_ids=${id}`)).json["fills"] as Json[];
const money = ({ exchange }: Bench): unknown => {
  const { USD, BTC } = exchange.ledger.balances;
  return [USD?.available, USD?.hold, BTC?.available];
};

test("an order's count, fees and value are those of its fills, on REST and on the user channel, and each entry is one", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "110");
  using user = await Listener.open(on.exchange.wsUser);
  await user.subscribe("user", [], on.exchange);
  const id = await on.place({ configuration: limit("1", "100.00") });
  for (const size of ["0.2", "0.3", "5"]) on.exchange.control.trade("BTC-USD", "100", size);
  await user.until(() => user.orders().at(-1)?.["status"] === "FILLED");
  const fills = await fillsOf(on, id);
  expect(fills.map(({ size }) => size)).toEqual(["0.5", "0.3", "0.2"]);
  expect(new Set(fills.map((fill) => fill["entry_id"])).size).toBe(3);
  expect(fills.map(({ commission }) => commission)).toEqual(["0.3", "0.18", "0.12"]);
  const sums = { number_of_fills: "3", total_fees: "0.6", filled_value: "100" };
  expect(await shown(on, id)).toMatchObject(sums);
  expect(user.orders().at(-1)).toMatchObject(sums);
});

test("a reversal is a row of its own about the newest fill, and gives its money back", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "100");
  const id = on.exchange.control.placeElsewhere({ ...ELSEWHERE, limit: "110" });
  const before = await shown(on, id);
  on.exchange.control.adjust(id, "REVERSAL");
  const [reversal, fill] = await fillsOf(on, id);
  expect([reversal?.["trade_type"], fill?.["trade_type"]]).toEqual(["REVERSAL", "FILL"]);
  expect(reversal?.["trade_id"]).toBe(fill?.["trade_id"]);
  expect(reversal?.["entry_id"]).not.toBe(fill?.["entry_id"]);
  expect(money(on)).toEqual(["10000", "0", "0"]);
  expect(await shown(on, id)).toEqual(before);
  expect(() => on.exchange.control.adjust(id, "REVERSAL")).toThrow("there is only 0 BTC");
});

test("a correction is a row and moves nothing", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "100");
  const id = on.exchange.control.placeElsewhere({ ...ELSEWHERE, limit: "110" });
  const before = money(on);
  on.exchange.control.adjust(id, "CORRECTION");
  expect((await fillsOf(on, id)).map((fill) => fill["trade_type"])).toEqual(["CORRECTION", "FILL"]);
  expect(money(on)).toEqual(before);
  expect(() => on.exchange.control.adjust("none", "CORRECTION")).toThrow("no fill to adjust");
});

test("an order placed elsewhere is listed, shown on the user channel, and has the client id it came with, or none", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "100");
  using user = await Listener.open(on.exchange.wsUser);
  await user.subscribe("user", [], on.exchange);
  const none = on.exchange.control.placeElsewhere(ELSEWHERE);
  const named = on.exchange.control.placeElsewhere({ ...ELSEWHERE, clientId: "by-hand" });
  const orders = (await on.get("/orders/historical/batch")).json["orders"] as Json[];
  const told = orders.map((order) => [order["order_id"], order["client_order_id"]]);
  expect(told).toEqual([
    [named, "by-hand"],
    [none, ""],
  ]);
  await user.until(() => user.orders().some((order) => order["order_id"] === named));
  expect(user.orders().find((order) => order["order_id"] === none)?.["client_order_id"]).toBe("");
  expect(on.exchange.ledger.requests.creates).toBe(0);
});

test("a transfer changes a balance, and neither orders nor fills tell of it", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "100");
  on.exchange.control.transfer("BTC", "0.25");
  on.exchange.control.transfer("USD", "-9000");
  expect(money(on)).toEqual(["1000", "0", "0.25"]);
  on.exchange.control.placeElsewhere(ELSEWHERE);
  expect(() => on.exchange.control.transfer("USD", "-999")).toThrow("there is only 954.46 USD");
  expect(on.exchange.ledger.fills).toEqual([]);
});
