/** Faults of requests: what the client sees, what happened at the exchange, and how they are counted. */
import { expect, test } from "vitest";
import type { AnswerName } from "../../src/exchange/answers.ts";
import type { Control } from "../../src/exchange/control.ts";
import { API, type Bench, bench, limit, orderBody, SOON } from "./caller.ts";
import { vector, vectorText } from "./vectors.ts";

async function ready(): Promise<Bench> {
  const on = await bench();
  on.exchange.control.trade("BTC-USD", "110");
  return on;
}

const create = (on: Bench) =>
  on.post("/orders", orderBody({ configuration: limit("1", "100.00") }));
const placed = (on: Bench): number => on.exchange.ledger.orders.length;
const count = (on: Bench, fault: string): readonly number[] => {
  const row = on.exchange.control.faults().find((each) => each.fault === fault);
  return row === undefined ? [] : [row.pending, row.happened];
};

test.each<[AnswerName, number, string]>([
  ["401", 401, vectorText("rest/error.401.txt")],
  ["403-scopes", 403, JSON.stringify(vector("rest/error.403-scopes.json"))],
  ["404-order", 404, JSON.stringify(vector("rest/error.404-order.json"))],
  ["404-order-old", 404, JSON.stringify(vector("rest/error.404-order.legacy.json"))],
  ["429-json", 429, JSON.stringify(vector("rest/error.429.json"))],
  ["429-html", 429, vectorText("rest/error.429.html")],
  ["500-json", 500, JSON.stringify(vector("rest/error.500.json"))],
])(
  "the answer %s is the recorded one, before and after the order is accepted",
  async (name, status, text) => {
    await using on = await ready();
    on.exchange.control.failNext("POST /orders", name);
    on.exchange.control.failNextAnswer("POST /orders", name);
    for (const accepted of [0, 1]) {
      const reply = await create(on);
      expect([reply.status, reply.text, placed(on)]).toEqual([status, text, accepted]);
    }
    expect((await create(on)).status).toBe(200);
    expect([count(on, "answer"), count(on, "answer-after")]).toEqual([
      [0, 1],
      [0, 1],
    ]);
  },
);

test.each<AnswerName>(["502-html", "503-html", "504-html"])(
  "the answer %s is a page of the CDN",
  async (name) => {
    await using on = await ready();
    on.exchange.control.failNextAnswer("POST /orders", name);
    const reply = await create(on);
    expect([reply.status, reply.text.includes("<html>")]).toEqual([Number(name.slice(0, 3)), true]);
    expect(placed(on)).toBe(1);
  },
);

const CUTS: readonly (readonly [string, (control: Control) => void, number])[] = [
  ["cut-before", (control) => control.dropNextRequest("POST /orders"), 0],
  ["cut-after", (control) => control.dropNextAnswer("POST /orders"), 1],
  ["cut-half", (control) => control.cutNextAnswer("POST /orders"), 1],
];

test.each(CUTS)(
  "%s loses the answer, and whether the order was accepted",
  async (fault, plan, accepted) => {
    await using on = await ready();
    plan(on.exchange.control);
    expect(count(on, fault)).toEqual([1, 0]);
    await expect(create(on)).rejects.toThrow();
    expect([placed(on), count(on, fault)]).toEqual([accepted, [0, 1]]);
    expect((await create(on)).status).toBe(200);
  },
);

test("an answer can wait after the order was accepted", async () => {
  await using on = await ready();
  on.exchange.control.delayNextAnswer("POST /orders", 1200);
  const waiting = create(on);
  await expect.poll(() => placed(on), SOON).toBe(1);
  const before = Date.now();
  expect((await waiting).status).toBe(200);
  expect(Date.now() - before).toBeGreaterThan(50);
});

test("a fault can be ordered several times, and for whatever is asked next", async () => {
  await using on = await ready();
  on.exchange.control.failNext("*", "503-html", 2);
  const statuses = [];
  for (const path of ["/accounts", "/products", "/accounts"]) {
    statuses.push((await on.get(path)).status);
  }
  expect(statuses).toEqual([503, 503, 200]);
  expect((await fetch(`${on.exchange.rest}/ledger`)).status).toBe(200);
});

test("a fault for one route passes by the others, and its own faults come before those of any", async () => {
  await using on = await ready();
  on.exchange.control.failNext("GET /accounts", "429-json");
  on.exchange.control.failNext("*", "503-html");
  expect((await on.get("/accounts")).status).toBe(429);
  expect((await on.get("/products")).status).toBe(503);
  expect((await on.get("/accounts")).status).toBe(200);
});

test("a burst of 401 refuses good tokens, as many as were ordered", async () => {
  await using on = await ready();
  on.exchange.control.refuseTokens(3);
  const statuses = [];
  for (let nth = 0; nth < 4; nth += 1) statuses.push((await on.get("/accounts")).status);
  expect(statuses).toEqual([401, 401, 401, 200]);
  expect((await fetch(`${on.exchange.rest}${API}/time`)).status).toBe(200);
  expect(count(on, "refuse-token")).toEqual([0, 3]);
});

test("a skewed clock shows in /time and the Date header, and makes tokens too old or too new", async () => {
  await using on = await ready();
  const { control } = on.exchange;
  const off = async (): Promise<readonly number[]> => {
    const reply = await fetch(`${on.exchange.rest}${API}/time`);
    const { epochMillis } = (await reply.json()) as { epochMillis: string };
    const date = Date.parse(reply.headers.get("date") ?? "");
    return [Number(epochMillis), date].map((at) => Math.round((at - Date.now()) / 1000));
  };
  for (const [ms, status] of [
    [30_000, 200],
    [150_000, 401],
    [-45_000, 200],
    [-90_000, 401],
    [0, 200],
  ] as const) {
    control.skewClock(ms);
    for (const seconds of await off()) expect(Math.abs(seconds - ms / 1000)).toBeLessThanOrEqual(1);
    expect([ms, (await on.get("/accounts")).status]).toEqual([ms, status]);
  }
  expect(count(on, "skew-clock")).toEqual([0, 5]);
});

test("a revoked key is refused from then on", async () => {
  await using on = await bench();
  expect((await on.get("/accounts")).status).toBe(200);
  on.exchange.control.revokeKey(on.exchange.keyName);
  expect((await on.get("/accounts")).status).toBe(401);
  expect((await on.get("/accounts")).status).toBe(401);
});

test("a skewed clock does not stop the market", async () => {
  await using on = await bench({ market: "recorded", barSeconds: 0.2, limits: false });
  const last = async (): Promise<string> =>
    JSON.stringify((await on.get("/products/BTC-USD/ticker?limit=1")).json["trades"]);
  for (const ms of [20_000, -20_000]) {
    on.exchange.control.skewClock(ms);
    const before = await last();
    await expect.poll(last, SOON).not.toBe(before);
  }
});

test.each([
  [{ trading_disabled: true }, "TRADING_DISABLED"],
  [{ is_disabled: true }, "TRADING_DISABLED"],
  [{ status: "delisted" }, "TRADING_DISABLED"],
  [{ cancel_only: true }, "ORDER_ENTRY_DISABLED"],
  [{ auction_mode: true }, "ORDER_ENTRY_DISABLED"],
  [{ post_only: true }, "ORDER_ENTRY_DISABLED"],
  [{ view_only: true }, "UNSUPPORTED_ORDER_CONFIGURATION"],
])("a product with %j takes no order and still cancels", async (flags, why) => {
  await using on = await ready();
  const id = await on.place({ configuration: limit("1", "100.00") });
  on.exchange.control.setFlags("BTC-USD", flags);
  expect((await create(on)).json["error_response"]).toMatchObject({ error: why });
  const { json } = await on.post("/orders/batch_cancel", { order_ids: [id] });
  expect(json["results"]).toMatchObject([{ success: true }]);
});

test("a product for limits only takes no market order", async () => {
  await using on = await ready();
  on.exchange.control.setFlags("BTC-USD", { limit_only: true });
  const sized = orderBody({ configuration: { market_market_ioc: { base_size: "1" } } });
  expect((await on.post("/orders", sized)).json["success"]).toBe(false);
  expect((await create(on)).json["success"]).toBe(true);
});

test("the next order can be refused by any name, or die after acceptance", async () => {
  await using on = await ready();
  on.exchange.control.refuseNextOrder("GEOFENCING_RESTRICTION");
  on.exchange.control.failNextOrder("RATE_LIMIT_EXCEEDED");
  expect((await create(on)).json["error_response"]).toMatchObject({
    new_order_failure_reason: "GEOFENCING_RESTRICTION",
    preview_failure_reason: "PREVIEW_GEOFENCING_RESTRICTION",
  });
  expect((await create(on)).json["success"]).toBe(true);
  expect(on.exchange.ledger.orders.map((order) => order.status)).toEqual(["FAILED"]);
  expect([count(on, "refuse-order"), count(on, "fail-order")]).toEqual([
    [0, 1],
    [0, 1],
  ]);
});
