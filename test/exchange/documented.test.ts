/** Whatever the exchange says has the documented keys, and whatever is documented to be sent it takes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Json, limit, market, orderBody } from "./caller.ts";
import { FRAMES, type Keys, REST } from "./documented.ts";
import { ask, inProcess, listen, type Reached, subscribe } from "./reached.ts";
import { vector } from "./vectors.ts";

const folder = mkdtempSync(join(tmpdir(), "documented-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The keys of every object below, by path; those of a list's elements together. */
function keysOf(value: unknown, at = "", into = new Map<string, Set<string>>()) {
  if (Array.isArray(value)) for (const each of value) keysOf(each, `${at}[]`, into);
  else if (typeof value === "object" && value !== null) {
    const known = into.get(at) ?? new Set<string>();
    into.set(at, known);
    for (const [key, each] of Object.entries(value)) {
      known.add(key);
      keysOf(each, at === "" ? key : `${at}.${key}`, into);
    }
  }
  return into;
}

/** Each object that is documented is there, with all of its keys and no others. */
function compare(name: string, value: unknown, documented: Keys): void {
  const found = keysOf(value);
  for (const [at, text] of Object.entries(documented)) {
    const words = text.split(/\s+/).filter((word) => word !== "");
    const ours = [...(found.get(at) ?? [])].sort();
    const may = new Set(words.map((word) => word.replace("?", "")));
    const must = words.filter((word) => !word.endsWith("?")).sort();
    expect([name, at, ours.filter((key) => !may.has(key))]).toEqual([name, at, []]);
    expect([name, at, must.filter((key) => !ours.includes(key))]).toEqual([name, at, []]);
  }
}

async function lived(): Promise<Reached> {
  const on = await inProcess({ keyFolder: folder, balances: { BTC: "1", USD: "100000" } });
  const { control } = on.exchange;
  for (const price of ["100", "104.5", "99.25"]) control.trade("BTC-USD", price, "0.5");
  control.trade("ETH-USD", "10");
  return on;
}

async function told(on: Reached, method: "GET" | "POST", path: string, body?: unknown) {
  const reply = await ask(on, method, path, { body });
  if ("failed" in reply) throw new Error(reply.failed);
  return reply.json;
}

test("every reply of REST has the documented keys, and only those", async () => {
  const on = await lived();
  const now = Math.floor(Date.now() / 1000);
  const seen = new Map<string, Json>();
  const get = async (name: string, path: string): Promise<Json> => {
    const json = await told(on, "GET", path);
    seen.set(name, json);
    return json;
  };
  const post = async (name: string, path: string, body: unknown): Promise<Json> => {
    const json = await told(on, "POST", path, body);
    seen.set(name, json);
    return json;
  };
  await told(on, "POST", "/orders", orderBody({ configuration: market({ quote_size: "50" }) }));
  const resting = { configuration: limit("1", "50.00") };
  const created = await post("create", "/orders", orderBody(resting));
  const id = String((created["success_response"] as Json)["order_id"]);
  const { client_order_id: _none, ...preview } = orderBody(resting);
  await post("create refused", "/orders", orderBody({ configuration: limit("1", "50.001") }));
  await post("preview", "/orders/preview", preview);
  await post("edit preview", "/orders/edit_preview", { order_id: id, price: "51.00", size: "1" });
  await post("edit", "/orders/edit", { order_id: id, price: "51.00", size: "1" });
  await post("edit refused", "/orders/edit", { order_id: "nobody", price: "51.00", size: "1" });
  await get("order", `/orders/historical/${id}`);
  await post("cancel", "/orders/batch_cancel", { order_ids: [id, "nobody"] });
  const accounts = await get("accounts", "/accounts");
  const [account] = accounts["accounts"] as Json[];
  await get("account", `/accounts/${account?.["uuid"]}`);
  const span = `granularity=ONE_MINUTE&start=${now - 300}&end=${now + 60}`;
  for (const [name, path] of [
    ["time", "/time"],
    ["permissions", "/key_permissions"],
    ["products", "/products"],
    ["product", "/products/BTC-USD"],
    ["book", "/product_book?product_id=BTC-USD"],
    ["best bid and ask", "/best_bid_ask"],
    ["candles", `/products/BTC-USD/candles?${span}`],
    ["trades", "/products/BTC-USD/ticker?limit=2"],
    ["summary", "/transaction_summary"],
    ["portfolios", "/portfolios"],
    ["orders", "/orders/historical/batch"],
    ["fills", "/orders/historical/fills"],
    ["not found", "/orders/historical/nobody"],
  ] as const) {
    await get(name, path);
  }
  for (const [name, keys] of Object.entries(REST)) compare(name, seen.get(name), keys);
  expect([...seen.keys()].sort()).toEqual(Object.keys(REST).sort());
  await on.close();
});

test("every frame has the documented keys, and only those", async () => {
  const on = await lived();
  const [prices, user] = [listen(on, on.exchange.ws), listen(on, on.exchange.wsUser)];
  await on.until("two sockets", () => prices.opened && user.opened);
  const channels = Object.keys(FRAMES).map((name) => (name === "l2_data" ? "level2" : name));
  const own = ["user", "futures_balance_summary"];
  for (const channel of channels) {
    if (channel !== "subscriptions" && !own.includes(channel))
      await subscribe(on, prices, channel, ["BTC-USD"]);
  }
  for (const channel of own) await subscribe(on, user, channel, []);
  await told(on, "POST", "/orders", orderBody({ configuration: limit("1", "50.00") }));
  on.exchange.control.trade("BTC-USD", "103");
  await on.until("a beat", () => prices.lines.some((line) => line.includes("heartbeats")));
  await on.until("an order", () => user.lines.some((line) => line.includes("OPEN")));
  for (const [name, keys] of Object.entries(FRAMES)) {
    const frames = [...prices.frames, ...user.frames].filter((each) => each["channel"] === name);
    const from = name === "subscriptions" ? prices.frames.filter(isAck).slice(-1) : frames;
    expect([name, from.length > 0]).toEqual([name, true]);
    for (const frame of from) if (full(frame)) compare(name, frame, keys);
  }
  await on.close();
});

const isAck = (frame: Json): boolean => frame["channel"] === "subscriptions";
/** An empty snapshot shows no keys of what it lists. */
const full = (frame: Json): boolean => !JSON.stringify(frame).includes('"orders":[]');

const REQUESTS: readonly (readonly [string, string])[] = [
  ["create-limit-gtc", "/orders"],
  ["create-market-quote", "/orders"],
  ["create-stop-limit-gtc", "/orders"],
  ["create-limit-gtd", "/orders"],
  ["create-sor-limit-ioc", "/orders"],
  ["create-limit-fok", "/orders"],
  ["create-bracket-gtc", "/orders"],
  ["preview-order", "/orders/preview"],
  ["convert-quote", "/convert/quote"],
  ["edit-order", "/orders/edit"],
  ["batch-cancel", "/orders/batch_cancel"],
];

test("every recorded request is taken as it is, but for ids and times of its day", async () => {
  const on = await inProcess({ keyFolder: folder, balances: { BTC: "1", USD: "100000" } });
  on.exchange.control.trade("BTC-USD", "65000");
  const later = new Date(Date.now() + 3_600_000).toISOString();
  let placed = "";
  for (const [name, path] of REQUESTS) {
    const body = JSON.parse(
      JSON.stringify(vector(`rest/request.${name}.json`))
        .replace(/"end_time":"[^"]*"/, `"end_time":"${later}"`)
        .replace("b4a5f1de-7c06-4b11-9d3e-5f2a8c9e0d11", placed),
    ) as Json;
    if ("client_order_id" in body) body["client_order_id"] = name;
    const json = await told(on, "POST", path, body);
    const created = json["success_response"] as Json | undefined;
    if (placed === "" && created !== undefined) placed = String(created["order_id"]);
    const [first] = (json["results"] ?? []) as Json[];
    const took = json["success"] ?? first?.["success"] ?? json["errs"] ?? json["trade"];
    expect([name, took]).toEqual([
      name,
      path.endsWith("preview") ? [] : "trade" in json ? expect.any(Object) : true,
    ]);
  }
  const statuses = on.exchange.ledger.orders.map(({ type, status }) => [type, status]);
  expect(statuses).toEqual([
    ["limit_limit_gtc", expect.stringMatching(/^CANCEL/)],
    ["market_market_ioc", "FILLED"],
    ["stop_limit_stop_limit_gtc", "OPEN"],
    ["limit_limit_gtd", "OPEN"],
    ["sor_limit_ioc", "FILLED"],
    ["limit_limit_fok", "FILLED"],
    ["trigger_bracket_gtc", "OPEN"],
  ]);
  await on.close();
});

test("every recorded subscription is taken as it is, but for the token", async () => {
  const on = await lived();
  const [prices, user] = [listen(on, on.exchange.ws), listen(on, on.exchange.wsUser)];
  await on.until("two sockets", () => prices.opened && user.opened);
  const acks = [prices, user].map((each) => () => {
    const [event] = (each.frames.filter(isAck).at(-1)?.["events"] ?? []) as Json[];
    return event?.["subscriptions"];
  });
  for (const name of ["subscribe-level2", "subscribe-heartbeats", "unsubscribe"]) {
    const { jwt: _jwt, ...message } = vector(`ws/request.${name}.json`) as Json;
    prices.send(message);
  }
  const { product_ids: names } = vector("ws/request.subscribe-user.json") as Json;
  await subscribe(on, user, "user", names as string[]);
  await on.until("three answers", () => prices.frames.filter(isAck).length === 3);
  expect(acks[0]?.()).toEqual({ level2: ["BTC-USD"], heartbeats: ["heartbeats"] });
  expect(acks[1]?.()).toEqual({ user: [expect.stringMatching(/^[0-9a-f-]{36}$/)] });
  await on.close();
});
