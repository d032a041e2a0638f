import { expect, test } from "vitest";
import { COMMANDS } from "../../commands/table.ts";
import { render } from "../../src/adapters/console/render.ts";
import { lookUp, menuOf, type Parsed } from "../../src/chat/command.ts";
import { parseLine } from "../../src/chat/line.ts";
import type { Confirmation } from "../../src/core/control/request.ts";
import type { DeskView } from "../../src/core/engine/views.ts";
import { confirmationId } from "../../src/core/kernel/ids.ts";
import { later } from "../../src/core/kernel/time.ts";
import { ASKER, BO, CONFIRMATION, GROUP, NOW, VIEW } from "../kit/sample-desk.ts";

function parsed(text: string): Parsed {
  const line = parseLine(text, { bareWords: false, ownName: null });
  const found = line.kind === "said" ? lookUp(COMMANDS, line) : null;
  if (!found) throw new Error(`no command in ${text}`);
  return found.command.parse(found.args);
}

function asked(text: string, view: DeskView = VIEW, asker = ASKER) {
  const answer = parsed(text);
  if (!("ask" in answer)) throw new Error(`${text} is no question`);
  return answer.ask(view, asker);
}
const shown = (...given: Parameters<typeof asked>): string =>
  render(asked(...given), "LIVE nyc1", false, { colour: false, oneLine: false });

test.each([
  ["/approve k7qf", { verb: "approve", code: "K7QF" }],
  ["/approve K7QF 2500", { verb: "approve", code: "K7QF", value: "2500" }],
  ["/approve K7QF $2,500", { verb: "approve", code: "K7QF", value: "2500" }],
  ["/approve K7QF 2500.00", { verb: "approve", code: "K7QF", value: "2500" }],
  ["/approve K7QF 2,5", { verb: "approve", code: "K7QF", value: "2,5" }],
  ["/approve K7QF 0.50", { verb: "approve", code: "K7QF", value: "0.5" }],
  ["/approve K7QF 1000", { verb: "approve", code: "K7QF", value: "1000" }],
  ["/suspend me", { verb: "suspend", person: "me" }],
  ["/suspend Bo lost phone", { verb: "suspend", person: "bo", reason: "lost phone" }],
  ["/suspend Jörg Meier left", { verb: "suspend", person: "jörg", reason: "Meier left" }],
  ["/duty handover Jörg Meier", { verb: "duty", to: "handover", person: "jörg meier" }],
  ["/duty on", { verb: "duty", to: "on" }],
  ["/duty OFF", { verb: "duty", to: "off" }],
  ["/duty handover Bo", { verb: "duty", to: "handover", person: "bo" }],
  ["/testalarm", { verb: "testalarm" }],
  ["/heard c0ffee00", { verb: "heard", alarm: "c0ffee00" }],
])("%s is the request it looks like", (line, request) => {
  expect(parsed(line)).toMatchObject({ request });
  const { value } = request as { value?: string };
  if (value === undefined) expect(parsed(line)).not.toHaveProperty("request.value");
});

test.each([
  "/approve",
  "/approve K7",
  "/suspend",
  "/suspend ../x",
  "/duty maybe",
  "/duty handover",
  "/duty on Bo",
  "/testalarm now",
  "/heard",
  "/pending all",
])("%s is refused with how to type it", (line) => {
  expect(parsed(line)).toHaveProperty("usage");
});

test("anybody may suspend themselves; somebody else takes the risk role", () => {
  const needs = (line: string) => {
    const answer = parsed(line);
    return "needs" in answer ? answer.needs?.(VIEW, { ...BO, name: "Bö Meier" }) : null;
  };
  for (const own of ["me", "me lost phone", "bo", "Bo lost phone", "BÖ Meier"]) {
    expect(needs(`/suspend ${own}`), own).toBe("viewer");
  }
  // Somebody else may be called so.
  for (const other of ["ana", "bö", "Bö Meier Schmidt"]) {
    expect(needs(`/suspend ${other}`), other).toBe("risk");
  }
});

test("what only buttons say stands in no list, and status, pause and kill keep their places", () => {
  const menu = menuOf(COMMANDS).map(({ command }) => command);
  expect([menu[0], menu[1], menu.at(-1)]).toEqual(["status", "pause", "kill"]);
  expect(menu).toContain("testalarm");
  expect(`${menu} ${shown("/help")} ${shown("/whoami")}`).not.toContain("heard");
  expect(shown("/help heard")).not.toContain("/heard <alarm>");
});

const BY_BO = { ...CONFIRMATION.by, person: BO.id, name: "Bo", room: GROUP };
const SECOND: Confirmation = {
  ...CONFIRMATION,
  id: confirmationId("c0ffee01"),
  code: "M3NP",
  by: BY_BO,
  proposal: { verb: "rearm" },
  class: "rearm",
  steps: { code: true, second: true, otherPlatform: false, types: null, coolingMs: 0 },
  progress: { confirmedAt: NOW, codeAt: NOW },
  expiresAt: later(NOW, 3_600_000),
};

test("/pending says of every request whose turn it is and until when, one's own first", () => {
  expect(shown("/pending", { ...VIEW, pending: [] })).toContain("Nothing waits");
  expect(
    shown("/pending", { ...VIEW, pending: [SECOND, CONFIRMATION] }),
  ).toBe(`LIVE nyc1 · 2 requests wait
  RAISE of Ana K7QF: BTC-USD position-notional $1,000 → $1,200
  Ana: /confirm K7QF by 13:09:05 EST
  REARM of Bo M3NP: Clears the latch; the desk lands paused.
  Second person: /approve M3NP by 14:07:05 EST   [/confirm K7QF] [/deny K7QF] [/approve M3NP] [/deny M3NP]
`);
});

test("/pending offers each person what is theirs to press", () => {
  const verbs = (person = ASKER.person, room = ASKER.room) =>
    asked(
      "/pending",
      { ...VIEW, pending: [CONFIRMATION, SECOND] },
      { ...ASKER, person, room },
    ).buttons.map(({ answers, line }) => `${answers?.verb} ${line.slice(-4)}`);
  expect(verbs()).toEqual(["confirm K7QF", "deny K7QF", "approve M3NP", "deny M3NP"]);
  expect(verbs(BO)).toEqual(["deny M3NP", "deny K7QF"]);
  expect(verbs(ASKER.person, GROUP), "in another room").toEqual([
    "deny K7QF",
    "approve M3NP",
    "deny M3NP",
  ]);
});

test("/duty says who is on duty, and that nobody means everybody", () => {
  expect(shown("/duty")).toContain("Nobody is on duty: everybody is told");
  const duty = [{ person: BO.id, name: "Bo", since: NOW }];
  expect(shown("/duty", { ...VIEW, duty })).toContain("Bo, since 13:07 EST");
  expect(asked("/duty", { ...VIEW, duty }).buttons[0]?.line).toBe("/duty on");
});
