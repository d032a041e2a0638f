/** The REST road: what is retried, how often, and how a lost answer differs from one never sent. */
// The last part uses real sockets and a raw server.
import { createServer, type Socket } from "node:net";
import { inspect } from "node:util";
import { afterEach, expect, test } from "vitest";
import { allPages } from "../../../src/adapters/coinbase/rest/paged.ts";
import { netTransport } from "../../../src/adapters/net/net-transport.ts";
import { ok } from "../../../src/core/kernel/result.ts";
import type { TransportFailure, TransportReply } from "../../../src/ports/transport.ts";
import { READ, road } from "./http-rig.ts";
import { reply, vectorText } from "./world.ts";

const PAGE = reply(429, vectorText("rest/error.429.html"));

test("a read is signed, its array parameters are repeated, and it carries no body", async () => {
  const { run, requests } = road([]);
  expect((await run(READ)).result).toEqual({ ok: true, value: { n: 1 } });
  expect(requests[0]).toMatchObject({
    url: "https://api.coinbase.com/api/v3/brokerage/thing?id=a&id=b",
    body: null,
    headers: { authorization: expect.stringMatching(/^Bearer eyJ/) },
  });
});

test("only a create is asked for at the last moment, and at each sending", async () => {
  const refused = reply(401, "Unauthorized");
  const { run, requests } = road([refused]);
  await run({ ...READ, access: "create", repeat: "never" });
  expect(requests.map(({ lastLook }) => lastLook?.())).toEqual(["not now", "not now"]);
  const doubted = road([]);
  await doubted.run({ ...READ, access: "create", repeat: "never", heldBack: () => "killed" });
  expect(doubted.requests.map(({ lastLook }) => lastLook?.())).toEqual(["killed"]);
  const others = road([]);
  await others.run(READ);
  await others.run({ ...READ, method: "POST", pace: "urgent" });
  expect(others.requests.map(({ lastLook }) => lastLook)).toEqual([undefined, undefined]);
});

test("a public read carries no token", async () => {
  const { run, requests } = road([]);
  await run({ ...READ, access: "public" });
  expect(requests[0]?.headers).not.toHaveProperty("authorization");
});

test.each<[string, TransportReply | TransportFailure]>([
  ["no answer", { failed: "ambiguous", cause: "timeout" }],
  ["no connection", { failed: "not-sent", cause: "ECONNREFUSED" }],
  ["a 500", reply(500, "{}")],
  ["a 503 page", reply(503, "<html>")],
  ["a page with status 200", reply(200, "<html>")],
  ["a throttle", PAGE],
])(
  "a read is tried again after %s, each time with a new token, four times in all",
  async (_, bad) => {
    const good = road([bad, bad, bad]);
    expect((await good.run(READ)).result.ok).toBe(true);
    expect(
      new Set(good.requests.map((each) => Reflect.get(each.headers, "authorization"))).size,
    ).toBe(4);
    const never = road([bad, bad, bad, bad, bad]);
    expect((await never.run(READ)).result.ok).toBe(false);
    expect(never.requests).toHaveLength(4);
  },
);

test.each([400, 403, 404])("a read refused with %i is not tried again", async (status) => {
  const { run, requests } = road([reply(status, vectorText("rest/error.404-order.json"))]);
  expect((await run(READ)).result).toMatchObject({ ok: false, error: { kind: "status", status } });
  expect(requests).toHaveLength(1);
});

test("a reply of another shape names the field, not its value", async () => {
  const { run } = road([reply(200, { n: "secret-value" })]);
  const { result } = await run(READ);
  expect(inspect(result)).toContain("n Invalid input");
  expect(inspect(result)).not.toContain("secret-value");
});

test("throttling is reported each time, and the time the venue asks for is kept", async () => {
  const { run, throttled } = road([reply(429, "x", { "retry-after": "7" })]);
  const { took, result } = await run(READ);
  expect(result.ok).toBe(true);
  expect(took).toBeGreaterThanOrEqual(7000);
  expect(throttled).toEqual(["GET /thing"]);
  const long = road([reply(429, "x", { "x-ratelimit-reset": "600" })]);
  expect((await long.run(READ)).result.ok).toBe(false);
  expect(long.requests).toHaveLength(1);
});

test("closing ends what waits", async () => {
  const { road: open, time } = road([PAGE, PAGE, PAGE, PAGE]);
  const pending = open.call(READ);
  await time.advance(1);
  open.close();
  expect((await pending).ok).toBe(false);
  expect((await open.call(READ)).ok).toBe(false);
});

test("a repeated cursor, a missing one and endless pages are faults", async () => {
  const page = (cursor: string | null) => async () => ok({ rows: [1], hasNext: true, cursor });
  expect(await allPages(page("same"))).toMatchObject({
    ok: false,
    error: { detail: "a page cursor came twice" },
  });
  expect(await allPages(page(null))).toMatchObject({ ok: false, error: { kind: "shape" } });
  let count = 0;
  const endless = await allPages(async () =>
    ok({ rows: [1], hasNext: true, cursor: `${++count}` }),
  );
  expect(endless).toMatchObject({ ok: false, error: { detail: "more than 200 pages" } });
});

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()));
});

/** A server that does as told with each connection. */
async function raw(handle: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    handle(socket);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  opened.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => server.close(done));
  });
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

function send(port: number, timeoutMs = 500, signal?: AbortSignal) {
  const net = netTransport();
  opened.push(() => net.close());
  return net.request({
    method: "POST",
    url: `http://127.0.0.1:${port}/x?y=1`,
    headers: { authorization: "Bearer eyJsecret" },
    body: "body-secret",
    timeoutMs,
    ...(signal ? { signal } : {}),
  });
}

test("a refused connection and an unknown host are not sent", async () => {
  const port = await raw(() => undefined);
  await Promise.all(opened.splice(0).map((close) => close()));
  expect(await send(port)).toMatchObject({
    failed: "not-sent",
    cause: expect.stringContaining("ECONNREFUSED"),
  });
  const net = netTransport();
  opened.push(() => net.close());
  const shared = { method: "GET", headers: {}, body: null, timeoutMs: 5000 } as const;
  expect(await net.request({ ...shared, url: "http://nowhere.invalid/" })).toMatchObject({
    failed: "not-sent",
  });
  expect(await net.request({ ...shared, url: "not a url" })).toMatchObject({ failed: "not-sent" });
});

test("a reset, a silence and a giving up after sending are ambiguous, and show no header and no body", async () => {
  const reset = await send(
    await raw((socket) => socket.once("data", () => socket.resetAndDestroy())),
  );
  const closed = await send(await raw((socket) => socket.once("data", () => socket.end())));
  const half = await send(
    await raw((socket) =>
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")),
    ),
  );
  const silent = await send(await raw(() => undefined), 100);
  const garbage = await send(await raw((socket) => socket.end("what?\r\n\r\n")));
  const stop = new AbortController();
  const pending = send(await raw(() => stop.abort()), 5000, stop.signal);
  const results = [reset, closed, half, silent, garbage, await pending];
  for (const result of results) expect(result).toMatchObject({ failed: "ambiguous" });
  expect(inspect(results, { depth: 10, showHidden: true })).not.toContain("secret");
});

test("any status is a reply, with header names in lower case, on connections that are kept", async () => {
  let connections = 0;
  const port = await raw((socket) => {
    connections += 1;
    socket.on("data", () =>
      socket.write("HTTP/1.1 418 Teapot\r\nX-Odd: 1\r\nContent-Length: 2\r\n\r\nhi"),
    );
  });
  const net = netTransport();
  opened.push(() => net.close());
  for (let count = 0; count < 10; count += 1) {
    const ask = {
      method: "GET",
      url: `http://127.0.0.1:${port}/`,
      headers: {},
      body: null,
      timeoutMs: 1000,
    } as const;
    expect(await net.request(ask)).toMatchObject({
      status: 418,
      headers: { "x-odd": "1" },
      body: "hi",
    });
  }
  expect(connections).toBeLessThanOrEqual(2);
});

test("a socket that cannot be opened closes once, later, with 1006", async () => {
  const net = netTransport();
  const closes: number[] = [];
  for (const url of ["ws://127.0.0.1:1", "nonsense"]) {
    await new Promise<void>((done) => {
      net.openSocket(url, {
        open: () => undefined,
        message: () => undefined,
        close: (code) => {
          closes.push(code);
          done();
        },
      });
    });
  }
  expect(closes).toEqual([1006, 1006]);
});
