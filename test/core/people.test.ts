import { expect, test } from "vitest";
import type { Authority } from "../../src/core/control/authority.ts";
import type { Request } from "../../src/core/control/request.ts";
import { deskView } from "../../src/core/engine/view.ts";
import { inboundId, personId } from "../../src/core/kernel/ids.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { AUTHORITY, LIVE } from "../kit/confirmation-witness.ts";
import { DeskScript, POLICY } from "../kit/desk-script.ts";

const people = AUTHORITY.people.map((one) => (one.id === "bo" ? { ...one, name: "Robert" } : one));
const authority = { ...AUTHORITY, people };
const live = (over: Partial<Authority> = {}) =>
  DeskScript.ready(POLICY, { ...LIVE, authority: { ...authority, ...over } });
const suspending = (person: string, reason = ""): Request => ({
  ...{ verb: "suspend", person },
  ...(reason === "" ? {} : { reason }),
});
const words = (desk: DeskScript) => desk.said("request.answered").at(-1)?.why ?? "";
const view = (desk: DeskScript) => deskView(desk.state, instant(desk.now));

test("a person is meant by id, by name in any case, or as me; nobody else is suspended by a slip", () => {
  for (const named of ["bo", "robert"]) {
    const desk = live().ask(suspending(named));
    expect(view(desk).suspended).toMatchObject([{ person: "bo", name: "Robert" }]);
  }
  const own = live().ask(suspending("me"));
  expect(view(own).suspended.map(({ person }) => person)).toEqual(["ana"]);
  const nobody = live().ask(suspending("bob"));
  expect(view(nobody).suspended).toEqual([]);
  expect(words(nobody)).toBe("Nobody is called bob.");
});

test("a name of several words is meant by all of them, the longest first, and what follows is the reason", () => {
  const named = (who: string, name: string) =>
    AUTHORITY.people.map((one) => (one.id === who ? { ...one, name } : one));
  const [bo] = named("bo", "Jörg").filter(({ id }) => id === "bo");
  const cy = AUTHORITY.people.find(({ id }) => id === "cy");
  if (!bo || !cy) throw new Error("the cast has changed");
  const two = [...people.filter(({ id }) => id === "ana"), bo, { ...cy, name: "Jörg Meier" }];
  const asked = (...said: [string, string?]) =>
    live({ people: two })
      .ask(suspending(...said))
      .said("person.suspended")
      .at(-1);
  expect(asked("jörg", "Meier lost it")).toMatchObject({ person: "cy", reason: "lost it" });
  expect(asked("jörg", "lost it")).toMatchObject({ person: "bo", reason: "lost it" });
  expect(asked("jörg", "meierhof")).toMatchObject({ person: "bo", reason: "meierhof" });
});

test("who says nothing but their own name means themselves, whoever has it for an id", () => {
  const desk = live();
  const ana = { ...desk.by("ana"), name: "Bo" };
  desk.ask(suspending("bo"), ana);
  expect(view(desk).suspended.map(({ person }) => person)).toEqual(["ana"]);
});

test("whoever is suspended may stop everything, and nothing else; it ends on the host alone", () => {
  const desk = live().ask(suspending("me")).ask({ verb: "pause", reason: "" });
  expect(desk.said("trading.paused")).toHaveLength(1);
  desk.ask({ verb: "resume" });
  expect(words(desk)).toMatch(/You are suspended/);
  desk.ask({ verb: "restore", person: personId("ana") });
  expect(words(desk)).toMatch(/You are suspended/);
  desk.ask({ verb: "restore", person: personId("ana") }, desk.by("bo"));
  expect(words(desk)).toBe("That is done on the desk's own machine only.");
  desk.ask({ verb: "restore", person: personId("ana") }, { ...desk.by("ana"), host: true });
  expect(view(desk).suspended).toEqual([]);
  desk.ask({ verb: "kill", reason: "" });
  expect(desk.said("trading.killed")).toHaveLength(1);
});

test("what nobody is called and what is no platform is refused on the host, with those that are", () => {
  const desk = live();
  const host = { ...desk.by("ana"), host: true } as const;
  desk.ask({ verb: "restore", person: personId("nobody") }, host);
  expect(desk.said("request.answered").at(-1)).toMatchObject({ refused: true });
  expect(words(desk)).toMatch(/^Nobody is called nobody: it is one of ana, bo, /);
  desk.ask({ verb: "trust", platform: "foo" }, { ...host, inbound: inboundId("host:2") });
  expect(desk.said("request.answered").at(-1)).toMatchObject({ refused: true });
  expect(words(desk)).toBe("No platform is called foo: it is telegram or slack.");
  desk.ask({ verb: "restore", person: personId("bo") }, { ...host, inbound: inboundId("host:3") });
  desk.ask({ verb: "trust", platform: "slack" }, { ...host, inbound: inboundId("host:4") });
  expect(
    desk
      .said("request.answered")
      .slice(-2)
      .map(({ refused, why }) => [refused, why]),
  ).toEqual([
    [false, "Robert is not suspended."],
    [false, "slack is trusted already."],
  ]);
});

test("whoever sits at the console without a name is told of in words that read right", () => {
  const desk = live().ask({ verb: "pause", reason: "" });
  const nameless = { ...desk.by("ana"), name: "you" };
  desk.ask({ verb: "resume" }, nameless).ask(suspending("me"), { ...desk.by("ana"), name: "you" });
  expect(desk.said("confirmation.closed").at(-1)).toMatchObject({
    ...{ outcome: "voided", detail: "whoever sits at the console was suspended" },
  });
  const bo = desk.by("bo");
  desk.ask({ verb: "suspend", person: "ana" }, bo);
  expect(words(desk)).toBe("ana is suspended already.");
});

test("where kills are confirmed, a suspended person confirms their own kill and no other request", () => {
  const desk = live({ killAsks: true });
  desk.ask({ verb: "pause", reason: "" }).ask({ verb: "resume" });
  const resume = desk.said("confirmation.opened").at(-1)?.confirmation.code ?? "";
  desk.ask(suspending("me")).ask({ verb: "confirm", code: resume });
  expect(desk.said("trading.resumed")).toEqual([]);
  desk.ask({ verb: "kill", reason: "fire" });
  const kill = desk.said("confirmation.opened").at(-1)?.confirmation.code ?? "";
  desk.ask({ verb: "confirm", code: kill });
  expect(desk.said("trading.killed")).toHaveLength(1);
});

test("a platform that showed a stolen token may still sell and stop, until the host trusts it", () => {
  const desk = live();
  const telegram = () => desk.by("ana", "telegram:1");
  const security = { kind: "security", platform: "telegram", count: 1, detail: "" } as const;
  desk.put({ kind: "chat.noticed", notice: { ...security, what: "second-listener" } });
  expect(view(desk).distrusted).toMatchObject([{ platform: "telegram", what: "second-listener" }]);
  desk.ask({ verb: "pause", reason: "" }, telegram()).ask({ verb: "resume" }, telegram());
  expect(words(desk)).toMatch(/claudbot -- trust telegram/);
  desk.ask({ verb: "trust", platform: "telegram" }, { ...telegram(), host: true });
  expect(view(desk).distrusted).toEqual([]);
  desk.ask({ verb: "resume" }, telegram());
  expect(desk.said("confirmation.opened")).toHaveLength(1);
});

test("duty is handed over by name, to somebody who is there and may speak", () => {
  const desk = live().ask({ verb: "duty", to: "on" });
  desk.ask({ verb: "duty", to: "handover", person: personId("ana") });
  expect(words(desk)).toMatch(/That is you/);
  desk.ask({ verb: "duty", to: "handover", person: personId("bo") });
  expect(view(desk).duty.map(({ name }) => name)).toEqual(["Robert"]);
  desk.ask(suspending("bo"));
  expect(view(desk).duty).toEqual([]);
  desk.ask({ verb: "duty", to: "handover", person: personId("bo") });
  expect(words(desk)).toMatch(/suspended and cannot take over/);
});

test("a room that answers a test alarm is listening; an old alarm cannot be answered", () => {
  const desk = live().ask({ verb: "testalarm" });
  desk.ask({ verb: "heard", alarm: "00000000" });
  expect(words(desk)).toBe("That test alarm is over.");
  desk.ask(
    { verb: "heard", alarm: desk.said("alarm.tested")[0]?.alarm ?? "" },
    desk.by("bo", "slack:C1"),
  );
  expect(view(desk).routes.map(({ room }) => room)).toEqual(["slack:C1"]);
});
