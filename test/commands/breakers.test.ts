/** What /breakers, /pause, /resume and /status say of trips and of parts that are paused. */
import { expect, test } from "vitest";
import { breakers } from "../../commands/breakers.ts";
import { pause } from "../../commands/pause.ts";
import { resume } from "../../commands/resume.ts";
import { status } from "../../commands/status.ts";
import { render } from "../../src/adapters/console/render.ts";
import type { Command } from "../../src/chat/command.ts";
import type { BreakerView, DeskView } from "../../src/core/engine/views.ts";
import { productId } from "../../src/core/kernel/ids.ts";
import { BREAKERS, type Trip } from "../../src/core/risk/trip.ts";
import { ASKER, BY_ANA, NOW, numbered, VIEW } from "../kit/sample-desk.ts";
import { told } from "../kit/told.ts";

const BTC = productId("BTC-USD");
const LOOK = { colour: false, oneLine: false };

function shown(command: Command, view: DeskView): string {
  const answer = command.parse([]);
  if (!("ask" in answer)) throw new Error("no question");
  return render(answer.ask(view, ASKER), "LIVE nyc1", false, LOOK);
}

const SPREAD: Trip = {
  breaker: "spread",
  product: BTC,
  at: NOW,
  observed: "62.0",
  limit: "50",
  unit: "bps",
  by: null,
};
const tripped: BreakerView = {
  breaker: "spread",
  product: BTC,
  tripped: SPREAD,
  now: { observed: "55.1", limit: "50", unit: "bps" },
  holds: true,
  nearness: 1.1,
};

test("/breakers shows what tripped with its evidence, then the others, nearest first", () => {
  const view = { ...VIEW, breakers: [...VIEW.breakers, tripped] };
  expect(shown(breakers, view)).toBe(`⚠️ LIVE nyc1 · BREAKERS 1 tripped of 3
  TRIPPED 13:07 spread BTC-USD 62.0 bp / 50 bp · now 55.1 bp of 50 bp, still beyond
  consecutive losses 2/4 · 50% of the way
  daily loss $3.10/$150 · 2% of the way   [/breakers] [/limits breakers]
`);
});

test("/breakers fits on a phone however many there are, and leaves none unnamed", () => {
  const now = { observed: "1", limit: "10", unit: "count" } as const;
  const all = BREAKERS.map((breaker, at) => ({
    ...{ breaker, product: null, tripped: null, now, holds: false },
    nearness: at / 100,
  }));
  const text = shown(breakers, { ...VIEW, breakers: all });
  expect(text.trimEnd().split("\n")).toHaveLength(8);
  for (const name of BREAKERS) expect(text).toContain(name.replaceAll("-", " "));
  expect(text).toContain("BREAKERS 0 tripped of 12\n");
});

test("/breakers says what is off, and first of all what cannot be read and why", () => {
  const none = { product: null, tripped: null, now: null, holds: false, nearness: 0 };
  const view = {
    ...VIEW,
    breakers: [
      { ...none, breaker: "throttled", unread: "off" } as const,
      ...VIEW.breakers,
      { ...none, breaker: "drawdown", unread: "cannot read: no price of BTC-USD" } as const,
    ],
  };
  expect(shown(breakers, view)).toContain(`BREAKERS 0 tripped of 4
  drawdown cannot read: no price of BTC-USD
  consecutive losses 2/4 · 50% of the way
  daily loss $3.10/$150 · 2% of the way
  throttled off `);
  expect(shown(status, view)).toContain("nearest: consecutive losses");
});

test("/status names on its first line what is stopped while the rest runs", () => {
  const latch = { at: NOW, by: BY_ANA, reason: "odd spread" };
  const view = { ...VIEW, pauses: [{ scope: `product ${BTC}`, latch } as const] };
  expect(shown(status, view)).toContain(
    "LIVE nyc1 · RUNNING · BTC-USD STOPPED · 13:07:05 EST\n  BTC-USD paused 13:07 by Ana: odd spread\n",
  );
  const trip = { ...VIEW, breakers: [tripped] };
  expect(shown(status, trip)).toContain("RUNNING · BTC-USD STOPPED");
  expect(shown(status, trip)).toContain("Tripped: spread BTC-USD 62.0 bp / 50 bp");
});

test("/pause takes a product or a strategy before its reason, and any other word for the reason", () => {
  const asked = (text: string) => pause.parse(text.split(" ").filter((word) => word !== ""));
  expect(asked("")).toEqual({ request: { verb: "pause", reason: "no reason given" } });
  expect(asked("lunch time")).toEqual({ request: { verb: "pause", reason: "lunch time" } });
  expect(asked("BTC-USD odd")).toEqual({
    request: { verb: "pause", scope: "BTC-USD", reason: "odd" },
  });
  expect(asked("strategy trend odd")).toEqual({
    request: { verb: "pause", scope: "trend", reason: "odd" },
  });
});

test("/resume takes one name or none", () => {
  const asked = (text: string) => resume.parse(text.split(" ").filter((word) => word !== ""));
  expect(asked("")).toMatchObject({ request: { verb: "resume" } });
  expect(asked("product BTC-USD")).toMatchObject({ request: { scope: "BTC-USD" } });
  expect(asked("BTC-USD ETH-USD")).toHaveProperty("usage");
  expect(asked("strategy")).toHaveProperty("usage");
});

test("a trip of one product says what it stops and what re-arms it; its halt and its end speak for themselves", () => {
  const glance = VIEW.glance;
  const said = (trip: Trip): string =>
    told(numbered([{ kind: "breaker.tripped", trip, glance, holdings: [], openOrders: 0 }]))
      .map(({ card }) => [card.headline, ...card.lines].join("\n"))
      .join("\n");
  expect(said(SPREAD)).toContain("TRIPPED spread BTC-USD 62.0 bp / 50 bp");
  expect(said(SPREAD)).toContain("Entries of BTC-USD stopped; exits still work.");
  expect(said(SPREAD)).toContain("/resume BTC-USD, then /confirm");
  const plain = { at: NOW, observed: "4", limit: "3", unit: "count" } as const;
  expect(said({ ...plain, breaker: "unknown-orders" })).toBe("");
  expect(said({ ...plain, breaker: "error-rate" })).toContain("then the process ends");
  const percent = { ...plain, breaker: "daily-loss", observed: "3.10", unit: "percent" } as const;
  expect(said(percent)).toContain("TRIPPED daily loss −3.10 % / −3 %");
});
