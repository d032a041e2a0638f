/** A key is changed under a running client, on a loopback exchange, while orders flow and the old key is revoked at once. */
// What the exchange let in is counted where its answers pass. The first key is Ed25519, so that kind of key goes the whole way.
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signingKey } from "../../src/adapters/coinbase/keys.ts";
import type { Coinbase } from "../../src/adapters/coinbase/open-coinbase.ts";
import type { Permissions } from "../../src/adapters/coinbase/rest/key-permissions.ts";
import { netTransport } from "../../src/adapters/net/net-transport.ts";
import { systemClock } from "../../src/adapters/system/clock.ts";
import { type KeyWatch, watchKey } from "../../src/cli/key-watch.ts";
import type { Answer, Notice } from "../../src/core/engine/input.ts";
import { intentId, orderId, productId } from "../../src/core/kernel/ids.ts";
import { price, size } from "../../src/core/kernel/money.ts";
import { later } from "../../src/core/kernel/time.ts";
import type { Plan } from "../../src/core/order/state.ts";
import { type Exchange, startExchange } from "../../src/exchange/exchange.ts";
import type { Transport, TransportRequest } from "../../src/ports/transport.ts";
import { memoryLog } from "../adapters/coinbase/world.ts";
import { openLoopback } from "../kit/loopback-coinbase.ts";

const BTC = productId("BTC-USD");
const folder = mkdtempSync(join(tmpdir(), "claudbot-rotation-"));
const keyFile = join(folder, "key");
const net = netTransport();
const log = memoryLog();
const notices: Extract<Notice, { kind: "security" }>[] = [];
let exchange: Exchange;
let coinbase: Coinbase;
let watch: KeyWatch;
let known: Permissions | null = null;
let placed = 0;

/** In front of the exchange: holds creates back, and counts what was let in by key. */
const gate = {
  /** Creates. */
  refused: 0,
  letIn: [] as { readonly key: string; readonly call: string }[],
  subscribed: [] as string[],
  /** Creates wait for it. */
  held: null as Promise<void> | null,
  holding: 0,
};
const keyOf = (token: string): string => decodeProtectedHeader(token).kid ?? "";

const guarded: Transport = {
  ...net,
  async request(request: TransportRequest) {
    const token = request.headers["authorization"]?.replace("Bearer ", "");
    const key = token === undefined ? null : keyOf(token);
    const call = `${request.method} ${new URL(request.url).pathname.split("/").at(-1)}`;
    if (gate.held && call === "POST orders") {
      gate.holding += 1;
      await gate.held;
    }
    const reply = await net.request(request);
    if (call === "POST orders" && "status" in reply && reply.status === 401) gate.refused += 1;
    if (key !== null && "status" in reply && reply.status < 300) gate.letIn.push({ key, call });
    return reply;
  },
  openSocket(url, handlers) {
    const socket = net.openSocket(url, handlers);
    return {
      ...socket,
      send: (text) => {
        gate.subscribed.push(keyOf(JSON.parse(text).jwt));
        socket.send(text);
      },
    };
  },
};

const nameOf = (nth: number): string => exchange.keys[nth]?.keyName ?? "";

/** Replaces the file whole, as whoever rotates a key does. */
function putKey(nth: number): void {
  const { keyName = "", privateKeyFile = "" } = exchange.keys[nth] ?? {};
  writeFileSync(`${keyFile}.new`, `${keyName}\n${readFileSync(privateKeyFile, "utf8")}`, {
    mode: 0o600,
  });
  renameSync(`${keyFile}.new`, keyFile);
}

function plan(): Plan {
  placed += 1;
  const now = systemClock.now();
  return {
    id: orderId(`testdepl-${String(placed).padStart(8, "0")}`),
    intent: intentId(`i${placed}`),
    strategy: "test",
    product: BTC,
    side: "buy",
    purpose: "entry",
    size: size("0.001"),
    limit: price("60000"),
    timeInForce: "gtc",
    reference: price("60000"),
    plannedAt: now,
    validUntil: later(now, 60_000),
    stopBps: null,
    takeBps: null,
  };
}

async function until(what: string, look: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1000; turn += 1) {
    if (look()) return;
    await new Promise((next) => setTimeout(next, 10));
  }
  throw new Error(`never happened: ${what}\n${inspect(log.lines)}`);
}

function venue() {
  if (!coinbase.venue) throw new Error("there is a key");
  return coinbase.venue;
}

const lastKey = (): string | undefined => gate.letIn.at(-1)?.key;

beforeAll(async () => {
  exchange = await startExchange({
    market: "manual",
    keyFolder: join(folder, "keys"),
    keyKind: "ed25519",
    keys: [
      { kind: "ec", permissions: ["view", "trade"] },
      { kind: "ec", permissions: ["view", "trade", "transfer"] },
      { kind: "ed25519", permissions: ["view"] },
      { kind: "ec", permissions: ["view", "trade"] },
    ],
  });
  exchange.control.trade("BTC-USD", "65000.00");
  putKey(0);
  const secret = readFileSync(keyFile, "utf8");
  const key = signingKey({ name: null, secret });
  expect(key.algorithm).toBe("EdDSA");
  coinbase = openLoopback(exchange, { key, log, transport: guarded });
  const heard = { market: 0, account: 0 };
  coinbase.feed.start(() => {
    heard.market += 1;
  });
  venue().start(() => {
    heard.account += 1;
  });
  await until("both streams are live", () => heard.market > 0 && heard.account > 0);
  const source = {
    from: "file",
    setting: "COINBASE_KEY_FILE",
    path: keyFile,
    shown: "key",
    notIn: join(folder, "keys"),
  } as const;
  const permissions = await coinbase.permissions();
  known = permissions.ok ? permissions.value : null;
  watch = watchKey({
    profile: "live",
    source,
    key,
    coinbase,
    known: () => known,
    changed: (now) => {
      known = now;
    },
    notices: { note: (notice) => void (notice.kind === "security" && notices.push(notice)) },
    timers: { after: () => () => undefined, every: () => () => undefined, soon: setImmediate },
    log,
  });
});

afterAll(async () => {
  watch.stop();
  await coinbase.close();
  await net.close();
  await exchange.close();
  rmSync(folder, { recursive: true });
  expect(inspect([log.lines, notices], { depth: 10 })).not.toMatch(/eyJ|organizations\//);
});

test("an Ed25519 key signs requests and subscriptions that the exchange takes", () => {
  expect(known).toMatchObject({ canView: true, canTrade: true, canTransfer: false });
  expect(new Set(gate.subscribed)).toEqual(new Set([nameOf(0)]));
});

test("a file that did not change leaves the key alone", async () => {
  expect(await watch.look()).toBe("the API key is unchanged");
  expect(notices).toEqual([]);
});

test.each([
  ["may move money out", 2, /may move money out/],
  ["may not trade", 3, /may not trade/],
])(
  "a new key that %s is not taken over by live, is told once, and orders go on with the old one",
  async (_what, nth, why) => {
    notices.length = 0;
    putKey(nth);
    expect(await watch.look()).toMatch(why);
    await watch.look();
    expect(notices).toMatchObject([{ what: "key-refused", detail: expect.stringMatching(why) }]);
    expect(await venue().place(plan())).toMatchObject({ kind: "accepted" });
    expect(lastKey()).toBe(nameOf(0));
    putKey(0);
    await watch.look();
  },
);

test("a new key that the venue does not know is not taken over", async () => {
  notices.length = 0;
  exchange.control.revokeKey(nameOf(4));
  putKey(4);
  expect(await watch.look()).toMatch(/HTTP 401 .*allowlist/);
  expect(await venue().place(plan())).toMatchObject({ kind: "accepted" });
  expect(lastKey()).toBe(nameOf(0));
  expect(notices).toMatchObject([{ what: "key-refused" }]);
  putKey(0);
  await watch.look();
});

test("while orders flow the key is changed and the old one revoked: no order fails, none is doubled, and the new key signs all that follows", async () => {
  notices.length = 0;
  const [before, after] = [nameOf(0), nameOf(1)];
  const answers: Answer[] = [];
  let more = true;
  const flow = async (): Promise<void> => {
    while (more) answers.push(await venue().place(plan()));
  };
  const flows = [flow(), flow(), flow()];
  await until("orders flow", () => answers.length >= 5);
  // Two creates are signed by the old key and on their way when it is revoked.
  let release = (): void => undefined;
  gate.held = new Promise((resolve) => {
    release = resolve;
  });
  await until("creates are on their way", () => gate.holding >= 2);
  putKey(1);
  expect(await watch.look()).toMatch(/^the API key was changed to/);
  exchange.control.revokeKey(before);
  const letIn = gate.letIn.length;
  gate.held = null;
  release();
  const sofar = answers.length;
  await until("orders flow on", () => answers.length >= sofar + 5);
  more = false;
  await Promise.all(flows);

  expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(["accepted"]));
  expect(gate.refused).toBeGreaterThanOrEqual(2);
  const since = gate.letIn.slice(letIn);
  expect(since.length).toBeGreaterThan(5);
  expect(new Set(since.map(({ key }) => key))).toEqual(new Set([after]));
  const { orders, requests } = exchange.ledger;
  const ids = orders.map(({ clientOrderId }) => clientOrderId);
  expect(ids).toHaveLength(placed);
  expect(new Set(ids).size).toBe(placed);
  // A refused token is no second order: each was answered with one more sending and no more.
  expect(requests.creates).toBe(placed + gate.refused);
  expect(notices).toMatchObject([{ what: "key-changed", platform: "coinbase" }]);
  expect(notices[0]?.detail).toContain(after.split("/").at(-1)?.slice(0, 8));
});

test("the streams that stood go on, and the next subscription is signed by the new key", async () => {
  gate.subscribed.length = 0;
  exchange.control.closeSockets();
  await until("both streams subscribed anew", () => gate.subscribed.length >= 4);
  expect(new Set(gate.subscribed)).toEqual(new Set([nameOf(1)]));
});
