/** What concerns people rather than trading: who is suspended, who is on duty, which platform is trusted, who hears alarms. */

import type { Principal } from "../control/authority.ts";
import { called, calledFirst } from "../control/called.ts";
import { platformOf } from "../control/confirmation.ts";
import type { Request } from "../control/request.ts";
import type { Requester } from "../control/trading.ts";
import type { PersonId } from "../kernel/ids.ts";
import { answer } from "./answer.ts";
import { close, findAnswered } from "./confirmations.ts";
import { distrustOf } from "./proposing.ts";
import { authorityOf, nameOf } from "./roster.ts";
import type { State } from "./state.ts";
import type { Turn } from "./turn.ts";

/** What a suspended person may still ask; questions never come here. */
const LEFT: ReadonlySet<Request["verb"]> = new Set(["pause", "kill"]);
/** What a platform that showed signs of a stolen token may not ask any more. */
const RISKY: ReadonlySet<Request["verb"]> = new Set([
  "confirm",
  "approve",
  "code",
  "resume",
  "rearm",
]);

interface Meant {
  readonly person: PersonId;
  readonly name: string;
  /** What was said behind the name. */
  readonly rest: string;
}

/**
 * Whom people mean: themselves, by `me`, their id or nothing but their name; else by id, or by the longest configured name
 * that fits, in any case. Null for nobody of ours.
 */
function meant(state: State, by: Requester, said: string): Meant | null {
  const all = said.trim().toLowerCase();
  const [word = ""] = all.split(" ", 1);
  const own = { person: by.person, name: by.name };
  if (all === by.name.toLowerCase()) return { ...own, rest: "" };
  const behind = (name: string): string => said.trim().slice(name.length).trim();
  if (word === "me" || word === by.person) return { ...own, rest: behind(word) };
  const { people } = authorityOf(state);
  const fits = ({ name }: Principal): boolean => `${all} `.startsWith(`${name.toLowerCase()} `);
  const named = people.filter(fits).sort((one, other) => other.name.length - one.name.length);
  const byId = people.find(({ id }) => id === word);
  const found = byId ?? named[0];
  if (found === undefined) return null;
  const { id: person, name } = found;
  return { person, name, rest: behind(byId ? word : name) };
}

/** Why this person, or this platform, may not ask for it at all; null when they may. */
export function barred(state: State, request: Request, by: Requester): string | null {
  const { desk } = state;
  if (by.host === true && (request.verb === "restore" || request.verb === "trust")) return null;
  const answered = request.verb === "confirm" ? findAnswered(state, request) : null;
  const isOwnKill = answered?.proposal.verb === "kill" && answered.by.person === by.person;
  if (desk.suspended.has(by.person) && !LEFT.has(request.verb) && !isOwnKill) {
    return "You are suspended: /status, /pause and /kill are left. It is undone on the desk's own machine.";
  }
  const platform = platformOf(by.room);
  const raises = RISKY.has(request.verb) || (request.verb === "stage" && request.to === "raise");
  // Selling what is held, and stopping, stay possible.
  const isWayOut = answered?.proposal.verb === "flatten" || answered?.proposal.verb === "kill";
  return desk.distrusted.has(platform) && raises && !isWayOut ? distrustOf(platform) : null;
}

export function suspend(
  turn: Turn,
  by: Requester,
  { person: typed, reason: said = "" }: Extract<Request, { verb: "suspend" }>,
): void {
  const { desk } = turn.state;
  const whom = meant(turn.state, by, `${typed} ${said}`);
  if (whom === null) return answer(turn, "suspend", by, true, `Nobody is called ${typed}.`);
  const { person, name, rest: reason } = whom;
  if (desk.suspended.has(person)) {
    return answer(turn, "suspend", by, false, `${calledFirst(name)} is suspended already.`);
  }
  turn.say({ kind: "person.suspended", person, name, by, reason });
  for (const open of [...desk.confirmations.values()]) {
    const theirs = open.by.person === person || open.progress?.approved?.by.person === person;
    if (theirs) close(turn, open, { outcome: "voided", detail: `${called(name)} was suspended` });
  }
}

export function restore(turn: Turn, by: Requester, person: PersonId): void {
  if (by.host !== true) return answer(turn, "restore", by, true, HOST_ONLY);
  const { suspended } = turn.state.desk;
  const known = nameOf(turn.state, person);
  // Whoever was suspended is given back also when they stand in people.yaml no more.
  if (!suspended.has(person)) {
    if (known === null) return answer(turn, "restore", by, true, nobody(turn.state, person));
    return answer(turn, "restore", by, false, `${calledFirst(known)} is not suspended.`);
  }
  const name = known ?? person;
  turn.say({ kind: "person.restored", person, name, by });
}

export function trust(turn: Turn, by: Requester, platform: string): void {
  if (by.host !== true) return answer(turn, "trust", by, true, HOST_ONLY);
  if (!turn.state.desk.distrusted.has(platform)) {
    if (!PLATFORMS.includes(platform)) {
      const why = `No platform is called ${platform}: it is ${PLATFORMS.join(" or ")}.`;
      return answer(turn, "trust", by, true, why);
    }
    return answer(turn, "trust", by, false, `${platform} is trusted already.`);
  }
  turn.say({ kind: "platform.trusted", platform, by });
}

function nobody(state: State, person: PersonId): string {
  const ids = authorityOf(state).people.map(({ id }) => id);
  return `Nobody is called ${person}${ids.length === 0 ? "" : `: it is one of ${ids.join(", ")}`}.`;
}

/** What can be distrusted, and so trusted again. */
const PLATFORMS: readonly string[] = ["telegram", "slack"];

const HOST_ONLY = "That is done on the desk's own machine only.";

export function duty(turn: Turn, by: Requester, request: Extract<Request, { verb: "duty" }>): void {
  const { desk } = turn.state;
  const on = request.to === "on";
  if (request.to !== "handover") {
    if (desk.duty.has(by.person) === on) {
      return answer(turn, "duty", by, false, `You are ${on ? "on" : "off"} duty already.`);
    }
    return turn.say({ kind: "duty.changed", by, on, to: null, open: handedOver(turn.state) });
  }
  const to = meant(turn.state, by, request.person);
  if (to === null) return answer(turn, "duty", by, true, `Nobody is called ${request.person}.`);
  if (to.person === by.person) {
    return answer(turn, "duty", by, true, "That is you: /duty on says that you are on duty.");
  }
  if (desk.suspended.has(to.person)) {
    return answer(
      turn,
      "duty",
      by,
      true,
      `${calledFirst(to.name)} is suspended and cannot take over.`,
    );
  }
  turn.say({
    kind: "duty.changed",
    by,
    on: false,
    to: { person: to.person, name: to.name },
    open: handedOver(turn.state),
  });
}

/** What whoever takes over has to know. */
function handedOver({ desk }: State): readonly string[] {
  const stopped = desk.killed
    ? "Killed."
    : desk.halted
      ? "Halted."
      : desk.paused
        ? "Paused."
        : null;
  const trips = [...desk.trips.keys()].map((key) => `Tripped: ${key}.`);
  const waiting = [...desk.confirmations.values()].map(
    ({ code, proposal, by }) => `Waits: ${proposal.verb} of ${called(by.name)}, code ${code}.`,
  );
  const temporary = [...desk.temporary.keys()].map((key) => `Temporary: ${key}.`);
  return [...(stopped === null ? [] : [stopped]), ...trips, ...waiting, ...temporary];
}

export function testAlarm(turn: Turn, by: Requester, nonce: string): void {
  turn.say({ kind: "alarm.tested", alarm: nonce.slice(0, 8), by });
}

export function heardAlarm(turn: Turn, by: Requester, alarm: string): void {
  const last = turn.state.desk.alarm;
  if (last?.id !== alarm) return answer(turn, "heard", by, true, "That test alarm is over.");
  turn.say({ kind: "alarm.heard", alarm, by, afterMs: turn.at - last.at });
}
