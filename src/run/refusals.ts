/** What people are told when their message is not carried out. Each says what to do instead. */
import type { Card } from "../chat/card.ts";
import type { Command } from "../chat/command.ts";
import { button, card } from "../chat/compose.ts";
import { age, many } from "../chat/format.ts";
import { MAX_TYPED } from "../chat/line.ts";
import { isNameless, type Person, type Role } from "../chat/person.ts";
import type { WallClock } from "../chat/wall-clock.ts";
import type { Requester } from "../core/control/trading.ts";
import type { Instant } from "../core/kernel/time.ts";

const HELP = button("Help", "/help");

export const tooLong = (): Card =>
  card({
    headline: "Not read: too long",
    lines: [`A command has at most ${MAX_TYPED} characters.`],
  });

/** All that a stranger is told, and only where nobody else reads it. */
export const yourId = (id: string): Card =>
  card({
    headline: `Your id here is ${id}`,
    lines: ["You are not known here. Whoever runs this can add that id."],
  });

/** Nobody else reads it; the desk's own rooms are not named in a chat that is not ours. */
export const notHere = (): Card =>
  card({
    headline: "Not done: this chat is no room of mine",
    mark: "⚠️",
    lines: ["Say it again in your private chat with me, or in a room that I know."],
  });

export const over = (): Card =>
  card({ headline: "That request is over", lines: ["Nothing was done by pressing this."] });

export const notTheirs = ({ name }: Requester): Card =>
  card({
    headline: `Not yours: only ${isNameless(name) ? "whoever sits at the console" : name} can confirm this`,
    lines: ["It was asked by them. Anyone may deny."],
  });

export const locked = (until: Instant, clock: WallClock): Card =>
  card({
    headline: `Not done: too many wrong codes, locked until ${clock.minutes(until)} ${clock.zone(until)}`,
    mark: "⚠️",
    lines: ["Reading, /pause, /kill and /deny still work."],
  });

export function unknownWord(word: string, table: readonly Command[]): Card {
  const near = table.find(({ words }) => words.startsWith(word.slice(0, 3)));
  return card({
    headline: `No such command: /${word.slice(0, 30)}`,
    lines: [near && word.length >= 3 ? `Did you mean ${near.usage}?` : "/help lists them."],
    buttons: [HELP],
  });
}

export const tooOld = (command: Command, ageMs: number): Card =>
  card({
    headline: `Not done: /${command.words} is ${age(ageMs)} old`,
    mark: command.direction === "read" ? "" : "⚠️",
    lines: ["It arrived late. Send it again if you still want it."],
  });

export const pausedInstead = (command: Command, ageMs: number): Card =>
  card({
    headline: `Paused only: /${command.words} is ${age(ageMs)} old`,
    mark: "⚠️",
    lines: ["It arrived late. Send it again if you still want all of it."],
    buttons: [button(`/${command.words}`, `/${command.words}`, true), button("Status", "/status")],
  });

export const notAllowed = (command: Command, person: Person, needed: Role): Card =>
  card({
    headline: `Not allowed: /${command.words}`,
    lines: [
      `It needs the role ${needed}; ${isNameless(person.name) ? "you have" : `${person.name} has`} ${person.role}.`,
    ],
  });

export const tooMany = (perMinute: number): Card =>
  card({
    headline: "Not read: too many messages",
    lines: [`At most ${perMinute} a minute are read. /pause and /kill always are.`],
  });

export const moreNotRead = (count: number, perMinute: number): Card =>
  card({
    headline: `Not read: ${many(count, "more message")} of the last minute`,
    lines: [`At most ${perMinute} a minute are read. /pause and /kill always are.`],
  });

export const badUsage = (command: Command, usage: string): Card =>
  card({ headline: command.usage, lines: [usage], buttons: [HELP] });

export const noJournal = (command: Command): Card =>
  card({
    headline: `/${command.words} was taken; the journal does not answer`,
    mark: "⚠️",
    lines: ["It is in force, but a restart may forget it. Look at /status."],
    buttons: [button("Status", "/status")],
  });

export const failed = (command: Command): Card =>
  card({
    headline: `/${command.words} failed inside the desk`,
    mark: "🔴",
    lines: ["It may not have been done. Look at /status before sending it again."],
    buttons: [button("Status", "/status")],
  });
