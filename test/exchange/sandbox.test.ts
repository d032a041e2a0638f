/** The sandbox host: canned, without keys, without products and sockets. */
import { expect, test } from "vitest";
import { API, type Bench, bench, type Json, Listener, orderBody } from "./caller.ts";
import { vector } from "./vectors.ts";

async function ask(on: Bench, path: string, body?: unknown, sandbox?: string): Promise<Json> {
  const reply = await fetch(on.exchange.rest + API + path, {
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    headers: sandbox === undefined ? {} : { "X-Sandbox": sandbox },
  });
  return { status: reply.status, ...((await reply.json()) as Json) };
}

test("an order gets the recorded reply without a key, whatever was asked for", async () => {
  await using on = await bench({ sandbox: true });
  const canned = vector("rest/sandbox.create-order.json") as Json;
  for (const body of [orderBody({}), { nonsense: true }]) {
    expect(await ask(on, "/orders", body)).toEqual({ status: 200, ...canned });
  }
  expect(await ask(on, "/orders", {}, "PostOrder_insufficient_fund")).toEqual({
    status: 200,
    ...(vector("rest/sandbox.create-order.insufficient-fund.json") as Json),
  });
  expect(on.exchange.ledger.orders).toHaveLength(0);
});

test.each([
  ["/orders/batch_cancel", "CancelOrders_failure", "UNKNOWN_CANCEL_ORDER"],
  ["/orders/edit", "EditOrder_failure", "ORDER_NOT_FOUND"],
  ["/orders/edit_preview", "PreviewEditOrder_failure", "ORDER_NOT_FOUND"],
  ["/orders/preview", "PreviewOrder_insufficient_fund", "PREVIEW_INSUFFICIENT_FUND"],
])("%s fails under the header %s alone", async (path, value, why) => {
  await using on = await bench({ sandbox: true });
  expect(JSON.stringify(await ask(on, path, {}, value))).toContain(why);
  const others = [await ask(on, path, {}), await ask(on, path, {}, "EditOrders_failure")];
  for (const other of others) expect(JSON.stringify(other)).not.toContain(why);
});

test("accounts, orders and portfolios are there; products and sockets are not", async () => {
  await using on = await bench({ sandbox: true });
  const paths = [
    "/accounts",
    "/orders/historical/batch",
    "/orders/historical/fills",
    "/portfolios",
  ];
  for (const path of [...paths, "/orders/historical/anything", "/accounts/anything"]) {
    expect([path, (await ask(on, path))["status"]]).toEqual([path, 200]);
  }
  for (const path of ["/products", "/time", "/market/products"]) {
    expect([path, (await ask(on, path))["status"]]).toEqual([path, 404]);
  }
  await expect(Listener.open(on.exchange.ws)).rejects.toThrow(/404/);
});

test("outside the sandbox the header means nothing", async () => {
  await using on = await bench();
  const reply = await ask(on, "/market/products", undefined, "PostOrder_insufficient_fund");
  expect(reply["status"]).toBe(200);
});
