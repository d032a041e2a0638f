/** Circuit breakers: what trips each of them, what does not, and that none of them forgets by a crash. */
import { describe, expect, test } from "vitest";
import type { RecalledLatch } from "../../src/core/engine/input.ts";
import { deskView } from "../../src/core/engine/view.ts";
import { quote, size } from "../../src/core/kernel/money.ts";
import { instant, later } from "../../src/core/kernel/time.ts";
import type { BREAKER_LIMITS, PORTFOLIO_LIMITS, Policy } from "../../src/core/risk/limits.ts";
import { BREAKERS, type BreakerName, tripKey } from "../../src/core/risk/trip.ts";
import { BTC, DeskScript, POLICY, START } from "../kit/desk-script.ts";

type Breakers = Partial<Record<keyof typeof BREAKER_LIMITS, number | null>>;
type Portfolio = Partial<Record<keyof typeof PORTFOLIO_LIMITS, unknown>>;
const policy = (
  breakers: Breakers,
  portfolio: Portfolio = {},
  more: Partial<Policy> = {},
): Policy => ({
  ...POLICY,
  portfolio: { ...POLICY.portfolio, ...portfolio } as Policy["portfolio"],
  circuit_breakers: { ...POLICY.circuit_breakers, ...breakers },
  ...more,
});
/** Breakers are not the gate's business: it lets everything through here. */
const open = (of: Policy = POLICY): DeskScript => DeskScript.ready(of, { rules: [] });
const tripped = (desk: DeskScript): string[] => [...desk.state.desk.trips.keys()];

/** Buys for 100 and leaves it at that. */
const holding = (of: Policy): DeskScript => open(of).want("long").accept().fill("100");
/** The bid falls, seen again and again. */
function fallen(desk: DeskScript, bid: string, times: number, newQuote = true): DeskScript {
  const ask = (Number(bid) + 0.02).toFixed(2);
  for (let i = 0; i < times; i += 1) {
    if (newQuote || i === 0) desk.quote(bid, ask);
    desk.alive().tick(5001);
  }
  return desk;
}
const failedCalls = (desk: DeskScript, count: number): DeskScript => {
  for (let i = 0; i < count; i += 1) desk.wait(1000).put({ kind: "venue.failed" });
  return desk;
};
/** How each breaker is made to trip. */
const PROVOKED: Readonly<Record<BreakerName, () => DeskScript>> = {
  "daily-loss": () => fallen(holding(policy({}, { max_daily_loss_usd: quote("10") })), "80.00", 3),
  drawdown: () => fallen(holding(policy({}, { max_drawdown_usd: quote("10") })), "80.00", 3),
  "consecutive-losses": () => {
    const desk = holding(policy({ consecutive_losses: 1 }));
    return desk.quote("99.50", "99.52").fill("99.50");
  },
  "consecutive-rejects": () => {
    const desk = open(policy({ consecutive_rejects: 1 })).want("long");
    const answer = { kind: "rejected", reason: "no", message: "no" } as const;
    return desk.put({ kind: "order.answered", order: desk.lastPlan().id, answer });
  },
  "feed-silence": () => open().tick(15_001),
  throttled: () => open(policy({ api_429_per_minute: 1 })).put({ kind: "venue.throttled" }),
  "rule-failure": () => {
    const broken = {
      name: "spread",
      binds: "all",
      needs: [],
      check: () => {
        throw new Error("a bug");
      },
    } as const;
    return DeskScript.ready(POLICY, { rules: [broken] }).want("long");
  },
  spread: () => {
    const desk = open();
    for (let i = 0; i < 3; i += 1) desk.alive().quote("99.00", "101.00").tick(5001);
    return desk;
  },
  volatility: () => {
    const desk = open(policy({ volatility_bps_per_minute: 100 }));
    for (const bid of ["100", "100", "97", "97", "97", "97"]) {
      desk.alive().quote(bid, `${bid}.02`).tick(5001);
    }
    return desk;
  },
  "error-rate": () => failedCalls(open(policy({ errors_per_5_minutes: 3 })), 4),
  drift: () => {
    const desk = open();
    const balances = [{ currency: "USD", available: size("9000"), hold: size("0") }];
    for (let i = 0; i < 4; i += 1) desk.alive().tick(4000).listed({ balances });
    return desk;
  },
  "unknown-orders": () => {
    const desk = open(policy({ unknown_orders: 1 })).want("long");
    const answer = { kind: "unknown", cause: "no answer" } as const;
    return desk.put({ kind: "order.answered", order: desk.lastPlan().id, answer });
  },
};

describe.each(BREAKERS)("%s", (name) => {
  test("trips once, latches with its evidence, and stops entries", () => {
    const desk = PROVOKED[name]();
    const trips = desk.said("breaker.tripped").map(({ trip }) => trip);
    const [trip] = trips.filter(({ breaker }) => breaker === name);
    expect(trip, `what tripped: ${trips.map(tripKey)}`).toBeDefined();
    expect(trip).toMatchObject({ breaker: name, by: null });
    expect(trip?.observed).not.toBe("");
    expect(trip?.limit).not.toBe("");
    desk.tick().tick();
    const again = desk.said("breaker.tripped").filter((said) => said.trip.breaker === name);
    expect(again).toHaveLength(1);
    const shown = deskView(desk.state, instant(desk.now)).breakers;
    expect(shown.filter(({ tripped: one }) => one?.breaker === name)).toHaveLength(1);
  });

  test("falls again from its emergency line after a crash before its commit", () => {
    const all = PROVOKED[name]().said("breaker.tripped");
    const said = all.find(({ trip }) => trip.breaker === name);
    if (!said) throw new Error("nothing tripped");
    const latches: readonly RecalledLatch[] = [
      { latch: "trip", trip: JSON.parse(JSON.stringify(said.trip)) },
    ];
    const after = DeskScript.ready().wait(60_000).put({ kind: "desk.recalled", latches });
    expect(tripped(after)).toEqual([tripKey(said.trip)]);
    // The evidence is that of the trip, not of the start.
    expect(after.state.desk.trips.get(tripKey(said.trip))).toEqual(said.trip);
  });
});

test("an odd price trips nothing that rests on prices, however long it is the last one", () => {
  const limits = policy({ volatility_bps_per_minute: 100 }, { max_daily_loss_usd: quote("10") });
  const desk = holding(limits);
  for (let i = 0; i < 5; i += 1) desk.quote("99.99", "100.01").tick(1000);
  // Seen once, and looked at again and again.
  fallen(desk, "50.00", 4, false);
  expect(tripped(desk)).toEqual([]);
  for (let i = 0; i < 20; i += 1) desk.quote("99.99", "100.01").alive().tick(5001);
  expect(tripped(desk)).toEqual([]);
  for (let i = 0; i < 3; i += 1)
    desk.alive().quote("98.00", "102.00").tick(2000).quote("99.99", "100.01").tick(3001);
  expect(tripped(desk)).toEqual([]);
});

test("a loss of the day counts in percent of the equity that it began with, and at the limit exactly", () => {
  const one = holding(policy({}, { max_daily_loss_usd: null, max_daily_loss_pct: 1 }));
  const opening = Number(one.state.desk.day?.opening ?? 0n) / 1e18;
  expect(opening).toBe(10_000);
  const sold = (of: DeskScript, realized: string): string[] => {
    const { day } = of.state.desk;
    if (!day) throw new Error("no day");
    Object.assign(day, { realized: quote(realized), fees: quote("0") });
    of.state.desk.positions.clear();
    return tripped(of.alive().tick());
  };
  expect(sold(one, "-99.99")).toEqual([]);
  expect(sold(one, "-100")).toEqual(["daily-loss"]);
  const [trip] = one.said("breaker.tripped");
  expect(trip?.trip).toMatchObject({
    observed: "1.00",
    limit: "1",
    unit: "percent",
    of: "portfolio.max_daily_loss_pct",
  });
});

test("what 24 hours lost counts over midnight, and no new day clears it", () => {
  const limits = policy({}, { max_realized_loss_24h_usd: quote("10") }, { reset: "utc_midnight" });
  const desk = open(limits);
  const minute = later(START, -23 * 3_600_000);
  desk.state.desk.realizedByMinute = [{ minute, amount: quote("-9.99") }];
  expect(tripped(desk.tick())).toEqual([]);
  desk.state.desk.realizedByMinute.push({ minute, amount: quote("-0.01") });
  expect(tripped(desk.tick())).toEqual(["daily-loss"]);
  expect(tripped(beyondMidnight(desk))).toEqual(["daily-loss"]);
  expect(desk.said("breaker.cleared")).toHaveLength(0);
});

/** Ten hours later: 14:00 was the start. */
const beyondMidnight = (desk: DeskScript): DeskScript =>
  desk.beats(36_060_000).listed().quote("99.99", "100.01").tick().tick(1000).tick(1000);

test("a daily loss clears by itself at midnight only where the policy says so", () => {
  for (const reset of ["utc_midnight", null] as const) {
    const desk = open(policy({}, { max_daily_loss_usd: quote("10") }, { reset }));
    Object.assign(desk.state.desk.day ?? {}, { realized: quote("-10") });
    expect(tripped(desk.alive().tick())).toEqual(["daily-loss"]);
    desk.tick(1000);
    expect(tripped(desk)).toEqual(["daily-loss"]);
    beyondMidnight(desk);
    expect(tripped(desk)).toEqual(reset === null ? ["daily-loss"] : []);
    expect(desk.said("breaker.cleared")).toHaveLength(reset === null ? 0 : 1);
  }
});

test("a drawdown counts in percent of the peak", () => {
  const desk = holding(policy({}, { max_drawdown_usd: null, max_drawdown_pct: 0.1 }));
  expect(tripped(fallen(desk, "80.00", 2))).toEqual([]);
  expect(tripped(fallen(desk, "80.00", 1))).toEqual(["drawdown"]);
  expect(desk.said("breaker.tripped")[0]?.trip.of).toBe("portfolio.max_drawdown_pct");
});

test("a breaker of one product stops that product alone", () => {
  const desk = PROVOKED.spread();
  const [trip] = desk.said("breaker.tripped");
  expect(trip?.trip).toMatchObject({ product: BTC, unit: "bps", limit: "50" });
  const { trading, breakers } = deskView(desk.state, instant(desk.now));
  expect(trading).toBe("active");
  expect(breakers.find(({ breaker }) => breaker === "spread")).toMatchObject({
    product: BTC,
    holds: true,
  });
});

test("re-arming is refused while the condition holds, and works once it has cleared", () => {
  const desk = PROVOKED.spread().alive();
  desk.ask({ verb: "resume", scope: "btc-usd" });
  expect(desk.said("request.answered").at(-1)).toMatchObject({ refused: true });
  expect(desk.said("request.answered").at(-1)?.why).toContain("spread BTC-USD (200.0 of 50)");
  desk.quote("99.99", "100.01").ask({ verb: "resume", scope: "BTC-USD" });
  const { code } = desk.said("confirmation.opened")[0]?.confirmation ?? { code: "" };
  desk.ask({ verb: "confirm", code });
  expect(tripped(desk)).toEqual([]);
  expect(desk.said("trading.resumed")[0]).toMatchObject({
    scope: `product ${BTC}`,
    rearmed: [`spread ${BTC}`],
  });
});

test("orders of unknown fate halt at three where the policy is silent, at its number where it is not, never at none", () => {
  const unknown = (limit: Breakers, count: number) => {
    const desk = open(policy(limit));
    for (let i = 0; i < count; i += 1) {
      const plan = desk.want("long").lastPlan();
      desk.plan({ ...plan, id: `other-${i}` as never });
      const answer = { kind: "unknown", cause: "lost" } as const;
      desk.put({ kind: "order.answered", order: `other-${i}` as never, answer });
    }
    return desk.state.desk.halted?.reason ?? null;
  };
  expect(unknown({}, 2)).toBeNull();
  expect(unknown({}, 3)).toBe("unknown orders 3 / 3");
  expect(unknown({ unknown_orders: 1 }, 1)).toBe("unknown orders 1 / 1");
  expect(unknown({ unknown_orders: null }, 4)).toBeNull();
});

describe("the emergency shutdown", () => {
  const limits = policy({ errors_per_5_minutes: 3 });

  test("kills at once, and ends the process when the venue shows nothing open", () => {
    const desk = failedCalls(open(limits), 3);
    expect(desk.state.desk.killed).toBeNull();
    failedCalls(desk, 1);
    expect(desk.state.desk.killed).toMatchObject({
      by: null,
      reason: "emergency shutdown: error rate 4 / 3",
    });
    desk.tick();
    expect(desk.asked("end")).toHaveLength(0);
    desk.wait(10).listed().tick().tick();
    expect(desk.said("kill.finished")).toHaveLength(1);
    expect(desk.asked("end")).toHaveLength(1);
    expect(desk.said("desk.stopped")[0]?.why).toContain("no order is open");
  });

  test("waits half a minute for the kill and no longer", () => {
    const desk = open(limits).want("long").accept();
    failedCalls(desk, 4);
    expect(desk.asked("cancel")).not.toHaveLength(0);
    desk.tick(29_000);
    expect(desk.asked("end")).toHaveLength(0);
    desk.tick(1001);
    expect(desk.asked("end")[0]?.why).toContain("1 orders are not known to be over");
  });

  test("leaves a next start that is killed and does not shut itself down", () => {
    const desk = failedCalls(open(limits), 4);
    const latches = [
      { latch: "killed", latched: desk.state.desk.killed },
      { latch: "trip", trip: desk.said("breaker.tripped")[0]?.trip },
    ] as RecalledLatch[];
    const next = open(limits).put({ kind: "desk.recalled", latches });
    expect(next.state.desk.killed?.reason).toContain("emergency shutdown");
    next.tick().tick(31_000);
    expect(next.asked("end")).toHaveLength(0);
  });

  test("forgets calls that failed more than five minutes ago", () => {
    const desk = failedCalls(open(limits), 3).beats(300_000);
    expect(tripped(failedCalls(desk, 1))).toEqual([]);
  });
});
