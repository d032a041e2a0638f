/** Adds a group or a channel: somebody we know writes a line there, and the place is put into people.yaml. */
import { card } from "../chat/compose.ts";
import { parseLine } from "../chat/line.ts";
import { wallClock } from "../chat/wall-clock.ts";
import { addRoom, type RoomEdit } from "../config/people-edit.ts";
import type { RoomId } from "../core/kernel/ids.ts";
import { instant } from "../core/kernel/time.ts";
import type { Arrival } from "../ports/inbound.ts";
import { isSame } from "./setup-pairing.ts";
import { type Session, SetupEnd, speak, waitFor } from "./setup-session.ts";

const WAIT_MS = 600_000;
const NONCE_BYTES = 4;
const WORD = "here";

export async function addSomeRoom(session: Session, wanted: Omit<RoomEdit, "room">): Promise<void> {
  const { chat, clock, config, entropy, terminal } = session;
  const known = config.people.filter(({ accounts }) => {
    return accounts.some((account) => account.startsWith(`${chat.platform}:`));
  });
  if (known.length === 0) {
    throw new SetupEnd([
      `Nobody is linked on ${chat.name} yet, so nobody may name a room.`,
      `First: npm run setup -- ${chat.platform}`,
    ]);
  }
  const nonce = entropy.hex(NONCE_BYTES);
  const until = instant(clock.now() + WAIT_MS);
  const wall = wallClock(config.timeZone);
  terminal.say(
    "",
    ...chat.roomSteps(nonce),
    `One of these must write it: ${known.map(({ name }) => name).join(", ")}.`,
    `Waiting until ${wall.minutes(until)} ${wall.zone(until)}.`,
    "",
  );
  const room = await waitFor<RoomId>(session, WAIT_MS, (done) =>
    session.listening.on((arrival) => {
      if (names(session, arrival, nonce)) done(arrival.room);
    }),
  );
  if (room === null) throw new SetupEnd(["Nobody wrote it in time. No room was added."]);
  const added = addRoom(config.chat.peopleFile, { ...wanted, room });
  if (!added.ok) throw new SetupEnd([`${added.error}.`, "No room was added."]);
  const { name, hears, isNew } = added.value;
  const told = hears.length > 0 ? hears.join(" and ") : "nothing unasked";
  terminal.say(
    `${room} ${isNew ? "is now" : "was already"} the room "${name}"; it is told: ${told}.`,
    `Written to ${config.chat.peopleFile}. A running desk reads it when it starts again.`,
  );
  const headline = `this room is now "${name}"`;
  const why = await speak(session, room, card({ headline, lines: [`It is told: ${told}.`] }));
  if (why !== null) terminal.say(`The desk cannot speak there yet: ${why}.`, ...chat.advice(why));
}

/** Written by one of ours, in a place of several people, with this very nonce. */
function names({ chat, config, terminal }: Session, arrival: Arrival, nonce: string): boolean {
  const line = parseLine(arrival.text, { bareWords: false, ownName: chat.ownName });
  if (line.kind !== "said" || line.word !== WORD) return false;
  if (!isSame((line.args[0] ?? "").toLowerCase(), nonce)) return false;
  if (!config.people.some(({ accounts }) => accounts.includes(arrival.account))) {
    terminal.say(`${arrival.account} wrote it in ${arrival.room} and is not linked: ignored.`);
    return false;
  }
  if (!chat.isShared(arrival.room)) {
    terminal.say("That was written in private. Write it in the group or channel itself.");
    return false;
  }
  return true;
}
