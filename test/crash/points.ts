/** The calls around which something happens, dealt like cards: each comes up, before and after, as soon as the number of rounds allows. */
// It knows which leg a desk must be on to make a call at all. It plays nothing.
import { type Random, seeded } from "../../src/core/kernel/random.ts";
import type { Door } from "../kit/desk-doors.ts";
import type { CrashPoint } from "../kit/desk-faults.ts";
import { CUTS, type CutPoint } from "./cutting-proxy.ts";
import type { Leg, Word } from "./strike.ts";

/** What a round has beside a desk, an exchange and a database. */
export const BESIDES = [
  /** A Telegram with people in it. */
  "telegram",
  /** The venue is asked before an entry leaves. */
  "previews",
  /** The run is recorded. */
  "recording",
  /** One that is renewed four times in a second. */
  "short lease",
  /** Messages that wait for longer than anybody wants to read them one by one. */
  "old news",
] as const;
export type Beside = (typeof BESIDES)[number];

interface Call {
  readonly door: Door;
  /** Of `journal.append`: the kind of event in it. Of a messenger: its platform. */
  readonly kind: string;
  /** Where a desk makes it. */
  readonly legs: readonly Leg[];
  /** What must have been said to it; null for anything. */
  readonly word: Word | null;
  /** How often it comes: once, once for each order, for each message, or so often in any case. */
  readonly per: "run" | "order" | "message" | number;
  /** Only made when nobody heard what became of the order; only when the create was answered. */
  readonly unless?: "heard" | "unheard";
  /** Only made where these are. */
  readonly needs?: readonly Beside[];
}

const ANY: readonly Leg[] = ["entry", "exit", "resting"];
const TAKEN: readonly Leg[] = ["entry", "exit"];
const call = (door: Door, per: Call["per"], more: Partial<Call> = {}): Call => ({
  ...{ door, per, kind: "-", legs: ANY, word: null },
  ...more,
});
const event = (kind: string, per: Call["per"], more: Partial<Call> = {}): Call =>
  call("journal.append", per, { kind, ...more });
const PAUSED: Partial<Call> = { legs: ["exit"], word: "pause" };
/** Some seconds after the order's end: nobody may stop the desk before. */
const PROVEN: Partial<Call> = { legs: TAKEN, word: "none" };
const KILLED: Partial<Call> = { legs: ["resting"], word: "kill" };
/** The message of an order that is filled in part. */
const CHANGED: Partial<Call> = { ...KILLED, unless: "unheard" };
const STOPPED: Partial<Call> = { legs: TAKEN, word: "stop" };
const CHAT: Partial<Call> = { needs: ["telegram"] };
const TELEGRAM: Partial<Call> = { ...CHAT, kind: "telegram" };
const RECORDED: Partial<Call> = { needs: ["recording"] };

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
const PLACE = call("venue.place", "order");
const FIND = call("venue.find", "run", { legs: ["entry"], unless: "heard" });
const CANCEL = call("venue.cancel", "run", KILLED);
const RENEW = call("lease.renew", 4, { needs: ["short lease"] });
/** Beside those of an order's own way, and of what only a start asks. */
const DOORS: readonly Call[] = [
  RENEW,
  CANCEL,
  call("venue.prove", "order", PROVEN),
  call("venue.preview", "run", { needs: ["previews"] }),
  call("deliveries.attempted", "message"),
  call("deliveries.delivered", "message"),
  call("deliveries.failed", "run", CHAT),
  call("messenger.send", "message"),
  call("messenger.edit", "run", CHANGED),
  call("messenger.edit", "run", { ...CHANGED, ...TELEGRAM }),
  call("messenger.mark", 3, TELEGRAM),
  call("echo.taken", 3, CHAT),
  call("echo.whisper", "run", CHAT),
  call("echo.reply", "run", CHAT),
  call("emergency.append", "run", PAUSED),
  call("emergency.clear", "run", KILLED),
  call("inbound.store", "run", PAUSED),
  call("inbound.done", "run", KILLED),
  call("recorder.took", 60, RECORDED),
  call("recorder.decided", 6, RECORDED),
  call("journal.writeCheckpoint", "run", STOPPED),
  call("venue.stop", "run", STOPPED),
  call("feed.stop", "run", STOPPED),
  call("ears.stop", "run", { ...STOPPED, ...CHAT }),
  call("lease.release", "run", STOPPED),
];
const COMMON: readonly Call[] = [
  call("venue.list", "run"),
  call("deliveries.add", "message"),
  call("journal.read", 6),
  call("transport.request", 20),
];
/** What a desk asks when it starts, and what a recovery writes in any case. */
const RECOVERING: readonly Call[] = [
  call("lease.look", "run"),
  call("lease.take", "run"),
  call("journal.latestCheckpoint", "run"),
  call("journal.read", 3),
  call("emergency.read", "run"),
  call("feed.start", "run"),
  call("feed.history", "run"),
  call("venue.start", "run"),
  call("venue.list", "run"),
  call("venue.trades", "run"),
  call("transport.request", 6),
  call("transport.openSocket", 2),
  call("recorder.begin", "run", RECORDED),
  call("deliveries.cursor", "run"),
  call("deliveries.due", 4),
  call("deliveries.add", "run"),
  call("deliveries.merge", "run", { needs: ["telegram", "old news"] }),
  call("deliveries.recent", "run", CHAT),
  call("inbound.unfinished", "run"),
  call("messenger.recall", "run", TELEGRAM),
  call("ears.start", "run", CHAT),
  event("desk.started", "run"),
  event("venue.reconciled", "run"),
];
/** What it makes of an order that was planned and never seen. */
const SEARCHING: readonly Call[] = [
  call("venue.place", "run"),
  event("order.resent", "run"),
  event("order.unknown", "run"),
];

export interface Dealt {
  readonly call: Call;
  readonly when: CrashPoint["when"];
}

const DECKS = {
  /** For a death of the desk. */
  all: { first: DOORS, rest: [...COMMON, PLACE, FIND, ...EVENTS] },
  /** For a stop, and for a death of the database. */
  order: { first: [PLACE, CANCEL, RENEW], rest: EVENTS },
  commit: { first: [], rest: EVENTS },
  recovering: { first: RECOVERING, rest: [] },
  searching: { first: [call("venue.find", "run")], rest: SEARCHING },
  /** Of a message that was perhaps shown. */
  doubting: { first: [call("messenger.find", "run", TELEGRAM)], rest: [] },
} as const;
export type Deck = keyof typeof DECKS;

const LATE: readonly Door[] = [
  ...(["venue.find", "venue.prove", "venue.place", "lease.renew"] as const),
  ...(["messenger.find", "messenger.edit", "deliveries.failed", "deliveries.merge"] as const),
  "feed.history",
];
/** Long after the order has come to its end, or to nothing: a desk must be given the time. */
export const isLate = ({ door, kind }: Pick<CrashPoint, "door" | "kind">): boolean =>
  LATE.includes(door) || ["order.settled", "order.resent"].includes(kind);

/** The `nth` card from 0: the whole deck once, then the other way round, then shuffled anew. */
export function deal(seed: string, deck: Deck, nth: number): Dealt {
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
export const allPoints = (deck: Deck): readonly string[] =>
  [...DECKS[deck].first, ...DECKS[deck].rest].flatMap((call) =>
    (["before", "after"] as const).map((when) => pointName({ ...call, when })),
  );

export const pointName = ({ when, door, kind }: Omit<CrashPoint, "nth">): string =>
  [when, door, ...(kind === "-" ? [] : [kind])].join(" ");

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
  if (typeof per === "number") return dice.between(1, per);
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
