/** What the adversary wants: mostly something that could pass, seldom something that makes sense, sometimes nonsense. */
import { intentId, type ProductId } from "../../src/core/kernel/ids.ts";
import type { Price, Quote, Size } from "../../src/core/kernel/money.ts";
import { later } from "../../src/core/kernel/time.ts";
import type { Purpose, TimeInForce } from "../../src/core/order/state.ts";
import type { Intent } from "../../src/core/strategy/intent.ts";
import { worstOf } from "./ledger.ts";
import { BTC, ETH, PRODUCTS } from "./market.ts";
import { type Scene, strategyOf } from "./scene.ts";

const ONE = 10n ** 18n;
const CENT = ONE / 100n;
const STEP = ONE / 1_000_000n;
const EXITS: readonly Purpose[] = ["signal-exit", "stop", "take", "flatten"];

export const pick = <T>(scene: Pick<Scene, "random">, of: readonly T[]): T =>
  of[scene.random.between(0, of.length - 1)] as T;

const snapped = (amount: bigint, step: bigint): bigint => amount - (amount % step);

/** Quote currency, in wei, for a whole number of cents. */
const dollars = (cents: number): bigint => BigInt(Math.round(cents)) * CENT;

function worth(scene: Scene, product: ProductId): bigint {
  const { random, ledger, state } = scene;
  const cap = state.desk.policy?.per_symbol.get(product)?.max_order_notional_usd ?? null;
  const usual = cap ?? dollars(50_000);
  const roll = random.next();
  if (roll < 0.55) return (usual * BigInt(random.between(20, 990))) / 1000n;
  if (roll < 0.65) return usual;
  if (roll < 0.75) return (usual * BigInt(random.between(1001, 3000))) / 1000n;
  if (roll < 0.8) return dollars(random.between(1, 150));
  if (roll < 0.85) return ledger.cash > 0n ? ledger.cash : dollars(1);
  // Exactly what somebody else of ours still waits for.
  const [first] = ledger.unfinished;
  return first && worstOf(first) > 0n ? worstOf(first) : dollars(random.between(1, 10_000_000));
}

function limitOf(scene: Scene, product: ProductId, buys: boolean): { touch: Price; limit: Price } {
  const { random, market } = scene;
  const quoted = market.last(product);
  const touch = (buys ? quoted?.ask : quoted?.bid) ?? (CENT as Price);
  const away = random.next() < 0.75 ? random.between(-40, 14) : random.between(-400, 400);
  const at = ((touch as bigint) * BigInt(10_000 + (buys ? away : -away))) / 10_000n;
  const odd = random.next();
  if (odd < 0.02) return { touch, limit: (at + 1n) as Price };
  if (odd < 0.03) return { touch, limit: 0n as Price };
  return { touch, limit: snapped(at, CENT) as Price };
}

function sizeFor(scene: Scene, product: ProductId, limit: bigint, buys: boolean): Size {
  const { random, ledger } = scene;
  const held = ledger.held.get(product) ?? 0n;
  const odd = random.next();
  if (odd < 0.01) return 0n as Size;
  if (odd < 0.02) return -STEP as Size;
  const share = BigInt(pick(scene, [250, 500, 1000, 1000, 1200]));
  const wanted = buys ? (worth(scene, product) * ONE) / (limit > 0n ? limit : ONE) : held;
  const size = buys ? wanted : (wanted * share) / 1000n;
  return (odd < 0.04 ? size + 1n : snapped(size, STEP)) as Size;
}

function lifeOf({ random, time }: Scene): Pick<Intent, "at" | "validUntil"> {
  const now = time.clock.now();
  const roll = random.next();
  if (roll < 0.03) return { at: later(now, -20_000), validUntil: later(now, -1) };
  // It is worth something for less time than its decision takes to be written down.
  if (roll < 0.06) return { at: now, validUntil: later(now, random.between(0, 3)) };
  return { at: now, validUntil: later(now, random.between(1000, 60_000)) };
}

function shapeOf(scene: Scene, buys: boolean, at: number, limit: bigint, size: bigint) {
  const { random, time } = scene;
  const roll = random.next();
  if (roll < 0.03 && buys) {
    const spend = snapped((limit * size) / ONE, CENT) as Quote;
    return { timeInForce: "ioc" as TimeInForce, ...(random.next() < 0.9 ? { spend } : {}) };
  }
  if (roll < 0.13) {
    const start = later(time.clock.now(), 5000);
    const buckets = random.between(2, 6);
    const end = later(start, buckets * 5000);
    const slices = { start, end, buckets, bucketMs: 5000 };
    return { timeInForce: "gtd" as TimeInForce, validUntil: later(end, at % 7), slices };
  }
  return { timeInForce: (roll < 0.55 ? "ioc" : "gtc") as TimeInForce };
}

let nth = 0;
/** So that the same seed gives the same names, whatever ran before. */
export const countAnew = (): void => {
  nth = 0;
};

/** @param fixed what is not left to chance */
export function wish(scene: Scene, fixed: Partial<Intent> = {}): Intent {
  const { random } = scene;
  const product = fixed.product ?? pick(scene, random.next() < 0.04 ? PRODUCTS : [BTC, ETH]);
  const leaves = random.next() < 0.25;
  const odd = random.next() < 0.06;
  const purpose = fixed.purpose ?? (leaves ? pick(scene, EXITS) : "entry");
  const buys = fixed.side ? fixed.side === "buy" : leaves === odd;
  const { touch, limit } = limitOf(scene, product, buys);
  const size = fixed.size ?? sizeFor(scene, product, fixed.limit ?? limit, buys);
  const life = lifeOf(scene);
  nth += 1;
  return {
    id: intentId(`adversary|${product}|${nth}`),
    strategy: strategyOf(product),
    product,
    side: buys ? "buy" : "sell",
    purpose,
    size,
    limit,
    reference: touch,
    because: "the adversary wants it",
    stopBps: random.next() < 0.7 ? random.between(5, 60) : null,
    takeBps: random.next() < 0.7 ? random.between(5, 80) : null,
    ...life,
    ...shapeOf(scene, buys, life.at, limit, size),
    ...fixed,
  };
}

/** Something that a calm desk would let through: small, near the touch, fresh. */
export function calm(scene: Scene, product: ProductId, fixed: Partial<Intent> = {}): Intent {
  const quoted = scene.market.last(product);
  const buys = (fixed.side ?? "buy") === "buy";
  const touch = ((buys ? quoted?.ask : quoted?.bid) ?? CENT) as Price;
  const size = snapped((dollars(30_000) * ONE) / (touch as bigint), STEP) as Size;
  const now = scene.time.clock.now();
  const base = { product, side: "buy", purpose: "entry", size, timeInForce: "ioc" } as const;
  const life = { at: now, validUntil: later(now, 10_000) };
  const made = wish(scene, { ...base, limit: touch, reference: touch, ...life, ...fixed });
  const { spend: _, slices: __, ...plain } = made;
  return { ...plain, ...fixed };
}
