/** The verb `setup telegram` against a Telegram on loopback: what is found, who is linked, and everybody who is not. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  group,
  privateChat,
  supergroup,
  type TelegramFake,
  telegramFake,
  user,
} from "../kit/telegram-fake.ts";
import { type Desk, eventually, type Running, setupDesk } from "./setup-kit.ts";

const ANA = user(4711, "Ana B.");
const EVE = user(6666, "Ana B.");
const FORUM = supergroup(-1001000000001, { topics: [9] });
const LINKED = "people:\n  # the boss\n  ana: { role: risk, console: true, telegram: 4711 } # me\n";

let fake: TelegramFake;
let desk: Desk;

beforeEach(async () => {
  fake = await telegramFake();
  desk = setupDesk();
});
afterEach(async () => {
  expect(fake.violations).toEqual([]);
  await fake[Symbol.asyncDispose]();
  desk.close();
});

const run = (args = "", more = {}): Running =>
  desk.run(`telegram ${args}`, {
    ...{ TELEGRAM_BOT_TOKEN: fake.token, TELEGRAM_API_ROOT: fake.url },
    ...more,
  });

const opens = async (going: Running): Promise<string> =>
  (await going.says(/t\.me\/desk_under_test_bot\?start=([0-9a-f]{20})/))[1] ?? "";

const codes = (chat: number): readonly string[] =>
  fake.said(chat).flatMap(({ text }) => /code (\d{6})/.exec(text)?.[1] ?? []);

const codeOf = (chat: number): Promise<string> => eventually(() => codes(chat)[0], "a code");

describe("claudbot setup telegram", () => {
  test("links the first person with link and code, and rings them", async () => {
    const going = run("--name Ana");
    const nonce = await opens(going);
    fake.says(ANA, privateChat(ANA), `/start ${nonce}`);
    await going.says(/A code was sent to telegram:4711/);
    const code = await codeOf(4711);
    going.type(code);
    await going.says(/Press "I hear it" within a minute/);
    const [button] = fake.said(4711).filter(({ buttons }) => buttons.length > 0);
    if (button) fake.presses(ANA, button, "I hear it");
    expect(await going.code).toBe(0);
    expect(going.out()).toMatch(/Somebody listens on Telegram: Ana answered after \d+ s/);
    const { people } = desk.load();
    expect(people).toEqual([
      { id: "ana", name: "Ana", role: "risk", accounts: ["console:local", "telegram:4711"] },
    ]);
    expect(desk.mode()).toBe("600");
    expect(desk.files()).toEqual(["people.yaml"]);
    expect(fake.callbackAnswers.map(({ text }) => text)).toEqual([expect.stringMatching(/^Heard/)]);
    for (const secret of [code, fake.token, fake.token.slice(11)]) {
      expect(going.out()).not.toContain(secret);
    }
    expect(desk.read()).not.toContain(code);
    expect(desk.read()).not.toContain(nonce);
  });

  test("tells that groups show the bot only what is addressed to it, and how to change that", async () => {
    const going = run();
    await going.says(/\/kill@desk_under_test_bot[\s\S]*\/setprivacy/);
    going.stop();
    expect(await going.code).toBe(1);
    expect(going.out()).toMatch(/Stopped\.\nNothing was linked\.\n$/);
    expect(desk.files()).toEqual([]);
  });

  test("gives no code to a forwarded link, a bot, a link of another day, or one written in a group", async () => {
    const going = run();
    const nonce = await opens(going);
    const origin = { type: "user", sender_user: ANA, date: 1 };
    fake.says(EVE, privateChat(EVE), `/start ${nonce}`, { forward_origin: origin });
    fake.says(user(8, "Bot", { is_bot: true }), privateChat(user(8)), `/start ${nonce}`);
    fake.says(EVE, privateChat(EVE), `/start ${"0".repeat(20)}`);
    fake.says(EVE, group(-5), `/start@desk_under_test_bot ${nonce}`);
    await going.says(/Turned away: a forwarded message/);
    await going.says(/Turned away: a message of a bot/);
    fake.says(ANA, privateChat(ANA), `/start ${nonce}`);
    await codeOf(4711);
    expect([codes(6666), codes(8), codes(-5)]).toEqual([[], [], []]);
    going.stop();
    await going.code;
  });

  test("refuses the second account that opens the link, and links the first", async () => {
    const going = run();
    const nonce = await opens(going);
    fake.says(ANA, privateChat(ANA), `/start ${nonce}`);
    const code = await codeOf(4711);
    fake.says(EVE, privateChat(EVE), `/start ${nonce}`);
    await going.says(/A second account \(telegram:6666\)/);
    going.type("000000" === code ? "111111" : "000000");
    await going.says(/4 tries left/);
    going.type(code);
    await going.says(/Linked: ana, role risk, on Telegram/);
    going.stop();
    expect(await going.code).toBe(0);
    expect(codes(6666)).toEqual([]);
  });

  test("keeps the comments of people.yaml, and makes the next person an operator", async () => {
    desk.write(LINKED);
    const going = run("--person bo --name Bo");
    const nonce = await opens(going);
    fake.says(EVE, privateChat(EVE), `/start ${nonce}`);
    going.type(await codeOf(6666));
    await going.says(/Linked: Bo \(bo\), role operator/);
    await going.says(/Unasked they are told nothing/);
    going.stop();
    await going.code;
    expect(desk.read()).toBe(
      `${LINKED}  bo:\n    name: Bo\n    role: operator\n    telegram: 6666\n    hears: []\n`,
    );
  });

  test("refuses an account that is somebody's already, unless it is to be moved", async () => {
    desk.write(LINKED);
    for (const [args, code] of [
      ["--person bo", 1],
      ["--person bo --replace", 0],
    ] as const) {
      const going = run(args);
      fake.says(ANA, privateChat(ANA), `/start ${await opens(going)}`);
      going.type(await eventually(() => codes(4711)[code === 1 ? 0 : 1], "a code"));
      await going.says(code === 1 ? /belongs to ana \(ana\); --replace moves it/ : /Linked: bo/);
      going.stop();
      expect(await going.code).toBe(code);
    }
    expect(desk.load().people.map(({ id, accounts }) => [id, accounts])).toEqual([
      ["ana", ["console:local"]],
      ["bo", ["telegram:4711"]],
    ]);
  });
});

describe("a Telegram that does not do as it should", () => {
  test("refuses the token: what to do, and nothing more", async () => {
    fake.revoke(true);
    const going = run();
    expect(await going.code).toBe(1);
    expect(going.out()).toMatch(/^Telegram refuses the token in TELEGRAM_BOT_TOKEN\.\n.*API Token/);
    fake.revoke(false);
  });

  test("cannot be reached: the address is told", async () => {
    await fake.down(true);
    const going = run();
    expect(await going.code).toBe(1);
    expect(going.out()).toContain(`does not answer at ${fake.url}: `);
    expect(going.out()).toContain("ECONNREFUSED");
    await fake.down(false);
  });

  test("is read by another program with the same token: setup ends and says to stop the desk", async () => {
    const going = run();
    await opens(going);
    await eventually(() => fake.frames.find(({ method }) => method === "getUpdates"), "a poll");
    const other = new AbortController();
    const poll = fetch(`${fake.url}/bot${fake.token}/getUpdates?timeout=30`, {
      signal: other.signal,
    }).catch(() => undefined);
    expect(await going.code).toBe(1);
    expect(going.out()).toMatch(
      /Another program reads.*\n.*stop it first[\s\S]*Nothing was linked/,
    );
    other.abort();
    await poll;
  });

  test("loses the token while somebody is waited for: setup ends", async () => {
    const going = run();
    await opens(going);
    await eventually(() => fake.frames.find(({ method }) => method === "getUpdates"), "a poll");
    fake.revoke(true);
    expect(await going.code).toBe(1);
    expect(going.out()).toMatch(/does not let us in any more: the bot token is refused/);
    fake.revoke(false);
  });

  test("sends updates elsewhere: that is told by host alone, and taken back only when asked", async () => {
    const secret = "https://elsewhere.example/hook-0123456789";
    const call = `${fake.url}/bot${fake.token}/setWebhook?url=${encodeURIComponent(secret)}`;
    expect((await fetch(call)).ok).toBe(true);
    const first = run();
    expect(await first.code).toBe(1);
    expect(first.out()).toMatch(/to elsewhere\.example, which is not this desk[\s\S]*--take-over/);
    expect(first.out()).not.toContain("hook-0123456789");
    expect(fake.webhookTo()?.url).toBe(secret);
    const second = run("--take-over");
    fake.says(ANA, privateChat(ANA), `/start ${await opens(second)}`);
    await codeOf(4711);
    expect(fake.webhookTo()).toBeNull();
    second.stop();
    await second.code;
  });
});

describe("claudbot setup telegram --room", () => {
  test("adds the topic in which somebody of ours writes the line, and speaks there", async () => {
    desk.write(LINKED);
    fake.introduce(FORUM);
    const going = run("--room --name ops --hears incidents");
    const [, line = ""] = await going.says(/(\/here@desk_under_test_bot [0-9a-f]{8})/);
    const topic = { message_thread_id: 9, is_topic_message: true };
    fake.says(ANA, FORUM, "/here@desk_under_test_bot 00000000");
    fake.says(ANA, FORUM, "/here@desk_under_test_bot");
    fake.says(EVE, FORUM, line, topic);
    await going.says(/telegram:6666 wrote it in .* and is not linked: ignored/);
    fake.says(ANA, privateChat(ANA), line);
    await going.says(/written in private/);
    fake.says(ANA, FORUM, line, topic);
    expect(await going.code).toBe(0);
    expect(desk.load().rooms.at(-1)).toEqual({
      ...{ id: "telegram:-1001000000001/9", owner: null, hears: ["incidents"] },
    });
    expect(desk.read()).toContain("# the boss");
    expect(fake.said(FORUM.id, 9).map(({ text }) => text)).toEqual([
      expect.stringContaining('this room is now "ops"'),
    ]);
  });

  test("adds nothing as long as nobody is linked", async () => {
    const going = run("--room");
    expect(await going.code).toBe(1);
    expect(going.out()).toMatch(/Nobody is linked on Telegram yet/);
    expect(desk.files()).toEqual([]);
  });
});
