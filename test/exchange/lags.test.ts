/** How far the views of an order stay behind the truth, each for itself; and the open doubts. */
import { expect, test } from "vitest";
import { bench, type Json, Listener, limit, market, order, orderBody, shown } from "./caller.ts";
import { steppingClock } from "./stepping-clock.ts";

/** A clock that the test moves; timers still run on the real one. */
function hands(): { now: () => number; forward(ms: number): void } {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    forward: (ms) => {
      ahead += ms;
    },
  };
}

test("a new order is missing by its id, in lists and in fills, each for its own time", async () => {
  const clock = hands();
  const lags = { orderLagMs: 10_000, listLagMs: 20_000, fillsLagMs: 30_000 };
  await using on = await bench({ ...lags, now: clock.now });
  on.exchange.control.trade("BTC-USD", "100");
  const id = await on.place({ configuration: market({ base_size: "0.1" }) });
  const seen = async (): Promise<unknown[]> => {
    const one = await on.get(`/orders/historical/${id}`);
    const list = (await on.get("/orders/historical/batch")).json["orders"] as unknown[];
    const fills = (await on.get("/orders/historical/fills")).json["fills"] as unknown[];
    return [one.status, list.length, fills.length];
  };
  expect(await seen()).toEqual([404, 0, 0]);
  clock.forward(10_000);
  expect(await seen()).toEqual([200, 0, 0]);
  clock.forward(10_000);
  expect(await seen()).toEqual([200, 1, 0]);
  clock.forward(10_000);
  expect(await seen()).toEqual([200, 1, 1]);
  await on.place({ configuration: market({ base_size: "0.1" }) });
  on.exchange.control.setLags({ orderMs: 0, listMs: 0, fillsMs: 0 });
  expect(await seen()).toEqual([200, 2, 2]);
});

test("the user channel can tell later than REST, in order, and never later than it was told to", async () => {
  await using on = await bench({ userLagMs: 900 });
  on.exchange.control.trade("BTC-USD", "110");
  using user = await Listener.open(on.exchange.wsUser);
  await user.subscribe("user", [], on.exchange);
  const before = Date.now();
  const id = await on.place({ configuration: limit("1", "100.00") });
  expect(await shown(on, id)).toMatchObject({ status: "OPEN" });
  expect(user.orders()).toEqual([]);
  await user.until(() => user.orders().length === 2);
  expect(Date.now() - before).toBeGreaterThanOrEqual(850);
  on.exchange.control.trade("BTC-USD", "99");
  on.exchange.control.setLags({ userMs: 0 });
  await on.place({ configuration: limit("1", "50.00") });
  await user.until(() => user.orders().length === 6);
  expect(user.orders().map((order) => order["status"])).toEqual([
    "PENDING",
    "OPEN",
    "FILLED",
    "FILLED",
    "PENDING",
    "OPEN",
  ]);
});

test("an order can stay PENDING, where a list of OPEN orders misses it, and be cancelled there", async () => {
  const clock = steppingClock(Date.now());
  await using on = await bench({ pendingMs: 120, cancelDelayMs: 10, clock });
  on.exchange.control.trade("BTC-USD", "110");
  const [first, second] = [
    await on.place({ configuration: limit("1", "100.00") }),
    await on.place({ configuration: market({ base_size: "0.1" }) }),
  ];
  const open = async (query: string): Promise<number> =>
    ((await on.get(`/orders/historical/batch?${query}`)).json["orders"] as Json[]).length;
  expect([await open("order_status=OPEN"), await open("")]).toEqual([0, 2]);
  await on.post("/orders/batch_cancel", { order_ids: [first] });
  clock.advance(10);
  clock.advance(110);
  expect(on.exchange.ledger.orders.map((order) => order.status)).toEqual(["CANCELLED", "FILLED"]);
  expect(second).not.toBe(first);
});

test("a market order whose price has run away while it was pending fails for want of funds", async () => {
  const clock = steppingClock(Date.now());
  await using on = await bench({ pendingMs: 80, balances: { USD: "102" }, clock });
  on.exchange.control.quote("BTC-USD", { bids: [], asks: [["100.00", "5"]] });
  await on.place({ configuration: market({ base_size: "1" }) });
  on.exchange.control.quote("BTC-USD", { bids: [], asks: [["150.00", "5"]] });
  clock.advance(80);
  expect(on.exchange.ledger.orders[0]?.status).toBe("FAILED");
  expect(on.exchange.ledger.balances["USD"]).toEqual({ available: "102", hold: "0" });
});

test("beyond the most open orders the next is accepted and then FAILED", async () => {
  await using on = await bench({ mostOpenOrders: 2 });
  on.exchange.control.trade("BTC-USD", "110");
  for (let count = 0; count < 3; count += 1) {
    await on.place({ configuration: limit("0.1", "90.00") });
  }
  expect(await shown(on, order(on, 2)?.orderId ?? "")).toMatchObject({
    status: "FAILED",
    reject_reason: "TOO_MANY_OPEN_ORDERS",
  });
});

test("FILLED can come once, and PENDING and CANCEL_QUEUED not at all", async () => {
  const userUpdates = { pending: false, cancelQueued: false, filledTwice: false };
  await using on = await bench({ userUpdates });
  on.exchange.control.trade("BTC-USD", "110");
  using user = await Listener.open(on.exchange.wsUser);
  await user.subscribe("user", [], on.exchange);
  await on.place({ configuration: market({ base_size: "0.1" }) });
  const id = await on.place({ configuration: limit("1", "90.00") });
  await on.post("/orders/batch_cancel", { order_ids: [id] });
  await user.until(() => user.orders().length === 4);
  expect(user.orders().map((order) => order["status"])).toEqual([
    "OPEN",
    "FILLED",
    "OPEN",
    "CANCELLED",
  ]);
});

test("where the record is open the other answer can be had: duplicates, post-only, FOK, GTD", async () => {
  const doubts = {
    duplicate: "refuse",
    postOnly: "cancel",
    fok: "refuse",
    gtdEnd: "CANCELLED",
  } as const;
  const clock = steppingClock(Date.now());
  await using on = await bench({ doubts, clock });
  on.exchange.control.trade("BTC-USD", "100");
  await on.place({ id: "once", configuration: limit("1", "90.00") });
  const again = await on.post("/orders", orderBody({ id: "once" }));
  expect(again.json["error_response"]).toMatchObject({ error: "DUPLICATE_CLIENT_ORDER_ID" });
  await on.place({ configuration: limit("1", "110.00", { post_only: true }) });
  const fok = { limit_limit_fok: { base_size: "9999", limit_price: "101.00" } };
  const refused = await on.post("/orders", orderBody({ configuration: fok }));
  expect(refused.json["success"]).toBe(false);
  const end_time = new Date(clock.now() + 60_000).toISOString();
  const gtd = { limit_limit_gtd: { base_size: "1", limit_price: "90.00", end_time } };
  await on.place({ configuration: gtd });
  clock.advance(60_000);
  expect(on.exchange.ledger.orders.map((order) => order.status)).toEqual([
    "OPEN",
    "CANCELLED",
    "CANCELLED",
  ]);
});
