/** Every status with every kind of body, and every way of getting no reply: what a create and a cancel make of it. */
// The tables below are written out by hand from what proves that a call was not let in. Nothing else may read as a no.
import { expect, test } from "vitest";
import { cancelOrders } from "../../../src/adapters/coinbase/rest/cancel-orders.ts";
import { createOrder } from "../../../src/adapters/coinbase/rest/create-order.ts";
import { intentId, orderId, productId, venueOrderId } from "../../../src/core/kernel/ids.ts";
import { price, size } from "../../../src/core/kernel/money.ts";
import { later } from "../../../src/core/kernel/time.ts";
import type { Plan } from "../../../src/core/order/state.ts";
import type { TransportFailure, TransportReply } from "../../../src/ports/transport.ts";
import { road } from "./http-rig.ts";
import { fakeSigner, reply, START, vectorText } from "./world.ts";

const PLAN: Plan = {
  id: orderId("0c7e6c1e-3f64-4c4e-9a55-2c1b7f0e9a01"),
  intent: intentId("i"),
  strategy: "test",
  product: productId("BTC-USD"),
  side: "buy",
  purpose: "entry",
  size: size("0.01"),
  limit: price("60000"),
  timeInForce: "gtc",
  reference: price("60000"),
  plannedAt: START,
  validUntil: later(START, 10_000),
  stopBps: null,
  takeBps: null,
};

const STATUSES = [
  200, 201, 204, 301, 304, 400, 401, 402, 403, 404, 405, 407, 408, 409, 410, 413, 418, 422, 425,
  429, 451, 500, 501, 502, 503, 504, 520, 522, 524,
] as const;
const SUCCESS = vectorText("rest/create-order-success.json");
const BODIES: Readonly<Record<string, string>> = {
  "its error JSON": vectorText("rest/error.403-scopes.json"),
  "the older error JSON": vectorText("rest/error.429.json"),
  "the gateway's JSON": vectorText("rest/error.grpc-gateway.json"),
  "other JSON": '{"ok":false}',
  "a JSON list": "[]",
  "cut JSON": '{"error":"INSUFFI',
  "a line of text": "Unauthorized\n",
  "a page": vectorText("rest/error.429.html"),
  "a page in capitals": "<!DOCTYPE HTML><TITLE>Sorry</TITLE>",
  nothing: "",
  "a success": SUCCESS,
};
const SPOKEN = new Set(["its error JSON", "the older error JSON", "the gateway's JSON"]);
const PAGES = new Set(["a page", "a page in capitals"]);

/** What may be taken for a no: the API's JSON, or its 401; never a page. */
function proof(status: number, body: string): boolean {
  if (PAGES.has(body)) return false;
  if (status === 401) return true;
  return [400, 403, 404, 422, 429].includes(status) && SPOKEN.has(body);
}

async function create(answers: readonly (TransportReply | TransportFailure)[]) {
  const { road: http, time, requests } = road(answers);
  const pending = createOrder(http, PLAN);
  await time.advance(5000);
  return { answer: await pending, requests };
}

test.each(STATUSES)(
  "a create answered with %i exists, does not, or is unknown, by the body",
  async (status) => {
    for (const [name, body] of Object.entries(BODIES)) {
      const { answer, requests } = await create([reply(status, body), reply(status, body)]);
      const where = `${status} with ${name}`;
      const accepted = status < 300 && name === "a success";
      const kind = accepted ? "accepted" : proof(status, name) ? "rejected" : "unknown";
      expect({ where, kind: answer.kind }).toEqual({ where, kind });
      const sent = status === 401 && !PAGES.has(name) ? 2 : 1;
      expect({ where, sent: requests.length }).toEqual({ where, sent });
    }
  },
);

const NOBODY: TransportFailure = { failed: "not-sent", cause: "ECONNREFUSED" };
const LOST: TransportFailure = { failed: "ambiguous", cause: "timeout" };
const MEETINGS: Readonly<Record<string, TransportReply | TransportFailure>> = {
  "a 401 in text": reply(401, "Unauthorized\n"),
  "a 401 in JSON": reply(401, BODIES["its error JSON"] ?? ""),
  "a 401 page": reply(401, BODIES["a page"] ?? ""),
  "a 400 in JSON": reply(400, BODIES["its error JSON"] ?? ""),
  "a 403 in text": reply(403, "RBAC: access denied"),
  "a 500": reply(500, "{}"),
  "no connection": NOBODY,
  "no answer": LOST,
};
const NO = new Set(["a 401 in text", "a 401 in JSON", "a 400 in JSON", "no connection"]);
const names = Object.keys(MEETINGS);

test.each(names.flatMap((first) => names.map((second) => [first, second] as const)))(
  "a create that meets %s and would then meet %s is no surer than what it met",
  async (first, second) => {
    const both = [first, second].map((name) => MEETINGS[name] ?? LOST);
    const { answer, requests } = await create(both);
    const again = first === "a 401 in text" || first === "a 401 in JSON";
    const met = again ? [first, second] : [first];
    expect(requests).toHaveLength(met.length);
    expect(answer.kind).toBe(met.every((name) => NO.has(name)) ? "rejected" : "unknown");
  },
);

test.each<[string, TransportFailure, string, number]>([
  ["no byte left", { failed: "not-sent", cause: "ECONNREFUSED" }, "rejected", 1],
  ["the answer is lost", { failed: "ambiguous", cause: "timeout" }, "unknown", 1],
])("a create of which %s is sent once and answered so", async (_, failure, kind, sent) => {
  const { answer, requests } = await create([failure, reply(200, SUCCESS)]);
  expect(answer.kind).toBe(kind);
  expect(requests).toHaveLength(sent);
});

const failed = (error_response: object, more: object = {}) =>
  reply(200, { success: false, error_response, ...more });
const WORD = "DUPLICATE_CLIENT_ORDER_ID";

test.each<[string, TransportReply]>([
  ...["new_order_failure_reason", "preview_failure_reason", "message", "error_details"].map(
    (field): [string, TransportReply] => [
      `a duplicate in ${field}, behind another word`,
      failed({ error: "INVALID_ORDER", [field]: WORD }),
    ],
  ),
  ["a duplicate as a 400", reply(400, { error: WORD })],
  ["a duplicate in the older family", reply(400, { errors: [{ id: "invalid", message: WORD }] })],
  [
    "a duplicate in the details of a 400",
    reply(400, { error: "INVALID_ARGUMENT", message: "no", error_details: WORD }),
  ],
  ["nothing else", reply(200, { success: false })],
  ["no word", failed({})],
  [
    "an order",
    failed({ error: "X" }, { success_response: { order_id: "b4a5", client_order_id: PLAN.id } }),
  ],
  ["an order of before 2025", failed({ error: "X" }, { order_id: "b4a5" })],
])("a create that fails with %s may exist", async (_, answer) => {
  expect((await create([answer])).answer.kind).toBe("unknown");
});

test("a create that fails with a sentence alone does not exist", async () => {
  const { answer } = await create([failed({ message: "account is not available" })]);
  expect(answer).toMatchObject({ kind: "rejected", reason: "UNKNOWN" });
});

test("a create whose token cannot be made is not sent", async () => {
  const { road: http } = road([], {
    ...fakeSigner(),
    create: () => Promise.reject(new Error("bad key eyJsecret.eyJmore.sig")),
  });
  expect(await createOrder(http, PLAN)).toEqual({
    kind: "rejected",
    reason: "not-sent",
    message: "cannot sign: bad key [token]",
  });
});

test("a plan that makes no order is refused before anything is sent", async () => {
  const { road: http, requests } = road([]);
  expect(await createOrder(http, { ...PLAN, size: size("0") })).toEqual({
    kind: "rejected",
    reason: "not-sent",
    message: "limit_limit_gtc: base_size must be above zero",
  });
  expect(requests).toHaveLength(0);
});

const ID = venueOrderId("o-1");

async function cancel(answers: readonly (TransportReply | TransportFailure)[]) {
  const { road: http, time, requests } = road(answers);
  const pending = cancelOrders(http, [ID, venueOrderId("o-2")]);
  await time.advance(60_000);
  const rows = await pending;
  return { row: rows.ok ? rows.value.get(ID) : null, fault: !rows.ok, requests };
}
const row = (over: object) =>
  reply(200, { results: [{ order_id: "o-1", success: false, ...over }] });

test.each<[string, TransportReply, string]>([
  ["taken", row({ success: true, failure_reason: "UNKNOWN_CANCEL_FAILURE_REASON" }), "taken"],
  ["under way already", row({ failure_reason: "DUPLICATE_CANCEL_REQUEST" }), "taken"],
  ["not known", row({ failure_reason: "UNKNOWN_CANCEL_ORDER" }), "refused"],
  ["filled", row({ failure_reason: "ORDER_IS_FULLY_FILLED" }), "refused"],
  ["left out", reply(200, { results: [] }), "unknown"],
  ["named otherwise", reply(200, { results: [{ id: "o-1", success: true }] }), "unknown"],
  ["without a success", reply(200, { results: [{ order_id: "o-1", done: true }] }), "unknown"],
])("a cancel whose row is %s is answered so", async (_, answer, expected) => {
  expect((await cancel([answer])).row?.answer).toBe(expected);
});

const TAKEN = row({ success: true });

test.each<[string, TransportReply | TransportFailure, number]>([
  ["no answer", LOST, 3],
  ["no connection", { failed: "not-sent", cause: "ECONNREFUSED" }, 3],
  ["a 500", reply(500, "{}"), 3],
  ["a 429 page", reply(429, BODIES["a page"] ?? ""), 3],
  ["a page with status 200", reply(200, "<html>"), 3],
  ["a 401", reply(401, "Unauthorized\n"), 2],
  ["a 400", reply(400, BODIES["its error JSON"] ?? ""), 1],
])("a cancel that meets %s is asked for again as often as it may", async (_, bad, sends) => {
  const never = await cancel([bad, bad, bad, bad]);
  expect([never.fault, never.requests.length]).toEqual([true, sends]);
  if (sends === 1) return;
  const second = await cancel([bad, TAKEN]);
  expect([second.row?.answer, second.requests.length]).toEqual(["taken", 2]);
  const tokens = second.requests.map((each) => Reflect.get(each.headers, "authorization"));
  expect(new Set(tokens).size).toBe(2);
});

test.each(names.flatMap((first) => names.map((second) => [first, second] as const)))(
  "a cancel that meets %s and then %s may have been taken by either",
  async (first, second) => {
    const bad = [first, second, second].map((name) => MEETINGS[name] ?? LOST);
    const ids = Array.from({ length: 101 }, (__, index) => venueOrderId(`o-${index}`));
    const { transport, road: http, time, requests } = road([]);
    const taken = reply(200, { results: [{ order_id: "o-100", success: true }] });
    transport.request = async (request) => {
      requests.push(request);
      const isLast = String(request.body).includes('"o-100"');
      return isLast ? taken : (bad[requests.length - 1] ?? LOST);
    };
    const pending = cancelOrders(http, ids);
    await time.advance(60_000);
    const rows = await pending;
    if (!rows.ok) throw new Error("a chunk was answered");
    const met = [first, second, second].slice(0, requests.length - 1);
    const said = met.every((name) => NO.has(name)) ? "refused" : "unknown";
    expect(rows.value.get(ID)?.answer).toBe(said);
  },
);

test.each<[string, TransportReply | TransportFailure, string]>([
  ["lost", LOST, "unknown"],
  ["answered with a page", reply(403, BODIES["a page"] ?? ""), "unknown"],
  ["refused by the API", reply(400, BODIES["its error JSON"] ?? ""), "refused"],
  ["never sent", { failed: "not-sent", cause: "ECONNREFUSED" }, "refused"],
])(
  "the rows of a chunk that is %s say so, beside the chunk that was taken",
  async (_, bad, said) => {
    const ids = Array.from({ length: 101 }, (__, index) => venueOrderId(`o-${index}`));
    const last = reply(200, { results: [{ order_id: "o-100", success: true }] });
    const sends = "status" in bad ? 1 : 3;
    const { road: http, time } = road([...Array.from({ length: sends }, () => bad), last]);
    const pending = cancelOrders(http, ids);
    await time.advance(60_000);
    const rows = await pending;
    if (!rows.ok) throw new Error("a chunk was answered");
    expect(rows.value.get(ID)?.answer).toBe(said);
    expect(rows.value.get(venueOrderId("o-100"))?.answer).toBe("taken");
  },
);
