/** telegraf as it comes from npm works on our own Telegram. It shares no code with the fake, nor with the client we use. */
import { type Context, Input, Markup, Telegraf, TelegramError } from "telegraf";
import { expect, test } from "vitest";
import { privateChat, type TelegramFake, telegramFake, user } from "../../kit/telegram-fake.ts";
import { SOON } from "../../kit/telegram-fake-caller.ts";
import { PIXEL } from "../../kit/telegram-fake-photo.ts";

const ana = user(42, "Ana");
const DM = privateChat(ana);
const MENU = [{ command: "status", description: "How it stands" }];

const botOn = (fake: TelegramFake): Telegraf =>
  new Telegraf(fake.token, { telegram: { apiRoot: fake.url } });

const polls = (fake: TelegramFake) => fake.frames.filter(({ method }) => method === "getUpdates");

/** Runs the bot while `during` runs; then stops it and waits for its end. */
async function running(
  fake: TelegramFake,
  bot: Telegraf,
  during: () => Promise<void>,
): Promise<void> {
  const errors: unknown[] = [];
  bot.catch((error) => void errors.push(error));
  const ended = bot.launch({ allowedUpdates: ["message", "callback_query"] });
  await expect.poll(() => polls(fake).length, SOON).toBe(1);
  try {
    await during();
  } finally {
    bot.stop();
    await ended;
  }
  expect(errors).toEqual([]);
}

test("telegraf answers /status, shows buttons, edits on a press, sends a picture and a menu", async () => {
  // It gives every button a field of its own invention.
  await using fake = await telegramFake({ chats: [DM], unknownFields: "ignored" });
  const bot = botOn(fake);
  bot.command("status", (on: Context) =>
    on.replyWithHTML("<b>RUNNING</b> &amp; well", {
      ...Markup.inlineKeyboard([Markup.button.callback("Refresh", "r:1")]),
      reply_parameters: { message_id: on.message?.message_id ?? 0 },
    }),
  );
  bot.action(/^r:(\d)$/, async (on) => {
    await on.answerCbQuery("seen");
    await on.editMessageText(`refreshed ${on.match[1]}`);
    const sent = await on.replyWithPhoto(Input.fromBuffer(PIXEL, "day.png"), { caption: "day" });
    await on.telegram.editMessageCaption(42, sent.message_id, undefined, "night");
    await on.telegram.setMyCommands(MENU, { scope: { type: "chat", chat_id: 42 } });
    await on.deleteMessage();
  });
  await running(fake, bot, async () => {
    fake.says(ana, DM, "/status");
    await expect.poll(() => fake.said(42).length, SOON).toBe(1);
    const [shown] = fake.said(42);
    if (shown === undefined) throw new Error("nothing was said");
    expect(shown).toMatchObject({
      ...{ text: "RUNNING & well", replyTo: fake.visible(42)[0]?.id, edits: 0 },
      buttons: [[{ label: "Refresh", data: "r:1" }]],
      entities: [{ type: "bold", offset: 0, length: 7 }],
    });
    fake.presses(ana, shown, "Refresh");
    await expect.poll(() => fake.said(42).map(({ text }) => text), SOON).toEqual(["night"]);
    expect(fake.frames.map(({ payload }) => payload["text"])).toContain("refreshed 1");
    expect(fake.callbackAnswers).toMatchObject([{ text: "seen", alert: false }]);
    expect(Buffer.from(fake.said(42)[0]?.photo ?? [])).toEqual(PIXEL);
    expect([...fake.menus.values()]).toEqual([MENU]);
  });
  expect(fake.updates).toEqual({ given: 2, confirmed: 2, waiting: 0 });
  expect(fake.violations).toEqual([]);
});

test("telegraf waits out a 429 on polling and loses nothing", async () => {
  await using fake = await telegramFake({ chats: [DM] });
  fake.fault("getUpdates", { kind: "429", retryAfter: 1 });
  const bot = botOn(fake);
  const heard: string[] = [];
  bot.on("text", (on) => void heard.push(on.message.text));
  await running(fake, bot, async () => {
    fake.says(ana, DM, "one");
    await expect.poll(() => heard, SOON).toEqual(["one"]);
  });
  expect(polls(fake)[0]?.status).toBe(429);
});

test("telegraf hears of a second copy as 409, and of a revoked token as 401", async () => {
  await using fake = await telegramFake({ chats: [DM] });
  const first = botOn(fake);
  const cut = first.launch();
  await expect.poll(() => polls(fake).length, SOON).toBe(1);
  const second = botOn(fake);
  const revoked = second.launch();
  await expect(cut).rejects.toMatchObject({
    ...{ code: 409, description: expect.stringContaining("terminated by other getUpdates") },
  });
  fake.revoke(true);
  await expect(revoked).rejects.toMatchObject({ code: 401 });
});

test("telegraf reads the fake's refusals as Telegram's", async () => {
  await using fake = await telegramFake({ chats: [DM] });
  const { telegram } = botOn(fake);
  const refused = async (asked: Promise<unknown>): Promise<TelegramError> => {
    const error = await asked.then(
      () => null,
      (cause: unknown) => cause,
    );
    if (!(error instanceof TelegramError)) throw new Error("it was not refused");
    return error;
  };
  const html = await refused(telegram.sendMessage(42, "<b>", { parse_mode: "HTML" }));
  expect(html.description).toMatch(/^Bad Request: can't parse entities/);
  fake.fault("sendMessage", { kind: "429", retryAfter: 7 });
  expect((await refused(telegram.sendMessage(42, "a"))).parameters).toEqual({ retry_after: 7 });
  fake.block(42, true);
  expect((await refused(telegram.sendMessage(42, "a"))).code).toBe(403);
});
