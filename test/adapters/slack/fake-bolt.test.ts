/** Slack's own libraries, unchanged, against the fake: what they understand of it they would understand of Slack. */
import { App, type AppOptions, SocketModeReceiver } from "@slack/bolt";
import { WebClient } from "@slack/web-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  SLACK_APP_TOKEN,
  SLACK_BOT_TOKEN,
  type SlackFake,
  type SlackFakeOptions,
  slackFake,
  TEAM,
} from "../../kit/slack-fake.ts";
import { soon } from "../../kit/slack-fake-plain.ts";
import { QUIET_SLACK } from "../../kit/slack-quiet.ts";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

interface Running extends AsyncDisposable {
  readonly slack: SlackFake;
  readonly app: App;
  readonly client: WebClient;
  readonly receiver: SocketModeReceiver;
}

async function running(options: SlackFakeOptions = {}): Promise<Running> {
  const slack = await slackFake(options);
  slack.addUser("U0ANA", { name: "ana" });
  slack.addChannel("C0DESK");
  const clientOptions = { slackApiUrl: slack.url };
  const receiver = new SocketModeReceiver({
    ...{ appToken: SLACK_APP_TOKEN, logger: QUIET_SLACK, autoReconnectEnabled: false },
    installerOptions: { clientOptions },
  });
  const { id: botId, userId: botUserId } = slack.bot;
  const authorize: AppOptions["authorize"] = async () => {
    return { botToken: SLACK_BOT_TOKEN, botId, botUserId, teamId: TEAM };
  };
  const app = new App({ receiver, authorize, clientOptions, logger: QUIET_SLACK });
  const client = new WebClient(SLACK_BOT_TOKEN, { ...clientOptions, logger: QUIET_SLACK });
  return {
    ...{ slack, app, client, receiver },
    async [Symbol.asyncDispose]() {
      await app.stop();
      await slack[Symbol.asyncDispose]();
    },
  };
}

describe("with Bolt's own receiver", () => {
  let it: Running;
  beforeAll(async () => {
    it = await running();
    it.app.command("/claudbot", ({ ack, command }) => ack({ text: `heard ${command.text}` }));
    it.app.event("app_mention", async ({ event, say }) => {
      await say({ text: `you said ${event.text}`, thread_ts: event.ts });
    });
    it.app.action("go", async ({ ack, body, action, client }) => {
      await ack();
      if (body.type !== "block_actions" || action.type !== "button") return;
      const { channel, message } = body;
      if (channel === undefined || message === undefined) return;
      const text = `pressed ${action.value} by ${body.user.id} of ${body.user.team_id}`;
      await client.chat.update({ channel: channel.id, ts: String(message["ts"]), text });
    });
    it.app.action("ask", async ({ ack, body, client }) => {
      await ack();
      if (body.type !== "block_actions") return;
      await client.views.open({ trigger_id: body.trigger_id, view: MODAL });
    });
    it.app.view("code", async ({ ack, view }) => {
      const given = Object.values(view.state.values).map((block) => block["digits"]?.value);
      if (given[0] === "123456") return ack();
      await ack({ response_action: "errors", errors: { b: "no" } });
    });
    it.app.message("again", async ({ message, say }) => {
      await say(`in a ${"channel_type" in message ? message.channel_type : "?"}`);
    });
    await it.app.start();
  });
  afterAll(() => it[Symbol.asyncDispose]());

  test("a slash command is heard and its ack is shown to the one who typed it", async () => {
    const id = it.slack.slash("U0ANA", "C0DESK", "status BTC-USD");
    await soon(() => expect(it.slack.acks.has(id)).toBe(true));
    expect(it.slack.ephemerals("U0ANA").map(({ plain }) => plain)).toContain(
      "heard status BTC-USD",
    );
  });

  test("a mention is heard and answered in its thread", async () => {
    const id = it.slack.mentions("U0ANA", "C0DESK", "ack 4471");
    await soon(() => expect(it.slack.acks.has(id)).toBe(true));
    await soon(() => {
      const [answer] = it.slack.said("C0DESK").filter(({ plain }) => plain.includes("ack 4471"));
      expect(answer?.threadTs).toBe(it.slack.visible("C0DESK")[0]?.ts);
    });
  });

  test("a pressed button is heard with its message, and the message is changed", async () => {
    const blocks = [
      { type: "section", text: { type: "mrkdwn", text: "a &lt; b" } },
      { type: "actions", elements: [button("Go", "go", "v1"), button("Ask", "ask", "v2")] },
    ];
    const { ts } = await it.client.chat.postMessage({ channel: "C0DESK", text: "a < b", blocks });
    const find = () => it.slack.said("C0DESK").find((each) => each.ts === ts);
    const before = find();
    if (before === undefined) throw new Error("nothing is shown");
    expect(before.plain).toBe("a < b");
    it.slack.presses("U0ANA", before, "Go");
    await soon(() => expect(find()?.plain).toBe(`pressed v1 by U0ANA of ${TEAM}`));
    expect(find()).toMatchObject({ edits: 1, buttons: [] });
  });

  test("a modal opens with the trigger of a press, shows a wrong code, and closes on the right one", async () => {
    const blocks = [{ type: "actions", elements: [button("Ask", "ask", "v2")] }];
    const { ts } = await it.client.chat.postMessage({ channel: "C0DESK", text: "ask", blocks });
    const asked = it.slack.said("C0DESK").find((each) => each.ts === ts);
    if (asked === undefined) throw new Error("nothing is shown");
    it.slack.presses("U0ANA", asked, /^Ask$/);
    await soon(() => expect(it.slack.views("U0ANA")).toHaveLength(1));
    const [modal] = it.slack.views("U0ANA");
    if (modal === undefined) throw new Error("no modal");
    const wrong = it.slack.submits(modal, { digits: "000000" });
    await soon(() => {
      expect(it.slack.acks.get(wrong)?.payload).toMatchObject({ response_action: "errors" });
    });
    expect(it.slack.views("U0ANA")).toHaveLength(1);
    it.slack.submits(modal, { digits: "123456" });
    await soon(() => expect(it.slack.views("U0ANA")).toHaveLength(0));
  });

  test("a direct message is heard as one, and a person's id stands for it", async () => {
    it.slack.writes("U0ANA", it.slack.dm("U0ANA"), "again");
    const plain = () => it.slack.said(it.slack.dm("U0ANA")).map((each) => each.plain);
    await soon(() => expect(plain()).toEqual(["in a im"]));
    const { channel } = await it.client.chat.postMessage({ channel: "U0ANA", text: "hello" });
    expect(channel).toBe(it.slack.dm("U0ANA"));
  });

  test("history gives the payload of metadata only to those who ask", async () => {
    const metadata = { event_type: "delivery", event_payload: { id: "d1" } };
    const { ts = "" } = await it.client.chat.postMessage({
      channel: "C0DESK",
      text: "m",
      metadata,
    });
    const around = { channel: "C0DESK", oldest: ts, latest: ts, inclusive: true };
    const bare = await it.client.conversations.history(around);
    const full = await it.client.conversations.history({ ...around, include_all_metadata: true });
    expect(bare.messages?.map((each) => each.metadata)).toEqual([{ event_type: "delivery" }]);
    expect(full.messages?.map((each) => each.metadata)).toEqual([metadata]);
  });

  test("a picture is uploaded in its three steps and stands in the channel", async () => {
    const about = { channel_id: "C0DESK", filename: "equity.png", alt_text: "equity" };
    await it.client.filesUploadV2({ ...about, file: PNG, initial_comment: "the day" });
    const shared = it.slack.said("C0DESK").at(-1);
    expect(shared).toMatchObject({ text: "the day", files: [expect.stringMatching(/^F/)] });
    const { file } = await it.client.files.info({ file: shared?.files[0] ?? "" });
    expect(file).toMatchObject({ name: "equity.png", mimetype: "image/png", size: PNG.length });
  });

  test("an upload of another length than announced cannot be completed", async () => {
    const announced = { filename: "equity.png", length: PNG.length + 1 };
    const { upload_url = "", file_id = "" } = await it.client.files.getUploadURLExternal(announced);
    const put = await fetch(upload_url, { method: "POST", body: new Uint8Array(PNG) });
    expect(put.status).toBe(400);
    const complete = it.client.files.completeUploadExternal({ files: [{ id: file_id }] });
    await expect(complete).rejects.toThrow("file_not_found");
  });

  test("nothing Slack's own libraries send is a violation", () => {
    expect(it.slack.violations).toEqual([]);
    const auth = it.slack.frames.map(({ payload }) => payload["token"]);
    expect(auth.filter((token) => token !== undefined)).toEqual([]);
  });
});

test("the same event under a new envelope reaches the handler twice; the retry number tells", async () => {
  await using it = await running();
  const heard: unknown[] = [];
  it.app.event("app_mention", async ({ body, context }) => {
    heard.push([body.event_id, context.retryNum ?? 0]);
  });
  await it.app.start();
  const first = it.slack.mentions("U0ANA", "C0DESK", "hello", { event_id: "Ev1" });
  await soon(() => expect(it.slack.acks.has(first)).toBe(true));
  it.slack.replay(first, "retry");
  await soon(() =>
    expect(heard).toEqual([
      ["Ev1", 0],
      ["Ev1", 1],
    ]),
  );
});

test("a connection that Slack asks back or breaks is opened anew, with a new ticket", async () => {
  await using it = await running();
  await it.app.start();
  for (const how of ["disconnect-refresh", "disconnect-warning", "tcp"] as const) {
    const left = new Promise((resolve) => it.receiver.client.once("disconnected", resolve));
    it.slack.dropSockets(how);
    await left;
    await it.receiver.client.start();
    expect(it.slack.connections).toBe(1);
  }
  const id = it.slack.slash("U0ANA", "C0DESK", "status");
  it.app.command("/claudbot", ({ ack }) => ack());
  await soon(() => expect(it.slack.acks.has(id)).toBe(true));
});

test("a lost answer is an executed request: the library's own retry doubles the message", async () => {
  await using it = await running();
  it.slack.fault("chat.postMessage", { kind: "drop-after" });
  const quick = { retries: 1, minTimeout: 1 };
  const client = new WebClient(SLACK_BOT_TOKEN, {
    ...{ slackApiUrl: it.slack.url, logger: QUIET_SLACK, retryConfig: quick },
  });
  await client.chat.postMessage({ channel: "C0DESK", text: "once" });
  expect(it.slack.said("C0DESK").map(({ plain }) => plain)).toEqual(["once", "once"]);
});

const button = (label: string, action_id: string, value: string) => ({
  ...{ type: "button", action_id, value },
  text: { type: "plain_text", text: label },
});

const MODAL = {
  ...{ type: "modal" as const, callback_id: "code" },
  title: { type: "plain_text" as const, text: "Your code" },
  submit: { type: "plain_text" as const, text: "Send" },
  blocks: [
    {
      ...{ type: "input" as const, block_id: "b" },
      label: { type: "plain_text" as const, text: "Six digits" },
      element: { type: "plain_text_input" as const, action_id: "digits" },
    },
  ],
};
