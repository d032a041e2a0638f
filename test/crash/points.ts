/** Draws the call at which it happens, from those that a desk makes on its way through a leg. */
import type { Random } from "../../src/core/kernel/random.ts";
import type { CrashPoint, Door } from "../kit/desk-faults.ts";
import type { Leg, Strike, Word } from "./strike.ts";

const EVENTS = [
  "order.planned",
  "order.acknowledged",
  "order.progressed",
  "order.filled",
  "order.closed",
];
const EVENTS_OF_KILL = ["trading.killed", "order.cancel-asked", "order.closed", "kill.finished"];

export function eventsOf(leg: Leg, word: Word): readonly string[] {
  if (word === "kill") return EVENTS_OF_KILL;
  return leg === "resting" ? ["order.planned", "order.acknowledged", "order.progressed"] : EVENTS;
}

/** An exit comes after an entry: most of its calls are the second of their kind. */
export const nthOf = (dice: Random, leg: Leg): number =>
  leg === "entry" || dice.next() < 0.2 ? 1 : 2;

export function appendOrPlace(dice: Random, leg: Leg, word: Word): CrashPoint {
  const when = one(dice, ["before", "after"]);
  const killed = word === "kill";
  if (!killed && dice.next() < 0.35) {
    return { when, door: "place", kind: "-", nth: nthOf(dice, leg) };
  }
  const kind = one(dice, eventsOf(leg, word));
  return { when, door: "append", kind, nth: killed ? 1 : nthOf(dice, leg) };
}

export function point(dice: Random, leg: Leg, word: Word): CrashPoint {
  if (dice.next() < 0.5) return appendOrPlace(dice, leg, word);
  const [door, most] = one(dice, [...CALLS, ...callsOf(word)]);
  const nth = dice.between(1, leg === "entry" ? Math.max(1, most - 1) : most);
  return { when: one(dice, ["before", "after"]), door, kind: "-", nth };
}

type Call = readonly [door: Door, most: number];

const CALLS: readonly Call[] = [
  ["place", 2],
  ["list", 1],
  ["find", 1],
  ["history", 1],
  ["add", 4],
  ["attempted", 4],
  ["delivered", 4],
  ["send", 4],
];

function callsOf(word: Word): readonly Call[] {
  switch (word) {
    case "none":
      return [];
    case "pause":
      return [
        ["emergency", 1],
        ["clear", 1],
        ["store", 1],
        ["done", 1],
      ];
    case "kill":
      return [
        ["cancel", 1],
        ["cancel", 2],
        ["emergency", 1],
        ["clear", 1],
        ["store", 1],
        ["done", 1],
      ];
    case "stop":
      return [
        ["checkpoint", 1],
        ["checkpoint", 1],
      ];
  }
}

/** Calls that every recovery makes, and those of one that has to find out about an order that was planned and never seen. */
const RECOVERING: readonly (readonly [door: Door, kind: string])[] = [
  ["append", "desk.started"],
  ["append", "venue.reconciled"],
  ["list", "-"],
  ["add", "-"],
];
const SEARCHING: typeof RECOVERING = [
  ["append", "order.unknown"],
  ["append", "order.resent"],
  ["find", "-"],
  ["place", "-"],
];

export function recovering(dice: Random, strike: Strike): CrashPoint {
  const unseen =
    strike.kind === "desk" &&
    (strike.at.when === "before"
      ? strike.at.door === "place"
      : strike.at.door === "append" && strike.at.kind === "order.planned");
  const [door, kind] = one(dice, unseen ? SEARCHING : RECOVERING);
  return { when: one(dice, ["before", "after"]), door, kind, nth: 1 };
}

/** @throws RangeError when there is nothing */
export function one<const T>(dice: Random, from: readonly T[]): T {
  const drawn = from[dice.between(0, from.length - 1)];
  if (drawn === undefined) throw new RangeError("there is nothing to draw from");
  return drawn;
}
