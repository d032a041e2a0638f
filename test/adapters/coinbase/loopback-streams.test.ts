/** The streams over real sockets against the loopback exchange: what frame faults and a dead endpoint leave behind. */
// The exchange does what it is told; everything waits for what is heard.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Coinbase } from "../../../src/adapters/coinbase/open-coinbase.ts";
import { netTransport } from "../../../src/adapters/net/net-transport.ts";
import { systemClock } from "../../../src/adapters/system/clock.ts";
import { intentId, orderId, productId } from "../../../src/core/kernel/ids.ts";
import { decimal, price, size } from "../../../src/core/kernel/money.ts";
import { later } from "../../../src/core/kernel/time.ts";
import { type Exchange, startExchange } from "../../../src/exchange/exchange.ts";
import type { MarketInput } from "../../../src/ports/feed.ts";
import type { AccountInput } from "../../../src/ports/venue.ts";
import { keyOf, openLoopback } from "../../kit/loopback-coinbase.ts";
import { memoryLog } from "./world.ts";

const BTC = productId("BTC-USD");
/** Nobody listens there. */
const DEAD = "ws://127.0.0.1:9";
const keyFolder = mkdtempSync(join(tmpdir(), "claudbot-keys-"));
const net = netTransport();
const log = memoryLog();
const heard: (MarketInput | AccountInput)[] = [];
let exchange: Exchange;
let coinbase: Coinbase;

async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`never happened: ${what}\n${inspect(log.lines)}`);
    await new Promise((next) => setTimeout(next, 10));
  }
}

beforeAll(async () => {
  exchange = await startExchange({ market: "manual", keyFolder });
  exchange.control.trade("BTC-USD", "65000.00");
  coinbase = openLoopback(
    { ...exchange, wsUser: DEAD },
    { key: keyOf(exchange), log, transport: net },
  );
  coinbase.venue?.start((input) => heard.push(input));
  coinbase.feed.start((input) => heard.push(input));
});

afterAll(async () => {
  await coinbase.close();
  await net.close();
  await exchange.close();
  rmSync(keyFolder, { recursive: true, force: true });
});

/** The best levels as last heard. */
function best(): readonly string[] {
  const depth = heard.filter((input) => input.kind === "market.depth").at(-1);
  if (depth?.kind !== "market.depth") return [];
  return [...depth.depth.bids, ...depth.depth.asks].map(
    (level) => `${decimal(level.price)}:${decimal(level.size)}`,
  );
}

const quoted = (bid: number): readonly string[] => [`${bid}:1`, `${bid + 1}:2`];
const quote = (bid: number): void =>
  exchange.control.quote("BTC-USD", { bids: [[String(bid), "1"]], asks: [[String(bid + 1), "2"]] });

test.each(["dropFrames", "duplicateFrames", "swapFrames"] as const)(
  "after %s on the book's channel the book is the exchange's again",
  async (fault) => {
    await until("a book", () => best().length > 0);
    const before = heard.length;
    exchange.control[fault](1, ["market"], "l2_data");
    quote(60_000);
    quote(60_010);
    await until(`${quoted(60_010)}`, () => String(best()) === String(quoted(60_010)));
    quote(60_020);
    await until(`${quoted(60_020)}`, () => String(best()) === String(quoted(60_020)));
    const broken = heard
      .slice(before)
      .filter((input) => input.kind === "feed.broken" && input.stream === "market");
    expect(broken.length > 0).toBe(fault !== "duplicateFrames");
  },
);

test("with the account endpoint down, fills are heard on the market endpoint", async () => {
  await until("the account stream alive", () =>
    heard.some((input) => input.kind === "feed.alive" && input.stream === "user"),
  );
  const at = systemClock.now();
  quote(60_030);
  const answer = await coinbase.venue?.place({
    id: orderId("testdepl-00000001"),
    intent: intentId("i1"),
    strategy: "test",
    product: BTC,
    side: "buy",
    purpose: "entry",
    size: size("0.01"),
    limit: price("60040"),
    timeInForce: "ioc",
    reference: price("60031"),
    plannedAt: at,
    validUntil: later(at, 10_000),
    stopBps: null,
    takeBps: null,
  });
  expect(answer?.kind).toBe("accepted");
  const filled = await until("the fill", () =>
    heard.find(
      (input) => input.kind === "order.observed" && input.observation.progress === "filled",
    ),
  );
  expect(filled).toMatchObject({
    observation: { source: "stream", executed: { size: size("0.01") } },
  });
  expect(log.lines).toContainEqual(
    expect.objectContaining({
      fields: expect.objectContaining({ stream: "user", endpoint: "market" }),
    }),
  );
});
