/** What a search begins from, and how the topics of one chat keep out of each other's searches. */
import { describe, expect, test } from "vitest";
import type { RoomId } from "../../../src/core/kernel/ids.ts";
import { user } from "../../kit/telegram-fake.ts";
import { find, HEAD, KILLED, lost } from "./doubt.ts";
import {
  ANAS_ROOM,
  BASIC,
  BASIC_ROOM,
  card,
  rig,
  row,
  SUPER_ROOM,
  TOPIC_5,
  TOPIC_7,
  until,
} from "./rig.ts";

const BEN = user(5151, "Ben");

describe("marks", () => {
  test("count private chats and basic groups together, and every supergroup for itself", async () => {
    const scene = await rig();
    const { mark } = scene.telegram.messenger;
    const say = (room: RoomId) => scene.telegram.messenger.send(row({ room, card: KILLED }), HEAD);
    await say(ANAS_ROOM);
    expect(mark?.(ANAS_ROOM)).toBe("bot:101");
    expect(mark?.(BASIC_ROOM)).toBe("bot:101");
    expect(mark?.(SUPER_ROOM)).toBeNull();
    await say(TOPIC_5);
    expect(mark?.(SUPER_ROOM)).toBe("-1001234567890:11");
    expect(mark?.(BASIC_ROOM)).toBe("bot:101");
  });

  test("know what people write, what is pressed, and what is recalled", async () => {
    const scene = await rig();
    const { messenger, ears } = scene.telegram;
    messenger.recall?.(SUPER_ROOM, ["17", "nonsense", "16", "-1"]);
    expect(messenger.mark?.(TOPIC_5)).toBe("-1001234567890:17");
    ears.start(scene.ear);
    scene.fake.says(BEN, BASIC, "hello");
    await until(() => scene.ear.arrivals.length === 1);
    expect(messenger.mark?.(ANAS_ROOM)).toBe("bot:101");
  });
});

describe("topics of one chat", () => {
  test("wait for each other's search, so that none is taken for another's message", async () => {
    const scene = await rig({ rooms: [TOPIC_5, TOPIC_7] });
    const doubtful = await lost(scene, { kind: "drop-before" }, { room: TOPIC_5 });
    // The first look takes two requests: time enough for another message to come in between.
    scene.fake.fault("editMessageText", { kind: "400", description: "can't parse entities" });
    const searching = find(scene, doubtful);
    const other = scene.telegram.messenger.send(row({ room: TOPIC_7, card: card("7") }), HEAD);
    expect(await searching).toEqual({ kind: "absent" });
    expect((await other).kind).toBe("sent");
    expect(scene.fake.said(-1001234567890, 7)).toMatchObject([{ edits: 0 }]);
  });

  test("do not search while one of them is speaking", async () => {
    const scene = await rig({ rooms: [TOPIC_5, TOPIC_7] });
    const doubtful = await lost(scene, { kind: "drop-before" }, { room: TOPIC_5 });
    const other = scene.telegram.messenger.send(row({ room: TOPIC_7, card: card("7") }), HEAD);
    expect(await find(scene, doubtful)).toMatchObject({ kind: "unknown", afterMs: 1000 });
    await other;
    expect(await find(scene, doubtful)).toEqual({ kind: "absent" });
    expect(scene.fake.said(-1001234567890, 7)).toMatchObject([{ edits: 0 }]);
  });

  test("look for what was sent first, first", async () => {
    const scene = await rig({ rooms: [TOPIC_5, TOPIC_7] });
    const first = await lost(scene, { kind: "drop-after" }, { room: TOPIC_7 });
    const mark = first.mark;
    scene.fake.fault("sendMessage", { kind: "drop-after" });
    const second = row({ room: TOPIC_5, card: card("5"), mark });
    await scene.telegram.messenger.send(second, HEAD);
    expect(await find(scene, second)).toMatchObject({ kind: "unknown", afterMs: 1000 });
    expect((await find(scene, first))?.kind).toBe("shown");
    expect((await find(scene, second))?.kind).toBe("shown");
    expect(scene.fake.said(-1001234567890).map(({ edits }) => edits)).toEqual([0, 0, 0]);
  });
});
