/** One life of a desk with a policy of its own: so many decisions, some provocations, a person who lets it go on. */
import { quote, size } from "../../src/core/kernel/money.ts";
import { seeded } from "../../src/core/kernel/random.ts";
import { type Instant, instant } from "../../src/core/kernel/time.ts";
import type { Policy, ProductLimits } from "../../src/core/risk/limits.ts";
import type { RuleName, Veto } from "../../src/core/risk/veto.ts";
import type { Violation } from "./auditor.ts";
import { BTC, ETH, SOL } from "./market.ts";
import { PROVOCATIONS } from "./provoke.ts";
import { openScene, type Scene } from "./scene.ts";
import { countAnew, wish } from "./wishes.ts";

export interface Told {
  readonly decisions: number;
  readonly taken: number;
  readonly fills: number;
  readonly vetoes: Readonly<Partial<Record<RuleName, number>>>;
  readonly checked: Readonly<Record<string, number>>;
  readonly violations: readonly Violation[];
  readonly count: number;
  /** Why the desk stopped itself, or null. */
  readonly fatal: string | null;
}

/** Caps that leave room to trade, each somewhere else in every episode. */
function drawPolicy(draw: (from: number, to: number) => number): Policy {
  const limits = (): ProductLimits => ({
    max_position_notional_usd: quote(String(draw(3000, 12_000))),
    max_position_units: draw(0, 3) === 0 ? size(`${draw(1, 9)}.5`) : null,
    max_order_notional_usd: quote(String(draw(2000, 4000))),
    max_leverage: draw(5, 10) / 10,
    max_slippage_bps: draw(10, 40),
    cooldown_seconds: draw(0, 1),
  });
  return {
    portfolio: {
      max_gross_notional_usd: quote(String(draw(7000, 18_000))),
      max_net_notional_usd: quote(String(draw(7000, 18_000))),
      max_daily_loss_usd: quote("15000"),
      max_drawdown_usd: quote("16000"),
      max_orders_per_minute: draw(20, 90),
    },
    per_symbol: new Map([
      [BTC, limits()],
      [ETH, limits()],
      [SOL, limits()],
    ]),
    circuit_breakers: {
      consecutive_rejects: 60,
      consecutive_losses: 500,
      websocket_disconnect_seconds: 120,
      api_429_per_minute: 50,
      spread_widening_bps: draw(30, 80),
      stale_price_seconds: draw(5, 15),
      confirm_seconds: 2,
    },
    event_lockouts: [],
    allowed: { products: [BTC, ETH], order_types: ["market_ioc", "limit_gtc", "twap_limit_gtd"] },
  };
}

/**
 * @param rules that are provoked in it
 * @param without rules that are taken out of the gate, to see whether the exchange notices
 */
export async function playEpisode(
  seed: string,
  start: Instant,
  decisions: number,
  rules: readonly RuleName[],
  without: readonly RuleName[] = [],
): Promise<Told> {
  const random = seeded(seed);
  const minute = Math.floor(start / 60_000) % 1440;
  countAnew();
  let policy = drawPolicy((from, to) => random.between(from, to));
  for (const rule of rules) policy = PROVOCATIONS[rule].policy?.(policy, minute) ?? policy;
  const vetoes: Partial<Record<RuleName, number>> = {};
  let fatal: string | null = null;
  let wanted = 0;
  const scene = await openScene(start, random, policy, {
    without,
    vetoed(all: readonly Veto[]) {
      for (const { rule } of all) vetoes[rule] = (vetoes[rule] ?? 0) + 1;
    },
    fatal(why) {
      fatal ??= why;
    },
  });
  const counting: Scene = {
    ...scene,
    want(intent) {
      wanted += 1;
      scene.want(intent);
    },
  };
  const asked = timetable(rules, decisions, random);
  while (wanted < decisions && fatal === null) {
    const due = asked.findIndex(({ after }) => wanted >= after);
    const [provoked] = due < 0 ? [] : asked.splice(due, 1);
    if (provoked) await provoke(counting, provoked.rule);
    else flurry(counting);
    if (random.next() < 0.12) goOn(counting);
    await scene.time.pass(pauseOf(counting));
  }
  for (const { rule } of asked) await provoke(counting, rule);
  await scene.time.pass(ADMITTED_MS);
  const { auditor, ledger } = scene;
  const { violations, count, checked, taken } = auditor;
  return {
    decisions: wanted,
    taken,
    fills: ledger.tolds,
    vetoes,
    checked,
    violations,
    count,
    fatal,
  };
}

/** Most of them need a desk that trades; after what stopped it for good it is asked all the same. */
async function provoke(scene: Scene, rule: RuleName): Promise<void> {
  for (let tries = 0; tries < 20 && isStopped(scene); tries += 1) {
    goOn(scene);
    await scene.time.pass(1000);
  }
  await PROVOCATIONS[rule].now(scene);
}

/** Orders that are late come in. */
const ADMITTED_MS = 70_000;

/** Which rule is provoked after how many decisions; those that end the trade come after all. */
function timetable(rules: readonly RuleName[], decisions: number, random: Scene["random"]) {
  const spread = (rule: RuleName): number =>
    PROVOCATIONS[rule].last ? decisions : random.between(0, Math.floor(decisions * 0.8));
  return rules.map((rule) => ({ rule, after: spread(rule) })).sort((a, b) => a.after - b.after);
}

/** One wish, or many in one instant. */
function flurry(scene: Scene): void {
  const { random } = scene;
  const many = random.next() < 0.15 ? random.between(2, 12) : 1;
  for (let left = many; left > 0; left -= 1) scene.want(wish(scene));
}

function pauseOf({ random }: Scene): number {
  const roll = random.next();
  if (roll < 0.3) return random.between(1, 50);
  if (roll < 0.97) return random.between(50, 1200);
  return random.between(2000, 15_000);
}

const isStopped = ({ state: { desk } }: Scene): boolean =>
  desk.killed !== null || desk.halted !== null || desk.paused !== null || desk.trips.size > 0;

/** A person takes back what stopped the desk, and confirms it. */
function goOn(scene: Scene): void {
  const { state, ask, auditor, time } = scene;
  const { desk } = state;
  const waiting = [...desk.confirmations.values()].at(-1);
  if (!isStopped(scene) && !waiting) return;
  if (!waiting) return ask({ verb: desk.killed || desk.halted ? "rearm" : "resume" });
  ask({ verb: "confirm", code: waiting.code });
  if (waiting.proposal.verb !== "resume") return;
  auditor.resumed(time.clock.now());
}

/** Where episodes begin: each on another day, some shortly before midnight. */
export const startOf = (nth: number): Instant =>
  instant(Date.UTC(2026, 1, 20 + nth, nth % 3 === 0 ? 23 : 9 + (nth % 9), nth % 3 === 0 ? 56 : 20));
