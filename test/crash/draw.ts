/** What one round is: which call the desk does not survive, what else goes wrong, all drawn from a seed. It plays nothing. */
import { type Random, seeded } from "../../src/core/kernel/random.ts";
import type { ExchangeOptions } from "../../src/exchange/options.ts";
import { type CrashPoint, crashText } from "../kit/desk-faults.ts";
import { cutOf, type Dealt, deal, one, pointOf } from "./points.ts";
import { type Leg, type Strike, strikeText, type Word } from "./strike.ts";

export const TROUBLES = [
  "create: answer lost",
  "create: request lost",
  "create: answer cut",
  "create: 503 after it was accepted",
  "create: 429 as a page",
  "create: answer late",
  "cancel: answer lost",
  "list: 503",
  "user frames lost",
  "user frames doubled",
  "user frames swapped",
  "older states repeated",
  "user socket cut",
] as const;
export type Trouble = (typeof TROUBLES)[number];

export interface Round {
  readonly nth: number;
  readonly leg: Leg;
  readonly word: Word;
  readonly strike: Strike;
  /** A second death, while it recovers from the first; null for none. */
  readonly again: CrashPoint | null;
  readonly troubles: readonly Trouble[];
  readonly exchange: Partial<ExchangeOptions>;
  /** Some of the resting sale is filled before the end. */
  readonly partly: boolean;
}

/** `again`: it dies a second time while it recovers. `search`: so it does, while it looks for an order nobody has seen. */
type Kind = Strike["kind"] | "again" | "search";

/** Of each twenty rounds four disturb the database and four have two desks. */
const KINDS: readonly Kind[] = [
  "postgres",
  "desk",
  "zombie",
  "again",
  "wire",
  "desk",
  "second",
  "desk",
  "desk",
  "standby",
  "search",
  "moment",
  "desk",
  "wire",
  "desk",
  "zombie",
  "again",
  "desk",
  "postgres",
  "desk",
];
/** Which kinds are dealt from one deck. */
const DECK_OF = {
  all: ["desk", "again", "second", "standby"],
  order: ["zombie", "postgres"],
  commit: ["wire"],
  recovering: ["again"],
  searching: ["search"],
} as const;

/** @param nth from 1 */
export function draw(seed: string, nth: number): Round {
  const dice = seeded(`${seed}/${nth}`);
  const kind = KINDS[(nth - 1) % KINDS.length] ?? "desk";
  const from = (deck: keyof typeof DECK_OF): Dealt => deal(seed, deck, dealtBefore(nth, deck));
  const card = kind === "search" || kind === "moment" ? null : from(deckOf(kind));
  // Never seen it must be: bought, and no more than bought.
  const leg = kind === "search" ? "entry" : one(dice, card?.call.legs ?? LEGS);
  const word = kind === "search" ? "none" : (card?.call.word ?? wordFor(dice, leg));
  const calm = kind === "search" || dice.next() < 0.4;
  const troubles = calm ? [] : some(dice, leg, TROUBLES);
  const again = kind === "again" ? "recovering" : kind === "search" ? "searching" : null;
  return {
    nth,
    leg,
    word,
    strike: strikeOf({ dice, kind, leg, card, nth: dealtBefore(nth, "commit") }),
    again: again === null ? null : pointOf(from(again), dice, "entry"),
    troubles: fitting(troubles, card),
    exchange: lags(dice, leg),
    partly: leg === "resting" && dice.next() < 0.5,
  };
}

/** What the call of the card needs, or does not stand. */
function fitting(troubles: readonly Trouble[], card: Dealt | null): readonly Trouble[] {
  const unless = card?.call.unless;
  if (unless === "heard") return ["create: answer lost", "user frames lost"];
  if (unless === undefined) return troubles;
  return troubles.filter((trouble) => !trouble.startsWith("create"));
}

const LEGS: readonly Leg[] = ["entry", "exit", "resting"];

const deckOf = (kind: Strike["kind"] | "again"): keyof typeof DECK_OF => {
  if (kind === "wire") return "commit";
  return kind === "zombie" || kind === "postgres" ? "order" : "all";
};

/** How many cards of a deck were dealt before this round. */
function dealtBefore(nth: number, deck: keyof typeof DECK_OF): number {
  const kinds: readonly Kind[] = DECK_OF[deck];
  const count = (some: readonly Kind[]): number =>
    some.filter((kind) => kinds.includes(kind)).length;
  const whole = Math.floor((nth - 1) / KINDS.length);
  return whole * count(KINDS) + count(KINDS.slice(0, (nth - 1) % KINDS.length));
}

/** Only what rests can be killed at once: what is under way unseen would keep a killed desk searching for minutes. */
function wordFor(dice: Random, leg: Leg): Word {
  if (leg === "resting") return one(dice, ["kill", "kill", "none"]);
  if (leg === "exit") return one(dice, ["none", "pause", "pause", "stop"]);
  return one(dice, ["none", "none", "none", "stop"]);
}

interface Struck {
  readonly dice: Random;
  readonly kind: Kind;
  readonly leg: Leg;
  readonly card: Dealt | null;
  /** Of cut commits, from 0. */
  readonly nth: number;
}

const UNSEEN: readonly CrashPoint[] = [
  { when: "before", door: "place", kind: "-", nth: 1 },
  { when: "after", door: "append", kind: "order.planned", nth: 1 },
];

function strikeOf({ dice, kind, leg, card, nth }: Struck): Strike {
  if (kind === "search") return { kind: "desk", at: one(dice, UNSEEN) };
  if (kind === "moment" || card === null) {
    return { kind: "moment", afterMs: dice.between(0, 900) };
  }
  if (kind === "wire") return { kind, cut: cutOf(nth, card, dice, leg) };
  const at = pointOf(card, dice, leg);
  switch (kind) {
    case "postgres":
      return { kind, at, withDesk: dice.next() < 0.4, downMs: dice.between(0, 1000) };
    case "zombie":
      return { kind, at, goesOn: one(dice, ["first", "early", "late"]) };
    case "again":
      return { kind: "desk", at };
    case "desk":
    case "second":
    case "standby":
      return { kind, at };
  }
}

function some(dice: Random, leg: Leg, from: readonly Trouble[]): readonly Trouble[] {
  const fit = from.filter((trouble) => leg === "resting" || !trouble.startsWith("cancel"));
  const first = one(dice, fit);
  return dice.next() < 0.5 ? [first] : [...new Set([first, one(dice, fit)])];
}

/** A sale that rests by the kit's doing must be seen at once: sent again it would not rest. */
function lags(dice: Random, leg: Leg): Partial<ExchangeOptions> {
  if (dice.next() < 0.5) return {};
  const lag = (most: number): number => (leg === "resting" ? 0 : dice.between(0, most));
  return {
    userLagMs: dice.between(0, 600),
    orderLagMs: lag(600),
    listLagMs: lag(900),
    fillsLagMs: dice.between(0, 900),
    pendingMs: lag(300),
    cancelDelayMs: dice.between(0, 400),
    userUpdates: {
      pending: dice.next() < 0.5,
      cancelQueued: dice.next() < 0.5,
      filledTwice: dice.next() < 0.5,
    },
    doubts: { duplicate: one(dice, ["echo", "echo", "refuse"]) },
  };
}

/** The round in one line, as it is told. */
export function titleOf({ leg, word, strike, again, troubles, partly }: Round): string {
  const said = {
    none: leg,
    pause: `${leg}, /pause`,
    kill: `${leg}, /kill`,
    stop: `${leg}, SIGTERM`,
  };
  const also = [
    ...(partly ? ["partly filled"] : []),
    ...(again ? [`then ${crashText(again)}`] : []),
    ...troubles,
  ];
  return `${said[word]}: ${strikeText(strike)}${also.map((text) => ` + ${text}`).join("")}`;
}
