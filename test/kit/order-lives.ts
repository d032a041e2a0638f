/** Random lives of one order: whatever a venue, a network and people may say of it, in any order and as often as they like. */
import type { EventBody } from "../../src/core/engine/event.ts";
import type { InputBody } from "../../src/core/engine/input.ts";
import { productId, venueOrderId } from "../../src/core/kernel/ids.ts";
import { minus, notional, rate, type Size, times } from "../../src/core/kernel/money.ts";
import type { Random } from "../../src/core/kernel/random.ts";
import { instant, later } from "../../src/core/kernel/time.ts";
import { sumOf } from "../../src/core/order/merge.ts";
import { type Observation, type Plan, PROGRESS, type Trade } from "../../src/core/order/state.ts";
import { DeskScript, listing } from "./desk-script.ts";

const PARTS = 4;

/** The `nth` quarter of the plan as the venue books it: all at the limit, 0.6 % fee. */
export function tradeOf(plan: Plan, nth: number, changes: Partial<Trade> = {}): Trade {
  const quarter = ((plan.size as bigint) / BigInt(PARTS)) as Size;
  const of = nth === PARTS - 1 ? minus(plan.size, (quarter * BigInt(PARTS - 1)) as Size) : quarter;
  const value = notional(plan.limit, of);
  return {
    entry: `${plan.id}-${nth}`,
    order: plan.id,
    venueId: venueOrderId(`v-${plan.id}`),
    product: plan.product,
    side: plan.side,
    at: plan.plannedAt,
    price: plan.limit,
    size: of,
    value,
    fee: times(value, rate("0.006")),
    liquidity: "taker",
    adjustment: false,
    ...changes,
  };
}

const sums = (trades: readonly Trade[]) =>
  sumOf(trades.map(({ size: of, value, fee }) => ({ size: of, value, fees: fee })));

/** What the venue says once so many quarters are done. */
export function saidOf(
  plan: Plan,
  progress: Observation["progress"],
  quarters: number,
  changes: Partial<Observation> = {},
): Observation {
  const done = Array.from({ length: quarters }, (_, nth) => tradeOf(plan, nth));
  return {
    order: plan.id,
    venueId: venueOrderId(`v-${plan.id}`),
    progress,
    executed: sums(done),
    detail: "",
    source: "stream",
    ...changes,
  };
}

const pick = <T>(random: Random, of: readonly T[]): T => of[random.between(0, of.length - 1)] as T;

const WORDS = PROGRESS.filter((word) => word !== "none") as Observation["progress"][];

function observation(random: Random, plan: Plan): Observation {
  const progress = pick(random, WORDS);
  const some = random.next() < 0.5 ? 0 : random.between(1, PARTS);
  const quarters = progress === "filled" ? PARTS : some;
  const odd = random.next();
  if (odd < 0.02) return saidOf(plan, progress, quarters, { venueId: venueOrderId("v-second") });
  const terms = { ...plan, product: productId("ETH-USD") };
  return saidOf(plan, progress, quarters, odd < 0.05 ? { terms } : {});
}

function trades(random: Random, plan: Plan): readonly Trade[] {
  const count = random.next() < 0.04 ? PARTS + 1 : random.between(0, PARTS);
  const adjustment = random.next() < 0.05;
  return Array.from({ length: count }, (_, nth) =>
    tradeOf(plan, nth, nth === 0 && adjustment ? { adjustment, entry: `${plan.id}-odd` } : {}),
  );
}

/** One thing that may be said next. */
function anything(random: Random, plan: Plan, desk: DeskScript): InputBody | null {
  const order = plan.id;
  const at = instant(desk.now);
  const roll = random.between(0, 15);
  if (roll < 5) return { kind: "order.observed", observation: observation(random, plan) };
  if (roll < 7) {
    const answer = pick(random, [
      { kind: "accepted", venueId: venueOrderId(`v-${plan.id}`) },
      { kind: "accepted", venueId: venueOrderId(`v-${plan.id}`) },
      { kind: "rejected", reason: "INSUFFICIENT_FUND", message: "" },
      { kind: "rejected", reason: "not-sent", message: "held back" },
      { kind: "unknown", cause: "timeout" },
      { kind: "unknown", cause: "reset" },
    ] as const);
    return { kind: "order.answered", order, answer };
  }
  if (roll < 9) return { kind: "order.not-found", order, searchBegan: at };
  if (roll === 9) return { kind: "venue.traded", trades: trades(random, plan), asOf: at };
  if (roll < 12) {
    const quarters = random.between(0, PARTS);
    const early = pick(random, ["cancelled", "expired", "failed"] as const);
    const progress = quarters === PARTS ? "filled" : early;
    const all = Array.from({ length: quarters }, (_, nth) => tradeOf(plan, nth));
    const read = saidOf(plan, progress, quarters, { source: "read", count: quarters });
    return { kind: "order.read", observation: read, trades: all };
  }
  return null;
}

/** Beginnings that chance alone would seldom find. */
const THEMES: readonly ((desk: DeskScript, plan: Plan, random: Random) => void)[] = [
  (desk, plan, random) => {
    desk.accept();
    if (random.next() < 0.5) resting(desk, plan, random);
    pass(desk, 320_000);
    if (random.next() < 0.2) {
      const all = Array.from({ length: PARTS }, (_, nth) => tradeOf(plan, nth));
      desk.put({ kind: "venue.traded", trades: all, asOf: instant(desk.now) }).wait(320_000);
    }
    // Missing there, it is looked for.
    desk.listed();
    sought(desk, plan.id);
    if (random.next() < 0.5) resting(desk, plan, random);
  },
  (desk, plan, random) => {
    desk.put({
      kind: "order.answered",
      order: plan.id,
      answer: { kind: "unknown", cause: "reset" },
    });
    pass(desk, 160_000);
    sought(desk, plan.id);
    const other = { terms: { ...plan, product: productId("ETH-USD") } };
    if (random.next() < 0.5) resting(desk, plan, random);
    else if (random.next() < 0.2) {
      desk.put({ kind: "order.observed", observation: saidOf(plan, "open", 0, other) });
    }
  },
  (desk, { id }) => {
    desk.put({ kind: "order.answered", order: id, answer: { kind: "unknown", cause: "reset" } });
    pass(desk, 320_000);
  },
  (desk, { id: order }, random) => {
    if (random.next() < 0.3) {
      desk.put({ kind: "order.answered", order, answer: { kind: "unknown", cause: "reset" } });
    }
    const reason = pick(random, ["not-sent", "INSUFFICIENT_FUND"]);
    const answer = { kind: "rejected", reason, message: "" } as const;
    desk.put({ kind: "order.answered", order, answer });
  },
];

/** Nothing of it filled, or one quarter. */
function resting(desk: DeskScript, plan: Plan, random: Random): void {
  const progress = pick(random, ["pending", "open"] as const);
  const said = saidOf(plan, progress, random.between(0, 1));
  desk.put({ kind: "order.observed", observation: said });
}

/** Two whole searches that find nothing. */
function sought(desk: DeskScript, order: Plan["id"]): void {
  for (let nth = 0; nth < 2; nth += 1) {
    desk.put({ kind: "order.not-found", order, searchBegan: instant(desk.now) }).wait(3000);
  }
}

/** The order that was planned last may rest for a day instead of ending at once. */
export function rests(desk: DeskScript): Plan {
  const plan = {
    ...desk.lastPlan(),
    timeInForce: "gtc",
    validUntil: later(instant(desk.now), 86_400_000),
  } as const;
  const order = desk.state.desk.orders.get(plan.id);
  if (order) desk.state.desk.orders.set(plan.id, { ...order, plan });
  return plan;
}

/** Lives one life through; gives what the desk wrote down of it. */
export function liveOnce(random: Random): readonly EventBody[] {
  const desk = DeskScript.ready().want("long");
  const plan = random.next() < 0.5 ? desk.lastPlan() : rests(desk);
  if (random.next() < 0.5) pick(random, THEMES)(desk, plan, random);
  for (let left = random.between(1, 16); left > 0; left -= 1) {
    const said = anything(random, plan, desk);
    if (said) desk.put(said);
    else if (random.next() < 0.25) desk.ask({ verb: "cancel", order: plan.id });
    else if (random.next() < 0.2) goOn(desk);
    else pass(desk, pick(random, [300, 16_000, 150_000, 320_000, 700_000]));
  }
  return desk.events;
}

/** Time passes while both streams live. */
function pass(desk: DeskScript, ms: number): void {
  desk.wait(ms).alive().tick(250);
}

/** Somebody looks at what is odd, and goes on. */
function goOn(desk: DeskScript): void {
  desk.put({ kind: "venue.listed", listing: listing({ asOf: instant(desk.now) }) });
  for (const verb of ["rearm", "resume"] as const) {
    desk.ask({ verb });
    const code = [...desk.state.desk.confirmations.values()].at(-1)?.code;
    if (code) desk.ask({ verb: "confirm", code });
  }
}
