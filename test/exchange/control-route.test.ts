/** The control over HTTP: the same hand on the exchange, for other processes of this machine. */
import { request } from "node:http";
import { expect, test } from "vitest";
import { type Bench, bench, type Json, limit } from "./caller.ts";

const JSON_TYPE = { "content-type": "application/json" };

async function command(on: Bench, body: Json): Promise<{ status: number; json: Json }> {
  const url = `${on.exchange.rest}/control`;
  const reply = await fetch(url, {
    method: "POST",
    headers: JSON_TYPE,
    body: JSON.stringify(body),
  });
  return { status: reply.status, json: (await reply.json()) as Json };
}

const ELSEWHERE = { product: "BTC-USD", side: "BUY", size: "0.1", limit: "90" } as const;

const listed = async (on: Bench): Promise<Record<string, readonly unknown[]>> =>
  (await (await fetch(`${on.exchange.rest}/control`)).json()) as Record<string, readonly unknown[]>;

test("it lists every command of the control in the process, every route, every fault with its counts", async () => {
  await using on = await bench();
  const { commands, routes, faults, answers } = await listed(on);
  expect([...(commands ?? []), "faults"].sort()).toEqual(Object.keys(on.exchange.control).sort());
  expect(routes).toContain("GET /orders/historical/{order_id}");
  expect(routes).not.toContain("GET /control");
  expect(answers).toContain("429-html");
  expect(faults).toEqual(on.exchange.control.faults());
  const names = on.exchange.control.faults().map(({ fault }) => fault);
  expect(new Set(names).size).toBe(names.length);
});

test("each command does what the control in the process does, and is counted", async () => {
  await using on = await bench({ balances: { BTC: "5" } });
  on.exchange.control.trade("BTC-USD", "100");
  const filled = on.exchange.control.placeElsewhere({ ...ELSEWHERE, limit: "110" });
  const commands: readonly (readonly [Json, string | null])[] = [
    [{ do: "trade", product: "BTC-USD", price: "100" }, null],
    [{ do: "trade", product: "BTC-USD", price: "101", size: "0.5" }, null],
    [{ do: "quote", product: "BTC-USD", bids: [["99", "1"]], asks: [["101", "1"]] }, null],
    [{ do: "setFlags", product: "ETH-USD", flags: { post_only: true } }, "set-flags"],
    [{ do: "setLags", lags: { orderMs: 5 } }, "set-lags"],
    [{ do: "setLimits", limits: false }, "set-limits"],
    [{ do: "skewClock", ms: 0 }, "skew-clock"],
    [{ do: "placeElsewhere", ...ELSEWHERE }, "place-elsewhere"],
    [{ do: "transfer", currency: "BTC", amount: "-1.5" }, "transfer"],
    [{ do: "adjust", orderId: filled, type: "SYNTHETIC" }, "adjust"],
    [{ do: "failNextOrder", reason: "HOLD_FAILURE" }, "fail-order"],
    [{ do: "refuseNextOrder", reason: "GEOFENCING_RESTRICTION" }, "refuse-order"],
    [{ do: "refuseTokens", count: 1 }, "refuse-token"],
    [{ do: "revokeKey", name: on.exchange.keyName }, "revoke-key"],
    [{ do: "failNext", route: "POST /orders", answer: "429-json", times: 2 }, "answer"],
    [{ do: "failNext", route: "*", status: 418, body: { short: "stout" } }, "answer"],
    [{ do: "failNextAnswer", route: "POST /orders", answer: "502-html" }, "answer-after"],
    [{ do: "dropNextRequest", route: "POST /orders" }, "cut-before"],
    [{ do: "dropNextAnswer", route: "POST /orders" }, "cut-after"],
    [{ do: "cutNextAnswer", route: "POST /orders" }, "cut-half"],
    [{ do: "delayNext", route: "POST /orders", ms: 1 }, "delay"],
    [{ do: "delayNextAnswer", route: "POST /orders", ms: 1 }, "delay-after"],
    [{ do: "hang", route: "GET /accounts" }, "hang"],
    [{ do: "dropFrames", count: 1 }, "drop-frame"],
    [{ do: "duplicateFrames", count: 1, streams: ["user"] }, "duplicate-frame"],
    [{ do: "swapFrames", count: 1, streams: ["market"], channel: "l2_data" }, "swap-frame"],
    [{ do: "repeatStaleOrders", count: 1 }, "stale"],
    [{ do: "silence", streams: ["user"] }, "silence"],
    [{ do: "sendError", message: "rate limit exceeded" }, null],
    [{ do: "closeSockets", code: 1001 }, null],
    [{ do: "refuseSockets", count: 1 }, "refuse-socket"],
    [{ do: "resume" }, null],
  ];
  const told = Object.keys(on.exchange.control).filter((name) => name !== "faults");
  expect([...new Set(commands.map(([body]) => body["do"]))].sort()).toEqual(told.sort());
  const total = (fault: string): number => {
    const row = on.exchange.control.faults().find((each) => each.fault === fault);
    return (row?.pending ?? 0) + (row?.happened ?? 0);
  };
  for (const [body, fault] of commands) {
    const before = fault === null ? 0 : total(fault);
    const { status, json } = await command(on, body);
    expect([body, status]).toEqual([body, 200]);
    expect(json["faults"]).toEqual(on.exchange.control.faults());
    if (fault !== null) expect([fault, total(fault) > before]).toEqual([fault, true]);
  }
  expect((await on.get("/time")).status).toBe(418);
});

test.each<[string, Json]>([
  ["an unknown command", { do: "explode" }],
  ["no command", {}],
  ["an unknown route", { do: "hang", route: "POST /order" }],
  ["an unknown answer", { do: "failNext", route: "POST /orders", answer: "teapot" }],
  ["an unknown product", { do: "trade", product: "DOGE-USD", price: "1" }],
  ["no number", { do: "trade", product: "BTC-USD", price: "1e5" }],
  ["an unknown key", { do: "revokeKey", name: "none" }],
  ["an unknown flag", { do: "setFlags", product: "BTC-USD", flags: { open: true } }],
  ["an unknown lag", { do: "setLags", lags: { allMs: 1 } }],
  ["an unknown limit", { do: "setLimits", limits: { all: 3 } }],
  ["an unknown answer to too many", { do: "setLimits", limits: { answer: "503-html" } }],
  ["a wrong type", { do: "dropFrames", count: "many" }],
  ["a fill of an unknown order", { do: "adjust", orderId: "none", type: "REVERSAL" }],
  ["an unknown adjustment", { do: "adjust", orderId: "none", type: "FILL" }],
  ["more than there is", { do: "transfer", currency: "USD", amount: "-10000.01" }],
  ["an order that is refused", { do: "placeElsewhere", ...ELSEWHERE, size: "1000" }],
  ["an order of no side", { do: "placeElsewhere", ...ELSEWHERE, side: "buy" }],
  ["unknown streams", { do: "silence", streams: ["all"] }],
])("%s is a 400 and does nothing", async (_what, body) => {
  await using on = await bench();
  const before = JSON.stringify(on.exchange.control.faults());
  const { status, json } = await command(on, body);
  expect([status, json["error"]]).toEqual([400, "INVALID_ARGUMENT"]);
  expect(JSON.stringify(on.exchange.control.faults())).toBe(before);
});

test("a page in a browser cannot give commands: not under another name, not across, not as a form", async () => {
  await using on = await bench();
  const { port } = new URL(on.exchange.rest);
  const send = (headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const to = { host: "127.0.0.1", port, path: "/control", method: "POST", headers };
      const asked = request(to, (reply) => {
        reply.resume();
        resolve(reply.statusCode);
      });
      asked.on("error", reject);
      asked.end('{"do":"resume"}');
    });
  expect(await send(JSON_TYPE)).toBe(200);
  expect(await send({ ...JSON_TYPE, host: "evil.example" })).toBe(404);
  expect(await send({ ...JSON_TYPE, origin: "http://127.0.0.1" })).toBe(404);
  expect(await send({ "content-type": "text/plain" })).toBe(404);
});

test("a fault ordered over HTTP meets the client's next request", async () => {
  await using on = await bench();
  await command(on, { do: "trade", product: "BTC-USD", price: "110" });
  await command(on, { do: "dropNextAnswer", route: "POST /orders" });
  await expect(on.place({ configuration: limit("1", "100.00") })).rejects.toThrow();
  expect(on.exchange.ledger.orders).toHaveLength(1);
});
