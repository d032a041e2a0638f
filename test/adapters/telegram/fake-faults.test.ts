/** The rules of our own Telegram, one by one: how it fails when it is told to. */
import { describe, expect, test } from "vitest";
import {
  privateChat,
  supergroup,
  type TelegramFake,
  type TelegramFault,
  telegramFake,
  user,
} from "../../kit/telegram-fake.ts";
import { call, SOON } from "../../kit/telegram-fake-caller.ts";

const ana = user(42, "Ana");
const DM = privateChat(ana);
const ROOM = supergroup(-1001);
const chats = [DM, ROOM];
const send = (fake: TelegramFake, chat_id = 42, text = "a") =>
  call(fake, "sendMessage", { chat_id, text });

describe("a planted fault answers with", () => {
  const cases: readonly (readonly [TelegramFault, object])[] = [
    [
      { kind: "429", retryAfter: 3 },
      { error_code: 429, description: "Too Many Requests: retry after 3" },
    ],
    [{ kind: "500" }, { error_code: 500, description: "Internal Server Error" }],
    [
      { kind: "400", description: "chat not found", parameters: { migrate_to_chat_id: -1009 } },
      {
        description: "Bad Request: chat not found",
        parameters: { migrate_to_chat_id: -1009 },
      },
    ],
    [{ kind: "403" }, { description: "Forbidden: bot was blocked by the user" }],
    [{ kind: "409" }, { description: expect.stringContaining("Conflict: terminated by other") }],
  ];
  test.each(cases)("%j, once, and nothing is done", async (fault, answer) => {
    await using fake = await telegramFake({ chats });
    fake.fault("sendMessage", fault);
    expect(await send(fake)).toMatchObject({ ok: false, ...answer });
    expect(fake.said(42)).toEqual([]);
    expect(fake.frames[0]).toMatchObject({ fault: fault.kind, executed: false });
    expect((await send(fake)).ok).toBe(true);
  });

  test("429 also in a header, a gateway's page, or 200 and no JSON", async () => {
    await using fake = await telegramFake({ chats });
    fake.fault("*", { kind: "429", retryAfter: 3 });
    fake.fault("*", { kind: "502-html" });
    fake.fault("*", { kind: "garbage" });
    const ask = () => fetch(`${fake.url}/bot${fake.token}/getMe`);
    expect((await ask()).headers.get("retry-after")).toBe("3");
    const gateway = await ask();
    expect([gateway.status, (await gateway.text()).slice(0, 6)]).toEqual([502, "<html>"]);
    const garbage = await ask();
    expect(garbage.status).toBe(200);
    await expect(garbage.json()).rejects.toThrow(SyntaxError);
    expect(fake.frames.map(({ status }) => status)).toEqual([429, 502, 200]);
  });
});

test.each([
  ["drop-before", 0],
  ["drop-after", 1],
] as const)("%s cuts the connection, and %d message is there", async (kind, there) => {
  await using fake = await telegramFake({ chats });
  fake.fault("sendMessage", { kind });
  await expect(send(fake)).rejects.toMatchObject({
    cause: { code: expect.stringMatching(/RESET|SOCKET/) },
  });
  expect(fake.said(42)).toHaveLength(there);
  expect(fake.frames).toMatchObject([{ executed: there === 1, status: 0 }]);
});

test.each([
  ["hang", 0],
  ["hang-after", 1],
] as const)("%s never answers, and %d message is there", async (kind, there) => {
  await using fake = await telegramFake({ chats });
  fake.fault("sendMessage", { kind });
  const caller = new AbortController();
  const waiting = call(fake, "sendMessage", { chat_id: 42, text: "a" }, caller.signal);
  const gone = expect(waiting).rejects.toThrow("abort");
  await expect.poll(() => fake.frames.length, SOON).toBe(1);
  await expect.poll(() => fake.said(42).length, SOON).toBe(there);
  caller.abort();
  await gone;
  expect(fake.frames).toMatchObject([{ executed: there === 1, status: 0 }]);
});

test("faults happen in order, method by method, as often as they were ordered", async () => {
  await using fake = await telegramFake({ chats });
  fake.fault("sendMessage", { kind: "500" }, 2);
  fake.fault("sendMessage", { kind: "403" }, Number.POSITIVE_INFINITY);
  const status = async (method: string) =>
    (await call(fake, method, { chat_id: 42, text: "a" })).status;
  expect(await status("getChatMember")).toBe(400);
  const seen = [];
  for (let at = 0; at < 5; at += 1) seen.push(await status("sendMessage"));
  expect(seen).toEqual([500, 500, 403, 403, 403]);
  fake.clearFaults();
  expect(await status("sendMessage")).toBe(200);
});

test("a server that is down refuses connections, and comes back on the same port with all it had", async () => {
  await using fake = await telegramFake({ chats });
  await send(fake);
  const poll = expect(call(fake, "getUpdates", { timeout: 30 })).rejects.toThrow("fetch failed");
  await expect.poll(() => fake.frames.length, SOON).toBe(2);
  await fake.down(true);
  await poll;
  await expect(send(fake)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
  const id = fake.says(ana, DM, "/kill");
  await fake.down(false);
  expect((await call(fake, "getUpdates")).result).toMatchObject([{ update_id: id }]);
  expect(fake.said(42)).toHaveLength(1);
});

test("a revoked token is 401 for everything, also for the poll that waits", async () => {
  await using fake = await telegramFake({ chats });
  const poll = call(fake, "getUpdates", { timeout: 30 });
  await expect.poll(() => fake.frames.length, SOON).toBe(1);
  fake.revoke(true);
  const unauthorized = { status: 401, description: "Unauthorized" };
  expect(await poll).toMatchObject(unauthorized);
  expect(await send(fake)).toMatchObject(unauthorized);
  fake.revoke(false);
  expect((await send(fake)).ok).toBe(true);
});

test("with limits a group takes 20 messages and edits a minute, all chats together 30 a second", async () => {
  let now = Date.now();
  await using fake = await telegramFake({ chats, limits: true, now: () => now });
  for (let at = 0; at < 19; at += 1) expect((await send(fake, -1001)).ok).toBe(true);
  const [{ id = 0 } = {}] = fake.said(-1001);
  const edit = (text: string) =>
    call(fake, "editMessageText", { chat_id: -1001, message_id: id, text });
  expect((await edit("b")).ok).toBe(true);
  now += 20_000;
  expect(await edit("c")).toMatchObject({ status: 429, parameters: { retry_after: 40 } });
  for (let at = 0; at < 30; at += 1) expect((await send(fake)).ok).toBe(true);
  expect(await send(fake)).toMatchObject({ status: 429, parameters: { retry_after: 1 } });
  now += 40_000;
  expect((await edit("c")).ok).toBe(true);
});
