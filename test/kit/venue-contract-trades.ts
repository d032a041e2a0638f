/** What every venue promises of executions: the trades prove the order, and the account's trades name whose they are. */
import { expect, test } from "vitest";
import { type VenueOrderId, venueOrderId } from "../../src/core/kernel/ids.ts";
import { NO_SIZE, price, quote, size, sum } from "../../src/core/kernel/money.ts";
import { type Instant, instant } from "../../src/core/kernel/time.ts";
import type { Observation, Plan, Trade } from "../../src/core/order/state.ts";
import type { VenueKind, VenueScene } from "./venue-scene.ts";

type Now = () => VenueScene;
interface Proof {
  readonly observation: Observation;
  readonly trades: readonly Trade[];
}

async function proved({ venue, time }: VenueScene, of: Plan, id: VenueOrderId): Promise<Proof> {
  const proof = await time.ended(venue.prove(of.id, id, of.product));
  if (!proof.ok) throw new Error(proof.error.detail);
  return proof.value;
}

async function traded({ venue, time }: VenueScene, since: Instant): Promise<readonly Trade[]> {
  const all = await time.ended(venue.trades(since));
  if (!all.ok) throw new Error(all.error.detail);
  return all.value;
}

const sums = (trades: readonly Trade[]) => ({
  executed: {
    size: sum(trades.map((trade) => trade.size)),
    value: sum(trades.map((trade) => trade.value)),
    fees: sum(trades.map((trade) => trade.fee)),
  },
  count: trades.length,
});
const once = (trades: readonly Trade[]): boolean =>
  new Set(trades.map(({ entry }) => entry)).size === trades.length;

const LONG_AGO = instant(Date.UTC(2026, 10, 18));
/** Below the market. */
const waiting = { timeInForce: "gtc", limit: price("64000") } as const;

export function proving(now: Now): void {
  test("an order that walked the book proves to one trade a level, and they add up to what it executed", async () => {
    const scene = now();
    await scene.quote(
      [["64990", "5"]],
      [
        ["65000", "0.01"],
        ["65010", "5"],
      ],
    );
    const of = scene.plan("a", { limit: price("65020") });
    const id = await scene.placed(of);
    const { observation, trades } = await proved(scene, of, id);
    expect(observation).toMatchObject({ order: of.id, venueId: id, source: "read", count: 2 });
    expect(observation).toMatchObject(sums(trades));
    expect(once(trades)).toBe(true);
    const told = trades.toSorted((a, b) => Number(a.price - b.price));
    expect(told).toMatchObject([
      { price: price("65000"), size: size("0.01"), value: quote("650"), fee: quote("7.8") },
      { price: price("65010"), size: size("0.01"), value: quote("650.1"), fee: quote("7.8012") },
    ]);
    const own = { order: of.id, venueId: id, product: of.product, side: "buy" };
    for (const trade of trades) {
      expect(trade).toMatchObject({ ...own, liquidity: "taker", adjustment: false });
      expect(trade.at >= of.plannedAt && trade.at <= scene.time.clock.now()).toBe(true);
    }
  });

  test("one that waited proves to what it got so far, and later to all of it, each trade under the name it had", async () => {
    const scene = now();
    const of = scene.plan("a", waiting);
    const id = await scene.placed(of);
    await scene.quote(
      [["63900", "1"]],
      [
        ["63990", "0.005"],
        ["64010", "5"],
      ],
    );
    const part = await proved(scene, of, id);
    expect(part.observation).toMatchObject({ progress: "open", ...sums(part.trades) });
    expect(part.trades).toMatchObject([{ size: size("0.005"), liquidity: "maker" }]);
    scene.exchange.control.trade("BTC-USD", "63900");
    await scene.time.pass(1000);
    const whole = await proved(scene, of, id);
    expect(whole.observation).toMatchObject({ progress: "filled", ...sums(whole.trades) });
    expect(once(whole.trades)).toBe(true);
    expect(whole.trades).toEqual(expect.arrayContaining([...part.trades]));
  });

  test("an order that never traded proves to no trades, whether it waits or is over", async () => {
    const scene = now();
    const of = scene.plan("a", waiting);
    const id = await scene.placed(of);
    const none = { count: 0, executed: { size: NO_SIZE } };
    expect(await proved(scene, of, id)).toMatchObject({ observation: none, trades: [] });
    await scene.cancelled(id);
    const { observation, trades } = await proved(scene, of, id);
    expect(observation).toMatchObject({ ...none, progress: "cancelled" });
    expect(trades).toEqual([]);
  });

  test.each<[string, Partial<Plan>]>([
    ["an immediate buy", {}],
    ["a buy that waits", waiting],
    ["a sale that waits", { side: "sell", limit: price("66000.01"), timeInForce: "gtc" }],
  ])("what was ordered comes back as it was planned: %s", async (_what, over) => {
    const scene = now();
    const of = scene.plan("a", { size: size("0.01234567"), ...over });
    const id = await scene.placed(of);
    const { product, side, limit, timeInForce } = of;
    const terms = { product, side, size: of.size, limit, timeInForce };
    const { observation } = await proved(scene, of, id);
    expect(observation.terms).toEqual(terms);
    expect((await scene.found(of))?.terms).toEqual(terms);
    const { orders } = await scene.listed();
    expect(orders.map((order) => [order.terms, order.count])).toEqual(
      orders.map(() => [terms, observation.count]),
    );
  });

  test("an order that the venue does not know proves nothing", async () => {
    const scene = now();
    const never = venueOrderId("0d7e9a1c-0000-4000-8000-000000000000");
    const of = scene.plan("never");
    const proof = await scene.time.ended(scene.venue.prove(of.id, never, of.product));
    expect(proof).toMatchObject({ ok: false, error: { kind: "refused" } });
  });
}

export function trading(now: Now, kind: VenueKind): void {
  test("the trades of a time are those of all orders, each once and with its order's name", async () => {
    const scene = now();
    const plans = [scene.plan("a"), scene.plan("b", { side: "sell", limit: price("64000") })];
    const proofs: Trade[] = [];
    for (const of of plans) {
      proofs.push(...(await proved(scene, of, await scene.placed(of))).trades);
    }
    const all = await traded(scene, LONG_AGO);
    expect(all).toHaveLength(2);
    expect(all).toEqual(expect.arrayContaining(proofs));
    // The same asked again is the same told.
    expect(await traded(scene, LONG_AGO)).toEqual(all);
  });

  test("what executed long before the asked moment is not told, and what came after it is", async () => {
    const scene = now();
    await scene.placed(scene.plan("old"));
    await scene.time.pass(400_000);
    await scene.quote([["64990", "5"]], [["65000", "5"]]);
    const fresh = scene.plan("fresh");
    await scene.placed(fresh);
    const names = (await traded(scene, fresh.plannedAt)).map(({ order }) => order);
    expect(names).toEqual([fresh.id]);
  });

  test("an order that somebody else placed is foreign, with what it may cost, and its trades are of no order of ours", async () => {
    const scene = now();
    const { control } = scene.exchange;
    const rest = { product: "BTC-USD", side: "BUY", size: "0.01", limit: "60000" } as const;
    const venueId = control.placeElsewhere(rest);
    const filled = control.placeElsewhere({ ...rest, limit: "65000", clientId: "by-hand" });
    await scene.time.pass(1000);
    const sees = kind !== "paper";
    const { foreign } = await scene.listed();
    const known = new Map(foreign.map((each) => [each.venueId as string, each]));
    const side = "buy";
    const live = { clientId: "", side, live: true, worth: quote("600") };
    const over = { clientId: "by-hand", side, live: false, worth: NO_SIZE };
    expect(known.get(venueId)).toEqual(sees ? expect.objectContaining(live) : undefined);
    expect(known.get(filled)).toEqual(sees ? expect.objectContaining(over) : undefined);
    const trades = await traded(scene, LONG_AGO);
    expect(trades.map((trade) => [trade.order, trade.venueId, trade.size])).toEqual(
      sees ? [[null, filled, size("0.01")]] : [],
    );
  });

  test("while a trade is not in the books yet the order's count is ahead of its trades, and then they agree", async () => {
    const scene = now();
    scene.exchange.control.setLags({ fillsMs: 5000 });
    const of = scene.plan("a");
    const id = await scene.placed(of);
    const early = await proved(scene, of, id);
    const late = kind === "coinbase" ? 0 : 1;
    expect([early.observation.count, early.trades.length]).toEqual([1, late]);
    expect(await traded(scene, of.plannedAt)).toHaveLength(late);
    await scene.time.pass(5000);
    const { observation, trades } = await proved(scene, of, id);
    expect(observation).toMatchObject(sums(trades));
    expect(await traded(scene, of.plannedAt)).toEqual(trades);
  });

  test("a venue whose books cannot be read is a fault, never an order or a time without trades", async () => {
    const scene = now();
    const of = scene.plan("a");
    const id = await scene.placed(of);
    scene.exchange.control.failNext("*", "500-json", 100);
    const proof = await scene.time.ended(scene.venue.prove(of.id, id, of.product));
    const all = await scene.time.ended(scene.venue.trades(LONG_AGO));
    const fault = { ok: false, error: { kind: "unavailable" } };
    // What is kept inside the program can always be read; of the account's books only paper needs none.
    expect(proof).toMatchObject(kind === "coinbase" ? fault : { ok: true });
    expect(all).toMatchObject(kind === "paper" ? { ok: true } : fault);
  });
}
