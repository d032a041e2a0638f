/** The rules of our own Telegram, one by one: how a bot hears. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import {
  privateChat,
  type Shown,
  supergroup,
  type TelegramFake,
  telegramFake,
  user,
} from "../../kit/telegram-fake.ts";
import { call, SOON } from "../../kit/telegram-fake-caller.ts";

const ana = user(42, "Ana");
const DM = privateChat(ana);
const ROOM = supergroup(-1001);

const poll = async (fake: TelegramFake, payload: object = {}): Promise<readonly number[]> => {
  const { result } = await call(fake, "getUpdates", payload);
  return (result as unknown as { update_id: number }[]).map(({ update_id }) => update_id);
};

test("an update is given again until an offset above it confirms it", async () => {
  await using fake = await telegramFake();
  const ids = ["a", "b", "c"].map((text) => fake.says(ana, DM, text));
  const [first = 0] = ids;
  expect(ids).toEqual([first, first + 1, first + 2]);
  expect(await poll(fake)).toEqual(ids);
  expect(await poll(fake, { limit: 2 })).toEqual(ids.slice(0, 2));
  expect(fake.updates).toEqual({ given: 3, confirmed: 0, waiting: 3 });
  expect(await poll(fake, { offset: first + 1 })).toEqual(ids.slice(1));
  expect(await poll(fake, { offset: 0 })).toEqual(ids.slice(1));
  expect(await poll(fake, { offset: -1 })).toEqual(ids.slice(2));
  expect(await poll(fake, { offset: first + 3 })).toEqual([]);
  expect(fake.updates).toEqual({ given: 3, confirmed: 3, waiting: 0 });
});

test("a long poll waits for what comes, or until its time is over", async () => {
  await using fake = await telegramFake();
  expect(await poll(fake, { timeout: 1 })).toEqual([]);
  const waiting = poll(fake, { timeout: 30 });
  await expect.poll(() => fake.frames.length, SOON).toBe(2);
  const id = fake.says(ana, DM, "/status");
  expect(await waiting).toEqual([id]);
});

test("of two polls the older one is cut off", async () => {
  await using fake = await telegramFake();
  const older = call(fake, "getUpdates", { timeout: 30 });
  await expect.poll(() => fake.frames.length, SOON).toBe(1);
  const newer = poll(fake, { timeout: 30 });
  expect(await older).toMatchObject({
    status: 409,
    description:
      "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
  });
  const id = fake.says(ana, DM, "a");
  expect(await newer).toEqual([id]);
});

test("a poll whose caller has gone takes nothing with it", async () => {
  await using fake = await telegramFake();
  const caller = new AbortController();
  const waiting = call(fake, "getUpdates", { timeout: 30 }, caller.signal).catch(() => "gone");
  await expect.poll(() => fake.frames.length, SOON).toBe(1);
  caller.abort();
  expect(await waiting).toBe("gone");
  const id = fake.says(ana, DM, "a");
  expect(fake.updates.given).toBe(0);
  expect(await poll(fake)).toEqual([id]);
});

test("a bot is told only of the kinds it asked for last, from then on", async () => {
  await using fake = await telegramFake();
  fake.says(ana, DM, "/pause");
  const message = fake.visible(42)[0]?.id ?? 0;
  const early = fake.edits(ana, DM, message, "/kill");
  const asked = await poll(fake, { allowed_updates: ["message", "callback_query"] });
  expect(asked).toContain(early);
  expect(fake.edits(ana, DM, message, "/resume")).toBe(0);
  expect(fake.visible(42)).toMatchObject([{ text: "/resume", edits: 2 }]);
  const raw = fake.push({ edited_message: { message_id: message } });
  expect(raw).toBe(early + 1);
  expect(await poll(fake, { offset: raw })).toEqual([raw]);
});

test("a message is kept for a day, a press for 150 seconds", async () => {
  let now = Date.now();
  await using fake = await telegramFake({ chats: [DM], now: () => now });
  const shown = await keyed(fake);
  const said = fake.says(ana, DM, "/kill");
  fake.presses(ana, shown, "Go");
  now += 151_000;
  expect(await poll(fake)).toEqual([said]);
  now += 86_400_000;
  expect(await poll(fake)).toEqual([]);
});

async function keyed(fake: TelegramFake): Promise<Shown> {
  const reply_markup = { inline_keyboard: [[{ text: "Go", callback_data: "c1.go" }]] };
  await call(fake, "sendMessage", { chat_id: 42, text: "Really?", reply_markup });
  const [shown] = fake.said(42);
  if (shown === undefined) throw new Error("nothing was said");
  return shown;
}

test("a press carries the message and its data, and is answered once and in time", async () => {
  let now = Date.now();
  await using fake = await telegramFake({ chats: [DM], now: () => now });
  const shown = await keyed(fake);
  for (const by of ["Go", "c1.go", /^c1\./]) fake.presses(ana, shown, by);
  const pressed = (await call(fake, "getUpdates")).result as unknown as Press[];
  expect(pressed[0]?.callback_query).toMatchObject({
    ...{ from: ana, data: "c1.go" },
    message: { message_id: shown.id, text: "Really?", chat: { id: 42 } },
  });
  const [first = "", second = "", third = ""] = pressed.map((each) => each.callback_query.id);
  const answer = async (callback_query_id: string, more: object = {}) =>
    (await call(fake, "answerCallbackQuery", { callback_query_id, ...more })).description ?? "ok";
  const old = "Bad Request: query is too old and response timeout expired or query ID is invalid";
  expect(await answer(first, { text: "Not yours", show_alert: true })).toBe("ok");
  expect(await answer(first)).toBe(old);
  expect(await answer("1")).toBe(old);
  now += 149_000;
  expect(await answer(second)).toBe("ok");
  now += 2000;
  expect(await answer(third)).toBe(old);
  fake.push({ callback_query: { id: "77", from: ana, chat_instance: "1", data: "forged" } });
  expect(await answer("77")).toBe("ok");
  expect(fake.callbackAnswers).toMatchObject([
    { id: first, text: "Not yours", alert: true },
    { id: second, text: null, alert: false },
    { id: "77" },
  ]);
  expect(() => fake.presses(ana, shown, "Stop")).toThrow("no button Stop under message");
});

interface Press {
  readonly callback_query: { readonly id: string };
}

test("a button may be pressed as it was shown, after the message lost it or is gone", async () => {
  await using fake = await telegramFake({ chats: [DM] });
  const shown = await keyed(fake);
  const at = { chat_id: 42, message_id: shown.id };
  await call(fake, "editMessageText", { ...at, text: "Done" });
  fake.presses(ana, shown, "Go");
  await call(fake, "deleteMessage", at);
  fake.presses(ana, shown, "Go");
  expect((await call(fake, "getUpdates")).result).toMatchObject([
    { callback_query: { message: { text: "Done" }, data: "c1.go" } },
    { callback_query: { message: { message_id: shown.id, date: 0 }, data: "c1.go" } },
  ]);
});

test("a confirmed update is given once more when it is replayed, or again under a new id", async () => {
  await using fake = await telegramFake();
  const first = fake.says(ana, DM, "/kill");
  const second = fake.says(ana, DM, "/pause");
  const offset = second + 1;
  await poll(fake, { offset });
  expect(fake.replay(first)).toBe(first);
  expect(await poll(fake, { offset })).toEqual([first]);
  expect(await poll(fake, { offset })).toEqual([]);
  expect(fake.replay(first, true)).toBe(second + 1);
  const { result } = await call(fake, "getUpdates", { offset });
  expect(result).toMatchObject([{ update_id: second + 1, message: { text: "/kill" } }]);
});

test("what people write has their name, its commands marked and what it replies to", async () => {
  await using fake = await telegramFake({ chats: [DM] });
  await call(fake, "sendMessage", { chat_id: 42, text: "Code?" });
  const [asked] = fake.said(42);
  fake.says(ana, DM, "/code@desk_bot 123 a/b", {
    reply_to_message: { message_id: asked?.id },
    forward_origin: { type: "hidden_user", sender_user_name: "Eve", date: 1 },
  });
  fake.says(ana, ROOM, "hi");
  expect((await call(fake, "getUpdates")).result).toMatchObject([
    {
      message: {
        ...{ from: ana, chat: { id: 42, type: "private" }, text: "/code@desk_bot 123 a/b" },
        entities: [{ type: "bot_command", offset: 0, length: 14 }],
        reply_to_message: { text: "Code?", from: { is_bot: true } },
        forward_origin: { type: "hidden_user" },
      },
    },
    { message: { chat: { id: -1001, type: "supergroup" } } },
  ]);
});

test("a webhook gets updates in order with its secret, each until it says 2xx; polls get 409", async () => {
  const seen: { readonly secret: unknown; readonly id: number }[] = [];
  const statuses = [500, 200, 200];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { update_id: id } = JSON.parse(Buffer.concat(chunks).toString());
    seen.push({ secret: request.headers["x-telegram-bot-api-secret-token"], id });
    response.writeHead(statuses.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/telegram`;
  try {
    await using fake = await telegramFake({ webhookRetryMs: 5 });
    const cut = call(fake, "getUpdates", { timeout: 30 });
    await expect.poll(() => fake.frames.length, SOON).toBe(1);
    expect((await call(fake, "setWebhook", { url, secret_token: "s3cret" })).ok).toBe(true);
    expect((await cut).description).toBe("Conflict: terminated by setWebhook request");
    expect(await call(fake, "getUpdates")).toMatchObject({
      status: 409,
      description:
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    });
    const ids = [fake.says(ana, DM, "a"), fake.says(ana, DM, "b")];
    await expect.poll(() => fake.updates, SOON).toEqual({ given: 2, confirmed: 2, waiting: 0 });
    expect(seen).toEqual([ids[0], ...ids].map((id) => ({ secret: "s3cret", id })));
    expect(fake.webhookTo()).toEqual({ url, secret: "s3cret" });
    expect((await call(fake, "getWebhookInfo")).result).toMatchObject({
      ...{ url, last_error_message: "Wrong response from the webhook: 500 Internal Server Error" },
    });
    await call(fake, "deleteWebhook");
    const id = fake.says(ana, DM, "c");
    expect(await poll(fake)).toEqual([id]);
    await call(fake, "deleteWebhook", { drop_pending_updates: true });
    expect(await poll(fake)).toEqual([]);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
