import { WebClient, type WebClientOptions } from "@slack/web-api";
import { createEmulator, type Emulator } from "emulate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openClient } from "../../../src/adapters/slack/client.ts";
import { whispers } from "../../../src/adapters/slack/whisper.ts";
import { button, card } from "../../../src/chat/compose.ts";
import { roomId } from "../../../src/core/kernel/ids.ts";
import type { Delivery } from "../../../src/ports/deliveries.ts";
import { SLACK_BOT_TOKEN } from "../../kit/slack-fake.ts";
import { QUIET_SLACK } from "../../kit/slack-quiet.ts";
import { CARD, delivery, type Opened, open, SEAL, settingsOf } from "./rig.ts";
import { uncertain } from "./scene.ts";

// Our mouth against a Slack that was written elsewhere. It has no Socket Mode, and takes any token and any block.
const HEADING = "LIVE nyc1";

let emulator: Emulator;
let web: WebClient;
let opened: Opened;
let channel = "";
let person = "";

beforeAll(async () => {
  const slack = {
    users: [{ name: "ana" }, { name: "claudbot" }],
    channels: [{ name: "desk" }],
    tokens: [{ token: SLACK_BOT_TOKEN, user: "claudbot" }],
  };
  emulator = await createEmulator({ service: "slack", port: 0, seed: { slack } });
  web = new WebClient(SLACK_BOT_TOKEN, options());
  const { channels = [] } = await web.conversations.list();
  const { members = [] } = await web.users.list({});
  channel = channels.find(({ name }) => name === "desk")?.id ?? "";
  person = members.find(({ name }) => name === "ana")?.id ?? "";
  opened = open(settingsOf({ url: `${emulator.url}/api/` }, { appToken: null }));
});
afterAll(async () => {
  await opened.close();
  await emulator.close();
});

const room = () => roomId(`slack:${channel}`);
const options = (): WebClientOptions => ({
  ...{ slackApiUrl: `${emulator.url}/api/`, retryConfig: { retries: 0 }, logger: QUIET_SLACK },
});
/** The id it was sent with. */
async function sendTo(of: Partial<Delivery>): Promise<string> {
  const sent = await opened.slack.messenger.send(delivery({ room: room(), ...of }), HEADING);
  if (sent.kind !== "sent") throw new Error(`${sent.kind}: ${sent.why}`);
  return sent.messageId;
}

test("a message is sent, edited and found again by the name it carries", async () => {
  const row = uncertain({ room: room(), dedupe: "fill:1" });
  expect(await opened.slack.messenger.find?.(row, HEADING)).toEqual({ kind: "absent" });
  const buttons = [button("Kill…", "/kill", true)];
  const messageId = await sendTo({ dedupe: "fill:1", card: { ...CARD, buttons } });
  expect(await opened.slack.messenger.find?.(row, HEADING)).toEqual({ kind: "shown", messageId });
  const edit = { edit: true, messageId, dedupe: "fill:2", card: card({ headline: "later" }) };
  expect(await sendTo(edit)).toBe(messageId);
  const { messages = [] } = await web.conversations.history({ channel });
  expect(messages.find(({ ts }) => ts === messageId)).toMatchObject({
    text: "LIVE nyc1 · later",
    blocks: [{ type: "section", text: { text: "*LIVE nyc1 · later*" } }],
  });
});

test("an outcome is a reply in the thread of its root, and a message that is gone is sent anew", async () => {
  const rootId = await sendTo({ dedupe: "kill:1" });
  const row = uncertain({ room: room(), rootId, dedupe: "kill:2" });
  const reply = await sendTo({ rootId, lane: "critical", dedupe: "kill:2" });
  const { messages = [] } = await web.conversations.replies({ channel, ts: rootId });
  expect(messages.find(({ ts }) => ts === reply)).toMatchObject({ thread_ts: rootId });
  expect(await opened.slack.messenger.find?.(row, HEADING)).toEqual({
    kind: "shown",
    messageId: reply,
  });
  expect(await sendTo({ edit: true, messageId: "1794506825.000100" })).not.toBe(
    "1794506825.000100",
  );
});

test("a room that is not there is refused and told", async () => {
  const nowhere = delivery({ room: roomId("slack:C0NOWHERE") });
  expect(await opened.slack.messenger.send(nowhere, HEADING)).toEqual({
    kind: "refused",
    why: "channel_not_found",
  });
  expect(opened.notes).toMatchObject([{ kind: "lost", room: "slack:C0NOWHERE" }]);
});

test("a refusal that cannot be whispered in a channel comes as a direct message", async () => {
  const { ask } = openClient(SLACK_BOT_TOKEN, options(), null);
  const speaker = { user: person, channel: "C0NOWHERE", isDirect: false, thread: null };
  const { whisper } = whispers({ ask, seal: SEAL, log: opened.log })(speaker);
  expect(await whisper(card({ headline: "Not executed" }))).toBe(true);
  const { channel: direct } = await web.conversations.open({ users: person });
  const { messages = [] } = await web.conversations.history({ channel: direct?.id ?? "" });
  expect(messages.map(({ text }) => text)).toEqual(["Not executed"]);
});
