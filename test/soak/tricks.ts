/** What a provocation is, and what they are made of: changes of the policy, kinds of trouble, and the wish that must be refused. */
import type { ProductId } from "../../src/core/kernel/ids.ts";
import { size } from "../../src/core/kernel/money.ts";
import type { Policy, ProductLimits } from "../../src/core/risk/limits.ts";
import type { Intent } from "../../src/core/strategy/intent.ts";
import { BTC, ETH } from "./market.ts";
import type { Scene } from "./scene.ts";
import { calm } from "./wishes.ts";

export interface Provocation {
  /** What the policy of the episode must say. @param minute of the UTC day at which the episode begins */
  readonly policy?: (policy: Policy, minute: number) => Policy;
  /** What is done; it ends with a wish that the rule must refuse. */
  readonly now: (scene: Scene) => Promise<void>;
  /** The desk does not trade after it: it comes last. */
  readonly last?: true;
}

export const portfolio = (more: Partial<Policy["portfolio"]>) => (policy: Policy) => ({
  ...policy,
  portfolio: { ...policy.portfolio, ...more },
});
export const breakers = (more: Partial<Policy["circuit_breakers"]>) => (policy: Policy) => ({
  ...policy,
  circuit_breakers: { ...policy.circuit_breakers, ...more },
});
export const product = (of: ProductId, more: Partial<ProductLimits>) => (policy: Policy) => {
  const limits = policy.per_symbol.get(of);
  return limits
    ? { ...policy, per_symbol: new Map(policy.per_symbol).set(of, { ...limits, ...more }) }
    : policy;
};
export const window = (minute: number, after: number, until: number) => ({
  name: `minute ${after}`,
  enabled: true,
  from: (minute + after) % 1440,
  to: (minute + until) % 1440,
  days: [0, 1, 2, 3, 4, 5, 6],
});

export const want = (scene: Scene, fixed: Partial<Intent> = {}): void =>
  scene.want(calm(scene, fixed.product ?? BTC, fixed));
/** One wish that asks for more of everything than any policy here gives. */
export const much = async (scene: Scene): Promise<void> => want(scene, { size: size("900") });
/** Several at once. */
export const flood =
  (count: number, fixed: Partial<Intent> = {}) =>
  async (scene: Scene) => {
    for (let left = count; left > 0; left -= 1) want(scene, fixed);
  };
/** A person lowers a cap, and something is wanted before the desk has looked at its breakers again. */
export const lower =
  (key: string, value: string, fixed: Partial<Intent> = {}) =>
  async (scene: Scene) => {
    scene.auditor.lowered(key, value, scene.time.clock.now());
    scene.ask({ verb: "limits set", key, value });
    await scene.time.pass(20);
    want(scene, fixed);
  };
/** Everything held is sold, so that caps leave room for something. */
export async function room(scene: Scene): Promise<void> {
  for (const product of [BTC, ETH]) {
    const held = (scene.ledger.held.get(product) ?? 0n) as Intent["size"];
    if (held > 0n) want(scene, { product, side: "sell", purpose: "signal-exit", size: held });
  }
  await scene.time.pass(4000);
}
/** One of them, by chance. */
export const either =
  (...tricks: readonly Provocation["now"][]) =>
  async (scene: Scene) => {
    await tricks[scene.random.between(0, tricks.length - 1)]?.(scene);
  };
/** What the exchange remembers of its own trouble, and tells. */
export function trouble({ put, ledger, time }: Scene, kind: "failed" | "throttled"): void {
  ledger.course[kind](time.clock.now());
  put({ kind: `venue.${kind}` });
}
/** The exchange refuses whatever comes, for so many wishes and one more. */
export const refused = (count: number) => async (scene: Scene) => {
  scene.exchange.temper.refusals = Number.POSITIVE_INFINITY;
  for (let left = count; left >= 0; left -= 1) {
    await scene.time.pass(2500);
    want(scene);
  }
  await scene.time.pass(200);
  scene.exchange.temper.refusals = 0;
};
/**
 * Answers are lost, and nothing can be read: what became of these orders is not known for a while. Meanwhile as much as
 * possible is wanted of another product: what is not known must count.
 */
export const deaf = (count: number) => async (scene: Scene) => {
  const { temper } = scene.exchange;
  temper.deafUntil = scene.time.clock.now() + 12_000;
  temper.lost = count;
  for (let left = count; left > 0; left -= 1) {
    const worth = { size: size("0.03"), timeInForce: "gtc" } as const;
    if (left % 2 === 1) want(scene, worth);
    else want(scene, { ...worth, product: ETH, size: size("0.2") });
    await scene.time.pass(5);
  }
  await scene.time.pass(6000);
  want(scene);
  for (let more = 0; more < 8; more += 1) {
    want(scene, { product: ETH, size: size("0.4"), timeInForce: "gtc" });
    await scene.time.pass(200);
  }
  want(scene);
  temper.lost = 0;
};
export const quiet = (silentMs: number) => async (scene: Scene) => {
  scene.market.mood.silentUntil = scene.time.clock.now() + silentMs;
  await scene.time.pass(silentMs - 100);
  want(scene);
  await scene.time.pass(3000);
};
/** What is in memory is altered for the length of one wish. */
export function altered<K extends "mode" | "policy">(
  scene: Scene,
  key: K,
  value: Scene["state"]["desk"][K],
): void {
  const before = scene.state.desk[key];
  scene.state.desk[key] = value;
  want(scene);
  scene.state.desk[key] = before;
}
