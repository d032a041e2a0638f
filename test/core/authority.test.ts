/** Steps of a risky change on a live desk, one rule at a time: who, where, when, and what makes it void. */
import { expect, test } from "vitest";
import { USUAL_AUTHORITY } from "../../src/core/control/authority.ts";
import type { Request } from "../../src/core/control/request.ts";
import { personId } from "../../src/core/kernel/ids.ts";
import { LOSS, MINUTE } from "../kit/confirmation-moves.ts";
import { restarted } from "../kit/confirmation-play.ts";
import { AUTHORITY, LIVE, requester } from "../kit/confirmation-witness.ts";
import { DeskScript, POLICY } from "../kit/desk-script.ts";

const GROUP = "telegram:-100";
const SLACK = "slack:C1";
const LARGE: Request = { verb: "limits set", key: LOSS, value: "+60%" };

function live(over = LIVE): DeskScript {
  const desk = DeskScript.ready(POLICY, over);
  return desk.put({ kind: "desk.opened", mode: "live", name: "desk", version: "t", run: "r" });
}

/** Asked by Ana in the group; her code of the request. */
function asked(desk: DeskScript, request: Request = LARGE): string {
  desk.ask(request, desk.by("ana", GROUP));
  const open = desk.said("confirmation.opened").at(-1)?.confirmation;
  if (!open) throw new Error(desk.said("request.answered").at(-1)?.why ?? "nothing was opened");
  return open.code;
}

const confirm = (desk: DeskScript, code: string) =>
  desk.ask({ verb: "confirm", code }, desk.by("ana", GROUP));
const give = (desk: DeskScript, step: number) =>
  desk.ask({ verb: "code", outcome: "right", step }, requester(desk, "ana", "private"));
function approve(desk: DeskScript, code: string, who = "bo", room = SLACK): DeskScript {
  const open = [...desk.state.desk.confirmations.values()].find((one) => one.code === code);
  const value = open?.steps?.types ?? "";
  return desk.ask({ verb: "approve", code, value }, desk.by(who, room));
}
const endings = (desk: DeskScript) => desk.said("confirmation.closed").map((one) => one.outcome);
const lastWords = (desk: DeskScript) => desk.said("request.answered").at(-1)?.why;
const raised = (desk: DeskScript) => desk.said("limit.changed").length;

test("the two accounts of one human are one person, who cannot be the second", () => {
  const desk = live();
  const code = asked(desk);
  give(confirm(desk, code), 1);
  approve(desk, code, "ana", SLACK);
  expect(lastWords(desk)).toMatch(/another person has to approve/);
  expect(endings(desk)).toEqual([]);
});

test("a person without the role risk cannot be the second", () => {
  const desk = live();
  const code = asked(desk);
  give(confirm(desk, code), 1);
  approve(desk, code, "cy", SLACK);
  expect(lastWords(desk)).toMatch(/role risk/);
});

test("steps are gone in order: no approval before the code, no code before the confirmation", () => {
  const desk = live();
  const code = asked(desk);
  approve(desk, code);
  give(desk, 1);
  approve(confirm(desk, code), code);
  expect(desk.said("confirmation.stepped").map(({ step }) => step)).toEqual(["confirm"]);
});

test("an answer after its time is expired, whether or not the clock has ticked since", () => {
  const desk = live();
  const code = asked(desk);
  confirm(desk.wait(2 * MINUTE + 1), code);
  expect(endings(desk)).toEqual(["expired"]);
  expect(lastWords(desk)).toBe("That request has expired. Ask again.");
});

test("a code that was used before is refused, and one that others could read is worth nothing", () => {
  const desk = live();
  const code = asked(desk);
  give(desk, 7);
  confirm(desk, code);
  give(desk, 7);
  expect(lastWords(desk)).toMatch(/used before/);
  desk.ask({ verb: "code", outcome: "exposed", step: 8 }, desk.by("ana", GROUP));
  expect(lastWords(desk)).toMatch(/Others could read that code/);
  give(desk, 8);
  expect(lastWords(desk)).toMatch(/used before/);
  give(desk, 9);
  expect(desk.said("confirmation.stepped").map(({ step }) => step)).toEqual(["confirm", "code"]);
});

test("a cap that moved during the wait makes the change stale at its end", () => {
  const desk = live();
  const code = asked(desk);
  approve(give(confirm(desk, code), 1), code);
  desk.ask({ verb: "limits set", key: LOSS, value: "140" });
  desk.beats(10 * MINUTE).tick();
  expect(endings(desk)).toEqual(["stale"]);
  expect(raised(desk)).toBe(1);
});

test("anybody may deny during the wait", () => {
  const desk = live();
  const code = asked(desk);
  approve(give(confirm(desk, code), 1), code);
  desk.beats(9 * MINUTE).ask({ verb: "deny", code }, desk.by("cy", SLACK));
  desk.beats(10 * MINUTE).tick();
  expect([endings(desk), raised(desk)]).toEqual([["denied"], 0]);
});

test.each(["pause", "kill"] as const)("/%s voids whatever waits, the wait included", (verb) => {
  const desk = live();
  const code = asked(desk);
  approve(give(confirm(desk, code), 1), code);
  desk.ask({ verb, reason: "" }, desk.by("cy", GROUP));
  desk.beats(20 * MINUTE).tick();
  expect([endings(desk), raised(desk)]).toEqual([["voided"], 0]);
});

test("twenty confirmations of one request make one change", () => {
  const desk = live();
  const code = asked(desk, { verb: "limits set", key: LOSS, value: "+10%" });
  confirm(desk, code);
  for (let i = 0; i < 20; i += 1) give(desk, 10 + i);
  expect(raised(desk)).toBe(1);
});

test("a wait that ended while the desk was stopped ends two minutes after the start, so that a no of meanwhile is heard; one that ended long ago is expired", () => {
  for (const [away, ending] of [
    [11 * MINUTE, "confirmed"],
    [80 * MINUTE, "expired"],
  ] as const) {
    const desk = live();
    const code = asked(desk);
    approve(give(confirm(desk, code), 1), code);
    const next = restarted(desk.wait(away));
    expect(raised(next.beats(110_000).tick())).toBe(0);
    expect([away, endings(next.beats(10_000).tick())]).toEqual([away, [ending]]);
  }
});

test("one raise at a time and person; the same cap asked again replaces the older request", () => {
  const desk = live();
  asked(desk);
  desk.ask(
    { verb: "limits set", key: "portfolio.max_drawdown_usd", value: "+10%" },
    desk.by("ana", GROUP),
  );
  expect(lastWords(desk)).toMatch(/One raise at a time/);
  const [older] = desk.state.desk.confirmations.values();
  const newer = asked(desk, { verb: "limits set", key: LOSS, value: "+10%" });
  expect(endings(desk)).toEqual(["superseded"]);
  expect(desk.said("confirmation.opened").map(({ confirmation }) => confirmation.replaces)).toEqual(
    [undefined, older?.code],
  );
  confirm(desk, older?.code ?? "");
  expect(lastWords(desk)).toBe(`${older?.code} was replaced by a newer request: ${newer}.`);
});

test("more raises in a UTC day than the policy has are refused; the next day begins anew", () => {
  const authority = { ...AUTHORITY, raisesPerDay: 3 };
  const desk = live({ ...LIVE, authority });
  const small: Request = { verb: "limits set", key: LOSS, value: "+2%" };
  desk.ask({ verb: "deny", code: asked(desk) }, desk.by("ana", GROUP));
  for (let i = 0; i < 3; i += 1) give(confirm(desk, asked(desk, small)), i);
  expect(raised(desk)).toBe(3);
  asked(desk, small);
  expect(desk.said("confirmation.opened")).toHaveLength(4);
  expect(lastWords(desk)).toMatch(/3 of your raises were agreed today/);
  desk.ask({ verb: "limits set", key: LOSS, value: "100" }, desk.by("ana", GROUP));
  give(confirm(desk, asked(desk, { verb: "limits set", key: LOSS, value: "150" })), 9);
  expect(desk.said("limit.changed").at(-1)).toMatchObject({ to: "150", restores: true });
  desk.beats(24 * 60 * MINUTE);
  asked(desk, small);
  expect(desk.said("confirmation.opened")).toHaveLength(6);
});

test("with no second person linked a raise is refused, unless one operator alone was chosen: a code and an hour's wait", () => {
  const people = AUTHORITY.people.filter(({ id }) => id === personId("ana"));
  const alone = { ...USUAL_AUTHORITY, people };
  const desk = live({ ...LIVE, authority: alone });
  expect(() => asked(desk)).toThrow(/second person/);
  const single = live({ ...LIVE, authority: { ...alone, singleOperator: true } });
  give(confirm(single, asked(single)), 1);
  single.beats(59 * MINUTE).tick();
  expect(raised(single)).toBe(0);
  single.beats(MINUTE).tick();
  expect(raised(single)).toBe(1);
});

test("a suspended person keeps /pause and /kill; what they asked or approved is void", () => {
  const desk = live();
  const code = asked(desk);
  approve(give(confirm(desk, code), 1), code);
  desk.ask({ verb: "suspend", person: personId("bo") }, desk.by("cy", GROUP));
  expect(endings(desk)).toEqual(["voided"]);
  desk.ask(LARGE, desk.by("bo", SLACK));
  expect(lastWords(desk)).toMatch(/You are suspended/);
  desk.ask({ verb: "restore", person: personId("bo") }, desk.by("ana", GROUP));
  expect(lastWords(desk)).toMatch(/own machine only/);
  desk.ask({ verb: "pause", reason: "" }, desk.by("bo", SLACK));
  expect(desk.state.desk.paused?.by?.name).toBe("bo");
});

test("a platform that shows signs of a stolen token loses what raises risk until the host trusts it again", () => {
  const desk = live();
  const code = asked(desk);
  const notice = { kind: "security", platform: "telegram", count: 1, detail: "" } as const;
  desk.put({ kind: "chat.noticed", notice: { ...notice, what: "second-listener" } });
  confirm(desk, code);
  expect(lastWords(desk)).toMatch(/signs of a stolen token/);
  desk.ask({ verb: "pause", reason: "" }, desk.by("ana", GROUP));
  expect(desk.state.desk.paused).not.toBeNull();
  desk.ask({ verb: "trust", platform: "telegram" }, { ...desk.by("ana", GROUP), host: true });
  asked(desk);
  expect(desk.said("confirmation.opened")).toHaveLength(2);
});

test("where the policy has kills confirmed, entries stop at the first step all the same", () => {
  const authority = { ...AUTHORITY, killAsks: true };
  const desk = live({ ...LIVE, authority });
  desk.ask({ verb: "kill", reason: "x" }, desk.by("ana", GROUP));
  expect([desk.state.desk.paused !== null, desk.state.desk.killed]).toEqual([true, null]);
  const code = desk.said("confirmation.opened").at(-1)?.confirmation.code ?? "";
  confirm(desk, code);
  expect(desk.state.desk.killed?.reason).toBe("x");
});

test("outside live one confirmation is all", () => {
  const desk = DeskScript.ready(POLICY, LIVE);
  confirm(desk, asked(desk));
  expect(raised(desk)).toBe(1);
});
