/** What our own Telegram takes and says, held against the types others made of Telegram's documentation. */
import { expect, test } from "vitest";
import { type Check, checkOf, type Schema, schemaOf } from "../../kit/schemas.ts";
import { originOf, recorded } from "../../kit/schemas-origin.ts";
import {
  channel,
  group,
  privateChat,
  supergroup,
  telegramFake,
  user,
} from "../../kit/telegram-fake.ts";
import { call } from "../../kit/telegram-fake-caller.ts";
import { CAPTION_LIMIT, TEXT_LIMIT } from "../../kit/telegram-fake-methods.ts";
import { PIXEL } from "../../kit/telegram-fake-photo.ts";

const ana = user(42, "Ana", { username: "ana" });
const DM = privateChat(ana);
const FORUM = supergroup(-1002, { topics: [7] });

const shapes = new Map<string, Check>();

/** Of a type of Telegram's, by its name there; compiled once. */
function shapeOf(type: string): Check {
  const shape = shapes.get(type) ?? compiled(type);
  shapes.set(type, shape);
  return shape;
}

function compiled(type: string): Check {
  const file = ["ChatFullInfo", "WebhookInfo"].includes(type)
    ? `Telegram${type}`
    : "TelegramUpdate";
  const schema = schemaOf("telegram-answers", file);
  return checkOf({ ...schema, $ref: `#/definitions/Telegram${type}` });
}

test.each(["telegram", "telegram-answers"] as const)(
  "the schemas of %s on disk were made from the installed types (npm run schemas)",
  (platform) => {
    expect(recorded()[platform]).toBe(originOf(platform));
  },
);

test("the limits the fake counts after parsing are the documented ones", () => {
  const limit = (method: string, type: string, field: string): unknown => {
    const { definitions } = schemaOf("telegram", method) as Record<string, Record<string, Schema>>;
    const fields = definitions?.[type]?.["properties"] as Record<string, Schema> | undefined;
    return fields?.[field]?.["parsedCharacters"];
  };
  expect(limit("sendMessage", "SendMessageParams", "text")).toEqual([1, TEXT_LIMIT]);
  expect(limit("editMessageText", "EditMessageTextParams", "text")).toEqual([1, TEXT_LIMIT]);
  expect(limit("sendPhoto", "SendPhotoParams", "caption")).toEqual([0, CAPTION_LIMIT]);
});

test.each(["Update", "Message", "User", "ChatFullInfo", "ChatMember", "WebhookInfo"])(
  "what is no %s is told apart",
  (type) => {
    expect(shapeOf(type)({ nonsense: 1 })).not.toEqual([]);
  },
);

test("every update and every answer has the documented shape", async () => {
  await using fake = await telegramFake({ chats: [DM, FORUM, group(-5)] });
  const faults = (type: string, value: unknown): readonly string[] => shapeOf(type)(value);
  const reply_markup = { inline_keyboard: [[{ text: "Go", callback_data: "go" }]] };
  const ask = async (method: string, payload: object) => (await call(fake, method, payload)).result;

  fake.says(ana, FORUM, "/status", { message_thread_id: 7 });
  const asked = fake.visible(-1002)[0]?.id ?? 0;
  const sent = await ask("sendMessage", {
    ...{ chat_id: -1002, message_thread_id: 7, text: "<b>a</b> <a href='x.org'>b</a>" },
    ...{ parse_mode: "HTML", reply_parameters: { message_id: asked }, reply_markup },
  });
  const photo = await ask("sendPhoto", { chat_id: 42, photo: new Blob([PIXEL]), caption: "c" });
  const at = { chat_id: 42, message_id: photo["message_id"] };
  const edited = await ask("editMessageCaption", { ...at, caption: "d", reply_markup });
  for (const message of [sent, photo, edited]) expect(faults("Message", message)).toEqual([]);

  fake.edits(ana, FORUM, asked, "/kill");
  fake.posts(channel(-1003), "/kill");
  for (const shown of [...fake.said(-1002), ...fake.said(42)]) fake.presses(ana, shown, "go");
  const [gone] = fake.said(42);
  await ask("deleteMessage", at);
  if (gone !== undefined) fake.presses(ana, gone, "go");
  fake.block(42, true);
  fake.migrate(-5, -1009);
  const updates = (await ask("getUpdates", {})) as unknown as object[];
  expect(updates).toHaveLength(9);
  const isUpdate = shapeOf("Update");
  for (const update of updates) expect([isUpdate(update), update]).toEqual([[], update]);

  fake.block(42, false);
  expect(faults("User", await ask("getMe", {}))).toEqual([]);
  expect(faults("ChatFullInfo", await ask("getChat", { chat_id: -1002 }))).toEqual([]);
  const member = await ask("getChatMember", { chat_id: -1002, user_id: 42 });
  expect(faults("ChatMember", member)).toEqual([]);
  await ask("setWebhook", { url: `${fake.url}/nowhere`, allowed_updates: ["message"] });
  expect(faults("WebhookInfo", await ask("getWebhookInfo", {}))).toEqual([]);
  expect(fake.violations).toEqual([]);
});
