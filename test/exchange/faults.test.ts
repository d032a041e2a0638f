/** Faults ordered through `control` happen once, where they were ordered. */
import { expect, test } from "vitest";
import { API, bench, limit, orderBody } from "./caller.ts";

test("a dropped answer leaves the order placed, and resending the same body finds it", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "110");
  on.exchange.control.dropNextAnswer("POST /orders");
  const body = orderBody({ configuration: limit("1", "100.00") });
  await expect(on.post("/orders", body)).rejects.toThrow();
  const [placed] = on.exchange.ledger.orders;
  const { json } = await on.post("/orders", body);
  expect(json["success_response"]).toMatchObject({ order_id: placed?.orderId });
  expect(on.exchange.ledger.orders).toHaveLength(1);
  expect(on.exchange.ledger.requests.creates).toBe(2);
});

test("a planned failure answers once without handling the request", async () => {
  await using on = await bench();
  const answer = { status: 429, body: "<html>slow down</html>", headers: { "retry-after": "1" } };
  on.exchange.control.failNext("POST /orders", answer);
  const first = await on.post("/orders", orderBody({}));
  expect([first.status, first.text]).toEqual([429, "<html>slow down</html>"]);
  expect(on.exchange.ledger.orders).toHaveLength(0);
  expect((await on.post("/orders", orderBody({}))).status).toBe(200);
});

test("a delayed route waits once; a hanging one waits until it is resumed", async () => {
  await using on = await bench();
  on.exchange.control.delayNext("GET /accounts", 80);
  const before = Date.now();
  await on.get("/accounts");
  expect(Date.now() - before).toBeGreaterThanOrEqual(75);
  on.exchange.control.hang("GET /time");
  const signal = AbortSignal.timeout(80);
  await expect(fetch(`${on.exchange.rest}${API}/time`, { signal })).rejects.toThrow();
  on.exchange.control.resume();
  expect((await fetch(`${on.exchange.rest}${API}/time`)).status).toBe(200);
});

test("documented routes that are left out answer 501, unknown ones 404, both as JSON", async () => {
  await using on = await bench();
  const left = await on.get("/cfm/sweeps");
  expect([left.status, left.json["error"], left.json["code"]]).toEqual([501, "unimplemented", 12]);
  const unknown = await on.get("/nothing/here");
  expect([unknown.status, unknown.json["error"]]).toEqual([404, "NOT_FOUND"]);
});

test("the ledger is served as JSON and equals the view in the process", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "110");
  await on.place({ configuration: limit("1", "100.00") });
  const served = await (await fetch(`${on.exchange.rest}/ledger`)).json();
  expect(served).toEqual(JSON.parse(JSON.stringify(on.exchange.ledger)));
});

test("a fault for a route that does not exist is refused at once", async () => {
  await using on = await bench();
  expect(() => on.exchange.control.hang("POST /order")).toThrow(/no route POST \/order/);
});
