/** What is to be done with a message: shape, identity, room, freshness, role, rate, arguments, in that order. Does nothing itself. */
import type { Card } from "../chat/card.ts";
import { type Command, lookUp, type Parsed } from "../chat/command.ts";
import { type Manner, parseLine } from "../chat/line.ts";
import { atLeast, type Person } from "../chat/person.ts";
import type { Request } from "../core/control/request.ts";
import type { DeskView } from "../core/engine/views.ts";
import type { RoomId } from "../core/kernel/ids.ts";
import type { Instant } from "../core/kernel/time.ts";
import type { Arrival } from "../ports/inbound.ts";
import type { MessageRate } from "./message-rate.ts";
import * as refusals from "./refusals.ts";
import type { Roster, Strangers } from "./roster.ts";

export type Judgement =
  /** Silence; `why` is for the record. */
  | { readonly kind: "ignore"; readonly why: string }
  /** From nobody we know: answered at most, never stored. */
  | { readonly kind: "stranger"; readonly say: Card | null }
  | { readonly kind: "refuse"; readonly why: string; readonly say: Card }
  /** The first message too many of a minute. */
  | { readonly kind: "flood"; readonly person: Person; readonly say: Card }
  | {
      readonly kind: "request";
      readonly person: Person;
      readonly command: Command;
      readonly request: Request;
      /** Said after the request has been taken, when it is not quite what was asked. */
      readonly note: Card | null;
    }
  | {
      readonly kind: "question";
      readonly person: Person;
      readonly ask: Extract<Parsed, { ask: unknown }>["ask"];
    };

export interface Bench {
  readonly commands: readonly Command[];
  readonly roster: Roster;
  readonly strangers: Strangers;
  readonly rate: MessageRate;
  readonly perMinute: number;
  /** Rooms where nobody can speak too often. */
  readonly unlimited: (room: RoomId) => boolean;
  readonly manner: (room: RoomId) => Manner;
  readonly view: () => DeskView;
}

const ignore = (why: string): Judgement => ({ kind: "ignore", why });
const refuse = (why: string, say: Card): Judgement => ({ kind: "refuse", why, say });

export function judge(arrival: Arrival, now: Instant, bench: Bench): Judgement {
  const line = parseLine(arrival.text, bench.manner(arrival.room));
  if (line.kind === "not-for-us") return ignore("not for us");
  const person = bench.roster.person(arrival.account);
  const ours = bench.roster.isRoom(arrival.room);
  if (person === null) {
    const speak = bench.strangers.seen(arrival.account, now) && ours;
    return { kind: "stranger", say: speak ? refusals.stranger() : null };
  }
  if (!ours) return ignore("not a room of ours");
  if (line.kind === "too-long") return counted("too long", refusals.tooLong());
  const found = lookUp(bench.commands, line);
  if (!found) return counted("unknown word", refusals.unknownWord(line.word, bench.commands));
  const { command } = found;
  const ageMs = Math.max(0, now - arrival.sentAt, now - arrival.receivedAt);
  const stale = ageMs > command.freshness.maxAgeMs;
  if (stale && command.freshness.older === "refuse") {
    return counted("too old", refusals.tooOld(command, ageMs));
  }
  if (!atLeast(person.role, command.role)) {
    return counted("role", refusals.notAllowed(command, person, command.role));
  }
  if (command.direction !== "safe") {
    const over = overRate(person, arrival.room, now, bench);
    if (over) return over;
  }
  if (stale) {
    const reason = `/${command.words} arrived ${Math.round(ageMs / 60_000)} min late`;
    const note = command.words === "pause" ? null : refusals.pausedInstead(command, ageMs);
    return { kind: "request", person, command, request: { verb: "pause", reason }, note };
  }
  return spoken(person, command, command.parse(found.args), bench);

  /** Refusals count against the rate too: a flood of nonsense is answered only so often. */
  function counted(why: string, say: Card): Judgement {
    return (person && overRate(person, arrival.room, now, bench)) || refuse(why, say);
  }
}

function overRate(person: Person, room: RoomId, now: Instant, bench: Bench): Judgement | null {
  if (bench.unlimited(room)) return null;
  const allowance = bench.rate.take(person.id, now);
  if (allowance === "yes") return null;
  return allowance === "no"
    ? ignore("too many")
    : { kind: "flood", person, say: refusals.tooMany(bench.perMinute) };
}

function spoken(person: Person, command: Command, parsed: Parsed, bench: Bench): Judgement {
  if ("usage" in parsed) return refuse("usage", refusals.badUsage(command, parsed.usage));
  if ("ask" in parsed) return { kind: "question", person, ask: parsed.ask };
  const needed = parsed.needs?.(bench.view()) ?? command.role;
  if (!atLeast(person.role, needed)) {
    return refuse("role", refusals.notAllowed(command, person, needed));
  }
  return { kind: "request", person, command, request: parsed.request, note: null };
}
