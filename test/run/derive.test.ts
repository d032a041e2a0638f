/** Which rooms hear an alert, and what they are shown. */
import { expect, test } from "vitest";
import { ALERTS } from "../../alerts/table.ts";
import { type Alert, alert } from "../../src/chat/alert.ts";
import { newAlertMemory } from "../../src/chat/alert-memory.ts";
import { card } from "../../src/chat/compose.ts";
import { confirmButton, denyButton } from "../../src/chat/proposal.ts";
import { derive } from "../../src/run/derive.ts";
import {
  ANA,
  ANA_SLACK,
  ANA_TELEGRAM,
  CHAT_ROOMS,
  CONFIRMATION,
  CONSOLE,
  filled,
  GROUP,
  numbered,
  OTHER_ROOM,
  paused,
  ROOMS,
  WALL,
} from "../kit/sample-desk.ts";

const heard = (over: Partial<Alert>): readonly string[] => {
  const said = alert({ card: card({ headline: "card" }), ...over });
  const alerts = { ...ALERTS, "trading.paused": () => [said] };
  const audience = { alerts, rooms: [...ROOMS, ...CHAT_ROOMS], wall: WALL };
  return derive(numbered([paused()]), newAlertMemory(), audience).rows.map(
    ({ room, lane, card: shown }) => `${room} ${lane} ${shown.headline}`,
  );
};

test("a room hears what it chose, what it asked for, and what concerns the person whose chat it is", () => {
  expect(heard({ topic: "activity" })).toEqual([`${CONSOLE} info card`]);
  expect(heard({ topic: "reply-only", replyTo: GROUP })).toEqual([`${GROUP} reply card`]);
  expect(heard({ topic: "reply-only", person: ANA.id, priority: "P1" })).toEqual([
    `${ANA_TELEGRAM} critical card`,
    `${ANA_SLACK} critical card`,
  ]);
});

test("nothing is said on the platform that it is about, whoever asked", () => {
  const over = { topic: "incidents", person: ANA.id, replyTo: GROUP, notOn: "telegram" } as const;
  expect(heard(over)).toEqual([
    `${CONSOLE} info card`,
    "console:other info card",
    `${ANA_SLACK} info card`,
  ]);
});

test("what can be answered is shown where it can be answered, and its other wording elsewhere", () => {
  const elsewhere = card({ headline: "elsewhere" });
  const over = { topic: "incidents", person: ANA.id, replyTo: GROUP, elsewhere } as const;
  expect(heard(over)).toEqual([
    `${CONSOLE} info elsewhere`,
    "console:other info elsewhere",
    `${ANA_TELEGRAM} info card`,
    `${ANA_SLACK} info card`,
    `${GROUP} reply card`,
  ]);
});

test("a confirmation does not wait behind other answers in the room that asked, but what came of it does", () => {
  const buttons = [confirmButton(CONFIRMATION), denyButton(CONFIRMATION)];
  const asked = card({ headline: "confirm?", buttons });
  const over = { topic: "reply-only", replyTo: GROUP, priority: "P1" } as const;
  expect(heard({ ...over, card: asked })).toEqual([`${GROUP} critical confirm?`]);
  expect(heard(over)).toEqual([`${GROUP} reply card`]);
});

test("one event whose voice fails costs no other event its rows", () => {
  const alerts = {
    ...ALERTS,
    "trading.paused": () => {
      throw new Error("no words");
    },
  };
  const events = numbered([paused(), filled("0.00152")]);
  const audience = { alerts, rooms: ROOMS, wall: WALL };
  const { rows, mute } = derive(events, newAlertMemory(), audience);
  expect(rows.map(({ eventSeq }) => eventSeq)).toEqual([2]);
  expect(mute).toEqual([{ seq: 1, kind: "trading.paused", why: "no words" }]);
});

test("nobody's private chat is nobody's: a room of several people hears no alert of a person", () => {
  expect(heard({ topic: "reply-only" })).toEqual([]);
});

test("a row knows the key it is shown under", () => {
  const said = alert({ card: card({ headline: "card" }), under: "kill" });
  const audience = {
    alerts: { ...ALERTS, "trading.paused": () => [said] },
    rooms: ROOMS,
    wall: WALL,
  };
  const { rows } = derive(numbered([paused()]), newAlertMemory(), audience);
  expect(rows.map(({ under }) => under)).toEqual(["kill"]);
});

test("a masked room is told everything but the amounts, and the others are told all", () => {
  const rooms = [
    { id: CONSOLE, owner: null, hears: ["activity"] },
    { id: OTHER_ROOM, owner: null, hears: ["activity"], masked: true },
  ] as const;
  const { rows } = derive(numbered([filled("0.00152")]), newAlertMemory(), {
    alerts: ALERTS,
    rooms,
    wall: WALL,
  });
  const said = (room: string) => JSON.stringify(rows.find((row) => row.room === room)?.card);
  expect(said(CONSOLE)).toContain("$98.93");
  expect(said(OTHER_ROOM)).toContain("BUY filled ••• BTC @ 65,084.10");
  expect(said(OTHER_ROOM)).not.toMatch(/\$|0\.00152|98\.93/);
});
