/** The create call: its body, and which of the three answers each reply becomes. */
// A reply that proves nothing must never read as a refusal.
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { readError } from "../../../src/adapters/coinbase/errors.ts";
import { signingKey } from "../../../src/adapters/coinbase/keys.ts";
import { openCoinbase } from "../../../src/adapters/coinbase/open-coinbase.ts";
import { intentId, orderId, productId } from "../../../src/core/kernel/ids.ts";
import { price, size } from "../../../src/core/kernel/money.ts";
import { later } from "../../../src/core/kernel/time.ts";
import type { Plan } from "../../../src/core/order/state.ts";
import type { TransportFailure, TransportReply } from "../../../src/ports/transport.ts";
import type { AccountInput } from "../../../src/ports/venue.ts";
import {
  countingEntropy,
  fakeSigner,
  fakeTransport,
  handTime,
  memoryLog,
  reply,
  START,
  vectorJson,
  vectorText,
} from "./world.ts";

const { key_name: NAME, ec } = vectorJson("auth/test-keys.json");
const PLAN: Plan = {
  id: orderId("0c7e6c1e-3f64-4c4e-9a55-2c1b7f0e9a01"),
  intent: intentId("i"),
  strategy: "test",
  product: productId("BTC-USD"),
  side: "buy",
  purpose: "entry",
  size: size("0.01"),
  limit: price("60000.00"),
  timeInForce: "gtc",
  reference: price("60000"),
  plannedAt: START,
  validUntil: later(START, 10_000),
  stopBps: null,
  takeBps: null,
};

function open(answers: readonly (TransportReply | TransportFailure)[]) {
  const time = handTime();
  const queue = [...answers];
  const fake = fakeTransport(() => queue.shift() ?? reply(500, "nothing planned"));
  const heard: AccountInput[] = [];
  const coinbase = openCoinbase({
    restUrl: "http://127.0.0.1:8080",
    wsUrl: "ws://127.0.0.1:8081",
    wsUserUrl: "ws://127.0.0.1:8082",
    key: signingKey({ name: NAME, secret: ec.sec1_pem }),
    products: [productId("BTC-USD")],
    clock: time.clock,
    timers: time.timers,
    entropy: countingEntropy(),
    log: memoryLog(),
    transport: fake.transport,
    namespace: "testdepl",
    quoteCurrency: "USD",
    signer: fakeSigner(),
  });
  if (!coinbase.venue) throw new Error("there is a key");
  coinbase.venue.start((input) => heard.push(input));
  return { ...fake, time, heard, venue: coinbase.venue };
}

/** Waits that the call asks for are run through. */
async function place(answers: readonly (TransportReply | TransportFailure)[], plan = PLAN) {
  const opened = open(answers);
  let done = false;
  const answer = opened.venue.place(plan).finally(() => {
    done = true;
  });
  for (let turn = 0; turn < 100 && !done; turn += 1) await opened.time.advance(10);
  return { ...opened, answer: await answer };
}

test("an order that is held back on its way is not sent, and a create alone asks for that", async () => {
  const { venue, requests, time } = open([reply(200, "{}")]);
  void venue.place(PLAN, () => "the desk is killed");
  await time.advance(10);
  expect(requests.map(({ lastLook }) => lastLook?.())).toEqual(["the desk is killed"]);
});

test("a resting order is a limit_limit_gtc without post-only, a marketable one a sor_limit_ioc", async () => {
  const resting = await place([reply(200, vectorText("rest/create-order-success.json"))]);
  const sent = vectorJson("rest/request.create-limit-gtc.json");
  sent.order_configuration.limit_limit_gtc.post_only = false;
  sent.order_configuration.limit_limit_gtc.limit_price = "60000";
  expect(JSON.parse(String(resting.requests[0]?.body))).toEqual(sent);
  expect(resting.requests[0]).toMatchObject({
    method: "POST",
    url: "http://127.0.0.1:8080/api/v3/brokerage/orders",
  });
  const plan: Plan = {
    ...PLAN,
    id: orderId("77a1e3d2-13b7-4f05-9f30-0ab9c5d41e04"),
    timeInForce: "ioc",
    limit: price("69000"),
  };
  const ioc = await place([reply(200, "{}")], plan);
  const wanted = vectorJson("rest/request.create-sor-limit-ioc.json");
  wanted.order_configuration.sor_limit_ioc.limit_price = "69000";
  expect(JSON.parse(String(ioc.requests[0]?.body))).toEqual(wanted);
});

const ACCEPTED = { kind: "accepted", venueId: "b4a5f1de-7c06-4b11-9d3e-5f2a8c9e0d11" };
/** The venue's own words come first. */
const rejected = (reason: string, said = "") => ({
  kind: "rejected",
  reason,
  message: expect.stringMatching(new RegExp(`^${said}`)),
});
const UNKNOWN = { kind: "unknown", cause: expect.any(String) };
const vector = (status: number, file: string) => reply(status, vectorText(`rest/${file}`));

type Case = readonly [string, TransportReply | TransportFailure, unknown];
const matrix: readonly Case[] = [
  ["success", vector(200, "create-order-success.json"), ACCEPTED],
  ["success of before 2025", vector(200, "create-order-success.legacy.json"), ACCEPTED],
  ["the duplicate trap", vector(200, "create-order-duplicate-client-order-id.json"), ACCEPTED],
  [
    "insufficient fund",
    vector(200, "create-order-failure.insufficient-fund.json"),
    rejected("INSUFFICIENT_FUND", "Insufficient balance in source account: not enough money"),
  ],
  [
    "insufficient fund of 2023",
    vector(200, "create-order-failure.insufficient-fund.legacy.json"),
    rejected("INSUFFICIENT_FUND"),
  ],
  [
    "invalid product",
    vector(200, "create-order-failure.invalid-product.json"),
    rejected("INVALID_PRODUCT_ID"),
  ],
  [
    "post-only",
    vector(200, "create-order-failure.post-only.json"),
    rejected("INVALID_LIMIT_PRICE_POST_ONLY"),
  ],
  [
    "price precision",
    vector(200, "create-order-failure.price-precision.json"),
    rejected("INVALID_PRICE_PRECISION"),
  ],
  [
    "size precision",
    vector(200, "create-order-failure.size-precision.json"),
    rejected("INVALID_SIZE_PRECISION"),
  ],
  [
    "too large, told by the preview reason only",
    vector(200, "create-order-failure.too-large.json"),
    rejected("PREVIEW_INVALID_BASE_SIZE_TOO_LARGE"),
  ],
  [
    "too small",
    vector(200, "create-order-failure.too-small.json"),
    rejected("PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL"),
  ],
  [
    "unsupported",
    vector(200, "create-order-failure.unsupported-config.json"),
    rejected("UNSUPPORTED_ORDER_CONFIGURATION"),
  ],
  [
    "duplicate client id as an error",
    reply(200, { success: false, error_response: { error: "DUPLICATE_CLIENT_ORDER_ID" } }),
    UNKNOWN,
  ],
  ["no success field", reply(200, "{}"), UNKNOWN],
  ["success without an id", reply(200, { success: true }), UNKNOWN],
  [
    "success for another client id",
    reply(200, { success: true, success_response: { order_id: "x", client_order_id: "y" } }),
    UNKNOWN,
  ],
  ["a page with status 200", reply(200, "<html>hello</html>"), UNKNOWN],
  ["400 JSON", vector(400, "error.400-candles.json"), rejected("INVALID_ARGUMENT")],
  ["400 of the gateway", vector(400, "error.grpc-gateway.json"), rejected("invalid argument")],
  ["400 as a page", reply(400, "<html>Bad Request</html>"), UNKNOWN],
  [
    "403 JSON",
    vector(403, "error.403-scopes.json"),
    rejected("PERMISSION_DENIED", "Missing required scopes"),
  ],
  [
    "403 text",
    reply(403, "Forbidden"),
    { kind: "unknown", cause: expect.stringMatching(/country/) },
  ],
  ["403 without a word", reply(403, ""), UNKNOWN],
  ["404 JSON", vector(404, "error.404-order.json"), rejected("NOT_FOUND")],
  ["429 JSON", vector(429, "error.429.json"), rejected("throttled", "Too many requests")],
  ["403 as a page", reply(403, "<html>Blocked</html>"), UNKNOWN],
  ["429 as a page", vector(429, "error.429.html"), UNKNOWN],
  ["429 with an empty object", reply(429, "{}"), UNKNOWN],
  ["500 JSON", vector(500, "error.500.json"), UNKNOWN],
  ["503 as a page", reply(503, "<html><style>x</style>Down</html>"), UNKNOWN],
  ["a lost answer", { failed: "ambiguous", cause: "ECONNRESET" }, UNKNOWN],
  [
    "a refused connection",
    { failed: "not-sent", cause: "ECONNREFUSED" },
    rejected("not-sent", "ECONNREFUSED"),
  ],
  [
    "an unknown host",
    { failed: "not-sent", cause: "getaddrinfo ENOTFOUND api.coinbase.com" },
    rejected("not-sent", "getaddrinfo ENOTFOUND"),
  ],
];

test.each(matrix)("%s has its answer, and nothing is sent twice", async (_, answer, expected) => {
  const {
    answer: got,
    requests,
    heard,
  } = await place([answer, vector(200, "create-order-success.json")]);
  expect(got).toEqual(expected);
  expect(requests).toHaveLength(1);
  const throttled = "status" in answer && answer.status === 429;
  expect(heard.filter((input) => input.kind === "venue.throttled")).toHaveLength(throttled ? 1 : 0);
});

test("a create that our own rate holds back for two seconds is not sent", async () => {
  const opened = open(Array.from({ length: 40 }, () => reply(500, "")));
  const answers = Array.from({ length: 40 }, () => opened.venue.place(PLAN));
  await opened.time.advance(2500);
  expect((await Promise.all(answers)).at(-1)).toEqual(
    rejected("not-sent", "held back by our own rate limit"),
  );
});

test("a 401 is tried once more with another token and the same body", async () => {
  const once = await place([
    vector(401, "error.401.txt"),
    vector(200, "create-order-success.json"),
  ]);
  expect(once.answer).toEqual(ACCEPTED);
  const [first, second] = once.requests;
  expect(second?.body).toBe(first?.body);
  expect(second?.headers).not.toEqual(first?.headers);
  const twice = await place([vector(401, "error.401.txt"), vector(401, "error.401.txt")]);
  expect(twice.answer).toEqual(rejected("unauthorized", "Unauthorized"));
  expect(twice.requests).toHaveLength(2);
});

test("no answer shows a token or a key, even when the venue repeats them", async () => {
  for (const status of [200, 400, 401, 403, 429, 500]) {
    const opened = open([]);
    const leaky = fakeLeak(opened.requests, status);
    opened.transport.request = leaky;
    const pending = opened.venue.place(PLAN);
    await opened.time.advance(2000);
    const shown = inspect(await pending, { depth: 10 });
    expect(shown).not.toMatch(/eyJ/);
    expect(shown).not.toContain("MHcCAQ");
  }
});

function fakeLeak(requests: unknown[], status: number) {
  return async (request: { headers: Readonly<Record<string, string>> }) => {
    requests.push(request);
    const authorization = Reflect.get(request.headers, "authorization");
    return reply(status, { error: "X", message: `you sent ${authorization}` });
  };
}

test("an error page is cut to its words", () => {
  const page = `<html><script>${"x".repeat(5000)}</script><p>Sorry,\n you are   blocked${" x".repeat(500)}</p>`;
  const error = readError(page);
  expect(error.body).toBe("page");
  expect(error.message.startsWith("Sorry, you are blocked x")).toBe(true);
  expect(error.message.length).toBeLessThanOrEqual(200);
  expect(readError(vectorText("rest/error.429.json"))).toEqual({
    body: "json",
    code: "rate_limit_exceeded",
    message: "Too many requests",
  });
});
