/** The rules of our own Telegram, one by one: messages. What it says is what Telegram says, in Telegram's words. */
import { expect, test } from "vitest";
import {
  channel,
  group,
  privateChat,
  supergroup,
  type TelegramFake,
  telegramFake,
  user,
} from "../../kit/telegram-fake.ts";
import { call, formOf, type Told } from "../../kit/telegram-fake-caller.ts";
import { PIXEL } from "../../kit/telegram-fake-photo.ts";

const ana = user(42, "Ana");
const bob = user(43, "Bob");
const DM = privateChat(ana);
const ROOM = supergroup(-1001, { title: "Ops" });
const FORUM = supergroup(-1002, { topics: [7, 8] });
const chats = [DM, privateChat(bob), ROOM, FORUM, group(-5)];

const keys = (...rows: readonly (readonly [string, string])[]) => ({
  inline_keyboard: rows.map(([text, callback_data]) => [{ text, callback_data }]),
});
const send = (fake: TelegramFake, text: string, more: object = {}): Promise<Told> =>
  call(fake, "sendMessage", { chat_id: 42, text, ...more });

test("parameters come by query, as a form, as JSON and in parts, and are the same", async () => {
  await using fake = await telegramFake({ chats });
  const markup = keys(["Go", "go"]);
  const fields = { chat_id: 42, text: "a+b & c", disable_notification: true, reply_markup: markup };
  const flat = Object.entries(fields).map(([name, value]): [string, string] => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const path = `${fake.url}/bot${fake.token}/sendMessage`;
  const query = new URLSearchParams(flat);
  for (const answer of [
    await fetch(`${path}?${query}`),
    await fetch(path, { method: "POST", body: query }),
    await fetch(path, { method: "POST", body: formOf(fields) }),
  ]) {
    expect(await answer.json()).toMatchObject({ ok: true, result: { text: "a+b & c" } });
  }
  await call(fake, "sendmessage", fields);
  expect(fake.frames.map(({ method, payload }) => ({ method, payload }))).toEqual(
    Array(4).fill({ method: "sendMessage", payload: fields }),
  );
  expect(fake.said(42)).toHaveLength(4);
  expect(fake.said(42)[3]).toMatchObject({
    silent: true,
    buttons: [[{ label: "Go", data: "go" }]],
  });
});

test("an unknown method is 404, a wrong token 401, another path 404", async () => {
  await using fake = await telegramFake({ chats });
  expect(await call(fake, "sendPigeon")).toEqual({
    ...{ status: 404, ok: false, error_code: 404, description: "Not Found" },
  });
  expect(await call({ url: fake.url, token: "7000000001:other" }, "getMe")).toMatchObject({
    ...{ status: 401, error_code: 401, description: "Unauthorized" },
  });
  expect((await fetch(`${fake.url}/getMe`)).status).toBe(404);
  expect(await call(fake, "getMe")).toMatchObject({ result: { id: 7000000001, is_bot: true } });
});

test("private chats and groups count messages together, each supergroup for itself", async () => {
  await using fake = await telegramFake({ chats });
  const idIn = async (chat_id: number) =>
    Number((await call(fake, "sendMessage", { chat_id, text: "a" })).result["message_id"]);
  const first = await idIn(42);
  const own = await idIn(-1001);
  expect([await idIn(43), await idIn(-5), await idIn(-1001)]).toEqual([
    first + 1,
    first + 2,
    own + 1,
  ]);
  expect(await idIn(-1002)).toBe(own);
});

test("an edit changes a message of the bot in place; what it leaves out is gone", async () => {
  await using fake = await telegramFake({ chats });
  const { result } = await send(fake, "a", { reply_markup: keys(["Go", "go"]) });
  const at = { chat_id: 42, message_id: result["message_id"] };
  const edited = await call(fake, "editMessageText", { ...at, text: "b" });
  expect(edited.result).toMatchObject({
    text: "b",
    message_id: result["message_id"],
    edit_date: expect.any(Number),
  });
  expect(edited.result).not.toHaveProperty("reply_markup");
  expect(fake.visible(42)).toMatchObject([{ text: "b", buttons: [], edits: 1 }]);
  await call(fake, "editMessageReplyMarkup", { ...at, reply_markup: keys(["No", "no"]) });
  expect(fake.visible(42)).toMatchObject([{ text: "b", buttons: [[{ data: "no" }]], edits: 2 }]);
});

test("an edit that changes nothing, finds nothing or is not the bot's is refused", async () => {
  await using fake = await telegramFake({ chats });
  const reply_markup = keys(["Go", "go"]);
  const { result } = await send(fake, "<b>a</b>", { parse_mode: "HTML", reply_markup });
  const edit = (message_id: unknown, text: string, more: object = {}, chat_id = 42) =>
    call(fake, "editMessageText", { chat_id, message_id, text, parse_mode: "HTML", ...more });
  const same = await edit(result["message_id"], "<strong>a</strong> ", { reply_markup });
  expect(same).toMatchObject({
    status: 400,
    description:
      "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
  });
  const missing = await edit(9999, "b");
  expect(missing.description).toBe("Bad Request: message to edit not found");
  const elsewhere = await edit(result["message_id"], "b", {}, 43);
  expect(elsewhere.description).toBe("Bad Request: message to edit not found");
  fake.says(ana, DM, "mine");
  const others = await edit(fake.visible(42).at(-1)?.id, "b");
  expect(others.description).toBe("Bad Request: message can't be edited");
  const asked = await send(fake, "code?", { reply_markup: { force_reply: true } });
  const forced = await edit(asked.result["message_id"], "b");
  expect(forced.description).toBe("Bad Request: message can't be edited");
  expect(fake.violations).toEqual([]);
});

test("a picture arrives byte by byte, is sent again by its id, and has a caption to edit", async () => {
  await using fake = await telegramFake({ chats });
  const photo = new Blob([PIXEL]);
  const { result } = await call(fake, "sendPhoto", { chat_id: 42, photo, caption: "day" });
  const [{ file_id = "", width = 0 } = {}] = result["photo"] as {
    file_id: string;
    width: number;
  }[];
  expect(width).toBe(1);
  await call(fake, "sendPhoto", { chat_id: 42, photo: file_id });
  expect(fake.said(42).map((each) => Buffer.from(each.photo ?? []))).toEqual([PIXEL, PIXEL]);
  expect(fake.frames[0]?.payload["photo"]).toEqual({
    ...{ file: new Uint8Array(PIXEL), name: "file.png" },
  });
  const at = { chat_id: 42, message_id: result["message_id"] };
  expect(await call(fake, "editMessageCaption", { ...at, caption: "night" })).toMatchObject({
    result: { caption: "night", photo: [{ file_id }] },
  });
  const text = await call(fake, "editMessageText", { ...at, text: "a" });
  expect(text.description).toBe("Bad Request: there is no text in the message to edit");
  const attached = formOf({ chat_id: 42, photo: "attach://a", a: photo });
  const path = `${fake.url}/bot${fake.token}/sendPhoto`;
  expect((await fetch(path, { method: "POST", body: attached })).status).toBe(200);
  const junk = await call(fake, "sendPhoto", { chat_id: 42, photo: new Blob(["no picture"]) });
  expect(junk.description).toBe("Bad Request: IMAGE_PROCESS_FAILED");
});

test("a reply needs what it replies to, unless it may go without", async () => {
  await using fake = await telegramFake({ chats });
  fake.says(ana, ROOM, "/status");
  const asked = fake.visible(-1001)[0]?.id;
  const reply = (message_id: unknown, more: object = {}) =>
    call(fake, "sendMessage", {
      ...{ chat_id: -1001, text: "a", reply_parameters: { message_id, ...more } },
    });
  expect((await reply(asked)).result).toMatchObject({
    reply_to_message: { message_id: asked, from: ana },
    message_thread_id: asked,
  });
  const { description } = await reply(9999);
  expect(description).toBe("Bad Request: message to be replied not found");
  expect((await reply(9999, { allow_sending_without_reply: true })).ok).toBe(true);
  expect(fake.said(-1001).map(({ replyTo, topic }) => ({ replyTo, topic }))).toEqual([
    { replyTo: asked, topic: null },
    { replyTo: null, topic: null },
  ]);
});

test("a forum has the topics it has; elsewhere the number means nothing", async () => {
  await using fake = await telegramFake({ chats });
  const into = (chat_id: number, message_thread_id: number) =>
    call(fake, "sendMessage", { chat_id, text: "a", message_thread_id });
  expect((await into(-1002, 7)).result).toMatchObject({
    ...{ message_thread_id: 7, is_topic_message: true },
  });
  for (const topic of [1, 9]) {
    const { description } = await into(-1002, topic);
    expect(description).toBe("Bad Request: message thread not found");
  }
  expect((await into(-1001, 9)).result).not.toHaveProperty("message_thread_id");
  fake.closeTopic(-1002, 7);
  expect((await into(-1002, 7)).description).toBe("Bad Request: message thread not found");
  fake.says(ana, FORUM, "hi", { message_thread_id: 8 });
  expect(fake.visible(-1002, 7)).toHaveLength(1);
  expect(fake.visible(-1002, 8)).toMatchObject([{ from: 42, text: "hi" }]);
  fake.says(ana, ROOM, "hi", { message_thread_id: 8 });
  expect(fake.visible(-1001).at(-1)?.topic).toBe(null);
});

test("a bot writes only where it is: not to strangers, not where it is blocked", async () => {
  await using fake = await telegramFake();
  expect((await send(fake, "a")).description).toBe("Bad Request: chat not found");
  fake.says(ana, DM, "/start");
  expect((await send(fake, "a")).ok).toBe(true);
  fake.introduce(ROOM);
  fake.block(42, true);
  fake.block(-1001, true);
  expect(await send(fake, "a")).toMatchObject({
    ...{ status: 403, description: "Forbidden: bot was blocked by the user" },
  });
  expect(await call(fake, "sendMessage", { chat_id: -1001, text: "a" })).toMatchObject({
    ...{ status: 403, description: "Forbidden: bot was kicked from the supergroup chat" },
  });
  fake.block(42, false);
  expect((await send(fake, "a")).ok).toBe(true);
  const updates = (await call(fake, "getUpdates")).result as unknown as object[];
  expect(updates.slice(1)).toMatchObject([
    { my_chat_member: { from: ana, new_chat_member: { status: "kicked" } } },
    { my_chat_member: { chat: { id: -1001 }, new_chat_member: { status: "kicked" } } },
    { my_chat_member: { from: ana, new_chat_member: { status: "member" } } },
  ]);
});

test("a group that became a supergroup tells its new id, in the refusal and in both chats", async () => {
  await using fake = await telegramFake({ chats });
  fake.migrate(-5, -1009);
  expect(await call(fake, "sendMessage", { chat_id: -5, text: "a" })).toMatchObject({
    status: 400,
    description: "Bad Request: group chat was upgraded to a supergroup chat",
    parameters: { migrate_to_chat_id: -1009 },
  });
  expect((await call(fake, "sendMessage", { chat_id: -1009, text: "a" })).ok).toBe(true);
  expect((await call(fake, "getUpdates")).result).toMatchObject([
    { message: { chat: { id: -5 }, migrate_to_chat_id: -1009 } },
    { message: { chat: { id: -1009 }, migrate_from_chat_id: -5 } },
  ]);
});

test("a bot deletes its own messages, and in private chats those of the person", async () => {
  await using fake = await telegramFake({ chats });
  fake.says(ana, DM, "123456");
  fake.says(ana, ROOM, "123456");
  const remove = (chat_id: number) =>
    call(fake, "deleteMessage", { chat_id, message_id: fake.visible(chat_id)[0]?.id ?? 1 });
  expect((await remove(42)).ok).toBe(true);
  expect(fake.visible(42)).toEqual([]);
  expect((await remove(42)).description).toBe("Bad Request: message to delete not found");
  expect((await remove(-1001)).description).toBe("Bad Request: message can't be deleted");
});

test("a chat and its members are told to those who are in it", async () => {
  await using fake = await telegramFake({ chats });
  fake.says(ana, ROOM, "hi");
  fake.says(bob, privateChat(bob), "hi");
  expect((await call(fake, "getChat", { chat_id: -1001 })).result).toMatchObject({ title: "Ops" });
  const member = async (user_id: number) =>
    (await call(fake, "getChatMember", { chat_id: -1001, user_id })).result?.["status"];
  expect([await member(42), await member(43), await member(44)]).toEqual([
    ...["member", "left", undefined],
  ]);
});

test("menus are kept for each scope", async () => {
  await using fake = await telegramFake({ chats });
  const commands = [{ command: "status", description: "How it stands" }];
  const scope = { type: "chat", chat_id: -1001 };
  expect((await call(fake, "setMyCommands", { commands, scope })).ok).toBe(true);
  expect((await call(fake, "getMyCommands", { scope })).result).toEqual(commands);
  expect((await call(fake, "getMyCommands")).result).toEqual([]);
  expect([...fake.menus]).toEqual([['{"type":"chat","chat_id":-1001}', commands]]);
  const elsewhere = { commands, scope: { type: "chat", chat_id: 9 } };
  expect(await call(fake, "setMyCommands", elsewhere)).toMatchObject({ status: 400 });
  const loud = [{ command: "Status", description: "a" }];
  expect((await call(fake, "setMyCommands", { commands: loud })).ok).toBe(false);
  await call(fake, "deleteMyCommands", { scope });
  expect(fake.menus.size).toBe(0);
});

test("a channel's post comes from nobody", async () => {
  await using fake = await telegramFake();
  fake.posts(channel(-1003, "News"), "/kill");
  const [update] = (await call(fake, "getUpdates")).result as unknown as object[];
  expect(update).toMatchObject({ channel_post: { sender_chat: { id: -1003 }, text: "/kill" } });
  expect(update).not.toHaveProperty("channel_post.from");
});
