/** The law of the order model, with the exchange's ledger as the judge: what was said of an order may come in any order, twice, late or not at all. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { InputBody } from "../../src/core/engine/input.ts";
import { minus, parse, size } from "../../src/core/kernel/money.ts";
import { type Random, seeded } from "../../src/core/kernel/random.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { isGivenUp } from "../../src/core/order/merge.ts";
import { PROGRESS, SUBMISSIONS } from "../../src/core/order/state.ts";
import { BTC, DeskScript } from "../kit/desk-script.ts";
import { type Lives, type VenueLife, venueLives } from "../kit/venue-lives.ts";

const SEED = process.env["ORDER_LAW_SEED"] ?? "law-1";
const LIVES = Number(process.env["ORDER_LAW_LIVES"] ?? "60");
const TELLINGS = 25;

const folder = mkdtempSync(join(tmpdir(), "order-law-"));
let lives: Lives;
beforeAll(async () => {
  lives = await venueLives(seeded(SEED), folder);
});
afterAll(async () => {
  await lives.close();
  rmSync(folder, { recursive: true, force: true });
});

/** How often each was reached, over everything told. */
interface Reached {
  readonly pairs: Map<string, number>;
  late: number;
  regressions: number;
  corrected: number;
}

const HELD = size("10");

/** A desk that has just decided on the order, holding enough to sell. */
function deskWith({ plan }: VenueLife): DeskScript {
  const desk = DeskScript.ready();
  const { positions, balances } = desk.state.desk;
  desk.now = plan.plannedAt;
  const [cost, realized, fees] = [parse("650000"), 0n, 0n] as never[];
  positions.set(BTC, {
    ...{ product: BTC, size: HELD, openedAt: instant(desk.now), strategy: "puppet" },
    ...{ cost: cost as never, realized: realized as never, fees: fees as never },
    ...{ stop: null, take: null },
  });
  balances.set("BTC", { available: HELD, hold: size("0") });
  balances.set("USD", { available: size("100000000"), hold: size("0") });
  return desk.plan(plan);
}

function shuffled<T>(random: Random, rows: readonly T[]): readonly T[] {
  const left = [...rows];
  const out: T[] = [];
  while (left.length > 0) out.push(...left.splice(random.between(0, left.length - 1), 1));
  return out;
}

/** Some of what was said, some of it twice, in any order, and what may be believed wrongly in between. */
function telling(random: Random, life: VenueLife): readonly InputBody[] {
  const order = life.plan.id;
  const answers: InputBody[] = [
    life.answer,
    { kind: "order.answered", order, answer: { kind: "unknown", cause: "timeout" } },
    { kind: "order.answered", order, answer: { kind: "rejected", reason: "X", message: "" } },
    {
      kind: "order.answered",
      order,
      answer: { kind: "rejected", reason: "not-sent", message: "" },
    },
  ];
  const some = life.said.filter(() => random.next() < 0.7);
  const twice = life.said.filter(() => random.next() < 0.3);
  const noise = answers.filter((_, nth) => random.next() < (nth === 0 ? 0.6 : 0.15));
  const told = shuffled(random, [...some, ...twice, ...noise]);
  return random.next() < 0.1 ? [...wrongProof(life), ...told] : told;
}

/** Nobody knows it, and two whole searches did not find it, though it is there: the worst that may be believed. */
function wrongProof({ plan }: VenueLife): readonly InputBody[] {
  const [order, late] = [plan.id, plan.plannedAt + 400_000];
  return [
    { kind: "order.answered", order, answer: { kind: "unknown", cause: "timeout" } },
    { kind: "order.not-found", order, searchBegan: instant(late) },
    { kind: "order.not-found", order, searchBegan: instant(late + 3000) },
  ];
}

function tell(life: VenueLife, said: readonly InputBody[], reached: Reached): DeskScript {
  const desk = deskWith(life);
  const { id } = life.plan;
  const known = () => desk.state.desk.orders.get(id) ?? desk.state.desk.closed.get(id);
  for (const input of said) {
    const before = known();
    if (
      input.kind === "order.observed" &&
      before &&
      input.observation.executed.size < before.executed.size
    ) {
      reached.regressions += 1;
    }
    desk.put(input);
    const order = known();
    if (!order) throw new Error("the order is not known any more");
    const pair = `${order.submission} ${order.progress}`;
    reached.pairs.set(pair, (reached.pairs.get(pair) ?? 0) + 1);
  }
  reached.late += desk.said("order.filled").filter(({ late }) => late !== undefined).length;
  reached.corrected += desk.said("order.corrected").length;
  return desk;
}

/** Everything that a telling must end in. */
function outcome(desk: DeskScript, life: VenueLife) {
  const { orders, closed, positions, balances, day } = desk.state.desk;
  const order = orders.get(life.plan.id) ?? closed.get(life.plan.id);
  return {
    executed: order?.executed,
    progress: order?.progress,
    settled: order?.settled,
    over: order ? isGivenUp(order) || !orders.has(life.plan.id) : null,
    base: minus(positions.get(BTC)?.size ?? size("0"), HELD) as bigint,
    quote: minus(balances.get("USD")?.available ?? size("0"), size("100000000")) as bigint,
    fees: day?.fees,
    halted: desk.state.desk.halted?.reason ?? null,
  };
}

test("whatever was heard of an order, in any order, twice, late or not at all, ends after a sweep as the exchange's ledger has it", async () => {
  const random = seeded(`${SEED}|tellings`);
  const reached: Reached = { pairs: new Map(), late: 0, regressions: 0, corrected: 0 };
  for (let nth = 0; nth < LIVES; nth += 1) {
    const life = await lives.next();
    const { order, base, quote } = life.ledger;
    for (let times = 0; times < TELLINGS; times += 1) {
      const said = telling(random, life);
      const desk = tell(life, [...said, ...shuffled(random, life.sweep)], reached);
      // The proof comes last: it is asked for until it succeeds.
      for (const input of life.sweep) desk.put(input);
      const seen = outcome(desk, life);
      const why = `seed ${SEED}, life ${nth}, telling ${times}`;
      if (order === undefined) {
        expect([seen.base, seen.quote], why).toEqual([0n, 0n]);
        continue;
      }
      expect(seen, why).toEqual({
        executed: {
          size: parse(order.filledSize),
          value: parse(order.filledValue),
          fees: parse(order.totalFees),
        },
        progress: order.status.toLowerCase(),
        settled: true,
        over: true,
        base,
        quote,
        fees: parse(order.totalFees),
        halted: null,
      });
    }
  }
  const rows = [...reached.pairs].sort().map(([pair, count]) => `${pair} ${count}`);
  console.log(
    `(submission, progress) reached: ${rows.join(", ")}; late fills ${reached.late}, regressions ${reached.regressions}, corrected by trades ${reached.corrected}`,
  );
  const missing = [
    ...SUBMISSIONS.filter((word) => word !== "acknowledged").map((word) => `${word} none`),
    ...PROGRESS.map((word) => `acknowledged ${word}`),
  ].filter((pair) => !reached.pairs.has(pair));
  expect(missing).toEqual([]);
  expect(Math.min(reached.late, reached.regressions)).toBeGreaterThan(0);
});
