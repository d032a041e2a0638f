import { expect, test } from "vitest";
import type { Alert } from "../../src/chat/alert.ts";
import type { EventBody } from "../../src/core/engine/event.ts";
import { price, quote, size } from "../../src/core/kernel/money.ts";
import { later } from "../../src/core/kernel/time.ts";
import {
  BTC,
  BY_ANA,
  CONSOLE,
  GLANCE,
  HOLDING,
  NOW,
  numbered,
  paused,
  vetoed,
} from "../kit/sample-desk.ts";
import { said, text, told } from "../kit/told.ts";

const LATCH = { at: NOW, by: BY_ANA, reason: "lunch" };

test("vetoes of one rule and product are one message with a count", () => {
  const events = numbered(Array.from({ length: 9 }, vetoed), 1, 60_000);
  const alerts = told(events);
  expect(new Set(alerts.map(({ key }) => key)).size).toBe(1);
  expect(alerts.map(({ edit }) => edit)).toEqual([false, ...Array(8).fill(true)]);
  expect(text(alerts.at(-1))).toBe(`LIVE nyc1 · 9 vetoes · BTC-USD spread
  Last 13:15: 62 bp, limit 50 bp. Wanted BUY $25. Nothing sent.
  Since 13:07 #0009
`);
});

test("after half an hour without one, a veto begins a new message", () => {
  const [first] = numbered([vetoed()]);
  const again = { seq: 2, at: later(NOW, 1_800_000), body: vetoed() };
  const alerts = told(first ? [first, again] : []);
  expect(alerts[1]).toMatchObject({ edit: false, key: "veto:BTC-USD:spread:2" });
  expect(alerts[1]?.card.headline).toBe("1 veto · BTC-USD spread");
});

test("a veto by the desk's own state says which state it is, in the word of /status", () => {
  const rule = { rule: "trading-state", limit: "active", unit: "state", missing: null } as const;
  const by = (observed: string): EventBody => ({
    ...vetoed(),
    vetoes: [{ ...rule, observed }],
  });
  expect(said(by("reducing"))).toBe(`LIVE nyc1 · 1 veto · BTC-USD desk is paused
  Last 13:07: desk is PAUSED. Wanted BUY $25. Nothing sent.
  Since 13:07 #0EV3
`);
  expect(said(by("killed"))).toContain("desk is KILLED");
});

test("a veto without figures says in words what was seen", () => {
  const by = (rule: "lockout" | "stale-data", observed: string, limit: string): EventBody => ({
    ...vetoed(),
    vetoes: [{ rule, observed, limit, unit: "state", missing: null }],
  });
  expect(said(by("lockout", "FOMC", "outside the window"))).toContain("inside the lockout FOMC.");
  expect(said(by("stale-data", "crossed", "bid below ask"))).toContain(
    "crossed, not bid below ask.",
  );
});

test("more than ten vetoes in ten minutes ring once, not at each further one", () => {
  const alerts = told(numbered(Array.from({ length: 40 }, vetoed), 1, 10_000));
  const loud = alerts.filter(({ priority }) => priority === "P1");
  expect(loud).toHaveLength(1);
  expect(alerts.indexOf(loud[0] as Alert)).toBe(10);
  expect(loud[0]).toMatchObject({ key: null, edit: false, topic: "incidents" });
});

test("a trip wakes people and says what is held and what clears it", () => {
  const trip: EventBody = {
    kind: "breaker.tripped",
    trip: { breaker: "daily-loss", at: NOW, observed: "-151.2", limit: "150", unit: "usd" },
    glance: GLANCE,
    holdings: [HOLDING],
    openOrders: 2,
  };
  expect(said(trip)).toBe(`🔴 LIVE nyc1 · TRIPPED daily loss −$151.20 / −$150
  13:07 EST. Entries stopped; exits still work.
  Holding 0.0123 BTC ($800), stop 64,824.00 active
  2 open orders · Day −$3.10 of −$150 · exposure 2%
  Stays tripped until /resume, then /confirm with the code it answers #0EV3
`);
  expect(told(numbered([trip]))[0]).toMatchObject({ priority: "P0", topic: "incidents" });
});

test("a kill is told when it begins, edited while it runs, and told again with what is still held", () => {
  const alerts = told(
    numbered([
      { kind: "trading.killed", latch: LATCH, openOrders: 50 },
      { kind: "kill.progressed", closed: 31, total: 50, unknown: 2 },
      {
        kind: "kill.finished",
        total: 50,
        cancelled: 48,
        filled: 2,
        holdings: [HOLDING],
        flattenCost: quote("6.1"),
        killedAt: NOW,
      },
    ]),
  );
  expect(alerts.map(({ key, edit, priority }) => [key, edit, priority])).toEqual([
    ["kill:1", false, "P0"],
    ["kill:1", true, "P0"],
    [null, false, "P0"],
  ]);
  expect(alerts[0]?.card.headline).toBe("KILL by Ana · 0/50 closed");
  expect(alerts[1]?.card.headline).toBe("KILL by Ana · 31/50 closed, 2 unknown");
  expect(text(alerts[2])).toBe(`🔴 LIVE nyc1 · KILLED · 50/50 verified 13:07:05
  48 cancelled, 2 filled meanwhile
  STILL HOLDING 0.0123 BTC ($800). STOPS ARE OFF.
  /flatten sells it, cost about $6.10
  Restart: /rearm, lands paused #0003
`);
  expect(alerts.every(({ replyTo }) => replyTo === CONSOLE)).toBe(true);
});

test("a kill with nothing to cancel is one message, unless its end took long", () => {
  const kill = (stepMs: number) =>
    told(
      numbered(
        [
          { kind: "trading.killed", latch: LATCH, openOrders: 0 },
          {
            kind: "kill.finished",
            total: 0,
            cancelled: 0,
            filled: 0,
            holdings: [],
            flattenCost: quote("0"),
            killedAt: NOW,
          },
        ],
        1,
        stepMs,
      ),
    );
  const [begun, done] = kill(1_000);
  expect(text(begun)).toContain("13:07:05 EST. Nothing new leaves.\n");
  expect(done).toMatchObject({ key: begun?.key, edit: true, under: null });
  expect(text(done)).toBe(`🔴 LIVE nyc1 · KILLED · no open orders 13:07:06
  By Ana. Reason: lunch
  Holding nothing.
  Restart: /rearm, lands paused #0002
`);
  expect(kill(10_000)[1]).toMatchObject({ key: null, edit: false, under: begun?.key });
});

test("pauses, resumes, rearms and changes of limits reach everyone and answer whoever asked", () => {
  const change: EventBody = {
    kind: "limit.changed",
    key: "portfolio.max_daily_loss_usd",
    from: "150",
    to: "120",
    raise: false,
    by: BY_ANA,
  };
  const alerts = told(
    numbered([
      paused(),
      { kind: "trading.resumed", by: BY_ANA, rearmed: ["daily-loss"], equity: quote("5000") },
      { kind: "trading.rearmed", by: BY_ANA },
      change,
    ]),
  );
  expect(alerts.map(({ card }) => card.headline)).toEqual([
    "PAUSED by Ana",
    "RESUMED by Ana",
    "REARMED by Ana · now paused",
    "LOWERED daily-loss $150 → $120",
  ]);
  expect(alerts.every(({ replyTo, topic }) => replyTo === CONSOLE && topic === "incidents")).toBe(
    true,
  );
});

test("a request that changed nothing is told to the one who asked and to nobody else", () => {
  const [answer] = told(
    numbered([
      { kind: "request.answered", verb: "resume", by: BY_ANA, refused: true, why: "Still holds." },
    ]),
  );
  expect(answer).toMatchObject({ topic: "reply-only", replyTo: CONSOLE });
  expect(text(answer)).toBe("LIVE nyc1 · /resume refused\n  Still holds. #0001\n");
  const why = "per_symbol.BTC-USD.max_order_notional_usd is 50 already.";
  expect(
    said({ kind: "request.answered", verb: "limits set", by: BY_ANA, refused: false, why }),
  ).toContain("  BTC-USD.order-notional is 50 already.");
});

test("a hiccup of a feed is one rolling message; coming back after half a minute rings", () => {
  const broke: EventBody = { kind: "feed.broke", stream: "market", cause: "closed by peer" };
  const back = (silentMs: number): EventBody => ({
    kind: "feed.recovered",
    stream: "market",
    silentMs,
  });
  const alerts = told(numbered([back(10), broke, back(400), broke, back(40_000)], 1, 1000));
  expect(alerts.map(({ card, edit, priority }) => [card.headline, edit, priority])).toEqual([
    ["Feed market broke", false, "P2"],
    ["Feed market is back after 0.4 s", true, "P2"],
    ["Feed market broke · 2 times", true, "P2"],
    ["Feed market is back after 40 s", false, "P1"],
  ]);
});

test("differences with the venue are told; money that differs wakes people", () => {
  const read = (what: "order" | "balance" | null, first: boolean): EventBody => ({
    kind: "venue.reconciled",
    products: [],
    balances: [],
    takerRate: 0n as never,
    makerRate: 0n as never,
    differences: what === null ? [] : [{ what, subject: "BTC", ours: "1", theirs: "2" }],
    first,
  });
  expect(told(numbered([read(null, false)]))).toEqual([]);
  expect(told(numbered([read(null, true)]))[0]?.priority).toBe("P2");
  expect(told(numbered([read("order", false)]))[0]?.priority).toBe("P1");
  expect(told(numbered([read("balance", false)]))[0]?.priority).toBe("P0");
  expect(said(read("balance", false))).toContain("balance of BTC: we had 1, the venue 2");
});

test.each([
  ["SIGINT", "STOPPED by Ctrl-C"],
  ["SIGTERM", "STOPPED: asked by the system"],
  ["its time is over", "STOPPED: its time is over"],
])("a desk ended by %s says %s", (why, headline) => {
  const stop = { kind: "desk.stopped", why, glance: GLANCE, holdings: [], openOrders: 0 } as const;
  expect(said(stop)).toContain(`LIVE nyc1 · ${headline}\n`);
});

test("starting and stopping say what is recovered and what stays behind", () => {
  const recovered = { orders: 2, positions: 1 };
  const start = {
    kind: "desk.started",
    mode: "live",
    name: "nyc1",
    version: "1",
    run: "r",
  } as const;
  expect(said({ ...start, recovered })).toContain("STARTED · 2 orders, 1 position recovered");
  const stop: EventBody = {
    kind: "desk.stopped",
    why: "asked by signal",
    glance: GLANCE,
    holdings: [HOLDING],
    openOrders: 1,
  };
  expect(said(stop)).toBe(`⚠️ LIVE nyc1 · STOPPED: asked by signal
  13:07:05 EST. Day −$3.10 of −$150 · exposure 2%
  Holding 0.0123 BTC ($800), stop 64,824.00. Nobody watches the stops now.
  1 order stays open at the venue. #0EV3
`);
});

test("bars that differed from the venue's are one quiet message that counts, with both sides", () => {
  const bar = {
    start: later(NOW, -125_000),
    open: price("65000"),
    high: price("65100.5"),
    low: price("64990"),
    close: price("65010"),
    volume: size("12.5"),
  };
  const theirs = { ...bar, close: price("65011"), volume: size("12.6") };
  const differed: EventBody = {
    kind: "bars.differed",
    product: BTC,
    lengthMs: 300_000,
    ours: bar,
    theirs,
  };
  const alerts = told(numbered([differed, differed], 1, 300_000));
  expect(alerts.map(({ priority, edit }) => [priority, edit])).toEqual([
    ["P3", false],
    ["P3", true],
  ]);
  expect(new Set(alerts.map(({ key }) => key)).size).toBe(1);
  expect(text(alerts[1])).toBe(`LIVE nyc1 · Bars of BTC-USD differed from the venue's · 2 times
  13:05 to 13:10 EST
  Ours open 65,000.00 high 65,100.50 low 64,990.00 close 65,010.00 volume 12.5
  Venue open 65,000.00 high 65,100.50 low 64,990.00 close 65,011.00 volume 12.6
  They are read from the venue anew.
  Since 13:07 #0002
`);
});
