/** Who may speak changed: suspensions, trust in a platform, codes that others could read, attempts at what is not theirs. Nothing mutes these. */
import { alert, type Voice } from "../src/chat/alert.ts";
import { clean } from "../src/chat/clean.ts";
import { button, card } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { platformName, platformOf } from "../src/chat/platform.ts";
import { called } from "../src/core/control/called.ts";
import type { EventOf } from "../src/core/engine/event.ts";

const STATUS = button("Status", "/status");
const PAUSE = button("Pause", "/pause");
const LONGEST = 120;

export const suspended: Voice<EventOf<"person.suspended">> = (event, seq, at, { clock }) => {
  const { person, name, by, reason } = event;
  const own = by.person === person;
  const said = card({
    headline: `SUSPENDED ${called(name)}${own ? ", by themselves" : ` by ${called(by.name)}`}`,
    mark: "⚠️",
    lines: [
      `${clock.seconds(at)} ${clock.zone(at)}. /status, /pause and /kill are left to them.`,
      reason === "" ? null : `Reason: ${clean(reason, LONGEST)}`,
      `Their requests are void. Undone on the desk's machine: npm run claudbot -- restore ${person}`,
    ],
    buttons: [STATUS, PAUSE],
    event: eventId(seq),
  });
  return [alert({ card: said, priority: "P1", topic: "security", person, replyTo: by.room })];
};

export const restored: Voice<EventOf<"person.restored">> = (event, seq, at, { clock }) => {
  const { person, name } = event;
  const said = card({
    headline: `RESTORED ${called(name)}`,
    mark: "⚠️",
    lines: [
      `${clock.seconds(at)} ${clock.zone(at)}, on the desk's machine. They may do again what their role lets them.`,
      `If none of you did this: /suspend ${person}, then look at that machine.`,
    ],
    buttons: [STATUS, PAUSE],
    event: eventId(seq),
  });
  return [alert({ card: said, priority: "P1", topic: "security", person })];
};

export const trusted: Voice<EventOf<"platform.trusted">> = ({ platform }, seq, at, { clock }) => {
  const name = platformName(platform);
  const said = card({
    headline: `TRUSTED again: ${name}`,
    mark: "⚠️",
    lines: [
      `${clock.seconds(at)} ${clock.zone(at)}, on the desk's machine. What raises risk is taken from ${name} again.`,
    ],
    buttons: [STATUS, PAUSE],
    event: eventId(seq),
  });
  return [alert({ card: said, priority: "P1", topic: "security" })];
};

/** A recovery code is told by the door that took it; a code of the authenticator that was taken is told by what it did. */
export const codeSpent: Voice<EventOf<"code.spent">> = ({ by, exposed }, seq, at, { clock }) => {
  if (!exposed) return [];
  const said = card({
    headline: `SECURITY: a code of ${called(by.name)} could be read by others`,
    mark: "⚠️",
    lines: [
      `${clock.seconds(at)} ${clock.zone(at)}, on ${platformName(platformOf(by.room))}. It was good for nothing any more.`,
      "Codes are typed in the private chat with the desk, alone.",
      `If ${called(by.name)} did not type it: /suspend ${by.person}`,
    ],
    buttons: [STATUS, PAUSE],
    event: eventId(seq),
  });
  return [alert({ card: said, priority: "P1", topic: "security", person: by.person })];
};

/** Somebody tried to confirm what another person asked. The other refusals were told to whoever tried. */
export const attempted: Voice<EventOf<"attempt.refused">> = (event, seq, at, { clock }) => {
  if (event.why !== "not theirs") return [];
  const { name, person, room, words, count } = event;
  const times = count > 1 ? `, ${count} times` : "";
  const said = card({
    headline: `SECURITY: ${called(name)} tried to confirm what somebody else asked${times}`,
    mark: "⚠️",
    lines: [
      `${clock.seconds(at)} ${clock.zone(at)}, on ${platformName(platformOf(room))}: ${clean(words, LONGEST)}`,
      "It was refused, and the request still waits. A slip of the finger is harmless.",
      `If it was not them: /suspend ${person}`,
    ],
    buttons: [STATUS, PAUSE],
    event: eventId(seq),
  });
  return [alert({ card: said, priority: "P1", topic: "security", person })];
};
