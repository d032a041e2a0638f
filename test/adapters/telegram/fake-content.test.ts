/** The rules of our own Telegram, one by one: what may stand in a message. */
import { describe, expect, test } from "vitest";
import {
  group,
  privateChat,
  supergroup,
  type TelegramFake,
  telegramFake,
  user,
} from "../../kit/telegram-fake.ts";
import { call, type Told } from "../../kit/telegram-fake-caller.ts";
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
const html = (fake: TelegramFake, text: string) => send(fake, text, { parse_mode: "HTML" });

test("HTML becomes text and entities, counted in UTF-16 units", async () => {
  await using fake = await telegramFake({ chats });
  const text = ' <b>🔴 a <i>&lt;b&gt;</i></b> &amp;&nbsp;<a href="http://x.org/?a=1&amp;b">x</a>\n';
  const { result } = await html(fake, `${text}<pre><code class="language-ts">c</code></pre> `);
  expect(result["text"]).toBe("🔴 a <b> &&nbsp;x\nc");
  expect(result["entities"]).toEqual([
    { type: "bold", offset: 0, length: 8 },
    { type: "italic", offset: 5, length: 3 },
    { type: "text_link", offset: 16, length: 1, url: "http://x.org/?a=1&b" },
    { type: "pre", offset: 18, length: 1, language: "ts" },
  ]);
  expect(await send(fake, "<b>as it is")).toMatchObject({ result: { text: "<b>as it is" } });
});

describe("HTML that Telegram cannot read is refused and remembered:", () => {
  test.each([
    ["<b>a", `Can't find end tag corresponding to start tag "b"`],
    ["é<x>a</x>", 'Unsupported start tag "x" at byte offset 2'],
    ["1 < 2", 'Unsupported start tag "" at byte offset 2'],
    ["a</b>", "Unexpected end tag at byte offset 1"],
    ["<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'],
    ["<b", "Unclosed start tag at byte offset 0"],
    ["<b>a</b", "Unclosed end tag at byte offset 4"],
    ["<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
    [
      "<a href>a</a>",
      'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0',
    ],
  ])("%s", async (text, why) => {
    await using fake = await telegramFake({ chats });
    const description = `Bad Request: can't parse entities: ${why}`;
    expect(await html(fake, text)).toMatchObject({ status: 400, description });
    expect(fake.violations).toEqual([`sendMessage: ${description}`]);
    expect(fake.visible(42)).toEqual([]);
  });
});

test("a text has 1 to 4096 characters after parsing, a caption at most 1024", async () => {
  await using fake = await telegramFake({ chats });
  const long = "<b>&amp;</b>".repeat(4096);
  expect((await html(fake, long)).ok).toBe(true);
  expect((await html(fake, `${long}a`)).description).toBe("Bad Request: message is too long");
  for (const empty of ["", " \n", "<b></b>"]) {
    const { description } = await html(fake, empty);
    expect(description).toBe("Bad Request: message text is empty");
  }
  const photo = new Blob([PIXEL]);
  const captioned = (caption: string) => call(fake, "sendPhoto", { chat_id: 42, photo, caption });
  expect((await captioned("c".repeat(1024))).ok).toBe(true);
  const { description } = await captioned("c".repeat(1025));
  expect(description).toBe("Bad Request: message caption is too long");
});

test("a button calls back with 1 to 64 bytes, and a button that does nothing is none", async () => {
  await using fake = await telegramFake({ chats });
  const press = (data: string) => send(fake, "a", { reply_markup: keys(["Go", data]) });
  expect((await press("é".repeat(32))).ok).toBe(true);
  for (const data of ["", "é".repeat(33)]) {
    expect((await press(data)).description).toBe("Bad Request: BUTTON_DATA_INVALID");
  }
  const idle = await send(fake, "a", { reply_markup: { inline_keyboard: [[{ text: "Go" }]] } });
  expect(idle.description).toMatch(/^Bad Request: can't parse inline keyboard button: Text button/);
  expect(fake.violations).toHaveLength(3);
});

test("what the documentation forbids is refused and remembered", async () => {
  await using fake = await telegramFake({ chats });
  await send(fake, "a", { urgent: true });
  await send(fake, "a", { reply_markup: { inline_keyboard: [[{ text: "a", data: "b" }]] } });
  await call(fake, "sendMessage", { chat_id: 42 });
  await send(fake, "a", { disable_web_page_preview: true });
  expect(fake.violations).toEqual([
    'sendMessage: payload must NOT have additional properties: "urgent"',
    'sendMessage: /reply_markup/inline_keyboard/0/0 must NOT have additional properties: "data"',
    "sendMessage: payload must have required property 'text'",
  ]);
  expect(fake.said(42)).toHaveLength(1);
});

test("fields that Telegram does not know are ignored where the fake is told to be like it", async () => {
  await using fake = await telegramFake({ chats, unknownFields: "ignored" });
  expect((await send(fake, "a", { urgent: true })).ok).toBe(true);
  expect((await send(fake, "a", { reply_markup: keys(["Go", ""]) })).ok).toBe(false);
  expect(fake.violations).toHaveLength(1);
});
