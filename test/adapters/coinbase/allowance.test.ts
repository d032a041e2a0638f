/** What the venue says of our allowance is kept, shown, and obeyed by all but cancels and probes. */
import { expect, test } from "vitest";
import type { Call } from "../../../src/adapters/coinbase/call.ts";
import { endpointName } from "../../../src/adapters/coinbase/endpoint-name.ts";
import { limiter } from "../../../src/adapters/coinbase/limiter.ts";
import { askedWait, rateOf } from "../../../src/adapters/coinbase/rates.ts";
import { later } from "../../../src/core/kernel/time.ts";
import { READ, road } from "./http-rig.ts";
import { handTime, reply, START, vectorText } from "./world.ts";

const told = (limit: string, remaining: string, reset?: string) => ({
  "x-ratelimit-limit": limit,
  "x-ratelimit-remaining": remaining,
  ...(reset === undefined ? {} : { "x-ratelimit-reset": reset }),
});
const good = (headers: object) => reply(200, { n: 1 }, headers);
const CANCEL: Call<{ n: number }> = { ...READ, method: "POST", body: {}, pace: "urgent" };
const CREATE: Call<{ n: number }> = {
  ...READ,
  method: "POST",
  body: {},
  access: "create",
  pace: "trade",
  repeat: "never",
};

test("limit, remaining and reset are shown as last told, signed and public apart", async () => {
  const { run, road: http } = road([
    good(told("30", "29", "1")),
    good({}),
    good(told("10", "4", "2")),
  ]);
  expect(http.rates()).toEqual({ signed: null, public: null });
  await run(READ, 0);
  const signed = { limit: 30, remaining: 29, resetAt: later(START, 1000), seenAt: START };
  expect(http.rates()).toEqual({ signed, public: null });
  await run(READ, 0);
  expect(http.rates().signed).toEqual(signed);
  await run({ ...READ, access: "public" }, 0);
  expect(http.rates()).toMatchObject({ signed, public: { limit: 10, remaining: 4 } });
});

test("with nothing remaining a read waits until the reset, and a cancel does not", async () => {
  const { run, sentAt } = road([good(told("30", "0", "7"))]);
  await run(READ, 0);
  const cancel = await run(CANCEL, 0);
  expect(cancel.took).toBe(0);
  const read = await run(READ);
  expect(read.result.ok).toBe(true);
  expect((sentAt[2] ?? 0) - START).toBeGreaterThanOrEqual(7000);
});

test("thirty per cent of the window are left to cancels: reads and creates end there", async () => {
  const enough = road([good(told("30", "10", "5"))]);
  await enough.run(READ, 0);
  expect((await enough.run(CREATE, 0)).took).toBe(0);
  const short = road([good(told("30", "9", "5"))]);
  await short.run(READ, 0);
  expect((await short.run(CREATE, 3000)).result).toMatchObject({
    ok: false,
    error: { kind: "not-sent", detail: "held back by our own rate limit" },
  });
  expect(short.requests).toHaveLength(1);
  expect((await short.run(CANCEL, 0)).result.ok).toBe(true);
});

test("calls under way count against what remains", async () => {
  const { road: http, time, requests } = road([good(told("30", "11", "5"))]);
  await http.call(READ);
  for (let count = 0; count < 5; count += 1) void http.call(READ);
  await time.advance(0);
  expect(requests).toHaveLength(3);
});

test("a window that is over, and a clock set back, hold nobody", async () => {
  const over = road([good(told("30", "0", "2"))]);
  await over.run(READ, 2500);
  expect((await over.run(READ, 0)).took).toBe(0);
  const back = handTime();
  let now = START;
  const limit = limiter(
    {
      perSecond: 10,
      burst: 20,
      kept: { urgent: 0, exit: 0, trade: 0, read: 0 },
      patienceMs: { urgent: 1, exit: 1, trade: 1, read: 1 },
    },
    { clock: { now: () => now }, timers: back.timers },
  );
  limit.answered(rateOf(good(told("30", "0", "60")), START), true);
  now = later(START, -1000);
  expect(await limit.take("read")).toBe(true);
});

test.each<[string, ReturnType<typeof reply>]>([
  ["JSON", reply(429, vectorText("rest/error.429.json"))],
  ["a page", reply(429, vectorText("rest/error.429.html"))],
  ["a wait in seconds", reply(429, "", { "retry-after": "1" })],
])("after a 429 with %s reads and creates fall silent, and a cancel passes", async (_, bad) => {
  const { road: http, time, sentAt, throttled } = road([bad]);
  void http.call(CREATE);
  await time.advance(0);
  void http.call(READ);
  void http.call(CANCEL);
  await time.advance(999);
  expect(sentAt).toEqual([START, START]);
  await time.advance(1000);
  expect(sentAt).toHaveLength(3);
  expect(throttled).toEqual(["POST /thing"]);
});

test("three throttles are outlived by waits that grow, and each is counted by its endpoint", async () => {
  const page = reply(429, "<html>", {});
  const { run, sentAt, throttled, requests } = road([page, page, page]);
  const { result } = await run({ ...READ, path: "/orders/historical/5f-1" });
  expect(result.ok).toBe(true);
  expect(throttled).toEqual(Array(3).fill("GET /orders/historical/{id}"));
  const waits = sentAt.slice(1).map((at, index) => at - (sentAt[index] ?? 0));
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(1000);
  expect(waits).toEqual([...new Set(waits)].sort((a, b) => a - b));
  expect(new Set(requests.map((each) => Reflect.get(each.headers, "x-request-id"))).size).toBe(4);
});

test("refused tokens in a row of a key that was good just now count as throttling", async () => {
  const refused = reply(401, "Unauthorized\n");
  const burst = road([good({}), refused, refused, refused, refused]);
  await burst.run(READ, 0);
  await burst.run(READ, 2000);
  expect(burst.throttled).toEqual([]);
  await burst.run(READ, 2000);
  expect(burst.throttled).toEqual(["GET /thing", "GET /thing"]);
  const bad = road(Array(10).fill(refused));
  for (let count = 0; count < 5; count += 1) await bad.run(READ, 1000);
  expect(bad.throttled).toEqual([]);
});

test("headers that say nothing teach nothing, and a date is a moment", () => {
  const read = (headers: object) => rateOf(reply(200, "", headers), START);
  expect(read({ "x-ratelimit-limit": "30" })).toBeNull();
  expect(read(told("none", "5"))).toBeNull();
  expect(read(told("0", "0"))).toBeNull();
  expect(read(told("30, 30;w=1", "5"))).toMatchObject({ limit: 30, remaining: 5 });
  expect(read(told("30", "5"))?.resetAt).toBe(later(START, 1000));
  expect(read(told("30", "5", String(START / 1000 + 9)))?.resetAt).toBe(later(START, 9000));
  const wait = (headers: object) => askedWait(reply(429, "", headers), START);
  expect(wait({})).toBeNull();
  expect(wait({ "retry-after": "soon" })).toBeNull();
  expect(wait({ "retry-after": "2", "x-ratelimit-reset": "9" })).toBe(2000);
  expect(wait({ "x-ratelimit-reset": "0.5" })).toBe(500);
  expect(wait({ "retry-after": new Date(START + 3000).toUTCString() })).toBe(3000);
});

test("endpoints are counted under few names", () => {
  const name = (path: string) => endpointName({ method: "GET", path });
  expect(name("/products/BTC-USD/candles")).toBe("GET /products/{id}/candles");
  expect(name("/market/products/BTC-USD")).toBe("GET /market/products/{id}");
  expect(name("/orders/historical/batch")).toBe("GET /orders/historical/batch");
  expect(name("/orders/historical/b4a5f1de-7c06-4b11-9d3e-5f2a8c9e0d11")).toBe(
    "GET /orders/historical/{id}",
  );
  expect(name("/key_permissions")).toBe("GET /key_permissions");
});
