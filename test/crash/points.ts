/** The calls around which something happens, dealt like cards: each comes up, before and after, as soon as the number of rounds allows. */
// It knows which leg a desk must be on to make a call at all. It plays nothing.
import { type Random, seeded } from "../../src/core/kernel/random.ts";
import type { CrashPoint, Door } from "../kit/desk-faults.ts";
import { CUTS, type CutPoint } from "./cutting-proxy.ts";
import type { Leg, Word } from "./strike.ts";

interface Call {
  readonly door: Door;
  /** Of `append`: the kind of event in it. */
  readonly kind: string;
  /** Where a desk makes it. */
  readonly legs: readonly Leg[];
  /** What must have been said to it; null for anything. */
  readonly word: Word | null;
  /** How often it comes: once, once for each order, or for each message. */
  readonly per: "run" | "order" | "message";
  /** Only made when nobody heard what became of the order; only when the create was answered. */
  readonly unless?: "heard" | "unheard";
}

const ANY: readonly Leg[] = ["entry", "exit", "resting"];
const TAKEN: readonly Leg[] = ["entry", "exit"];
const call = (door: Door, per: Call["per"], more: Partial<Call> = {}): Call => ({
  ...{ door, per, kind: "-", legs: ANY, word: null },
  ...more,
});
const event = (kind: string, per: Call["per"], more: Partial<Call> = {}): Call =>
  call("append", per, { kind, ...more });
const PAUSED: Partial<Call> = { legs: ["exit"], word: "pause" };
/** Some seconds after the order's end: nobody may stop the desk before. */
const PROVEN: Partial<Call> = { legs: TAKEN, word: "none" };
const KILLED: Partial<Call> = { legs: ["resting"], word: "kill" };

const EVENTS: readonly Call[] = [
  event("order.planned", "order"),
  event("order.acknowledged", "order", { unless: "unheard" }),
  event("order.progressed", "run", { legs: ["resting"] }),
  event("order.filled", "order", { legs: TAKEN }),
  event("order.closed", "order", { legs: TAKEN }),
  event("order.settled", "order", PROVEN),
  event("trading.paused", "run", PAUSED),
  event("trading.killed", "run", KILLED),
  event("order.cancel-asked", "run", KILLED),
  event("kill.finished", "run", KILLED),
];
const PLACE = call("place", "order");
const FIND = call("find", "run", { legs: ["entry"], unless: "heard" });
const CANCEL = call("cancel", "run", KILLED);
/** Beside those of an order's own way. */
const DOORS: readonly Call[] = [
  call("recall", "run"),
  call("history", "run"),
  call("prove", "order", PROVEN),
  call("trades", "run"),
  call("attempted", "message"),
  call("delivered", "message"),
  call("send", "message"),
  call("checkpoint", "run", { legs: TAKEN, word: "stop" }),
  CANCEL,
  call("emergency", "run", PAUSED),
  call("clear", "run", KILLED),
  call("store", "run", PAUSED),
  call("done", "run", KILLED),
];
/** What a recovery makes in any case, and what it makes of an order that was planned and never seen. */
const LIST = call("list", "run");
const RECOVERING: readonly Call[] = [
  event("desk.started", "run"),
  event("venue.reconciled", "run"),
];
const SEARCHING: readonly Call[] = [
  call("place", "run"),
  event("order.resent", "run"),
  event("order.unknown", "run"),
];

export interface Dealt {
  readonly call: Call;
  readonly when: CrashPoint["when"];
}

const DECKS = {
  /** For a death of the desk. */
  all: { first: DOORS, rest: [LIST, call("add", "message"), PLACE, FIND, ...EVENTS] },
  /** For a stop, and for a death of the database. */
  order: { first: [PLACE, CANCEL], rest: EVENTS },
  commit: { first: [], rest: EVENTS },
  recovering: { first: [LIST, call("add", "run")], rest: RECOVERING },
  searching: { first: [call("find", "run")], rest: SEARCHING },
} as const;

/** Long after the order has come to its end, or to nothing: a desk must be given the time. */
export const isLate = ({ door, kind }: Pick<CrashPoint, "door" | "kind">): boolean =>
  ["find", "prove", "place"].includes(door) || ["order.settled", "order.resent"].includes(kind);

/** The `nth` card from 0: the whole deck once, then the other way round, then shuffled anew. */
export function deal(seed: string, deck: keyof typeof DECKS, nth: number): Dealt {
  const { first, rest } = DECKS[deck];
  const pass = Math.floor(nth / (first.length + rest.length));
  const dice = seeded(`${seed}/${deck}/${Math.floor(pass / 2)}`);
  const cards = [...shuffled(dice, first), ...shuffled(dice, rest)].map((call) => ({
    call,
    isBefore: dice.next() < 0.5,
  }));
  const card = cards[nth % cards.length];
  if (card === undefined) throw new RangeError("there is nothing to deal");
  return { call: card.call, when: card.isBefore === (pass % 2 === 0) ? "before" : "after" };
}

/** Every card with both of its sides, as it is named when it was met. */
export const allPoints = (deck: keyof typeof DECKS): readonly string[] =>
  [...DECKS[deck].first, ...DECKS[deck].rest].flatMap((call) =>
    (["before", "after"] as const).map((when) => pointName({ ...call, when })),
  );

export const pointName = ({ when, door, kind }: Omit<CrashPoint, "nth">): string =>
  [when, door, ...(door === "append" ? [kind] : [])].join(" ");

export const pointOf = ({ call, when }: Dealt, dice: Random, leg: Leg): CrashPoint => ({
  ...{ when, door: call.door, kind: call.kind },
  nth: nthOf(call, dice, leg),
});

/** Each how comes with each kind in time: their numbers share no divisor. */
export const cutOf = (nth: number, { call }: Dealt, dice: Random, leg: Leg): CutPoint => ({
  how: CUTS[nth % CUTS.length] ?? "answer",
  kind: call.kind,
  nth: nthOf(call, dice, leg),
});

/** An exit comes after an entry: most of its calls are the second of their kind. */
function nthOf({ per }: Call, dice: Random, leg: Leg): number {
  if (per === "run") return 1;
  if (per === "message") return dice.between(1, leg === "entry" ? 3 : 4);
  return leg === "entry" || dice.next() < 0.2 ? 1 : 2;
}

/** @throws RangeError when there is nothing */
export function one<const T>(dice: Random, from: readonly T[]): T {
  const drawn = from[dice.between(0, from.length - 1)];
  if (drawn === undefined) throw new RangeError("there is nothing to draw from");
  return drawn;
}

function shuffled<T>(dice: Random, from: readonly T[]): readonly T[] {
  return from
    .map((item) => ({ item, at: dice.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
