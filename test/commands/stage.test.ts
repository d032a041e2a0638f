/** /stage and what is said of the go-live ladder: the rung, what is missing, what the next one brings, and every move on it. */
import { expect, test } from "vitest";
import { stageChanged } from "../../alerts/stage.ts";
import { stage } from "../../commands/stage.ts";
import { status } from "../../commands/status.ts";
import { newAlertMemory } from "../../src/chat/alert-memory.ts";
import { proposalLine, proposalWord } from "../../src/chat/proposal.ts";
import type { EventOf } from "../../src/core/engine/event.ts";
import type { StageView } from "../../src/core/engine/stage-view.ts";
import { quote } from "../../src/core/kernel/money.ts";
import { later } from "../../src/core/kernel/time.ts";
import { POLICY } from "../kit/desk-script.ts";
import { ASKER, BY_ANA, CONFIRMATION, NOW, VIEW, WALL } from "../kit/sample-desk.ts";

const ON: StageView = {
  rung: "shadow",
  number: 2,
  of: 5,
  venue: "shadow",
  below: "paper",
  since: later(NOW, -3 * 86_400_000),
  still: null,
  worst: null,
  next: {
    name: "canary",
    venue: "live",
    worst: quote("500"),
    caps: [
      {
        key: "portfolio.max_gross_notional_usd",
        title: "gross exposure",
        unit: "usd",
        from: "5000",
        to: "500",
      },
    ],
    evidence: [
      { need: "fills", title: "fills", have: "21", want: "20", met: true },
      { need: "days", title: "days on the rung", have: "3", want: "7", met: false },
    ],
    missing: ["days on the rung 3 of 7", "not paused (/pause)"],
  },
};

function shown(view: Partial<typeof VIEW>) {
  const parsed = stage.parse([]);
  if (!("ask" in parsed)) throw new Error("no question");
  return parsed.ask({ ...VIEW, ...view }, ASKER);
}

test("/stage shows the rung, what is met and missing with both figures, the next caps and the worst case", () => {
  const card = shown({ stage: ON });
  expect(card.headline).toBe("STAGE 2 of 5 · shadow · orders: in shadow, nothing sent");
  expect(card.lines.slice(1)).toEqual([
    "Next canary (REAL): evidence 1/2: fills 21",
    "Missing: days on the rung 3 of 7",
    "Also: not paused (/pause)",
    "gross-notional $5,000 → $500",
    "Worst case $500.00 at stake",
  ]);
  expect(card.buttons.map(({ line }) => line)).toEqual(["/stage lower paper", "/limits"]);
});

test("the button names the rung that it goes down to, and the lowest rung has none", () => {
  const lowest = shown({ stage: { ...ON, below: null } });
  expect(lowest.buttons.map(({ line }) => line)).toEqual(["/limits"]);
});

test.each([
  [["lower", "Canary"], { rung: "canary" }],
  [["lower"], {}],
  // What is no name of a rung must not keep anybody up.
  [["lower", "now!"], {}],
])("/stage %j goes down", (args, rung) => {
  expect(stage.parse(args)).toMatchObject({ needs: expect.any(Function) });
  const parsed = stage.parse(args);
  if (!("request" in parsed)) throw new Error("no request");
  expect(parsed.request).toEqual({ verb: "stage", to: "lower", ...rung });
  expect([parsed.needs?.(VIEW, ASKER.person), parsed.raises?.(VIEW)]).toEqual(["operator", false]);
});

test("once nothing is missing it says what to type; no button of ours asks for more risk", () => {
  const evidence = ON.next?.evidence.map((each) => ({ ...each, met: true })) ?? [];
  const next = ON.next && { ...ON.next, evidence, missing: [] };
  const card = shown({ stage: { ...ON, next } });
  expect(card.lines).toContain("Nothing of it is missing: type /stage raise.");
  expect(card.buttons.map(({ line }) => line)).not.toContain("/stage raise");
});

test("a desk without a ladder says so", () => {
  expect(shown({ stage: null }).headline).toBe("NO LADDER");
});

test.each([
  ["raise", "risk", true],
  ["lower", "operator", false],
  ["PAPER", "operator", false],
])("/stage %s needs %s, and raises: %s", (word, role, raises) => {
  const parsed = stage.parse([word]);
  if (!("request" in parsed)) throw new Error("no request");
  expect(parsed.request).toEqual({ verb: "stage", to: word.toLowerCase() });
  expect([parsed.needs?.(VIEW, ASKER.person), parsed.raises?.(VIEW)]).toEqual([role, raises]);
});

test("anything else after /stage is answered with how to type it", () => {
  for (const args of [["up"], ["raise", "now"], ["paper", "now"]])
    expect(stage.parse(args)).toHaveProperty("usage");
});

test("/status names the rung", () => {
  const parsed = status.parse([]);
  const card = "ask" in parsed ? parsed.ask({ ...VIEW, stage: ON }, ASKER) : null;
  expect(card?.lines.join("\n")).toContain("Stage 2 of 5 shadow · Waiting for you: ");
});

test("a request names both rungs, and what may be lost at worst", () => {
  const proposal = { verb: "stage", from: "shadow", to: "canary", value: "500" } as const;
  expect(proposalWord(proposal)).toBe("STAGE shadow → canary");
  expect(proposalLine({ ...CONFIRMATION, proposal })).toBe(
    "At worst $500 is at stake; gaps can exceed a stop.",
  );
});

test.each([
  [
    { from: "shadow", to: "canary", by: BY_ANA, confirmers: ["Ana", "Bo"] },
    "STAGE UP shadow → canary by Ana",
    "Said yes: Ana, Bo",
  ],
  [
    { from: "canary", to: "shadow", by: BY_ANA },
    "STAGE DOWN canary → shadow by Ana",
    "Because: a foreign writer",
  ],
  [
    { from: "canary", to: "shadow", by: null },
    "STAGE DOWN canary → shadow by the desk itself",
    "Because: a foreign writer",
  ],
  [{ from: null, to: "paper", by: null }, "STAGE paper", "Because: a foreign writer"],
])("%j is told as it was", (over, headline, line) => {
  const event = {
    ...{
      kind: "stage.changed",
      why: "a foreign writer",
      policy: POLICY,
      approved: POLICY,
      version: 2,
    },
    ...over,
  } as EventOf<"stage.changed">;
  const memory = newAlertMemory();
  const [alert] = stageChanged(event, 7, NOW, { clock: WALL, memory } as never);
  expect(alert?.card.headline).toBe(headline);
  expect(alert?.card.lines).toContain(line);
  expect(alert?.card.lines[0]).toBe("Now: gross $5,000, daily stop $150");
});
