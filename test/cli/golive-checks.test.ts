/** The ten checks before going live: all green by what was seen, and each red by the one thing that is wrong. */
import { expect, test } from "vitest";
import { type GoliveSight, goliveChecks } from "../../src/cli/golive-checks.ts";
import { productId } from "../../src/core/kernel/ids.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { withLimit } from "../../src/core/risk/policy.ts";
import { BTC, POLICY } from "../kit/desk-script.ts";
import { onLadder, ROOM } from "../kit/ladder-desk.ts";

const RIGHTS = { canView: true, canTrade: true, canTransfer: false, portfolio: null } as const;

function green(): GoliveSight {
  const { desk } = onLadder().state;
  const { stage } = desk;
  if (!stage) throw new Error("no ladder");
  desk.stage = { ...stage, killDrilledAt: instant(stage.since + 1) };
  desk.counts.orders = 7;
  desk.routes.set(ROOM, instant(stage.since + 1));
  return {
    config: { products: [BTC], region: "NY", dryRun: false, policy: POLICY, profile: "live" },
    permissions: { ok: true, value: { ...RIGHTS } as never },
    market: { aliveMs: 400 },
    user: { aliveMs: 900 },
    aheadMs: -120,
    desk,
    routes: [ROOM],
    journal: { wrong: null, evidence: "12 events; a start knows what they say" },
  };
}

const red = (sight: GoliveSight): readonly string[] =>
  goliveChecks(sight).flatMap(({ name, green: is, evidence, fix }) =>
    is ? [] : [`${name}: ${evidence} | ${fix}`],
  );

test("ten checks in five parts, each green with what was seen", () => {
  const checks = goliveChecks(green());
  expect(checks.map(({ part }) => part)).toEqual([
    ...["connectivity", "connectivity", "connectivity", "execution", "execution"],
    ...["risk", "risk", "operations", "operations", "residence"],
  ]);
  expect(checks.every((each) => each.green && each.fix === "")).toBe(true);
  expect(checks.map(({ evidence }) => evidence)).toEqual([
    "may view and trade, not transfer",
    "alive 0.4 s ago",
    "alive 0.9 s ago, clocks 0.1 s apart",
    "7 orders, none unknown, none twice",
    "reconciled, nothing differs, all settled",
    "order rate, daily loss, position and order of BTC-USD",
    "on paper, every order proven over",
    "1 rooms answered a test alarm on this rung",
    "12 events; a start knows what they say",
    "NY: BTC-USD may be traded",
  ]);
});

const change =
  (over: Partial<GoliveSight>) =>
  (sight: GoliveSight): GoliveSight => ({ ...sight, ...over });
const inDesk =
  (set: (desk: GoliveSight["desk"]) => void) =>
  (sight: GoliveSight): GoliveSight => {
    set(sight.desk);
    return sight;
  };
const latch = { at: instant(1), by: null, reason: "x" };
const rights = (over: object) =>
  change({ permissions: { ok: true, value: { ...RIGHTS, ...over } as never } });

test.each<[string, (sight: GoliveSight) => GoliveSight]>([
  ["API key: there is none", change({ permissions: null })],
  ["API key: it may move money out", rights({ canTransfer: true })],
  ["API key: it may not trade", rights({ canTrade: false })],
  [
    "API key: DRY_RUN=true: live is not armed | DRY_RUN=false",
    (sight) => ({ ...sight, config: { ...sight.config, dryRun: true } }),
  ],
  ["market data: silent for 15.0 s", change({ market: { aliveMs: 15_001 } })],
  ["account stream and clock: nobody", change({ user: { why: "nobody" } })],
  ["account stream and clock: our clock is 2.0 s off", change({ aheadMs: 2001 })],
  ["account stream and clock: the venue's clock was not read", change({ aheadMs: null })],
  [
    "every order has one fate: no order was sent yet",
    inDesk((desk) => void Object.assign(desk.counts, { orders: 0 })),
  ],
  [
    "books agree with the venue: the venue was not read yet",
    inDesk((desk) => desk.products.clear()),
  ],
  [
    "hard caps are set: without a limit: portfolio.max_daily_loss_usd",
    inDesk(
      (desk) =>
        void Object.assign(desk, {
          policy: withLimit(POLICY, "portfolio.max_daily_loss_usd", null),
        }),
    ),
  ],
  [
    "kill switch drilled: the desk is killed",
    inDesk((desk) => void Object.assign(desk, { killed: latch })),
  ],
  [
    "kill switch drilled: not drilled on this rung",
    inDesk((desk) => void Object.assign(desk.stage ?? {}, { killDrilledAt: null })),
  ],
  [
    "kill switch drilled: the desk stands on no rung yet | Start the desk",
    inDesk((desk) => void Object.assign(desk, { stage: null })),
  ],
  ["alarms are heard: no room hears of incidents", change({ routes: [] })],
  ["alarms are heard: no answer from telegram:-100", inDesk((desk) => desk.routes.clear())],
  [
    "journal and restart: it is empty | Start the desk",
    change({ journal: { wrong: "it is empty", evidence: "", fix: "Start the desk" } }),
  ],
  [
    "what may be traded from here: SOL-USD is not for region NY",
    (sight) => ({ ...sight, config: { ...sight.config, products: [productId("SOL-USD")] } }),
  ],
])("red: %s", (says, spoil) => {
  const found = red(spoil(green()));
  expect(found.join("\n")).toContain(says);
  expect(found.every((line) => / \| \S/.test(line))).toBe(true);
});
