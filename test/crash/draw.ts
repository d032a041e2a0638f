/** What one round is: which call the desk does not survive, what else goes wrong, all drawn from a seed. It plays nothing. */
import { type Random, seeded } from "../../src/core/kernel/random.ts";
import type { ExchangeOptions } from "../../src/exchange/options.ts";
import { type CrashPoint, crashText } from "../kit/desk-faults.ts";
import { CUTS } from "./cutting-proxy.ts";
import { appendOrPlace, eventsOf, nthOf, one, point, recovering } from "./points.ts";
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

/** Of each twenty rounds five disturb the database and four have two desks. */
const KINDS: readonly Strike["kind"][] = [
  "postgres",
  "desk",
  "zombie",
  "desk",
  "wire",
  "desk",
  "second",
  "postgres",
  "desk",
  "standby",
  "desk",
  "moment",
  "desk",
  "wire",
  "desk",
  "zombie",
  "desk",
  "desk",
  "postgres",
  "desk",
];

/** @param nth from 1 */
export function draw(seed: string, nth: number): Round {
  const dice = seeded(`${seed}/${nth}`);
  const kind = KINDS[(nth - 1) % KINDS.length] ?? "desk";
  const leg = one(dice, ["entry", "entry", "exit", "exit", "resting"]);
  const word = wordFor(dice, leg);
  const strike = strikeOf(dice, kind, leg, word);
  const calm = dice.next() < 0.4;
  return {
    nth,
    leg,
    word,
    strike,
    again: kind === "desk" && dice.next() < 0.25 ? recovering(dice, strike) : null,
    troubles: calm ? [] : some(dice, leg, TROUBLES),
    exchange: lags(dice, leg),
    partly: leg === "resting" && dice.next() < 0.5,
  };
}

/** Only what rests can be killed at once: what is under way unseen would keep a killed desk searching for minutes. */
function wordFor(dice: Random, leg: Leg): Word {
  if (leg === "resting") return one(dice, ["kill", "kill", "none"]);
  if (leg === "exit") return one(dice, ["none", "pause", "pause", "stop"]);
  return one(dice, ["none", "none", "none", "stop"]);
}

function strikeOf(dice: Random, kind: Strike["kind"], leg: Leg, word: Word): Strike {
  switch (kind) {
    case "moment":
      return { kind, afterMs: dice.between(0, 900) };
    case "wire": {
      const how = one(dice, [...CUTS, "answer"]);
      return {
        kind,
        cut: {
          how,
          kind: one(dice, eventsOf(leg, word)),
          nth: word === "kill" ? 1 : nthOf(dice, leg),
        },
      };
    }
    case "postgres": {
      const [withDesk, downMs] = [dice.next() < 0.4, dice.between(0, 1000)];
      return { kind, at: appendOrPlace(dice, leg, word), withDesk, downMs };
    }
    case "zombie":
      return {
        kind,
        at: appendOrPlace(dice, leg, word),
        goesOn: one(dice, ["first", "early", "late"]),
      };
    case "desk":
    case "second":
    case "standby":
      return { kind, at: point(dice, leg, word) };
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
