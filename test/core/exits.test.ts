/** Exits that do not come off at once: a wish to be flat stands, and a price that is none holds nothing up. */
import { expect, test } from "vitest";
import { decimal, price, quote, size } from "../../src/core/kernel/money.ts";
import { BTC, DeskScript, PRODUCT } from "../kit/desk-script.ts";
import { breakers, EXIT, HOLDING, limits, refusing, VIEW } from "../kit/risk-view.ts";

const held = (): DeskScript =>
  DeskScript.ready().want("long").accept().fill("100").wait(6000).alive().quote("99.99", "100.01");
const sales = (desk: DeskScript): string[] =>
  desk.asked("place").flatMap(({ plan }) => (plan.side === "sell" ? [plan.purpose] : []));
const vetoes = (desk: DeskScript): string[] =>
  desk.said("intent.vetoed").flatMap((said) => said.vetoes.map(({ rule }) => rule));

test("a wish to be flat that was vetoed is carried out with the next price that can be sold at", () => {
  const desk = held().beats(11_000).want("flat");
  for (let i = 0; i < 4; i += 1) desk.wait(1000).quote("99.99", "99.98");
  expect([vetoes(desk), sales(desk)]).toEqual([["stale-data"], []]);
  desk.wait(1000).quote("99.99", "100.01");
  expect(sales(desk)).toEqual(["signal-exit"]);
});

test("a wish to be flat is repeated, ever more rarely, until nothing is held, and each time under another id", () => {
  const desk = held().want("flat");
  for (let second = 0; second < 40; second += 1) {
    const { plan } = desk.asked("place").at(-1) ?? { plan: desk.lastPlan() };
    const order = desk.state.desk.orders.get(plan.id);
    if (order?.submission === "planned") {
      const answer = { kind: "rejected", reason: "odd", message: "" } as const;
      desk.put({ kind: "order.answered", order: plan.id, answer });
    }
    desk.wait(1000).alive().quote("99.99", "100.01");
  }
  const ids = desk.asked("place").map(({ plan }) => plan.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(sales(desk)).toHaveLength(5);
  desk.beats(60_000).quote("99.99", "100.01").accept().fill("99.9");
  expect(desk.state.desk.positions.size).toBe(0);
  desk.beats(60_000).quote("99.99", "100.01");
  expect([sales(desk).length, desk.state.sight.flatWishes.size]).toEqual([6, 0]);
});

test("a wish to be flat is taken back by one to be long", () => {
  const desk = held().beats(11_000).want("flat").want("long");
  desk.wait(1000).quote("99.99", "100.01").wait(5000).quote("99.99", "100.01");
  expect(sales(desk)).toEqual([]);
});

test("a stop goes before a wish to be flat", () => {
  const desk = held().beats(11_000).want("flat").wait(1000).quote("99.00", "99.02");
  expect(sales(desk)).toEqual(["stop"]);
});

test("a crossed or one-sided quote sells nothing, buys nothing, and does not make a true stop wait", () => {
  const desk = held();
  for (const [bid, ask] of [
    ["99", "98"],
    ["99", "99"],
    ["0", "98"],
  ] as const) {
    for (let i = 0; i < 8; i += 1) desk.wait(250).quote(bid, ask);
  }
  expect([sales(desk), vetoes(desk)]).toEqual([[], []]);
  desk.quote("99", "99.02");
  expect(sales(desk)).toEqual(["stop"]);
  const other = DeskScript.ready().quote("101", "100").want("long");
  expect(vetoes(other)).toContain("stale-data");
});

test("an exit that is under way is no failed one: once it came to nothing the next follows at once", () => {
  const desk = held().quote("99", "99.02").accept();
  const { id, size } = desk.lastPlan();
  for (let i = 0; i < 8; i += 1) desk.wait(1000).alive().quote("99", "99.02");
  expect([sales(desk), size > 0n]).toEqual([["stop"], true]);
  desk.put({
    kind: "order.observed",
    observation: {
      order: id,
      venueId: `v-${id}` as never,
      progress: "cancelled",
      executed: { size: 0n as never, value: 0n as never, fees: 0n as never },
      detail: "",
      source: "stream",
    },
  });
  desk.wait(1000).quote("99", "99.02");
  expect(sales(desk)).toEqual(["stop", "stop"]);
});

test("a wish to buy without a price to buy at is refused aloud, and without a product too", () => {
  const desk = DeskScript.ready();
  desk.put({ kind: "desk.opened", mode: "demo", name: "d", version: "t", run: "r" });
  const market = [...desk.state.sight.markets.values()][0];
  if (market) market.quote = null;
  desk.want("long");
  expect(desk.said("intent.vetoed")).toMatchObject([
    { intent: { side: "buy", size: 0n }, vetoes: [{ rule: "no-price", missing: "quote" }] },
  ]);
  const strange = DeskScript.ready();
  strange.state.desk.products.clear();
  expect(vetoes(strange.want("long"))).toEqual(["allow-list"]);
});

test("caps made stricter without a confirmation keep entries out, and do not shut the way out", () => {
  const desk = held();
  const set = (key: string, value: string): void => {
    desk.ask({ verb: "limits set", key, value });
    expect(desk.said("limit.changed").at(-1)).toMatchObject({ key, to: value });
  };
  set("circuit_breakers.stale_price_seconds", "0.001");
  set(`per_symbol.${BTC}.max_slippage_bps`, "0");
  desk.wait(6000).alive().wait(2000).want("flat");
  expect([vetoes(desk), sales(desk)]).toEqual([[], ["signal-exit"]]);
  const { limit, reference } = desk.lastPlan();
  expect(Number(decimal(limit)) / Number(decimal(reference))).toBeLessThanOrEqual(1 - 0.0014);
});

test("an exit is judged by no price older than ten seconds, and by no cap below what was approved", () => {
  const strict = breakers({ stale_price_seconds: 1 });
  const aged = (ms: number) => ({
    ...HOLDING,
    policy: strict,
    at: (VIEW.at + ms) as typeof VIEW.at,
  });
  expect(refusing(aged(10_000), EXIT)).not.toContain("stale-data");
  expect(refusing(aged(10_001), EXIT)).toContain("stale-data");
  expect(refusing(aged(1001))).toContain("stale-data");
  const tight = { ...HOLDING, policy: limits({ max_slippage_bps: 0 }) };
  const at = (limit: string) => ({ ...EXIT, limit: price(limit) });
  expect(refusing(tight, at("99.85"))).not.toContain("price-collar");
  expect(refusing(tight, at("99.80"))).toContain("price-collar");
  const wide = { ...tight, approved: limits({ max_slippage_bps: 40 }) };
  expect(refusing(wide, at("99.60"))).not.toContain("price-collar");
  expect(refusing(wide, at("99.58"))).toContain("price-collar");
  expect(refusing(tight)).toContain("price-collar");
});

const terms = (desk: DeskScript, changes: Partial<typeof PRODUCT>): DeskScript =>
  desk.listed({ products: [{ ...PRODUCT, ...changes }] });
const sizes = (desk: DeskScript): string[] =>
  desk.asked("place").flatMap(({ plan }) => (plan.side === "sell" ? [decimal(plan.size)] : []));

test("what an exit could not sell at its own limit is dust: it is left alone, without a word", () => {
  // Held for about 100: worth 99.98 at the bid, 99.83 at the limit of an exit.
  for (const [least, isDust] of [
    ["99.9", true],
    ["99.1", false],
  ] as const) {
    const desk = terms(held(), { minNotional: quote(least) });
    desk.want("flat");
    for (let i = 0; i < 20; i += 1) desk.wait(1000).alive().quote("99.99", "100.01");
    expect([vetoes(desk), sales(desk).length > 0]).toEqual([[], !isDust]);
  }
});

test("what is left beside a sale under way is no order of its own until that is over", () => {
  const desk = terms(held(), { minSize: size("0.01") });
  desk.want("flat");
  const plan = desk.lastPlan();
  const order = desk.accept().state.desk.orders.get(plan.id);
  const less = { ...plan, size: (plan.size - size("0.005")) as typeof plan.size };
  if (order) desk.state.desk.orders.set(plan.id, { ...order, plan: less });
  for (let i = 0; i < 8; i += 1) desk.wait(1000).alive().quote("99.99", "100.01");
  expect([vetoes(desk), sales(desk)]).toEqual([[], ["signal-exit"]]);
});

test("more than the venue takes in one order is sold in several, under ids of their own, and all of it", () => {
  // About one is held.
  for (const [changes, count] of [
    [{ maxSize: size("0.3") }, 4],
    [{ maxSize: size("2"), maxNotional: quote("50") }, 2],
    [{ maxSize: size("2") }, 1],
  ] as const) {
    const desk = terms(held(), changes).want("flat");
    const all = desk.state.desk.positions.get(BTC)?.size ?? 0n;
    const sold = desk.asked("place").filter(({ plan }) => plan.side === "sell");
    expect([vetoes(desk), sold.length]).toEqual([[], count]);
    expect(new Set(sold.map(({ plan }) => plan.id)).size).toBe(count);
    expect(sold.reduce((sum, { plan }) => sum + plan.size, 0n)).toBe(all);
    for (const { plan } of sold) desk.accept(plan).fill("99.9", plan);
    expect(desk.state.desk.positions.size).toBe(0);
  }
});

test("no more than ten at once, and the rest with the next look", () => {
  const desk = terms(held(), { maxSize: size("0.05"), minSize: size("0.01") }).want("flat");
  expect(sizes(desk)).toHaveLength(10);
  for (const { plan } of desk.asked("place").slice(1)) desk.accept(plan).fill("99.9", plan);
  desk.wait(1000).alive().quote("99.99", "100.01");
  expect(sizes(desk).length).toBeGreaterThan(15);
  expect(vetoes(desk)).toEqual([]);
});

test("a bound that nothing can keep is refused aloud", () => {
  const desk = terms(held(), { maxSize: size("0") }).want("flat");
  expect([vetoes(desk), sales(desk)]).toEqual([["minimums"], []]);
});
