/** Which rooms hear an alert: nothing that somebody must know is told nowhere because of how rooms were set up. */
import type { Alert } from "./alert.ts";
import { atLeast, type Person, type Room } from "./person.ts";
import { platformOf } from "./platform.ts";

/** Whoever asked, whoever chose the topic and whom it concerns; nobody where it is silent, but then somebody elsewhere. */
export function listeners(alert: Alert, rooms: readonly Room[]): readonly Room[] {
  const { notOn } = alert;
  const within = rooms.filter(({ id }) => id !== notOn && platformOf(id) !== notOn);
  const chosen = within.filter((room) => choseTopic(room, alert) || isFor(room, alert));
  if (notOn === null || chosen.some((room) => room.hears.includes("incidents") && isChat(room))) {
    return chosen;
  }
  return within.filter((room) => chosen.includes(room) || (isChat(room) && room.hears.length > 0));
}

function choseTopic({ hears, guards }: Room, { topic }: Alert): boolean {
  switch (topic) {
    case "reply-only":
      return false;
    case "security":
      return guards === true || hears.includes("incidents");
    default:
      return hears.includes(topic);
  }
}

/** The room that asked, or the private chat of the person it concerns: there it can be answered. */
export const isFor = ({ id, owner }: Room, { replyTo, person }: Alert): boolean =>
  id === replyTo || (person !== null && owner === person);

/** A terminal hears everything, but nobody may be sitting at it. */
const isChat = ({ id }: Room): boolean => platformOf(id) !== "console";

/** On a platform without a room for incidents those guard that follow activity, else the private chats of role risk and above. */
export function withGuards(rooms: readonly Room[], people: readonly Person[]): readonly Room[] {
  const trusted = new Set(people.filter(({ role }) => atLeast(role, "risk")).map(({ id }) => id));
  return rooms.map((room) => {
    const beside = rooms.filter(({ id }) => platformOf(id) === platformOf(room.id));
    const heard = (topic: "incidents" | "activity") =>
      beside.some(({ hears }) => hears.includes(topic));
    if (heard("incidents")) return room;
    const guards = heard("activity")
      ? room.hears.includes("activity")
      : room.owner !== null && trusted.has(room.owner);
    return guards ? { ...room, guards } : room;
  });
}
