/** What changes around a risky request while it waits: people, platforms, the policy, the mode, the desk's own state. */
import { expect, test } from "vitest";
import type { Authority } from "../../src/core/control/authority.ts";
import type { Request } from "../../src/core/control/request.ts";
import { decodeDesk, encodeDesk } from "../../src/core/engine/codec.ts";
import { newState, type Settings } from "../../src/core/engine/state.ts";
import { personId } from "../../src/core/kernel/ids.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { LOSS, MINUTE } from "../kit/confirmation-moves.ts";
import { AUTHORITY, LIVE, requester } from "../kit/confirmation-witness.ts";
import { BTC, DeskScript, POLICY, settings } from "../kit/desk-script.ts";

const GROUP = "telegram:-100";
const SLACK = "slack:C1";
const LARGE: Request = { verb: "limits set", key: LOSS, value: "+60%" };
const LIVE_OPENED = { kind: "desk.opened", mode: "live", name: "d", version: "t" } as const;

const live = (over: Partial<Settings> = LIVE): DeskScript =>
  DeskScript.ready(POLICY, over).put({ ...LIVE_OPENED, run: "r" });
/** It bought something before it had real money. */
const holding = (over: Partial<Settings> = LIVE): DeskScript =>
  DeskScript.ready(POLICY, over)
    .want("long")
    .accept()
    .fill("100")
    .put({ ...LIVE_OPENED, run: "r" });
const waiting = (desk: DeskScript) => [...desk.state.desk.confirmations.values()];

function asked(desk: DeskScript, request: Request = LARGE, room = GROUP): string {
  desk.ask(request, desk.by("ana", room));
  const open = waiting(desk).at(-1);
  if (!open) throw new Error(desk.said("request.answered").at(-1)?.why ?? "nothing was opened");
  return open.code;
}

function approve(desk: DeskScript, code: string, room = SLACK, who = "bo"): DeskScript {
  const value = waiting(desk).find((one) => one.code === code)?.steps?.types ?? "";
  return desk.ask({ verb: "approve", code, value }, desk.by(who, room));
}

const confirm = (desk: DeskScript, code: string, room = GROUP) =>
  desk.ask({ verb: "confirm", code }, desk.by("ana", room));
const give = (desk: DeskScript, step: number) =>
  desk.ask({ verb: "code", outcome: "right", step }, requester(desk, "ana", "private"));

/** All its steps are gone, and it waits. */
function cooling(desk: DeskScript): DeskScript {
  const code = asked(desk);
  return approve(give(confirm(desk, code), 1), code);
}

const ended = (desk: DeskScript) =>
  desk.said("confirmation.closed").map(({ outcome, detail }) => `${outcome}: ${detail}`);
const raised = (desk: DeskScript) => desk.said("limit.changed").length;
const lastWords = (desk: DeskScript) => desk.said("request.answered").at(-1)?.why ?? "";

/** The same desk after a start, with another roster or other rules. */
function again(desk: DeskScript, authority: Authority): DeskScript {
  const durable = decodeDesk(encodeDesk(desk.state.desk));
  const over = { ...settings(desk.strategy, POLICY), ...LIVE, authority };
  const next = new DeskScript(POLICY, newState(over, durable));
  next.messages = desk.messages + 100;
  next.hearing(desk.now);
  return next.put({ ...LIVE_OPENED, run: "r2" });
}

test("what was asked of a desk that played is void once it opens with real money", () => {
  const desk = DeskScript.ready(POLICY, LIVE);
  asked(desk, { verb: "limits set", key: LOSS, value: "none" });
  desk.put({ ...LIVE_OPENED, run: "r" });
  expect(ended(desk)).toEqual(["voided: the desk opened as live"]);
});

test.each<[string, Authority, string]>([
  ["the requester is on the roster no more", without("ana"), "ana may not ask for it any more"],
  ["the second person has lost the role", demoted("bo"), "bo may not approve it any more"],
])("a wait is void at a start when %s", (_, authority, why) => {
  expect(ended(again(cooling(live()), authority))).toEqual([`voided: ${why}`]);
});

test("what began under one operator alone is void when the policy asks for two", () => {
  const single = { ...AUTHORITY, singleOperator: true };
  const desk = live({ ...LIVE, authority: single });
  give(confirm(desk, asked(desk)), 1);
  expect(ended(again(desk, AUTHORITY))).toEqual([
    "voided: more is asked for it now than when it began",
  ]);
});

function without(id: string): Authority {
  return { ...AUTHORITY, people: AUTHORITY.people.filter((one) => one.id !== personId(id)) };
}
function demoted(id: string): Authority {
  const people = AUTHORITY.people.map((one) =>
    one.id === personId(id) ? { ...one, approves: false } : one,
  );
  return { ...AUTHORITY, people };
}

test("a sign of a stolen token voids what had any of its steps on that platform", () => {
  const desk = cooling(live());
  const notice = { kind: "security", platform: "slack", count: 1, detail: "" } as const;
  desk.put({ kind: "chat.noticed", notice: { ...notice, what: "second-listener" } });
  expect(ended(desk)).toEqual(["voided: slack showed signs of a stolen token"]);
  desk.ask(LARGE, desk.by("ana", SLACK));
  expect(lastWords(desk)).toMatch(/signs of a stolen token/);
});

test("from such a platform nobody approves; what is held can be sold there, and a kill be confirmed", () => {
  const desk = holding({ ...LIVE, authority: { ...AUTHORITY, killAsks: true } });
  const raise = asked(desk, LARGE, "console:local");
  give(confirm(desk, raise, "console:local"), 1);
  const notice = { kind: "security", platform: "slack", count: 1, detail: "" } as const;
  desk.put({ kind: "chat.noticed", notice: { ...notice, what: "second-listener" } });
  approve(desk, raise, SLACK);
  expect(lastWords(desk)).toMatch(/signs of a stolen token/);
  const flatten = asked(desk, { verb: "flatten", product: null }, SLACK);
  confirm(desk, flatten, SLACK);
  expect(ended(desk).at(-1)).toBe("confirmed: ");
  const kill = asked(desk, { verb: "kill", reason: "x" }, SLACK);
  confirm(desk, kill, SLACK);
  expect(desk.state.desk.killed).not.toBeNull();
});

test.each(["trip", "halted"] as const)("a raise is stale once the desk is stopped: %s", (how) => {
  const desk = cooling(live());
  const at = instant(desk.now);
  desk.put({
    kind: "desk.recalled",
    latches: [
      how === "trip"
        ? {
            latch: "trip",
            trip: { breaker: "daily-loss", at, observed: "151", limit: "150", unit: "usd" },
          }
        : { latch: "halted", latched: { at, by: null, reason: "three unknown" } },
    ],
  });
  desk.beats(10 * MINUTE).tick();
  expect([ended(desk).length, raised(desk)]).toEqual([1, 0]);
  expect(ended(desk)[0]).toMatch(/^stale/);
});

test("a second /kill by somebody else confirms the first; a pause voids neither a kill nor a sale", () => {
  const over = { ...LIVE, authority: { ...AUTHORITY, killAsks: true } };
  const two = live(over);
  asked(two, { verb: "kill", reason: "a" });
  two.ask({ verb: "kill", reason: "b" }, two.by("bo", SLACK));
  expect(two.state.desk.killed?.reason).toBe("b");
  const desk = holding(over);
  asked(desk, { verb: "flatten", product: null });
  const kill = asked(desk, { verb: "kill", reason: "a" });
  desk.ask({ verb: "pause", reason: "" }, desk.by("bo", SLACK));
  confirm(desk, kill);
  expect([desk.state.desk.killed !== null, waiting(desk).length]).toEqual([true, 1]);
});

test("the host's own ways kill at once, whatever chat has to confirm", () => {
  const desk = live({ ...LIVE, authority: { ...AUTHORITY, killAsks: true } });
  desk.ask({ verb: "kill", reason: "file" }, { ...desk.by("ana", "console:local"), host: true });
  expect(desk.state.desk.killed?.reason).toBe("file");
});

test("a rearm is refused at its end when an order is open again, and stale when what it accepts has grown", () => {
  const desk = live();
  desk.ask({ verb: "kill", reason: "" }).listed();
  const code = asked(desk, { verb: "rearm" });
  give(confirm(desk, code), 1);
  expect(waiting(desk)[0]?.snapshot).toHaveProperty(["orders that do not fit together"], "none");
  expect(waiting(desk)[0]?.snapshot).toMatchObject({ halted: "no" });
});

test("a rearm is approved on another platform than it was asked on, and asked only where that can be", () => {
  const desk = live();
  desk.ask({ verb: "kill", reason: "" }).listed();
  const code = asked(desk, { verb: "rearm" });
  approve(give(confirm(desk, code), 1), code, GROUP);
  expect(lastWords(desk)).toBe("It was asked on telegram: approve it on another platform.");
  approve(desk, code, SLACK);
  expect(desk.said("trading.rearmed")).toHaveLength(1);
  const people = AUTHORITY.people.map((one) =>
    one.id === personId("bo") ? { ...one, platforms: ["telegram"] } : one,
  );
  const lone = live({ ...LIVE, authority: { ...AUTHORITY, people } });
  lone.ask({ verb: "kill", reason: "" }).listed();
  expect(() => asked(lone, { verb: "rearm" })).toThrow(/another platform than telegram/);
  asked(lone, { verb: "rearm" }, SLACK);
});

test("a second person who is suspended is none", () => {
  const desk = live();
  desk.ask({ verb: "suspend", person: personId("bo") }, desk.by("cy", GROUP));
  expect(() => asked(desk)).toThrow(/second person/);
});

test("the new value has to be typed by whoever approves", () => {
  const desk = live();
  const code = asked(desk);
  give(confirm(desk, code), 1);
  desk.ask({ verb: "approve", code }, desk.by("bo", SLACK));
  expect(lastWords(desk)).toBe(`Type it: /approve ${code} and the new value.`);
  desk.ask({ verb: "approve", code, value: "2400" }, desk.by("bo", SLACK));
  expect(lastWords(desk)).toBe("The new value was typed wrongly. Read it once more.");
  desk.ask({ verb: "approve", code, value: "240" }, desk.by("bo", SLACK));
  expect(waiting(desk)[0]?.progress?.coolsUntil).toBeDefined();
});

test("a code that names no request is for the one whose steps were on the platform where it was typed", () => {
  const desk = live();
  desk.ask({ verb: "kill", reason: "" }).listed();
  const rearm = asked(desk, { verb: "rearm" });
  confirm(desk, rearm);
  const thief = asked(desk, { verb: "limits set", key: LOSS, value: "+20%" }, SLACK);
  confirm(desk, thief, SLACK);
  give(desk, 1);
  expect(desk.said("confirmation.stepped").at(-1)?.confirmation.code).toBe(rearm);
  expect(raised(desk)).toBe(0);
  const other = live();
  const code = asked(other, LARGE, SLACK);
  confirm(other, code, SLACK);
  give(other, 1);
  expect(lastWords(other)).toMatch(new RegExp(`one of ${code}`));
});

test("a sale goes on when a part was sold meanwhile; it is stale when more is held", () => {
  const desk = holding();
  const code = asked(desk, { verb: "flatten", product: null });
  const held = desk.state.desk.positions.get(BTC);
  if (!held) throw new Error("nothing is held");
  desk.state.desk.positions.set(BTC, { ...held, size: (held.size / 2n) as typeof held.size });
  confirm(desk, code);
  expect(ended(desk).at(-1)).toBe("confirmed: ");
  const more = holding();
  const next = asked(more, { verb: "flatten", product: null });
  more.state.desk.positions.set(BTC, { ...held, size: (held.size * 2n) as typeof held.size });
  confirm(more, next);
  expect(ended(more).at(-1)).toMatch(/^stale/);
});

test("a code that a suspended person showed is spent all the same", () => {
  const desk = live();
  desk.ask({ verb: "suspend", person: personId("ana") }, desk.by("cy", GROUP));
  desk.ask({ verb: "code", outcome: "exposed", step: 5 }, desk.by("ana", GROUP));
  expect(desk.said("code.spent")).toMatchObject([{ step: 5, exposed: true }]);
});
