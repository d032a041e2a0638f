/** What one round is: which call the desk does not survive, what else goes wrong, all drawn from a seed. It plays nothing. */
import { type Random, seeded } from "../../src/core/kernel/random.ts";
import type { ExchangeOptions } from "../../src/exchange/options.ts";
import { EDIT } from "../kit/desk-doors.ts";
import { type CrashPoint, crashText } from "../kit/desk-faults.ts";
import { type Beside, cutOf, type Dealt, type Deck, deal, one, pointOf } from "./points.ts";
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
  /** More deaths, each while it recovers from the one before. */
  readonly again: readonly CrashPoint[];
  readonly beside: readonly Beside[];
  readonly troubles: readonly Trouble[];
  readonly exchange: Partial<ExchangeOptions>;
  /** Some of the resting sale is filled before the end. */
  readonly partly: boolean;
}

/**
 * `again`: it dies again and again while it recovers. `search`: so it does, while it looks for an order nobody has seen;
 * `doubt`: for a message that was perhaps shown.
 */
type Kind = Strike["kind"] | "again" | "search" | "doubt";

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
  "doubt",
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
/** How many cards of a deck a round of a kind is dealt. */
const DEALS: { readonly [D in Deck]: { readonly [K in Kind]?: number } } = {
  all: { desk: 1, again: 1, second: 1, standby: 1 },
  order: { zombie: 1, postgres: 1 },
  commit: { wire: 1 },
  recovering: { again: 3, moment: 2, second: 1 },
  searching: { search: 1 },
  doubting: { doubt: 1 },
};

/** @param nth from 1 */
export function draw(seed: string, nth: number): Round {
  const dice = seeded(`${seed}/${nth}`);
  const kind = KINDS[(nth - 1) % KINDS.length] ?? "desk";
  const from = (...decks: readonly Deck[]): readonly Dealt[] =>
    decks.flatMap((deck) => {
      const before = dealtBefore(nth, deck);
      const many = DEALS[deck][kind] ?? 0;
      return Array.from({ length: many }, (_, index) => deal(seed, deck, before + index));
    });
  const [card = null] = from("all", "order", "commit");
  const later = from("recovering", "searching", "doubting");
  // Never seen it must be: bought, and no more than bought.
  const leg = kind === "search" ? "entry" : one(dice, card?.call.legs ?? LEGS);
  const word = kind === "search" ? "none" : (card?.call.word ?? wordFor(dice, leg));
  const calm = kind === "search" || dice.next() < 0.4;
  const troubles = calm ? [] : some(dice, leg, TROUBLES);
  return {
    nth,
    leg,
    word,
    strike: strikeOf({ dice, kind, leg, card, nth: dealtBefore(nth, "commit") }),
    again: later.map((dealt) => pointOf(dealt, dice, "entry")),
    beside: besideOf(dice, kind, card === null ? later : [card, ...later]),
    troubles: fitting(troubles, card),
    exchange: lags(dice, leg),
    partly: leg === "resting" && (dice.next() < 0.5 || card?.call.door === EDIT),
  };
}

/** What the calls need, and now and then more where it cannot do harm. */
function besideOf(dice: Random, kind: Kind, cards: readonly Dealt[]): readonly Beside[] {
  const needed = cards.flatMap(({ call }) => call.needs ?? []);
  const more = ONE_DESK.includes(kind) ? MORE.filter(() => dice.next() < 0.2) : [];
  return [...new Set([...needed, ...more])];
}

/** What the call of the card needs, or does not stand. */
function fitting(troubles: readonly Trouble[], card: Dealt | null): readonly Trouble[] {
  const unless = card?.call.unless;
  if (unless === "heard") return ["create: answer lost", "user frames lost"];
  if (unless === undefined) return troubles;
  return troubles.filter((trouble) => !trouble.startsWith("create"));
}

const LEGS: readonly Leg[] = ["entry", "exit", "resting"];

/** A chat platform lets only one desk listen. */
const ONE_DESK: readonly Kind[] = ["desk", "again", "moment", "wire", "doubt"];
const MORE: readonly Beside[] = ["telegram", "previews", "recording"];

/** How many cards of a deck were dealt before this round. */
function dealtBefore(nth: number, deck: Deck): number {
  const deals = DEALS[deck];
  const count = (some: readonly Kind[]): number =>
    some.reduce((sum, kind) => sum + (deals[kind] ?? 0), 0);
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
  { when: "before", door: "venue.place", kind: "-", nth: 1 },
  { when: "after", door: "journal.append", kind: "order.planned", nth: 1 },
];
/** Around the sending of a message in a room where something was said before. */
const UNTOLD: readonly Omit<CrashPoint, "nth">[] = [
  { when: "before", door: "messenger.send", kind: "telegram" },
  { when: "after", door: "messenger.send", kind: "telegram" },
];

function strikeOf({ dice, kind, leg, card, nth }: Struck): Strike {
  if (kind === "search") return { kind: "desk", at: one(dice, UNSEEN) };
  if (kind === "doubt") {
    return { kind: "desk", at: { ...one(dice, UNTOLD), nth: dice.between(2, 4) } };
  }
  if (kind === "moment" || card === null) {
    return { kind: "moment", afterMs: dice.between(0, 900) };
  }
  if (kind === "wire") return { kind, cut: cutOf(nth, card, dice, leg) };
  const at = { ...pointOf(card, dice, leg) };
  // It outlives this, and must have begun.
  if (card.call.door === "lease.renew" && (kind === "postgres" || kind === "zombie")) at.nth += 3;
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
export function titleOf({ leg, word, strike, again, beside, troubles, partly }: Round): string {
  const said = {
    none: leg,
    pause: `${leg}, /pause`,
    kill: `${leg}, /kill`,
    stop: `${leg}, SIGTERM`,
  };
  const also = [
    ...(partly ? ["partly filled"] : []),
    ...again.map((at) => `then ${crashText(at)}`),
    ...beside,
    ...troubles,
  ];
  return `${said[word]}: ${strikeText(strike)}${also.map((text) => ` + ${text}`).join("")}`;
}
