/** The law of bars: under random trades, breaks and answers of the venue, what is said to be trusted is what was traded. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { decimal, least, most, type Price, price, size } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Bar } from "../../src/core/market/candles.ts";
import { isLive } from "../../src/core/market/series.ts";
import { BarScript } from "../kit/bar-script.ts";
import { BTC, START } from "../kit/desk-script.ts";

const BAR_MS = 1000;
const STEP_MS = 50;
/** From the venue to us; frames keep their order. */
const TRAVEL_MS = 120;

interface Trade {
  readonly time: number;
  readonly price: number;
}

type Move =
  | { readonly kind: "trade"; readonly price: number }
  | { readonly kind: "pass"; readonly steps: number }
  | { readonly kind: "break" }
  /** `deaf`: how long trades are still missed after the stream's first word; `again`: how many missed ones it repeats. */
  | { readonly kind: "resume"; readonly deaf: number; readonly again: number }
  | { readonly kind: "answer"; readonly how: "all" | "none" | "old" | "few" };

const moves = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant("trade" as const),
        price: fc.integer({ min: 1, max: 9 }),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant("pass" as const),
        steps: fc.integer({ min: 1, max: 50 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("break" as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("resume" as const),
        deaf: fc.integer({ min: 0, max: 900 }),
        again: fc.integer({ min: 0, max: 3 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("answer" as const),
        how: fc.constantFrom("all" as const, "none" as const, "old" as const, "few" as const),
      }),
    },
  ),
  { minLength: 20, maxLength: 120 },
);

/** Every bar from the first trade on, as the full list of trades, oldest first, has them. */
function barsOf(trades: readonly Trade[], until: number): Map<number, Bar> {
  const bars = new Map<number, Bar>();
  const [first] = trades;
  if (!first) return bars;
  let next = 0;
  let before: Bar | null = null;
  for (let at = first.time - (first.time % BAR_MS); at + BAR_MS <= until; at += BAR_MS) {
    const from = next;
    while ((trades[next]?.time ?? until) < at + BAR_MS) next += 1;
    const prices = trades.slice(from, next).map((trade) => price(String(trade.price)));
    const open: Price = prices[0] ?? before?.close ?? price("0");
    const bar: Bar = {
      start: instant(at),
      open,
      high: prices.reduce(most, open),
      low: prices.reduce(least, open),
      close: prices.at(-1) ?? open,
      volume: size(String(prices.length)),
    };
    bars.set(at, bar);
    before = bar;
  }
  return bars;
}

/** A venue with a stream that breaks and a memory that does not, and a desk that hears it. */
class World extends BarScript {
  readonly trades: Trade[] = [];
  answered = 0;
  up = true;
  hearsFrom = 0;
  missed: Trade[] = [];
  wire: { readonly at: number; readonly trade: Trade | null }[] = [];

  constructor() {
    super(6);
  }

  send(trade: Trade | null): void {
    this.wire.push({ at: this.now + TRAVEL_MS, trade });
  }

  step(): void {
    this.now += STEP_MS;
    if (this.up && this.now % 500 === 0) this.send(null);
    while (this.wire[0] && this.wire[0].at <= this.now) {
      const { trade } = this.wire.shift() ?? { trade: null };
      if (!trade) this.put({ kind: "feed.alive", stream: "market" });
      else this.hear(trade);
    }
    if (this.now % 250 === 0) this.put({ kind: "clock.ticked" });
  }

  hear(trade: Trade): void {
    this.put({
      kind: "market.trade",
      product: BTC,
      price: price(String(trade.price)),
      size: size("1"),
      time: instant(trade.time),
      tradeId: String(this.seq),
    });
  }

  move(move: Move): void {
    if (move.kind === "pass") for (let i = 0; i < move.steps; i += 1) this.step();
    if (move.kind === "trade") {
      const trade = { time: this.now, price: move.price };
      this.trades.push(trade);
      if (this.up && this.now >= this.hearsFrom) this.send(trade);
      else this.missed.push(trade);
    }
    if (move.kind === "break" && this.up) {
      this.up = false;
      this.missed.push(...this.wire.flatMap(({ trade }) => trade ?? []));
      this.wire = [];
      this.put({ kind: "feed.broken", stream: "market", cause: "gap" });
    }
    if (move.kind === "resume" && !this.up) {
      this.up = true;
      this.hearsFrom = this.now + move.deaf;
      this.send(null);
      const again = move.again === 0 ? [] : this.missed.slice(-move.again);
      for (const trade of again) this.send(trade);
      this.missed = [];
    }
    if (move.kind === "answer") this.answer(move.how);
  }

  answer(how: Extract<Move, { kind: "answer" }>["how"]): void {
    const ask = this.asked("backfill")[this.answered];
    if (!ask) return;
    this.answered += 1;
    const all = [...barsOf(this.trades, this.now).values()].slice(-ask.count);
    const bars = { all, none: [], old: all.slice(0, -2), few: all.slice(-2) }[how];
    this.put({ kind: "market.history", product: BTC, bars, askedAt: ask.askedAt });
  }
}

const texts = new WeakMap<Bar, string>();
function inWords(bar: Bar): string {
  const known = texts.get(bar);
  if (known !== undefined) return known;
  const { start, open, high, low, close, volume } = bar;
  const text = `${start - START}: ${[open, high, low, close, volume].map(decimal).join(" ")}`;
  texts.set(bar, text);
  return text;
}

function check(world: World): void {
  const truth = barsOf(world.trades, world.now);
  /** The bars of the full list from the first of these on, as many as these are. */
  const agree = (bars: readonly Bar[]): void => {
    const first = bars[0]?.start ?? 0;
    const right = bars.map((_, index) => {
      const bar = truth.get(first + index * BAR_MS);
      return bar ? inWords(bar) : "not over, or before the first trade";
    });
    expect(bars.map(inWords).join("\n")).toBe(right.join("\n"));
  };
  agree(world.market.bars);
  agree(world.market.ahead);
  world.shown.forEach(agree);
  const newest = world.shown.map((bars) => bars.at(-1)?.start ?? 0);
  expect(newest).toEqual([...new Set(newest)].sort((a, b) => a - b));
}

test("every bar that is said to be trusted is the bar of the full list of trades, once each and without a gap", () => {
  let decided = 0;
  fc.assert(
    fc.property(moves, (list) => {
      const world = new World();
      world.now = START;
      world.send(null);
      for (const move of list) world.move(move);
      check(world);
      // Whatever happened: a stream that holds and a venue that answers make it whole again.
      world.move({ kind: "resume", deaf: 0, again: 0 });
      for (let second = 0; second < 130 && !isLive(world.market); second += 1) {
        world.move({ kind: "trade", price: 5 });
        world.move({ kind: "pass", steps: 20 });
        world.move({ kind: "answer", how: "all" });
      }
      expect(isLive(world.market)).toBe(true);
      check(world);
      expect(world.market.lateTrades).toBe(0);
      decided += world.shown.length;
    }),
    { numRuns: 250, seed: 7 },
  );
  expect(decided).toBeGreaterThan(500);
});
