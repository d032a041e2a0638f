/**
 * An exchange that accepts everything: no balance, no minimum, no cap. Its acknowledgements are late, lost, doubled or
 * wrong about nothing; orders come late, fill late, and fill while they are being cancelled. Each order that it takes is
 * shown to the auditor. What it says when asked is complete and true at the moment of reading.
 */
import type { Answer, Balance } from "../../src/core/engine/input.ts";
import { baseOf, type OrderId, type VenueOrderId } from "../../src/core/kernel/ids.ts";
import { type Quote, type Rate, rate, type Size } from "../../src/core/kernel/money.ts";
import type { Random } from "../../src/core/kernel/random.ts";
import { fail, ok } from "../../src/core/kernel/result.ts";
import { type Instant, instant } from "../../src/core/kernel/time.ts";
import type { Observation, Plan, Trade } from "../../src/core/order/state.ts";
import type { AccountInput, Venue } from "../../src/ports/venue.ts";
import type { Auditor } from "./auditor.ts";
import { FEE, isBuy, type Ledger, leavesOf, statement, type Taken } from "./ledger.ts";
import { CATALOG, type Market, PRODUCTS } from "./market.ts";
import type { VirtualTime } from "./virtual-time.ts";

const ONE = 10n ** 18n;
/** Trades are of whole steps, as orders are. */
const snapped = (size: bigint): bigint => size - (size % 10n ** 12n);
/** The latest that a create comes in after it was sent, and what the desk is told of that. */
const LATEST_MS = 60_000;
export const ADMISSION_MS = 65_000;

/** What the exchange does to the next orders. */
export interface Temper {
  /** So many of the next answers are refusals, all alike. */
  refusals: number;
  /** So many of the next answers never come, whether the order did or not. */
  lost: number;
  /** The account's stream says nothing until then. */
  silentUntil: number;
  /** Nothing can be read until then, and nothing is said of orders. */
  deafUntil: number;
}

export interface SoakExchange extends Venue {
  readonly temper: Temper;
  /** Fills, ends and tells by chance; called every so often. */
  stir(): void;
}

export function soakExchange(
  { clock, timers, sleep }: VirtualTime,
  random: Random,
  ledger: Ledger,
  market: Market,
  auditor: Auditor,
): SoakExchange {
  const temper: Temper = { refusals: 0, lost: 0, silentUntil: 0, deafUntil: 0 };
  /** When it was said of an order that nobody knows. */
  const doubted = new Map<OrderId, number>();
  let hear: (input: AccountInput) => void = () => {};
  const chance = (of: number): boolean => random.next() < of;

  const observation = (taken: Taken, fills: number, source: Observation["source"]): Observation => {
    const told = taken.fills.slice(0, fills);
    const whole = fills === taken.fills.length;
    return {
      order: taken.plan.id,
      venueId: taken.venueId,
      progress: whole ? taken.progress : "open",
      executed: {
        size: told.reduce((sum, { size }) => sum + size, 0n) as Size,
        value: told.reduce((sum, { value }) => sum + value, 0n) as Quote,
        fees: told.reduce((sum, { fee }) => sum + fee, 0n) as Quote,
      },
      detail: "",
      source,
    };
  };
  /** What the stream says of an order now is heard once, twice, late, or not at all. */
  const tell = (taken: Taken): void => {
    if (chance(0.1) || clock.now() < temper.deafUntil) return;
    const fills = taken.fills.length;
    const said = observation(taken, fills, "stream");
    for (let times = chance(0.1) ? 2 : 1; times > 0; times -= 1) {
      timers.after(chance(0.2) ? random.between(500, 8000) : random.between(1, 60), () => {
        if (clock.now() < temper.silentUntil) return;
        ledger.tell(taken, { fills, progress: said.progress }, clock.now());
        hear({ kind: "order.observed", observation: said });
      });
    }
  };
  const fill = (taken: Taken, size: bigint): void => {
    const { plan } = taken;
    const quoted = market.last(plan.product);
    if (!quoted || size <= 0n) return;
    const touch: bigint = isBuy(taken) ? quoted.ask : quoted.bid;
    const limit: bigint = plan.spend === undefined ? plan.limit : touch;
    // Never worse than its limit; as often as not exactly there.
    const better = isBuy(taken) ? touch < limit : touch > limit;
    ledger.fill(taken, size, better && chance(0.5) ? touch : limit, clock.now());
    auditor.filled(taken);
  };
  const whole = (taken: Taken): bigint => {
    const { spend } = taken.plan;
    const ask = market.last(taken.plan.product)?.ask;
    if (spend === undefined || !ask) return leavesOf(taken);
    return snapped((((spend * ONE) / (ONE + FEE)) * ONE) / (ask as bigint));
  };
  const part = (taken: Taken): bigint => {
    const all = whole(taken);
    return chance(0.5) || taken.plan.spend !== undefined
      ? all
      : snapped(all / BigInt(random.between(2, 4)));
  };
  /** It comes in. An order that it has already is not taken a second time. */
  const arrive = (plan: Plan): Taken => {
    const known = ledger.orders.get(plan.id);
    if (known) return known;
    const taken = ledger.take(plan, clock.now());
    taken.doubtAt = doubted.get(plan.id) ?? null;
    auditor.accepted(taken);
    if (plan.timeInForce !== "ioc") {
      if (chance(0.2)) fill(taken, part(taken));
    } else {
      if (chance(0.7)) fill(taken, part(taken));
      ledger.close(taken, "cancelled", clock.now());
    }
    tell(taken);
    return taken;
  };
  const accepted = (taken: Taken): Answer => {
    ledger.tell(taken, { fills: 0 }, clock.now());
    return { kind: "accepted", venueId: taken.venueId };
  };
  const lost = async (plan: Plan): Promise<Answer> => {
    const fate = random.next();
    if (fate < (clock.now() < temper.deafUntil ? 0.9 : 0.4)) arrive(plan);
    else if (fate < 0.8) timers.after(random.between(1000, LATEST_MS), () => void arrive(plan));
    await sleep(random.between(500, 5000));
    const at = clock.now();
    doubted.set(plan.id, at);
    const taken = ledger.orders.get(plan.id);
    if (taken) taken.doubtAt ??= at;
    return { kind: "unknown", cause: "no answer" };
  };
  const place = async (plan: Plan): Promise<Answer> => {
    auditor.left(plan, clock.now());
    await sleep(random.between(1, 40));
    if (temper.refusals > 0) {
      temper.refusals -= 1;
      if (!doubted.has(plan.id)) ledger.course.refused(plan.product, clock.now());
      return { kind: "rejected", reason: "INSUFFICIENT_FUND", message: "no" };
    }
    if (temper.lost > 0 || chance(0.03)) {
      temper.lost = Math.max(0, temper.lost - 1);
      return lost(plan);
    }
    const taken = arrive(plan);
    await sleep(chance(0.2) ? random.between(200, 4000) : random.between(1, 40));
    return accepted(taken);
  };
  const cancelled = (taken: Taken): void => {
    if (taken.progress !== "open") return;
    // The race: it fills while it is being taken back, or the cancel is forgotten.
    if (chance(0.25)) fill(taken, part(taken));
    if (chance(0.9)) ledger.close(taken, "cancelled", clock.now());
    tell(taken);
  };

  return {
    temper,
    admissionMs: ADMISSION_MS,
    start(listener) {
      hear = listener;
      timers.every(1000, () => {
        if (clock.now() >= temper.silentUntil) hear({ kind: "feed.alive", stream: "user" });
      });
    },
    place,
    stir() {
      for (const taken of ledger.unfinished) {
        if (taken.progress === "open" && chance(0.15)) fill(taken, part(taken));
        else if (taken.progress === "open" && chance(0.02)) {
          ledger.close(taken, "expired", clock.now());
        } else if (!chance(0.05)) continue;
        tell(taken);
      }
    },
    async cancel(ids) {
      const wanted = new Set<VenueOrderId>(ids);
      const found = [...ledger.unfinished].filter(({ venueId }) => wanted.has(venueId));
      auditor.cancelled(found, clock.now());
      await sleep(random.between(1, 30));
      const taken = !chance(0.1);
      if (taken) {
        for (const one of found) timers.after(random.between(1, 3000), () => cancelled(one));
      }
      return ok(new Map(ids.map((id) => [id, { taken, cause: taken ? "" : "busy" }])));
    },
    ...reading({ clock, sleep }, random, ledger, temper, observation),
    async stop() {},
  };
}

type Watch = (taken: Taken, fills: number, source: Observation["source"]) => Observation;

/** What it says when it is asked: read at one moment, heard a little later. */
function reading(
  { clock, sleep }: Pick<VirtualTime, "clock" | "sleep">,
  random: Random,
  ledger: Ledger,
  temper: Temper,
  observation: Watch,
): Pick<Venue, "find" | "list" | "prove" | "trades"> {
  const travel = (): Promise<void> => sleep(random.between(1, 80));
  const isDeaf = (): boolean => clock.now() < temper.deafUntil;
  /** What is said of some orders once it is heard. */
  const heard = async (all: readonly Taken[]): Promise<void> => {
    const then = all.map(statement);
    await travel();
    for (const [nth, taken] of all.entries()) ledger.tell(taken, then[nth], clock.now());
  };
  return {
    async find(order: OrderId) {
      await travel();
      if (isDeaf()) return fail(DEAF);
      const taken = ledger.orders.get(order);
      if (!taken) return ok(null);
      const said = observation(taken, taken.fills.length, "read");
      await heard([taken]);
      return ok(said);
    },
    async list(since: Instant) {
      if (isDeaf()) return fail(DEAF);
      const asOf = clock.now();
      const all = [...ledger.orders.values()].filter(
        ({ progress, changedAt }) => progress === "open" || changedAt >= since,
      );
      const orders = all.map((taken) => observation(taken, taken.fills.length, "listing"));
      const balances = balancesOf(ledger);
      const foreign = ledger.foreign.filter(({ live, toldAt }) => live || toldAt !== null);
      const theirs = foreign.map(({ venueId, product, worth, live }) => {
        const side = "buy" as const;
        return { venueId, product, clientId: "theirs", side, live, worth: worth as Quote };
      });
      await heard(all);
      for (const one of foreign) one.toldAt ??= clock.now();
      const fee = FEE as Rate;
      return ok({
        products: CATALOG,
        balances,
        orders,
        foreign: theirs,
        takerRate: fee,
        makerRate: rate("0.004"),
        asOf,
      });
    },
    async prove(order: OrderId) {
      const taken = ledger.orders.get(order);
      if (!taken || isDeaf()) return fail(DEAF);
      const fills = taken.fills.length;
      const said = { ...observation(taken, fills, "read"), count: fills };
      const trades = tradesOf(taken);
      await heard([taken]);
      return ok({ observation: said, trades });
    },
    async trades(since: Instant) {
      if (isDeaf()) return fail(DEAF);
      const all = [...ledger.orders.values()].filter(({ changedAt }) => changedAt >= since);
      const trades = all.flatMap(tradesOf);
      await heard(all.filter(({ fills }) => fills.length > 0));
      return ok(trades);
    },
  };
}

const DEAF = { kind: "unavailable", detail: "told to be" } as const;

function tradesOf(taken: Taken): readonly Trade[] {
  const { plan, venueId } = taken;
  return taken.fills.map(({ entry, at, size, value, fee }) => ({
    entry,
    order: plan.id,
    venueId,
    product: plan.product,
    side: plan.side,
    at: instant(at),
    price: plan.limit,
    size: size as Size,
    value: value as Quote,
    fee: fee as Quote,
    liquidity: "taker",
    adjustment: false,
  }));
}

function balancesOf(ledger: Ledger): readonly Balance[] {
  const none = 0n as Size;
  const coins = PRODUCTS.map((product) => ({
    currency: baseOf(product),
    available: (ledger.held.get(product) ?? 0n) as Size,
    hold: none,
  }));
  return [{ currency: "USD", available: ledger.cash as Size, hold: none }, ...coins];
}
