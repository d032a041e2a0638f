/** The adapter before a Telegram that was not written here: telegram-test-api. It knows few methods and breaks some rules. */

import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { TelegramServer } from "telegram-test-api/lib/telegramServer.js";
import { expect, onTestFinished, test } from "vitest";
import { ANAS_ROOM, card, ear, openAt, row, until } from "./rig.ts";

const TOKEN = "666:smoke";

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

test("a command arrives, a card with a button is seen, its press arrives, its edit is seen", async () => {
  const server = new TelegramServer({ port: await freePort(), host: "127.0.0.1" });
  await server.start();
  onTestFinished(async () => {
    await server.stop();
  });
  const { telegram, log } = openAt(server.config.apiURL, TOKEN, { rooms: [ANAS_ROOM] });
  const heard = ear();
  const client = server.getClient(TOKEN, { userId: 4242, chatId: 4242, timeout: 5_000 });
  telegram.ears.start(heard);

  await client.sendCommand(client.makeCommand("/status"));
  await until(() => heard.arrivals.length === 1);
  expect(heard.arrivals[0]).toMatchObject({
    ...{ room: ANAS_ROOM, account: "telegram:4242", text: "/status" },
  });
  expect(telegram.username()).toBe("TestNameBot");

  const buttons = [{ label: "Pause", line: "/pause", danger: false }];
  const sent = await telegram.messenger.send(row({ card: card("RUNNING", { buttons }) }), "LIVE");
  const { result } = await client.getUpdates();
  expect(result[0]?.message).toMatchObject({
    text: "<b>LIVE · RUNNING #F7A3</b>",
    reply_markup: { inline_keyboard: [[{ text: "Pause", callback_data: "/pause" }]] },
  });
  const messageId = sent.kind === "sent" ? sent.messageId : "";
  expect(messageId).toBe(`${result[0]?.messageId}`);

  // This server leaves out whose button it was.
  const pressed = { message_id: Number(messageId), date: 1, from: { id: 666, is_bot: true } };
  const press = client.makeCallbackQuery("/pause");
  await client.sendCallback({ ...press, message: { ...press.message, ...pressed } });
  await until(() => heard.arrivals.length === 2);
  expect(heard.arrivals[1]).toMatchObject({ text: "/pause", account: "telegram:4242" });

  const edit = row({ edit: true, messageId, card: card("PAUSED") });
  expect(await telegram.messenger.send(edit, "LIVE")).toEqual({ kind: "sent", messageId });
  const history = await client.getUpdatesHistory();
  const texts = history.map((one) => ("message" in one ? one.message : null));
  expect(texts).toContainEqual(expect.objectContaining({ text: "<b>LIVE · PAUSED #F7A3</b>" }));
  expect(heard.origins).toEqual([]);
  // It does not know menus and webhooks; that is said and harms nothing.
  expect(log.sentences).toContain("Telegram does not say where it sends updates");
});
