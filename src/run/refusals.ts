/** What people are told when their message is not carried out. Each says what to do instead. */
import type { Card } from "../chat/card.ts";
import type { Command } from "../chat/command.ts";
import { button, card } from "../chat/compose.ts";
import { age, many } from "../chat/format.ts";
import { MAX_TYPED } from "../chat/line.ts";
import { isNameless, type Person, type Role } from "../chat/person.ts";
import { isTransfer, NO_TRANSFER } from "../chat/transfer.ts";
import type { WallClock } from "../chat/wall-clock.ts";
import { called } from "../core/control/called.ts";
import type { Request } from "../core/control/request.ts";
import { type Requester, scopeName } from "../core/control/trading.ts";
import type { DeskView } from "../core/engine/views.ts";
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
  card({ headline: "That request is over", lines: ["Nothing was done by this."] });

/** Whoever types its code has not seen what took its place. */
export const replaced = (): Card =>
  card({
    headline: "That request was replaced",
    lines: ["A newer one of the same kind waits: /pending shows it. Nothing was done by this."],
    buttons: [button("Pending", "/pending")],
  });

export const notTheirs = ({ name }: Requester): Card =>
  card({
    headline: `Not yours: only ${called(name)} can confirm this`,
    lines: ["It was asked by them. Any operator may deny."],
  });

/** No button of ours says so: whoever pressed it may have been shown something else. */
export const notTyped = (command: Command, line: string): Card =>
  card({
    headline: `Not done: /${command.words} is typed, not pressed`,
    mark: "⚠️",
    lines: [
      `The button said: ${line}`,
      "If that is what you want, type it. If the button promised something else, it is not mine.",
    ],
    buttons: [button("Status", "/status"), button("Pause", "/pause")],
  });

/** So much waits in a room that what came last was not read. */
export const noPlace = (): Card =>
  card({
    headline: "Not read: too much waits here",
    mark: "⚠️",
    lines: ["Send it again in a moment, or in another room. /pause and /kill always are read."],
    buttons: [button("Pause", "/pause")],
  });

export const suspended = (command: Command): Card =>
  card({
    headline: `Not allowed: /${command.words}, you are suspended`,
    lines: ["/status, /pause and /kill are left. It is undone on the desk's own machine."],
    buttons: [button("Status", "/status"), button("Pause", "/pause")],
  });

export const locked = (until: Instant, clock: WallClock): Card =>
  card({
    headline: `Not done: too many wrong codes, locked until ${clock.minutes(until)} ${clock.zone(until)}`,
    mark: "⚠️",
    lines: ["Reading and what lowers risk still work: /pause, /kill, /flatten, /cancel, /deny."],
  });

/** What people type in a hurry when they want it to stop. */
const STOPS: ReadonlySet<string> = new Set(["stop", "halt", "abort", "panic", "emergency", "quit"]);

export function unknownWord(word: string, table: readonly Command[]): Card {
  if (STOPS.has(word)) {
    return card({
      headline: `Nothing stopped: there is no /${word}`,
      mark: "⚠️",
      lines: ["/pause stops entries, exits still work. /kill stops all and cancels every order."],
      buttons: [button("Pause", "/pause"), button("Kill…", "/kill ?", true)],
    });
  }
  if (isTransfer(word)) {
    return card({ headline: `Not done: there is no /${word}`, mark: "⚠️", lines: [NO_TRANSFER] });
  }
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

/** What a button may hold on every platform. */
const LONGEST_LINE = 60;

export function pausedInstead(command: Command, args: readonly string[], ageMs: number): Card {
  const typed = `/${[command.words, ...args].join(" ")}`;
  const means = command.direction === "mixed" && typed.length <= LONGEST_LINE;
  const again = means ? typed : `/${command.words}`;
  return card({
    headline: `Paused only: /${command.words} is ${age(ageMs)} old`,
    mark: "⚠️",
    lines: ["It arrived late. Send it again if you still want all of it."],
    buttons: [button(`/${command.words}`, again, true), button("Status", "/status")],
  });
}

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

/** A kill and a pause that are in force have their line on disk; nothing else happens before the journal has it. */
export function noJournal(request: Request, view: DeskView): Card {
  const { verb } = request;
  const waits = verb === "kill" && view.killed === null && view.paused !== null;
  const inForce = isInForce(request, view);
  const headline = inForce
    ? `/${verb} was taken; the journal does not answer`
    : `Not done yet: /${verb}, the journal does not answer`;
  const lines = inForce
    ? ["It is in force and survives a restart. Look at /status."]
    : ["It may still happen when the journal is back. Look at /status before sending it again."];
  return card({
    headline: waits ? "Paused only: /kill is not confirmed; the journal does not answer" : headline,
    mark: "⚠️",
    lines: waits ? KILL_WAITS : lines,
    buttons: [button("Status", "/status")],
  });
}

const KILL_WAITS = [
  "The pause is in force and survives a restart.",
  "No order is cancelled: confirm it (/pending), or put a file named KILL in the data folder.",
];

function isInForce(request: Request, { killed, paused, pauses }: DeskView): boolean {
  if (request.verb === "kill") return killed !== null;
  if (request.verb !== "pause") return false;
  const named = request.scope?.toLowerCase();
  const one = pauses.some(({ scope }) => scopeName(scope).toLowerCase() === named);
  return killed !== null || paused !== null || one;
}

export const noRecords = (): Card =>
  card({
    headline: "Not known: the journal does not answer",
    mark: "⚠️",
    lines: ["Ask again later, or on the desk's own machine: npm run claudbot -- audit."],
  });

export const failed = (command: Command): Card =>
  card({
    headline: `/${command.words} failed inside the desk`,
    mark: "🔴",
    lines: ["It may not have been done. Look at /status before sending it again."],
    buttons: [button("Status", "/status")],
  });
