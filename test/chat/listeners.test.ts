/** Nothing that somebody must know is told nowhere because of how rooms were set up. */
import { expect, test } from "vitest";
import { type Alert, alert } from "../../src/chat/alert.ts";
import { card } from "../../src/chat/compose.ts";
import { listeners, withGuards } from "../../src/chat/listeners.ts";
import type { Room } from "../../src/chat/person.ts";
import { type PersonId, roomId } from "../../src/core/kernel/ids.ts";
import { ANA, BO, CONSOLE } from "../kit/sample-desk.ts";

const room = (id: string, hears: Room["hears"] = [], owner: PersonId | null = null): Room => ({
  id: roomId(id),
  owner,
  hears,
});
const TERMINAL = room(CONSOLE, ["incidents", "activity"]);
const heard = (over: Partial<Alert>, ...rooms: readonly Room[]): readonly string[] => {
  const said = alert({ card: card({ headline: "x" }), ...over });
  return listeners(said, withGuards([TERMINAL, ...rooms], [ANA, BO])).map(({ id }) => id);
};
const silent = { topic: "incidents", notOn: "slack" } as const;
const security = { topic: "security" } as const;

test("the silence of a platform is told where incidents are heard elsewhere", () => {
  const rooms = [
    room("slack:C1", ["incidents"]),
    room("telegram:-1", ["incidents"]),
    room("telegram:-2", ["activity"]),
  ];
  expect(heard(silent, ...rooms)).toEqual([CONSOLE, "telegram:-1"]);
});

test("when nobody elsewhere hears incidents it is told in every other room that hears anything", () => {
  const rooms = [
    room("slack:C1", ["incidents"]),
    room("telegram:-2", ["activity"]),
    room("telegram:-3"),
  ];
  expect(heard(silent, ...rooms)).toEqual([CONSOLE, "telegram:-2"]);
  expect(heard(silent, room("slack:C1", ["incidents"]))).toEqual([CONSOLE]);
});

test("the silence of the only room for incidents is told in the others", () => {
  const notOn = "slack:C1";
  const rooms = [room("slack:C1", ["incidents"]), room("slack:C2", ["activity"])];
  expect(heard({ ...silent, notOn }, ...rooms)).toEqual([CONSOLE, "slack:C2"]);
});

test("what is said on every platform needs no such help", () => {
  const rooms = [room("slack:C1", ["incidents"]), room("telegram:-2", ["activity"])];
  expect(heard({ topic: "incidents" }, ...rooms)).toEqual([CONSOLE, "slack:C1"]);
});

test("security is told on every platform: incidents, else activity, else whoever has role risk", () => {
  const own = [room("telegram:1", [], ANA.id), room("telegram:2", [], BO.id)];
  const slack = [room("slack:C1", ["incidents"]), room("slack:C2", ["activity"])];
  expect(heard(security, ...slack, ...own)).toEqual([CONSOLE, "slack:C1", "telegram:1"]);
  const activity = [...own, room("telegram:-9", ["activity"])];
  expect(heard(security, ...slack, ...activity)).toEqual([CONSOLE, "slack:C1", "telegram:-9"]);
  const incidents = [...activity, room("telegram:-8", ["incidents"])];
  expect(heard(security, ...slack, ...incidents)).toEqual([CONSOLE, "slack:C1", "telegram:-8"]);
});

test("who guards hears of security and of nothing else unasked", () => {
  const own = room("telegram:1", [], ANA.id);
  expect(heard({ topic: "incidents" }, own)).toEqual([CONSOLE]);
  expect(heard({ topic: "activity" }, own)).toEqual([CONSOLE]);
});
