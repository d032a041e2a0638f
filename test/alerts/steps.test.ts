import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { listeners } from "../../src/chat/listeners.ts";
import type { Room } from "../../src/chat/person.ts";
import { REAL_STEPS, type Steps } from "../../src/core/control/authority.ts";
import type { Confirmation, Progress } from "../../src/core/control/request.ts";
import type { EventBody } from "../../src/core/engine/event.ts";
import { personId, roomId } from "../../src/core/kernel/ids.ts";
import { later } from "../../src/core/kernel/time.ts";
import {
  ANA,
  ANA_SLACK,
  ANA_TELEGRAM,
  BO,
  BY_ANA,
  CONFIRMATION,
  NOW,
  numbered,
} from "../kit/sample-desk.ts";
import { text, told } from "../kit/told.ts";

const SLACK_OPS = roomId("slack:C0OPS");
const BY = { ...BY_ANA, room: SLACK_OPS };
const BY_BO = { ...BY_ANA, person: BO.id, name: "Bo", room: roomId("telegram:1002") };
const STEPS: Steps = {
  code: true,
  second: true,
  otherPlatform: true,
  types: "1200",
  coolingMs: 600_000,
};
const at = (progress: Progress, steps: Steps = STEPS): Confirmation => ({
  ...CONFIRMATION,
  by: BY,
  class: "large-raise",
  steps,
  progress,
  expiresAt: later(NOW, 180_000),
});
const opened = (of: Confirmation): EventBody => ({
  kind: "confirmation.opened",
  confirmation: of,
  detail: ["+20% against the approved $1,000."],
});
const stepped = (of: Confirmation, step: "confirm" | "code" | "approve"): EventBody => ({
  kind: "confirmation.stepped",
  confirmation: of,
  step,
  by: step === "approve" ? BY_BO : BY,
});
const CONFIRMED = at({ confirmedAt: NOW });
const CODED = at({ confirmedAt: NOW, codeAt: NOW });
const APPROVED = at({
  confirmedAt: NOW,
  codeAt: NOW,
  approved: { by: BY_BO, at: NOW },
  coolsUntil: later(NOW, 600_000),
});
const WAY: readonly EventBody[] = [
  opened(at({})),
  stepped(CONFIRMED, "confirm"),
  stepped(CODED, "code"),
  stepped(APPROVED, "approve"),
];

test("a request of several steps says whose turn it is, what follows and what it can cost, on one screen", () => {
  const [asked] = told(numbered([opened(at({}))], 15203));
  expect(text(asked)).toBe(`⚠️ LIVE nyc1 · RAISE asked by Ana (Slack)
  BTC-USD position-notional $1,000 → $1,200
  Worst case: +$200 exposed
  +20% against the approved $1,000.
  Ana: /confirm K7QF by 13:10:05 EST
  Then: Ana's code in private; a second person on Telegram typing 1200; 10 min wait.
  Any operator may deny. #0EV3
`);
  expect(asked).toMatchObject({ topic: "security", priority: "P1" });
});

test("the guide shows a large raise as it is told", () => {
  const proposal = { ...CONFIRMATION.proposal, to: "2500" } as const;
  const steps: Steps = { ...REAL_STEPS["large-raise"], types: "2500" };
  const detail = ["+150% against the approved $1,000."];
  const confirmation = { ...at({}, steps), proposal };
  const [asked] = told(numbered([{ kind: "confirmation.opened", confirmation, detail }]));
  const labels = asked?.card.buttons.map(({ label }) => `[${label}]`).join(" ") ?? "";
  const shown = text(asked)
    .replace(/^ {2}/gm, "")
    .replace(/ #\w+\n$/, `   ${labels}\n`);
  expect(readFileSync("docs/chat.md", "utf8")).toContain(`\n${shown}`);
});

test("the code is asked for in the private chats of whoever asked, and nowhere else", () => {
  const rooms: readonly Room[] = [
    { id: ANA_TELEGRAM, owner: ANA.id, hears: [] },
    { id: ANA_SLACK, owner: ANA.id, hears: [] },
    { id: SLACK_OPS, owner: null, hears: ["incidents"] },
    { id: roomId("telegram:1002"), owner: BO.id, hears: ["incidents", "activity"] },
  ];
  const alerts = told(numbered(WAY.slice(0, 2)));
  const prompt = alerts.find(({ card }) => card.asks !== undefined);
  expect(prompt?.card).toMatchObject({
    asks: { what: "code", confirmation: CONFIRMATION.id, code: "K7QF" },
    buttons: [],
  });
  expect(prompt && listeners(prompt, rooms).map(({ id }) => id)).toEqual([ANA_TELEGRAM, ANA_SLACK]);
  expect(alerts.filter(({ edit }) => !edit).map(({ part }) => part)).toEqual(["", "code"]);
});

test("a second person is called by a message that rings; where they cannot approve it has no such button", () => {
  const alerts = told(numbered(WAY.slice(0, 3)));
  const [origin, everybody] = alerts.filter(({ part }) => part === "second");
  expect(
    text({ ...everybody, card: everybody?.elsewhere } as never),
  ).toBe(`⚠️ LIVE nyc1 · Second person needed: RAISE of Ana
  BTC-USD position-notional $1,000 → $1,200
  Worst case: +$200 exposed
  Confirmed, with a code, by Ana.
  Second person on Telegram: /approve K7QF 1200 by 13:10:05 EST
  Then: 10 min wait.
  Any operator may deny. #0003
`);
  const verbs = (card = everybody?.card) => card?.buttons.map(({ answers }) => answers?.verb);
  expect(verbs(everybody?.elsewhere ?? undefined)).toEqual(["approve", "deny"]);
  expect(verbs(), "whoever asked").toEqual(["deny"]);
  expect(verbs(origin?.card), "where it was asked, when another platform is wanted").toEqual([
    "deny",
  ]);
  expect(everybody).toMatchObject({ edit: false, under: "confirmation:c0ffee00" });
});

test("while it waits it says when it will be done, and that anybody may stop it", () => {
  const alerts = told(numbered(WAY));
  const waits = alerts.findLast(({ part }) => part === "cooling");
  expect(waits?.card.headline).toBe("Agreed, waits: RAISE of Ana");
  expect(waits?.card.lines).toContain("Approved by Bo.");
  expect(waits?.card.lines).toContain("Done at 13:17:05 EST unless somebody denies it");
  expect(waits?.card.buttons.map(({ answers }) => answers?.verb)).toEqual(["deny"]);
});

test("each step edits the card wherever it stands, and its end takes the buttons from every message of it", () => {
  const alerts = told(
    numbered([
      ...WAY,
      {
        kind: "confirmation.closed",
        confirmation: APPROVED,
        outcome: "denied",
        by: BY_BO,
        detail: "",
      },
    ]),
  );
  const keys = new Set(alerts.flatMap(({ key, edit }) => (key === null || edit ? [] : key)));
  expect(keys.size).toBe(3);
  for (const key of keys) {
    const last = alerts.findLast((one) => one.key === key && one.part.startsWith("edit"));
    expect(last?.card, key).toMatchObject({ headline: "DENIED by Bo · RAISE of Ana", buttons: [] });
  }
  const parts = alerts.map(({ part, card: _, ...rest }) => `${rest.edit}${part}${rest.key}`);
  expect(parts.filter((part) => part.startsWith("trueedit")).length).toBeGreaterThan(5);
});

test("what was agreed after a wait is told under the request, though nobody confirmed it last", () => {
  const done: EventBody = {
    kind: "limit.changed",
    ...{ key: "portfolio.max_daily_loss_usd", from: "150", to: "200", raise: true, by: BY },
  };
  const closed: EventBody = {
    kind: "confirmation.closed",
    confirmation: APPROVED,
    outcome: "confirmed",
    by: null,
    detail: "",
  };
  const alerts = told(numbered([...WAY, closed, done]));
  expect(alerts.at(-1)).toMatchObject({ under: "confirmation:c0ffee00" });
  const edit = alerts.find(({ card }) => card.headline.startsWith("CONFIRMED"));
  expect(edit?.card.lines).toContain("Approved by Bo.");
});

test("whoever sits at the console without a name comes on duty and hands over in words that read right", () => {
  const by = { ...BY_ANA, name: "you" };
  const said = [
    { kind: "duty.changed", by, on: true, to: null, open: [] },
    { kind: "duty.changed", by, on: false, to: { person: BO.id, name: "Bo" }, open: [] },
    { kind: "alarm.tested", alarm: "c0ffee00", by },
  ].map((body) => told(numbered([body as EventBody]))[0]?.card.headline);
  expect(said).toEqual([
    "DUTY: whoever sits at the console is on",
    "DUTY: whoever sits at the console → Bo",
    "TEST ALARM by whoever sits at the console: press if you hear it",
  ]);
});

test("suspensions, drills and duty: whom they concern, how loud, and what is left to do", () => {
  const [suspended, rung, heard, duty, exposed, spent, wrong, late] = [
    { kind: "person.suspended", person: BO.id, name: "Bo", by: BY_ANA, reason: "lost phone" },
    { kind: "alarm.tested", alarm: "c0ffee00", by: BY_ANA },
    { kind: "alarm.heard", alarm: "c0ffee00", by: BY_BO, afterMs: 12_000 },
    {
      kind: "duty.changed",
      by: BY_ANA,
      on: false,
      to: { person: BO.id, name: "Bo" },
      open: ["Paused.", "Waits: limits set of Ana, code K7QF."],
    },
    { kind: "code.spent", by: BY_ANA, step: 7, exposed: true },
    { kind: "code.spent", by: BY_ANA, step: 8, exposed: false },
    ...["not theirs", "too old"].map((why) => ({
      kind: "attempt.refused",
      person: BO.id,
      name: "Bo",
      room: SLACK_OPS,
      words: "/confirm K7QF",
      why,
      count: 1,
    })),
  ].map((body) => told(numbered([body as EventBody])));
  expect(text(suspended?.[0])).toContain("SUSPENDED Bo by Ana");
  expect(text(suspended?.[0])).toContain("claudbot -- restore bo");
  expect(suspended?.[0]).toMatchObject({ topic: "security", priority: "P1", person: "bo" });
  expect(rung?.[0]).toMatchObject({ priority: "P0", topic: "security" });
  expect(rung?.[0]?.card.headline).toContain("TEST");
  expect(rung?.[0]?.card.buttons).toEqual([
    { label: "I hear it", line: "/heard c0ffee00", danger: false },
  ]);
  expect(heard?.[0]).toMatchObject({
    topic: "reply-only",
    replyTo: BY_BO.room,
    under: "alarm:c0ffee00",
  });
  expect(duty?.[0]).toMatchObject({ priority: "P1", person: personId("bo") });
  expect(duty?.[0]?.card.lines).toContain("Waits: limits set of Ana, code K7QF.");
  expect(exposed?.[0]).toMatchObject({ topic: "security", priority: "P1" });
  expect(spent).toEqual([]);
  expect(text(wrong?.[0])).toContain("SECURITY: Bo tried to confirm what somebody else asked");
  expect(late).toEqual([]);
});

test("at the console too nobody is offered to approve what they asked there", () => {
  const by = { ...BY_ANA, privately: true };
  const alerts = told(
    numbered([stepped({ ...CODED, by, steps: { ...STEPS, otherPlatform: false } }, "code")]),
  );
  const [first] = alerts.filter(({ part }) => part === "second");
  expect(first).toMatchObject({ replyTo: by.room, topic: "reply-only" });
  expect(first?.card.buttons.map(({ label }) => label)).toEqual(["Deny"]);
});
