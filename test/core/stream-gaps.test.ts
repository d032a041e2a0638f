/** Gaps that nobody tells: a listing read inside one, a machine that slept, a product that fell silent by itself. */
import { expect, test } from "vitest";
import { newState, type State } from "../../src/core/engine/state.ts";
import { deskView } from "../../src/core/engine/view.ts";
import { productId } from "../../src/core/kernel/ids.ts";
import { price, quote, size } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { isLive } from "../../src/core/market/series.ts";
import {
  BTC,
  DeskScript,
  listing,
  POLICY,
  PRODUCT,
  puppet,
  START,
  settings,
} from "../kit/desk-script.ts";

const rules = (desk: DeskScript): readonly string[] =>
  desk
    .said("intent.vetoed")
    .at(-1)
    ?.vetoes.map(({ rule }) => rule) ?? [];
const opened = () => {
  const desk = new DeskScript().hearing(START);
  desk.put({ kind: "desk.opened", mode: "demo", name: "d", version: "t", run: "r" });
  return desk;
};

test("a listing that was read inside a gap of the account stream is none from after it", () => {
  const desk = DeskScript.ready().put({ kind: "feed.broken", stream: "user", cause: "closed" });
  desk.tick(5000).listed();
  expect(desk.state.sight.reconciled).toBe(false);
  desk.wait(4000).alive().quote("99.99", "100.01").want("long");
  expect([desk.asked("place"), rules(desk)]).toEqual([[], ["reconciled"]]);
  desk.listed().wait(1000).quote("99.99", "100.01").want("long");
  expect(desk.asked("place")).toHaveLength(1);
});

test("a listing from before the account stream's first word is none from after it", () => {
  const desk = opened().put({ kind: "venue.listed", listing: listing() });
  desk.trade("100").wait(3000).alive().quote("99.99", "100.01").tick(0).want("long");
  expect([desk.asked("place"), rules(desk)]).toEqual([[], ["reconciled"]]);
});

test("stops are kept by the positions of a first listing even while the account stream does not open", () => {
  const desk = opened().put({ kind: "venue.listed", listing: listing() });
  desk.quote("99.99", "100.01");
  expect(desk.state.sight).toMatchObject({ reconciled: false, everReconciled: true });
});

test("a listing after a gap that does not come is asked for again every five seconds, and never faster", () => {
  const desk = DeskScript.ready().put({ kind: "feed.broken", stream: "user", cause: "closed" });
  const count = (): number => desk.asked("list").length;
  desk.wait(1000).alive();
  const before = count();
  for (let i = 0; i < 40; i += 1) desk.tick(250);
  expect(count() - before).toBe(2);
  desk.put({ kind: "feed.broken", stream: "user", cause: "closed" });
  const inside = count();
  for (let i = 0; i < 80; i += 1) {
    const asked = count();
    desk.tick(250);
    if (count() > asked) desk.listed();
  }
  expect(count() - inside).toBeLessThanOrEqual(5);
});

test("after a machine slept nothing that it believed of the market counts, and the gap is told", () => {
  const desk = DeskScript.ready().beats(5000).tick(0);
  const shown: number[] = [];
  Object.assign(desk.strategy, { decide: () => void shown.push(desk.now) });
  desk.wait(300_000).put({ kind: "feed.alive", stream: "market" });
  desk.quote("99.99", "100.01").tick(0);
  const market = desk.state.sight.markets.get(BTC);
  expect([market && isLive(market), shown]).toEqual([false, []]);
  expect(desk.said("feed.broke")).toMatchObject([
    { stream: "market", cause: "nothing heard for 300 s" },
  ]);
  expect(desk.said("feed.recovered")).toMatchObject([{ stream: "market", silentMs: 300_000 }]);
  desk.put({ kind: "feed.alive", stream: "user" });
  expect(desk.state.sight.reconciled).toBe(false);
});

test.each([
  [10_000, 0],
  [10_001, 1],
])("%i ms without a word of a stream are %i breaks", (ms, breaks) => {
  const desk = DeskScript.ready().alive();
  desk.wait(ms).quote("99.99", "100.01");
  expect(desk.said("feed.broke")).toHaveLength(breaks);
});

const ETH = productId("ETH-USD");
/** A desk that holds one product and trades another. */
function holdingEther(): DeskScript {
  const [own] = POLICY.per_symbol.values();
  if (!own) throw new Error("the policy names a product");
  const policy = {
    ...POLICY,
    per_symbol: new Map([...POLICY.per_symbol, [ETH, own]]),
    allowed: { ...POLICY.allowed, products: [BTC, ETH] },
  };
  const strategy = puppet();
  const state: State = newState({ ...settings(strategy, policy), products: [BTC, ETH] });
  const desk = new DeskScript(policy, state);
  Object.assign(desk, { strategy });
  desk.hearing(START);
  desk.put({ kind: "desk.opened", mode: "demo", name: "d", version: "t", run: "r" });
  desk.put({ kind: "feed.alive", stream: "user" });
  const products = [PRODUCT, { ...PRODUCT, id: ETH }];
  desk.put({ kind: "venue.listed", listing: listing({ products }) });
  state.desk.positions.set(ETH, {
    product: ETH,
    size: size("1"),
    cost: quote("100"),
    fees: quote("0"),
    openedAt: START,
    strategy: "s",
    stop: price("90"),
    take: null,
  } as never);
  return desk;
}
const etherAt = (desk: DeskScript, bid: string): DeskScript =>
  desk.put({
    kind: "market.quote",
    product: ETH,
    bid: price(bid),
    ask: price("101"),
    bidSize: size("1"),
    askSize: size("1"),
  });

test("while something held has no price of late, entries are refused for want of a sum, and exits are not", () => {
  const desk = etherAt(holdingEther(), "100").trade("100");
  desk.beats(30_000).quote("99.99", "100.01").tick(0).want("long");
  expect(rules(desk)).toEqual(
    expect.arrayContaining(["position-notional", "gross-notional", "net-notional", "leverage"]),
  );
  expect(desk.asked("place")).toHaveLength(0);
  etherAt(desk, "89");
  expect(desk.asked("place").map(({ plan }) => plan.product)).toEqual([ETH]);
});

test("a product at stake whose price stays away for 30 s is told once, and when it has one again", () => {
  const desk = etherAt(holdingEther(), "100");
  const beat = (ms: number): DeskScript => desk.beats(ms).quote("99.99", "100.01").tick(0);
  beat(30_000);
  expect(desk.said("price.lost")).toEqual([]);
  beat(250);
  beat(20_000);
  expect(desk.said("price.lost")).toMatchObject([
    { product: ETH, silentMs: 30_250, holding: { stop: price("90") }, openOrders: 0 },
  ]);
  etherAt(desk, "100");
  beat(0);
  beat(0);
  expect(desk.said("price.recovered")).toEqual([
    { kind: "price.recovered", product: ETH, silentMs: 50_250 },
  ]);
});

test("the silence of a product of which nothing is at stake, or of the whole stream, is no news of its own", () => {
  const idle = holdingEther();
  idle.state.desk.positions.clear();
  expect(etherAt(idle, "100").beats(60_000).tick(0).said("price.lost")).toEqual([]);
  const broken = etherAt(holdingEther(), "100");
  broken.put({ kind: "feed.broken", stream: "market", cause: "gap" });
  expect(broken.tick(60_000).said("price.lost")).toEqual([]);
});

test("what is held is not valued by an old price: neither the day nor the peak is measured by it", () => {
  const desk = etherAt(holdingEther(), "100").quote("99.99", "100.01").tick(0);
  desk.beats(29_000).quote("99.99", "100.01").tick(0);
  expect(desk.said("risk.measured")).toHaveLength(1);
  desk.beats(60_000).quote("99.99", "100.01").tick(0);
  expect(desk.said("risk.measured")).toHaveLength(1);
  etherAt(desk, "100").tick(0);
  expect(desk.said("risk.measured")).toHaveLength(2);
});

test("a trade from before a break values nothing after it", () => {
  const desk = holdingEther().put({
    kind: "market.trade",
    product: ETH,
    price: price("100"),
    size: size("1"),
    time: START,
    tradeId: "1",
  });
  const worth = () => deskView(desk.state, instant(desk.now)).positions[0]?.worth;
  expect(worth()).toBe(quote("100"));
  desk.put({ kind: "feed.broken", stream: "market", cause: "gap" }).alive();
  expect(worth()).toBeNull();
});
