/** What is to be done with a message: shape, identity, room, freshness (of what its arguments mean), role, rate, in that order. It only keeps count. */
import type { Card } from "../chat/card.ts";
import {
  type Command,
  type Freshness,
  lookUp,
  type Parsed,
  READ_FRESH,
  SAFE_FRESH,
} from "../chat/command.ts";
import { type Line, type Manner, parseLine } from "../chat/line.ts";
import { atLeast, type Person, type Role } from "../chat/person.ts";
import { platformOf } from "../chat/platform.ts";
import { isPress, pressed } from "../chat/press.ts";
import type { WallClock } from "../chat/wall-clock.ts";
import type { Request } from "../core/control/request.ts";
import type { DeskView } from "../core/engine/views.ts";
import type { RoomId } from "../core/kernel/ids.ts";
import type { Instant } from "../core/kernel/time.ts";
import type { Arrival } from "../ports/inbound.ts";
import type { Seal } from "../ports/seal.ts";
import type { StepUp } from "../ports/step-up.ts";
import type { EndedCodes } from "./ended-codes.ts";
import type { MessageRate } from "./message-rate.ts";
import * as refusals from "./refusals.ts";
import { type Greetings, isOwnChat, type Roster } from "./roster.ts";
import { isBarred } from "./suspended.ts";
import type { WrongCodes } from "./wrong-codes.ts";

export type Judgement =
  /** Silence; `why` is for the record. */
  | { readonly kind: "ignore"; readonly why: string }
  /** From nobody we know: never stored, and told no more than their own id. */
  | { readonly kind: "stranger"; readonly say: Card | null }
  /** From somebody we know, in a chat that is no room of ours: told to them alone, never stored. */
  | { readonly kind: "elsewhere"; readonly person: Person; readonly say: Card }
  | { readonly kind: "refuse"; readonly why: string; readonly say: Card }
  /** The first message too many of a minute. */
  | { readonly kind: "flood"; readonly person: Person; readonly say: Card }
  | {
      readonly kind: "request";
      readonly person: Person;
      readonly command: Command;
      readonly request: Request;
      /** How old it may grow before it is carried out. */
      readonly freshness: Freshness;
      /** Said after the request has been taken, when it is not quite what was asked. */
      readonly note: Card | null;
    }
  | {
      readonly kind: "question";
      readonly person: Person;
      readonly ask: Extract<Parsed, { ask: unknown }>["ask"];
    }
  | {
      readonly kind: "look";
      readonly person: Person;
      readonly look: Extract<Parsed, { look: unknown }>["look"];
      readonly late: Card | null;
    };

export interface Bench {
  readonly commands: readonly Command[];
  readonly roster: Roster;
  readonly greetings: Greetings;
  readonly wrongCodes: WrongCodes;
  readonly endedCodes: EndedCodes;
  /** When the lock for wrong codes of an authenticator ends, or null. */
  readonly codesLockedUntil: StepUp["lockedUntil"];
  readonly rate: MessageRate;
  readonly perMinute: number;
  /** Rooms where nobody can speak too often. */
  readonly unlimited: (room: RoomId) => boolean;
  readonly manner: (room: RoomId) => Manner;
  readonly seal: Seal["of"];
  readonly wall: WallClock;
  readonly view: () => DeskView;
}

/** One message of a person we know, in a room of ours. */
interface Hearing {
  readonly arrival: Arrival;
  readonly person: Person;
  readonly now: Instant;
  readonly bench: Bench;
}

/** Why a pressed line was refused: a sign that somebody else makes buttons in our name. */
export const NOT_TYPED = "not typed";

const HELP: Extract<Line, { kind: "said" }> = { kind: "said", word: "help", args: [] };

const ignore = (why: string): Extract<Judgement, { kind: "ignore" }> => ({ kind: "ignore", why });
const refuse = (why: string, say: Card): Judgement => ({ kind: "refuse", why, say });

export function judge(arrival: Arrival, now: Instant, bench: Bench): Judgement {
  const line = isPress(arrival.text) ? null : parseLine(arrival.text, bench.manner(arrival.room));
  if (line?.kind === "not-for-us") return ignore("not for us");
  const person = bench.roster.person(arrival.account);
  if (person === null) return stranger(arrival, line, now, bench);
  bench.endedCodes.look(bench.view().pending);
  const hearing = { arrival, person, now, bench };
  if (!bench.roster.isRoom(arrival.room)) return elsewhere(hearing, line);
  if (line === null) return press(hearing);
  return (arrival.pressed === true ? notTyped(hearing, line) : null) ?? spoken(hearing, line);
}

/** Whoever is to be let in must learn their own id; nobody else learns anything. */
function stranger(
  { account, room }: Arrival,
  line: Line | null,
  now: Instant,
  bench: Bench,
): Judgement {
  const greets = line?.kind === "said" && line.word === "start" && isOwnChat(account, room);
  const may = greets && !bench.roster.isRoom(room) && bench.greetings.may(account, now);
  const id = account.slice(platformOf(account).length + 1);
  return { kind: "stranger", say: may ? refusals.yourId(id) : null };
}

/** Whoever typed /kill where nobody listens must not believe that it was done. Talk is none of our business there. */
function elsewhere(of: Hearing, line: Line | null): Judgement {
  const { person, bench } = of;
  const isCommand = line === null || (line.kind === "said" && lookUp(bench.commands, line));
  if (!isCommand || overRate(of)) return ignore("not a room of ours");
  return { kind: "elsewhere", person, say: refusals.notHere() };
}

/** A button of a confirmation: it answers that one and no other, and is then judged as if its line had been typed. */
function press(of: Hearing): Judgement {
  const { arrival, person, bench } = of;
  const found = pressed(arrival.text, bench.view().pending, bench.seal);
  if (!found) return counted(of, "over", refusals.over());
  const { confirmation, verb } = found;
  if (verb === "confirm" && confirmation.by.person !== person.id) {
    return counted(of, "not theirs", refusals.notTheirs(confirmation.by));
  }
  const typed = parseLine(found.line, { bareWords: false, ownName: null });
  const judgement = spoken(of, typed);
  if (judgement.kind !== "request" || !("code" in judgement.request)) return judgement;
  return { ...judgement, request: { ...judgement.request, confirmation: confirmation.id } };
}

/** A request is answered by its own button, and what can raise risk is asked for by typing: no button of ours asks for it. */
function notTyped(of: Hearing, line: Line): Judgement | null {
  const { arrival, bench } = of;
  const found = line.kind === "said" ? lookUp(bench.commands, line) : null;
  const parsed = found?.command.parse(found.args);
  if (!found || !parsed || !("request" in parsed)) return null;
  const answers = "code" in parsed.request;
  if (!answers && parsed.raises?.(bench.view()) !== true) return null;
  return counted(of, NOT_TYPED, refusals.notTyped(found.command, arrival.text));
}

function spoken(of: Hearing, line: Line): Judgement {
  const { arrival, person, now, bench } = of;
  if (line.kind === "not-for-us") return ignore("not for us");
  if (line.kind === "too-long") return counted(of, "too long", refusals.tooLong());
  // Telegram's own first button says /start; it asks for a list of what may be said.
  const found = lookUp(bench.commands, line.word === "start" ? HELP : line);
  if (!found) {
    return counted(of, "unknown word", refusals.unknownWord(line.word, bench.commands));
  }
  const { command } = found;
  const parsed = command.parse(found.args);
  const request = "request" in parsed ? parsed.request : null;
  if (isBarred(person.id, command, request, bench.view())) {
    return counted(of, "suspended", refusals.suspended(command));
  }
  const freshness = freshnessOf(command, parsed, bench.view);
  const ageMs = Math.max(0, now - arrival.sentAt, now - arrival.receivedAt);
  const stale = ageMs > freshness.maxAgeMs;
  if (stale && freshness.older === "refuse") {
    return counted(of, "too old", refusals.tooOld(command, ageMs));
  }
  if (!atLeast(person.role, command.role)) {
    return counted(of, "role", refusals.notAllowed(command, person, command.role));
  }
  const isFree = command.direction === "safe" || lowers(command, parsed, bench.view);
  const over = isFree ? null : overRate(of);
  if (over) return over;
  if (stale) {
    const needed = neededFor(of, command, parsed);
    if (!atLeast(person.role, needed)) {
      return counted(of, "role", refusals.notAllowed(command, person, needed));
    }
    const reason = `/${command.words} arrived ${Math.round(ageMs / 60_000)} min late`;
    const note =
      command.words === "pause" ? null : refusals.pausedInstead(command, found.args, ageMs);
    return {
      kind: "request",
      person,
      command,
      request: { verb: "pause", reason },
      freshness,
      note,
    };
  }
  return meant(of, { command, parsed, freshness, isFree });
}

/** What turns out to lower risk, or to be a question, may be as old as whatever does nothing else. */
function freshnessOf(command: Command, parsed: Parsed, view: Bench["view"]): Freshness {
  if ("ask" in parsed || "look" in parsed) return READ_FRESH;
  return lowers(command, parsed, view) ? SAFE_FRESH : command.freshness;
}

const neededFor = ({ person, bench }: Hearing, command: Command, parsed: Parsed): Role =>
  ("request" in parsed ? parsed.needs?.(bench.view(), person) : undefined) ?? command.role;

const lowers = (command: Command, parsed: Parsed, view: Bench["view"]): boolean =>
  command.direction === "mixed" && "request" in parsed && parsed.raises?.(view()) === false;

interface Meant {
  readonly command: Command;
  readonly parsed: Parsed;
  readonly freshness: Freshness;
  /** Not counted yet: what lowers risk cannot be had too often. */
  readonly isFree: boolean;
}

function meant(of: Hearing, { command, parsed, freshness, isFree }: Meant): Judgement {
  const { person, bench } = of;
  const no = (why: string, say: Card): Judgement =>
    isFree ? counted(of, why, say) : refuse(why, say);
  if ("usage" in parsed) return no("usage", refusals.badUsage(command, parsed.usage));
  if ("ask" in parsed) return { kind: "question", person, ask: parsed.ask };
  if ("look" in parsed) {
    return { kind: "look", person, look: parsed.look, late: parsed.late ?? null };
  }
  const view = bench.view();
  const { request } = parsed;
  const already = parsed.raises?.(view) ? lock(of) : null;
  const isReplaced = "code" in request && replaces(view, request.code);
  if (isReplaced) return no("replaced", refusals.replaced());
  const wrong = isWrong(of, request);
  if (wrong && "code" in request && bench.endedCodes.isOver(request.code, view.pending)) {
    return no("over", refusals.over());
  }
  const locked = already ?? (wrong ? wrongCode(of) : null);
  if (locked) return no("locked", locked);
  const needed = neededFor(of, command, parsed);
  if (!atLeast(person.role, needed)) {
    return no("role", refusals.notAllowed(command, person, needed));
  }
  return { kind: "request", person, command, request, freshness, note: parsed.note ?? null };
}

const replaces = ({ pending }: DeskView, code: string): boolean =>
  pending.some((open) => open.replaces === code) && !pending.some((open) => open.code === code);

/** A code that nothing of theirs waits for; to approve is what others do. */
function isWrong({ person, bench }: Hearing, request: Request): boolean {
  if (request.verb !== "confirm" && request.verb !== "approve") return false;
  const open = bench.view().pending.find(({ code }) => code === request.code);
  if (request.verb === "approve") return open === undefined;
  return open?.by.person !== person.id;
}

/** Counts a wrong code; what to say when it was one too many. */
function wrongCode(of: Hearing): Card | null {
  of.bench.wrongCodes.wrong(of.person, platformOf(of.arrival.room), of.now);
  return lock(of);
}

function lock({ person, now, bench }: Hearing): Card | null {
  const until =
    bench.wrongCodes.lockedUntil(person.id, now) ?? bench.codesLockedUntil(person.id, now);
  return until === null ? null : refusals.locked(until, bench.wall);
}

/** Refusals count against the rate too: a flood of nonsense is answered only so often. */
const counted = (of: Hearing, why: string, say: Card): Judgement =>
  overRate(of) ?? refuse(why, say);

/** Null: it is read. */
export function overRate({
  arrival,
  person,
  now,
  bench,
}: Hearing): Extract<Judgement, { kind: "ignore" | "flood" }> | null {
  if (bench.unlimited(arrival.room)) return null;
  const allowance = bench.rate.take(person.id, now);
  if (allowance === "yes") return null;
  return allowance === "no"
    ? ignore("too many")
    : { kind: "flood", person, say: refusals.tooMany(bench.perMinute) };
}
