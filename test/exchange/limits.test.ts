/** How often one may ask: buckets for the user, for each address, for sockets and their messages. */
import { expect, test } from "vitest";
import { API, type Bench, bench, call, type Json, Listener } from "./caller.ts";
import { vector, vectorText } from "./vectors.ts";

/** Time stands still, so that no bucket refills. */
const still = (): Partial<Parameters<typeof bench>[0]> => {
  const at = Date.now();
  return { now: () => at };
};

const open = (on: Bench, path: string): Promise<Response> =>
  fetch(`${on.exchange.rest}${API}${path}`);

test("a market that a test drives has no limits unless it asks for them", async () => {
  await using on = await bench();
  const replies = await Promise.all(Array.from({ length: 60 }, () => open(on, "/time")));
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
  expect(replies[0]?.headers.get("x-ratelimit-limit")).toBeNull();
});

test("the replayed market has the limits of reality unless told otherwise", async () => {
  await using on = await bench({ ...still(), market: "recorded" });
  const replies = [];
  for (let count = 0; count < 11; count += 1) replies.push(await open(on, "/time"));
  expect(replies.map(({ status }) => status)).toEqual([...Array(10).fill(200), 429]);
});

test("thirty signed requests a second are the user's, ten public ones the address's", async () => {
  await using on = await bench({ ...still(), limits: true, keys: [{ permissions: ["view"] }] });
  for (let left = 29; left >= 0; left -= 1) {
    const to = { rest: on.exchange.rest, key: on.exchange.keys[left % 2] ?? on.exchange };
    expect((await call(to, "GET", "/key_permissions")).status).toBe(200);
  }
  const refused = await on.get("/key_permissions");
  expect([refused.status, refused.json]).toEqual([429, vector("rest/error.429.json")]);
  for (let left = 9; left >= 0; left -= 1) {
    const { status, headers } = await open(on, "/time");
    expect([status, headers.get("x-ratelimit-remaining")]).toEqual([200, String(left)]);
    expect(headers.get("x-ratelimit-limit")).toBe("10");
    expect(headers.get("x-ratelimit-reset")).toBe("1");
  }
  expect((await open(on, "/time")).status).toBe(429);
});

test("a refused order is not placed, and a second later there is room again", async () => {
  let now = Date.now();
  await using on = await bench({ now: () => now, limits: { private: 1 } });
  on.exchange.control.trade("BTC-USD", "1000");
  await on.place({});
  expect((await on.post("/orders", { client_order_id: "late" })).status).toBe(429);
  expect(on.exchange.ledger.orders).toHaveLength(1);
  now += 1000;
  await on.place({});
  expect(on.exchange.ledger.orders).toHaveLength(2);
});

test.each([
  ["429-html", 429, "text/html", vectorText("rest/error.429.html")],
  ["401", 401, "text/plain", vectorText("rest/error.401.txt")],
] as const)("too many requests can be answered as %s", async (answer, status, type, text) => {
  await using on = await bench({ ...still(), limits: { public: 0, answer } });
  const reply = await open(on, "/time");
  expect([reply.status, await reply.text()]).toEqual([status, text]);
  expect(reply.headers.get("content-type")).toContain(type);
});

test("more than eight new sockets a second are turned away while opening", async () => {
  await using on = await bench({ ...still(), limits: true });
  for (let count = 0; count < 8; count += 1) {
    using socket = await Listener.open(count % 2 === 0 ? on.exchange.ws : on.exchange.wsUser);
    expect(socket.closedWith).toBeNull();
  }
  await expect(Listener.open(on.exchange.ws)).rejects.toThrow(/429/);
});

test("more than eight messages a second without a token are told so; with a token there is no bound", async () => {
  await using on = await bench({ ...still(), limits: true });
  using socket = await Listener.open(on.exchange.ws);
  for (let count = 0; count < 9; count += 1) {
    socket.send({ type: "subscribe", channel: "ticker", product_ids: ["BTC-USD"] });
  }
  await socket.until(() => socket.frames.length === 9);
  expect(socket.frames.at(-1)).toEqual(vector("ws/error.rate-limit.json") as Json);
  await socket.subscribe("heartbeats", [], on.exchange);
});

test("limits can be changed while it runs, and those turned away are counted", async () => {
  await using on = await bench({ ...still(), limits: { public: 1 } });
  const { control } = on.exchange;
  const statuses = async (): Promise<number[]> => [
    (await open(on, "/time")).status,
    (await open(on, "/time")).status,
  ];
  expect(await statuses()).toEqual([200, 429]);
  control.setLimits(false);
  expect(await statuses()).toEqual([200, 200]);
  control.setLimits({ public: 0, answer: "401" });
  expect(await statuses()).toEqual([401, 401]);
  const throttled = control.faults().find(({ fault }) => fault === "throttle");
  expect(throttled?.happened).toBe(3);
});
