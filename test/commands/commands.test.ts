import { expect, test } from "vitest";
import { COMMANDS } from "../../commands/table.ts";
import { render } from "../../src/adapters/console/render.ts";
import { lookUp, menuOf, type Parsed } from "../../src/chat/command.ts";
import { parseLine } from "../../src/chat/line.ts";
import { limitChange } from "../../src/chat/proposal.ts";
import type { DeskView } from "../../src/core/engine/views.ts";
import { roomId } from "../../src/core/kernel/ids.ts";
import { quote } from "../../src/core/kernel/money.ts";
import { later } from "../../src/core/kernel/time.ts";
import { ASKER, BY_ANA, filled, limitView, NOW, VIC, VIEW } from "../kit/sample-desk.ts";

const LOOK = { colour: false, oneLine: false };

function parsed(text: string): Parsed {
  const line = parseLine(text, { bareWords: false, ownName: null });
  const found = line.kind === "said" ? lookUp(COMMANDS, line) : null;
  if (!found) throw new Error(`no command in ${text}`);
  return found.command.parse(found.args);
}

function shown(text: string, view: DeskView = VIEW, asker = ASKER): string {
  const answer = parsed(text);
  if (!("ask" in answer)) throw new Error(`${text} is no question`);
  return render(answer.ask(view, asker), "LIVE nyc1", false, LOOK);
}

test("/status is the whole desk on one screen", () => {
  expect(shown("/status")).toBe(`LIVE nyc1 · RUNNING · 13:07:05 EST
  Day −$3.10 (closed −2.51, open −0.59) · limit −150
  Equity $4,982.40 · exposure $99 / $5,000
  BTC 0.00152 · orders 1 open, 0 unknown
  Breakers 0 tripped · nearest: consecutive losses 2/4
  Feed market 0.4 s, user 1.1 s
  BTC spread 0.2 bp, $100 slips 0.4 bp
  Waiting for you: 1 (RAISE K7QF until 13:09:05)   [/status] [/positions] [/pause]
`);
});

test("/status says first why the desk does not trade", () => {
  const latch = { at: NOW, by: BY_ANA, reason: "odd\nspread" };
  const view = { ...VIEW, trading: "reducing", paused: latch } as const;
  expect(shown("/status", view)).toContain(
    "LIVE nyc1 · PAUSED · 13:07:05 EST\n  Paused 13:07 by Ana: odd spread\n",
  );
  const killed = { ...VIEW, trading: "killed", killed: latch } as const;
  expect(shown("/status", killed)).toContain("🔴 LIVE nyc1 · KILLED");
  expect(shown("/status", { ...VIEW, reconciled: false })).toContain("STARTING");
});

test("/status tells seconds from counts in what is nearest to trip", () => {
  const now = { observed: "0.5", limit: "15", unit: "s" } as const;
  const rest = { product: null, tripped: null, holds: false, nearness: 0.6 };
  const near = { breaker: "feed-silence", now, ...rest } as const;
  const breakers = [...VIEW.breakers, near];
  expect(shown("/status", { ...VIEW, breakers })).toContain(
    "nearest: feed silence 0.5 s of 15 s\n",
  );
});

test("/status says which platforms and rooms are silent, on no more lines than a phone shows", () => {
  const silent = [
    { platform: "telegram", room: null, why: "token refused", silentMs: 180_000 },
    { platform: "slack", room: roomId("slack:C1"), why: "no\nsuch room", silentMs: 4000 },
  ];
  const latch = { at: NOW, by: BY_ANA, reason: "lunch" };
  const view = { ...VIEW, trading: "reducing", paused: latch, silent } as const;
  expect(shown("/status", view)).toContain(
    "  Feed market 0.4 s, user 1.1 s · Telegram silent 3 min: token refused, a room on Slack silent 4.0 s: no such room\n  Waiting for you",
  );
  expect(shown("/status", view).trim().split("\n")).toHaveLength(8);
  expect(
    shown("/status", { ...VIEW, silent })
      .trim()
      .split("\n"),
  ).toHaveLength(8);
});

test("/status says of a market what is known: no cost without a book, nothing without a price or below a reason", () => {
  const [known] = VIEW.markets;
  if (!known) throw new Error("the sample desk sees a market");
  const line = (over: Partial<typeof known>) =>
    shown("/status", { ...VIEW, markets: [{ ...known, ...over }] }).split("\n")[6];
  expect(line({ buying: null })).toBe("  BTC spread 0.2 bp");
  expect(line({ spreadBps: null })).toMatch(/^ {2}Waiting for you/);
  const thin = { ...known.buying, slippageBps: 31.4, whole: false } as typeof known.buying;
  expect(line({ spreadBps: 0.0015, buying: thin, bars: { count: 3, whole: false } })).toBe(
    "  BTC spread under 0.1 bp, $100 slips over 31 bp, bars awaited",
  );
  const latch = { at: NOW, by: BY_ANA, reason: "lunch" };
  expect(shown("/status", { ...VIEW, trading: "reducing", paused: latch })).not.toContain("spread");
});

test("/positions shows the average, the mark and what protects it", () => {
  expect(shown("/positions")).toBe(`LIVE nyc1 · Holding 0.00152 BTC ($99)
  Average 65,084.10 · now 65,086.00
  Open −$0.59 · fees $0.59
  Stop 64,823.76 · take 65,604.77   [/positions] [/flatten]
`);
  expect(shown("/positions", { ...VIEW, positions: [] })).toContain("Holding nothing");
});

test("/orders shows the end of each id, by which an order is cancelled", () => {
  expect(shown("/orders")).toContain(
    "SELL 0.00152 BTC @ 65,604.77 · open · 65 s · …1c5a52   [/orders]",
  );
  const [one] = VIEW.orders;
  if (!one) throw new Error("an order");
  const market = { ...one, side: "buy", limit: null, spend: quote("25") } as const;
  expect(shown("/orders", { ...VIEW, orders: [market] })).toContain(
    "BUY $25.00 of BTC at the market · open · 65 s",
  );
  expect(shown("/orders eth-usd")).toContain("No open orders of ETH-USD");
});

test("/fills shows the newest first", () => {
  const fill = filled("0.00152");
  const fills = [
    { seq: 8, at: NOW, fill },
    { seq: 9, at: later(NOW, 1000), fill: { ...fill, side: "sell", result: quote("1.5") } },
    { seq: 7, at: NOW, fill: { ...fill, side: "sell", result: quote("-2.95") } },
  ] as const;
  expect(shown("/fills", { ...VIEW, fills })).toBe(`LIVE nyc1 · 3 latest fills
  13:07:06 SELL 0.00152 BTC @ 65,084.10 · fee $0.59 · made $1.50
  13:07:05 BUY 0.00152 BTC @ 65,084.10 · fee $0.59
  13:07:05 SELL 0.00152 BTC @ 65,084.10 · fee $0.59 · lost $2.95   [/fills] [/positions]
`);
});

test("/limits shows every cap with what is used, and one group in full", () => {
  expect(shown("/limits")).toBe(`LIVE nyc1 · Limits: 4 caps, version 1
  portfolio: 1 cap, nearest daily-loss $3.10 / $150
  BTC-USD: 2 caps, nearest position-notional $98.93 / $1,000   [/limits portfolio] [/limits BTC-USD]
`);
  expect(shown("/limits portfolio")).toContain(
    "daily-loss $150 (used $3.10) · portfolio.max_daily_loss_usd",
  );
});

test("a limit has one name: in the list, in the hint and on the card", () => {
  const key = "circuit_breakers.confirm_seconds";
  const limit = limitView(key, "", "seconds", "1");
  expect(shown("/limits breakers", { ...VIEW, limits: [limit] })).toContain("loss-must-last 1 s");
  expect(parsed("/limits set notional 5")).toHaveProperty(
    "usage",
    "No single limit is called notional. Did you mean gross-notional, net-notional, strategy-notional, position-notional? /limits lists them.",
  );
  expect(parsed("/limits set order-notional 5")).toHaveProperty(
    "usage",
    "Of which product? Type it as BTC-USD.order-notional",
  );
  expect(
    limitChange({ key: "per_symbol.BTC-USD.max_order_notional_usd", from: "50", to: "60" }),
  ).toBe("BTC-USD order-notional $50 → $60");
});

test("a whole policy fits one message", () => {
  const names = ["a-usd", "b-usd", "c-usd", "d-usd", "e-usd"].map((name) => name.toUpperCase());
  const limits = names.flatMap((name) =>
    VIEW.limits.slice(1).map((limit) => ({ ...limit, key: limit.key.replace("BTC-USD", name) })),
  );
  expect(
    shown("/limits", { ...VIEW, limits })
      .trim()
      .split("\n").length,
  ).toBeLessThanOrEqual(8);
});

test("/help and /whoami come from the table itself", () => {
  const help = shown("/help");
  const listed = [...help.matchAll(/\/[a-z]+(?: set)?(?= |\n)/g)].map(([word]) => word.slice(1));
  const all = COMMANDS.filter(({ hidden }) => hidden !== true).map(({ words }) => words);
  expect(listed.filter((word) => word !== "help").sort()).toEqual(
    all.filter((word) => word !== "help").sort(),
  );
  expect(help.trim().split("\n").length).toBeLessThanOrEqual(8);
  expect(help).toContain("Safe, at once: /pause /suspend /kill\n");
  expect(help).toContain("Answers to a request: /confirm /code /approve /deny\n");
  expect(shown("/help limits set")).toContain("/limits set <key> <value>");
  const viewer = shown("/whoami", VIEW, { ...ASKER, person: VIC });
  expect(viewer).toContain("You may say: /status /positions /orders");
  expect(viewer).toContain("/suspend");
  expect(viewer).not.toMatch(/\/(pause|kill|approve|heard|rearm)/);
});

test("/whoami lists to somebody suspended only what is left to them", () => {
  const suspended = [{ person: ASKER.person.id, name: "Ana", since: NOW }];
  const told = shown("/whoami", { ...VIEW, suspended });
  expect(told).toContain("You are suspended");
  expect(told).toContain("You may say: /status /pause /whoami /help /kill");
});

test("a kill by its button has a reason", () => {
  const kill = COMMANDS.find(({ words }) => words === "kill");
  const asked = kill?.parse(["?"]);
  const note = asked && "note" in asked ? asked.note : undefined;
  const [, ...args] = note?.buttons[0]?.line.split(" ") ?? [];
  expect(kill?.parse(args)).toEqual({ request: { verb: "kill", reason: "by button" } });
});

test("the menu begins with status and pause and ends with kill", () => {
  const menu = menuOf(COMMANDS).map(({ command }) => command);
  expect([menu[0], menu[1], menu[menu.length - 1]]).toEqual(["status", "pause", "kill"]);
  expect(menu.every((word) => /^[a-z]{1,32}$/.test(word))).toBe(true);
});

test.each([
  ["/pause odd spread", { verb: "pause", reason: "odd spread" }],
  ["/kill", { verb: "kill", reason: "no reason given" }],
  ["/resume", { verb: "resume" }],
  ["/rearm", { verb: "rearm" }],
  ["/reconcile", { verb: "reconcile" }],
  ["/flatten", { verb: "flatten", product: null }],
  ["/flatten btc-usd", { verb: "flatten", product: "BTC-USD" }],
  ["/cancel …1c5a52", { verb: "cancel", order: "1c5a52" }],
  ["/confirm k7 qf", { verb: "confirm", code: "K7QF" }],
  ["/deny K7QF", { verb: "deny", code: "K7QF" }],
  [
    "/limits set daily-loss $1,200",
    { verb: "limits set", key: "portfolio.max_daily_loss_usd", value: "1200" },
  ],
  [
    "/limits SET daily-loss -10%",
    { verb: "limits set", key: "portfolio.max_daily_loss_usd", value: "-10%" },
  ],
  [
    '/limits set daily-loss 100 for 90m because "odd fills"',
    {
      verb: "limits set",
      key: "portfolio.max_daily_loss_usd",
      value: "100",
      forMs: 5_400_000,
      because: "odd fills",
    },
  ],
  ["/limits set daily-loss file", { verb: "limits set", value: "file" }],
  ["/limits set open-orders 3 for 2 h", { key: "portfolio.max_open_orders", forMs: 7_200_000 }],
  ["/limits set products file", { verb: "limits set", key: "allowlist.products", value: "file" }],
])("%s is the request it looks like", (text, request) => {
  expect(parsed(text)).toMatchObject({ request });
});

test.each([
  "/limits set",
  "/limits set daily-loss",
  "/limits set daily-loss 1,2",
  "/limits set daily-loss 1e9",
  "/limits set daily-loss 120k",
  "/limits set daily-loss 120 for",
  "/limits set daily-loss 120 for ever",
  "/limits set daily-loss 120 for 31d",
  "/limits set daily-loss 120 for 0m",
  "/limits set daily-loss 120 until 4h",
  "/limits set daily-loss 120 because",
  "/limits set products BTC-USD",
  "/limits set cooldown 0",
  "/limits set nonsense 1",
  "/flatten everything",
  "/flatten BTC-USD ETH-USD",
  "/cancel 12",
  "/confirm",
  "/resume BTC-USD now",
  "/reconcile BTC-USD",
  "/status please",
  "/positions BTC-USD",
  "/whoami now",
  "/fills 0",
])("%s is refused with how to type it", (text) => {
  expect(parsed(text)).toHaveProperty("usage");
});

test.each([
  ["/limits set daily-loss 149", "operator"],
  ["/limits set daily-loss 151", "risk"],
  ["/limits set daily-loss +1%", "risk"],
  ["/limits set daily-loss none", "risk"],
  ["/limits set BTC-USD.cooldown 301", "operator"],
  ["/limits set BTC-USD.cooldown 0", "risk"],
  ["/limits set BTC-USD.cooldown -5%", "risk"],
  ["/limits set BTC-USD.leverage 3", "operator"],
])("%s needs the role %s", (text, role) => {
  const answer = parsed(text);
  expect("request" in answer && answer.needs?.(VIEW, ASKER.person)).toBe(role);
});
