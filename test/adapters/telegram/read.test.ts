/** Which updates are obeyed, and why the others are not: by the platform's own account of where they come from. */
import { describe, expect, test } from "vitest";
import { openPlaces } from "../../../src/adapters/telegram/places.ts";
import { type Heard, read } from "../../../src/adapters/telegram/read.ts";
import { type RoomId, roomId } from "../../../src/core/kernel/ids.ts";
import { instant } from "../../../src/core/kernel/time.ts";
import { quietLog } from "../../kit/quiet-log.ts";

const SELF = 7000000001;
const NOW = instant(1_700_000_100_000);
const GROUP = -1001234567890;
const ANA = { id: 4242, is_bot: false, first_name: "Ana" };
const BOT = { id: SELF, is_bot: true, first_name: "Desk" };
const PRIVATE = { id: 4242, type: "private", first_name: "Ana" };
const FORUM = { id: GROUP, type: "supergroup", title: "Ops", is_forum: true };

const said = { message_id: 9, date: 1_700_000_000, from: ANA, chat: PRIVATE, text: "/kill" };
const inGroup = { ...said, chat: FORUM };
const button = { message_id: 8, date: 1_700_000_000, from: BOT, chat: PRIVATE, text: "x" };
const press = { id: "77", from: ANA, message: button, chat_instance: "1", data: "/kill" };

const ROOMS = ["telegram:4242", `telegram:${GROUP}/5`, `telegram:${GROUP}/7`, "telegram:-77"];

function readIn(
  update: object | string | null,
  rooms: readonly string[] = ROOMS,
  isNamed = true,
): Heard {
  const notices = { note: () => {} };
  const places = openPlaces(rooms.map(roomId), notices, quietLog());
  return read(update, {
    ...{ self: SELF, isNamed },
    receivedAt: NOW,
    roomOf: places.heardIn,
    promptLine: (chat, asked, reply) =>
      chat === 4242 && asked === 70 ? `/code ${reply} c0ffee` : null,
    idText: (_: RoomId, id) => `${id}`,
  });
}

const message = (of: object, base: object = said) =>
  readIn({ update_id: 3, message: { ...base, ...of } });
const pressed = (of: object) => readIn({ update_id: 3, callback_query: { ...press, ...of } });
const without = (name: string, of: object) =>
  Object.fromEntries(Object.entries(of).filter(([key]) => key !== name));

const origin = (heard: Heard): string => (heard.kind === "turned-away" ? heard.origin : heard.kind);

describe("an arrival", () => {
  test("of a typed message has the speaker's number, the room and Telegram's own time", () => {
    expect(message({})).toEqual({
      kind: "arrival",
      arrival: {
        ...{ id: "telegram:3", room: "telegram:4242", account: "telegram:4242", text: "/kill" },
        ...{ sentAt: 1_700_000_000_000, receivedAt: NOW },
      },
    });
  });

  test("of a press has no time but its arrival, and carries what the button carries", () => {
    expect(pressed({ data: "c1.aaaaaaaaaaaaaaaa.c" })).toMatchObject({
      kind: "arrival",
      arrival: { text: "c1.aaaaaaaaaaaaaaaa.c", account: "telegram:4242", sentAt: NOW },
    });
  });

  test("in a group is answered under what was said or pressed", () => {
    expect(message({}, inGroup)).toMatchObject({ arrival: { under: "9" } });
    const grouped = { ...button, chat: FORUM };
    expect(pressed({ message: grouped })).toMatchObject({ arrival: { under: "8" } });
  });

  test("by an anonymous admin's press has their own number, which Telegram gives", () => {
    const grouped = { ...button, chat: FORUM };
    expect(pressed({ message: grouped })).toMatchObject({
      arrival: { account: "telegram:4242", room: `telegram:${GROUP}/5` },
    });
  });

  test("on a message too old to be shown is heard all the same", () => {
    const hidden = { message_id: 8, date: 0, chat: PRIVATE };
    expect(pressed({ message: hidden }).kind).toBe("arrival");
  });
});

describe("what is said", () => {
  const textOf = (heard: Heard): string =>
    heard.kind === "arrival" ? heard.arrival.text : heard.kind;
  const below = (caption: string, of: object = {}) =>
    textOf(
      readIn({ update_id: 3, message: { ...without("text", said), photo: [], caption, ...of } }),
    );

  test("below a picture is heard when it is a command", () => {
    expect(below("/kill now")).toBe("/kill now");
    expect(below("/kill", { chat: FORUM })).toBe("/kill");
    expect(below("kill")).toBe("/kill");
    expect(below("look at this")).toBe("nothing");
    expect(below("/kill", { forward_date: 1 })).toBe("turned-away");
    expect(textOf(message({ text: "/status", caption: "/kill" }))).toBe("/status");
  });

  test.each([
    ["kill", "/kill"],
    ["Pause", "/Pause"],
    ["PAUSE the news", "/PAUSE the news"],
    [" kill\nnow", "/kill\nnow"],
    ["killing", "killing"],
    ["kill?", "/kill?"],
    ["kill!", "/kill!"],
    ["KILL!!!", "/KILL!!!"],
    ["kill, fire", "/kill, fire"],
    ["kill—now", "/kill—now"],
    ["pause.", "/pause."],
    ["kill_all", "kill_all"],
    ["killärm", "killärm"],
    ["kill-switch", "kill-switch"],
    ["please kill", "please kill"],
    ["resume", "resume"],
    ["/kill", "/kill"],
  ])("in a private chat, as %j, is heard as %j; in a group as it stands", (typed, heard) => {
    expect(textOf(message({ text: typed }))).toBe(heard);
    expect(textOf(message({ text: typed }, inGroup))).toBe(typed);
  });

  test.each([
    ["/kill@other_bot now", "/kill now"],
    ["/Pause@other_bot", "/Pause"],
    ["/flatten@other_bot", "/flatten@other_bot"],
    ["/killer@other_bot", "/killer@other_bot"],
  ])("to a name, %j, is %j while we do not know ours", (typed, heard) => {
    const update = { update_id: 3, message: { ...inGroup, text: typed } };
    expect(textOf(readIn(update, ROOMS, false))).toBe(heard);
    expect(textOf(readIn(update))).toBe(typed);
  });
});

describe("the room", () => {
  const topic = (thread: number) =>
    ({ is_topic_message: true, message_thread_id: thread }) as const;
  const roomOf = (of: object, rooms?: readonly string[]): string => {
    const heard = readIn({ update_id: 3, message: { ...inGroup, ...of } }, rooms);
    return heard.kind === "arrival" ? heard.arrival.room : heard.kind;
  };

  test("is the topic, when it is one of ours", () => {
    expect(roomOf(topic(7))).toBe(`telegram:${GROUP}/7`);
  });

  test("is another room of the same group when the topic is none of ours", () => {
    expect(roomOf(topic(9))).toBe(`telegram:${GROUP}/5`);
    expect(roomOf({})).toBe(`telegram:${GROUP}/5`);
    const plain = [`telegram:${GROUP}/5`, `telegram:${GROUP}`];
    expect(roomOf(topic(9), plain)).toBe(`telegram:${GROUP}`);
  });

  test("of a thread that is no topic is the group", () => {
    const plain = [`telegram:${GROUP}/5`, `telegram:${GROUP}`];
    expect(roomOf({ message_thread_id: 5 }, plain)).toBe(`telegram:${GROUP}`);
  });

  test("of a stranger's group is that group", () => {
    expect(roomOf({ chat: { id: -5, type: "group" } })).toBe("telegram:-5");
  });
});

describe("turned away", () => {
  test.each([
    ["an anonymous admin", { from: { id: 1087968824, is_bot: true }, sender_chat: FORUM }],
    ["the stand-in of anonymous admins alone", { from: { id: 1087968824, is_bot: false } }],
    ["the stand-in of channels", { from: { id: 136817688, is_bot: true } }],
    ["what a linked channel forwards", { from: { id: 777000, is_bot: false } }],
    ["a person who speaks as a channel", { sender_chat: { id: -1002, type: "channel" } }],
  ])("as anonymous: %s", (_, of) => {
    expect(origin(message(of, inGroup))).toBe("anonymous");
  });

  test("as anonymous: a press by a stand-in", () => {
    expect(origin(pressed({ from: { id: 1087968824, is_bot: false } }))).toBe("anonymous");
  });

  test.each([
    ["a post", { update_id: 3, channel_post: { ...said, chat: { id: -1002, type: "channel" } } }],
    ["a message from nobody", { update_id: 3, message: without("from", inGroup) }],
    [
      "a message in a channel",
      { update_id: 3, message: { ...said, chat: { id: -1002, type: "channel" } } },
    ],
  ])("as a channel's: %s", (_, update) => {
    expect(origin(readIn(update))).toBe("channel-post");
  });

  test.each([
    { forward_origin: { type: "user", date: 1, sender_user: ANA } },
    { forward_from: ANA },
    { forward_from_chat: FORUM },
    { forward_sender_name: "Ana" },
    { forward_date: 1 },
    { is_automatic_forward: true },
  ])("as forwarded: %o", (of) => {
    expect(origin(message(of))).toBe("forwarded");
  });

  test.each(["edited_message", "edited_channel_post"])("as edited: %s", (kind) => {
    expect(origin(readIn({ update_id: 3, [kind]: { ...said, edit_date: 5 } }))).toBe("edited");
  });

  test("as a bot's: a bot, what a bot wrote for a person, a bot's press", () => {
    expect(origin(message({ from: { ...ANA, is_bot: true } }))).toBe("bot");
    expect(origin(message({ via_bot: BOT }))).toBe("bot");
    expect(origin(pressed({ from: { ...ANA, is_bot: true } }))).toBe("bot");
  });

  test.each([
    ["no update", null],
    ["a string", "update"],
    ["a list", []],
    ["no number", { message: said }],
    ["a broken number", { update_id: 1.5, message: said }],
    ["a number as text", { update_id: "3", message: said }],
    ["a message that is none", { update_id: 3, message: "x" }],
    ["a press that is none", { update_id: 3, callback_query: 4 }],
  ] as const)("as malformed: %s", (_, update) => {
    expect(origin(readIn(update as object))).toBe("malformed");
  });

  test.each([
    ["somebody else's private chat", { chat: { ...PRIVATE, id: 5151 } }],
    ["a private chat of a kind unknown", { chat: { ...PRIVATE, type: "sender" } }],
    ["a group with a person's number", { chat: { id: 4242, type: "group" } }],
    ["no chat", { chat: undefined }],
    ["a chat with a name for a number", { chat: { ...PRIVATE, id: "4242" } }],
    ["a speaker with a name for a number", { from: { ...ANA, id: "4242" } }],
    ["a speaker with a broken number", { from: { ...ANA, id: 4242.5 } }],
    ["a speaker below zero", { from: { ...ANA, id: -4242 }, chat: { ...PRIVATE, id: -4242 } }],
    ["a speaker who may be a bot", { from: { id: 4242, first_name: "Ana" } }],
    ["a speaker who is nothing", { from: null }],
    ["a text that is none", { text: 5 }],
    ["no date", { date: undefined }],
    ["a date before dates", { date: 0 }],
    ["no id", { message_id: undefined }],
  ])("as malformed: a message of %s", (_, of) => {
    expect(origin(message(of))).toBe("malformed");
  });

  test.each([
    ["a button of another bot", { message: { ...button, from: { ...BOT, id: 99 } } }],
    ["a button of a person", { message: { ...button, from: ANA } }],
    ["a button of nobody", { message: without("from", button) }],
    ["no message", { message: undefined }],
    ["a message sent inline", { message: undefined, inline_message_id: "AAA" }],
    ["no data", { data: undefined }],
    ["empty data", { data: "" }],
    ["more data than a button carries", { data: "x".repeat(65) }],
    ["no speaker", { from: undefined }],
    ["somebody else's private chat", { from: { ...ANA, id: 5151 } }],
    ["no id to answer to", { id: undefined }],
  ])("as malformed: a press with %s", (_, of) => {
    expect(origin(pressed(of))).toBe("malformed");
  });
});

test.each([
  ["a picture", { update_id: 3, message: { ...without("text", said), photo: [] } }],
  ["talk below a picture", { update_id: 3, message: { ...without("text", said), caption: "us" } }],
  ["a caption that is none", { update_id: 3, message: { ...without("text", said), caption: 5 } }],
  ["a new member", { update_id: 3, message: { ...without("text", said), new_chat_members: [] } }],
  ["a poll", { update_id: 3, poll: {} }],
  ["something new", { update_id: 3, newer_than_us: {} }],
])("nothing is made of %s", (_, update) => {
  expect(readIn(update)).toEqual({ kind: "nothing" });
});
