/**
 * Where codes of authenticators are taken out of what people type, before anything is kept of it: checked in their own
 * private chat, burnt anywhere else. No code passes this door; what lowers risk is never held up by it.
 */
import { lookUp } from "../chat/command.ts";
import { type Line, parseLine } from "../chat/line.ts";
import { isPress } from "../chat/press.ts";
import { MASK, plainText, readCode, withoutCodes } from "../chat/typed-code.ts";
import type { Echo } from "../ports/hearer.ts";
import type { Arrival } from "../ports/inbound.ts";
import {
  CHECK_MS,
  type CodeDoors,
  type Coded,
  codeCheck,
  type Hearing,
  type Requested,
  refuse,
  requested,
  type Verdict,
} from "./code-check.ts";
import * as say from "./code-refusals.ts";
import { type Bench, overRate } from "./judge.ts";
import { within } from "./within.ts";

export interface Screened {
  /** What is left of the message, and all that may be kept of it. */
  readonly arrival: Arrival;
  /** Called once, before anything is kept; never rejects. Null: what is left is judged like any message. */
  readonly verdict: (() => Promise<Verdict>) | null;
  /** What the engine is told besides, when the code in it is worth nothing any more; never rejects. */
  readonly besides: (() => Promise<Requested>) | null;
}

export interface CodeDoor {
  /** @param left by an earlier run: its row is there, and has no code in it */
  screen(arrival: Arrival, echo: Echo | null, left: boolean): Screened;
}

const ERASE_MS = 10_000;
/** How much is repeated of the word that a code stood behind. */
const LONGEST_WORD = 30;

export function codeDoor(doors: CodeDoors, bench: Bench): CodeDoor {
  const { clock, timers, stepUp } = doors;
  const { roster } = bench;
  const command = bench.commands.find(({ words }) => words === "code");
  if (stepUp === null || command === undefined) return { screen: asEver };
  const check = codeCheck({ ...doors, stepUp }, bench, command);

  const erase = (echo: Echo | null): void => {
    const erasing = echo?.erase?.bind(echo);
    if (erasing) void within(timers, ERASE_MS, erasing);
  };

  /** `codes`: what stood in it; every one is theirs. What is asked beside a code is not done, but for what only lowers risk. */
  const shown = (hearing: Hearing, codes: readonly string[], echo: Echo | null): Screened => {
    const { arrival, person, now } = hearing;
    const line = parseLine(arrival.text, bench.manner(arrival.room));
    const burn = async (): Promise<Requested> => {
      const burning = () => Promise.all(codes.map((code) => stepUp.burn(person.id, code, now)));
      await within(timers, CHECK_MS, burning);
      erase(echo);
      const of = { verb: "code", outcome: "exposed", step: null } as const;
      const word = wordOf(line);
      return requested(person, command, of, word === null ? null : say.stoodIn(word));
    };
    if (!roster.isRoom(arrival.room)) {
      void burn();
      return asEver(arrival);
    }
    if (isUrgent(line)) return { arrival, verdict: null, besides: burn };
    const safe = safeIn(arrival, bench);
    if (safe !== null) return { arrival: safe, verdict: null, besides: burn };
    return { arrival, verdict: burn, besides: null };
  };

  const alone = (heard: Hearing, coded: Coded, echo: Echo | null): Screened => {
    const { person, now } = heard;
    const { account, room, text } = heard.arrival;
    const hearing = { ...heard, arrival: masked(heard.arrival, MASK) };
    const { arrival } = hearing;
    const isOurs = roster.isRoom(room);
    if (isOurs && roster.isPrivate(person.id, account, room)) {
      const verdict = async (): Promise<Verdict> => {
        const judged = await check(hearing, coded);
        if (stepUp.isEnrolled(person.id)) erase(echo);
        return judged;
      };
      return { arrival, verdict, besides: null };
    }
    if (stepUp.isTheirs(person.id, coded.code, now)) return shown(hearing, [coded.code], echo);
    // Numbers among people are none of our business.
    if (parseLine(text, bench.manner(room)).kind !== "said") return asEver(heard.arrival);
    if (!isOurs) return asEver(masked(arrival, `/code ${MASK}`));
    const verdict = async () =>
      overRate({ ...hearing, bench }) ?? refuse("not here", say.notHere());
    return { arrival, verdict, besides: null };
  };

  return {
    screen(arrival, echo, left) {
      const person = roster.person(arrival.account);
      if (person === null || isPress(arrival.text)) return asEver(arrival);
      if (left) return leftOver(arrival, bench);
      const hearing = { arrival, person, now: clock.now() };
      const typed = readAlone(arrival, bench);
      if (typed === "unreadable") return asEver(masked(arrival, `/code ${MASK}`));
      if (typed !== null) return alone(hearing, typed, echo);
      const isTheirs = (one: string) => stepUp.isTheirs(person.id, one, hearing.now);
      const found = withoutCodes(arrival.text, isTheirs);
      if (found === null) return asEver(arrival);
      return shown({ ...hearing, arrival: masked(arrival, found.text) }, found.codes, echo);
    },
  };
}

const asEver = (arrival: Arrival): Screened => ({ arrival, verdict: null, besides: null });

const masked = (arrival: Arrival, text: string): Arrival => ({ ...arrival, text });

/** A crash came between the code and what it was for. */
function leftOver(arrival: Arrival, bench: Bench): Screened {
  const ofCode = arrival.text.includes(MASK);
  if (!ofCode || isUrgent(parseLine(arrival.text, bench.manner(arrival.room)))) {
    return asEver(arrival);
  }
  const verdict = async () => refuse("code interrupted", say.interrupted());
  return { arrival, verdict, besides: null };
}

const isUrgent = (line: Line): boolean =>
  line.kind === "said" && (line.word === "kill" || line.word === "pause");

/** What can be done of it without the code, because it lowers risk whatever it is about; null: nothing. */
function safeIn(arrival: Arrival, bench: Bench): Arrival | null {
  const text = plainText(arrival.text.replaceAll(MASK, " "));
  const line = parseLine(text, bench.manner(arrival.room));
  const found = line.kind === "said" ? lookUp(bench.commands, line) : null;
  const parsed = found?.command.parse(found.args);
  if (!found || !parsed || !("request" in parsed)) return null;
  const { request } = parsed;
  const isDown = request.verb === "stage" && request.to !== "raise";
  return found.command.direction === "safe" || isDown ? { ...arrival, text } : null;
}

/** The word that was asked for beside a code, or null. */
function wordOf(line: Line): string | null {
  if (line.kind !== "said" || line.word === "code" || line.word.includes(MASK)) return null;
  return line.word.slice(0, LONGEST_WORD);
}

/** `123456`, `/code 123456`, `/code 123456 K7QF`; null: no code alone. */
function readAlone({ text, room }: Arrival, bench: Bench): Coded | "unreadable" | null {
  const bare = plainText(text).replace(/^\/\s*/, "");
  if (readCode(bare)) return { code: bare, about: null };
  const line = parseLine(text, bench.manner(room));
  if (line.kind !== "said" || line.word !== "code" || line.args.length === 0) return null;
  const all = line.args.join(" ");
  if (readCode(all)) return { code: all, about: null };
  const first = line.args.slice(0, -1).join(" ");
  return readCode(first) ? { code: first, about: line.args.at(-1) ?? null } : "unreadable";
}
