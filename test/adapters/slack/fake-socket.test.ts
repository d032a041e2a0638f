/** Socket Mode of the fake of Slack and what goes over it, with a WebSocket and no Slack client. */
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import WebSocket from "ws";
import {
  SLACK_APP_TOKEN,
  type SlackFake,
  type SlackFakeOptions,
  slackFake,
  TEAM,
} from "../../kit/slack-fake.ts";
import { actions, button, plain, soon, type Told } from "../../kit/slack-fake-plain.ts";

let slack: SlackFake;
const lines: Line[] = [];
afterEach(async () => {
  for (const { socket } of lines.splice(0)) socket.terminate();
  await slack[Symbol.asyncDispose]();
});
const { ask, post } = plain(() => slack);

interface Line {
  readonly socket: WebSocket;
  readonly heard: Told[];
  /** Envelopes are acked as they come. */
  acks: boolean;
  pings: number;
  closed: boolean;
}

async function open(options: SlackFakeOptions = {}): Promise<void> {
  slack = await slackFake(options);
  slack.addUser("U0ANA", { name: "ana" });
  slack.addChannel("C0DESK", { name: "desk" });
}

const address = async (): Promise<string> =>
  String((await ask("apps.connections.open", {}, SLACK_APP_TOKEN))["url"]);

async function connect(): Promise<Line> {
  const socket = new WebSocket(await address());
  const line: Line = { socket, heard: [], acks: true, pings: 0, closed: false };
  lines.push(line);
  socket.on("message", (data) => {
    const body = JSON.parse(String(data)) as Told;
    line.heard.push(body);
    const envelope_id = body["envelope_id"];
    if (line.acks && envelope_id !== undefined) socket.send(JSON.stringify({ envelope_id }));
  });
  socket.on("ping", () => {
    line.pings += 1;
  });
  socket.on("close", () => {
    line.closed = true;
  });
  await soon(() => expect(line.heard[0]?.["type"]).toBe("hello"));
  return line;
}

const last = (line: Line): Told => line.heard.at(-1) ?? {};
const payload = (line: Line): Told => last(line)["payload"] as Told;
const acked = (id: string) => soon(() => expect(slack.acks.has(id)).toBe(true));

test("the first words of a connection are hello, and how many there are", async () => {
  await open();
  const one = await connect();
  const two = await connect();
  const told = { connection_info: { app_id: slack.bot.appId }, debug_info: expect.anything() };
  expect(one.heard).toEqual([{ type: "hello", num_connections: 1, ...told }]);
  expect(two.heard).toEqual([{ type: "hello", num_connections: 2, ...told }]);
});

test("an address is good for one connection", async () => {
  await open();
  const url = await address();
  const first = new WebSocket(url);
  await new Promise((resolve) => first.once("open", resolve));
  const status = await new Promise((resolve) => {
    new WebSocket(url).once("unexpected-response", (_, response) => resolve(response.statusCode));
  });
  expect(status).toBe(403);
  first.terminate();
});

test("a slash command is told whole and may be answered in its ack", async () => {
  await open();
  const line = await connect();
  const id = slack.slash("U0ANA", "C0DESK", "status");
  await acked(id);
  const outer = { envelope_id: id, type: "slash_commands", accepts_response_payload: true };
  expect(last(line)).toMatchObject(outer);
  expect(last(line)).not.toHaveProperty("retry_attempt");
  const origin = slack.origin.replaceAll("/", "\\/");
  expect(payload(line)).toEqual({
    ...{ token: expect.any(String), team_id: TEAM, team_domain: "claudbot-test" },
    ...{ channel_id: "C0DESK", channel_name: "desk", user_id: "U0ANA", user_name: "ana" },
    ...{ command: "/claudbot", text: "status", api_app_id: slack.bot.appId },
    ...{ is_enterprise_install: "false", trigger_id: expect.stringMatching(/^\d+\.\d+\.\w+$/) },
    response_url: expect.stringMatching(new RegExp(`^${origin}\\/commands\\/${TEAM}\\/`)),
  });
});

test("a press is told with the message as it was seen, its place, and the button without its confirmation", async () => {
  await open();
  const line = await connect();
  const words = { type: "plain_text", text: "x" };
  const confirm = { title: words, text: words, confirm: words, deny: words };
  const blocks = [{ ...actions(button("Kill", { confirm, style: "danger" })), block_id: "row" }];
  const ts = await post("C0DESK", { blocks });
  const [shown] = slack.said("C0DESK");
  if (shown === undefined) throw new Error("nothing is shown");
  await ask("chat.update", { channel: "C0DESK", ts, text: "killed" });
  await acked(slack.presses("U0ANA", shown, "Kill"));
  expect(payload(line)).toMatchObject({
    ...{ type: "block_actions", api_app_id: slack.bot.appId, team: { id: TEAM } },
    user: { id: "U0ANA", username: "ana", name: "ana", team_id: TEAM },
    container: { type: "message", message_ts: ts, channel_id: "C0DESK", is_ephemeral: false },
    channel: { id: "C0DESK", name: "desk" },
    message: { ts, text: "t", bot_id: slack.bot.id, blocks },
    ...{ trigger_id: expect.any(String), response_url: expect.any(String), state: { values: {} } },
  });
  const text = { type: "plain_text", text: "Kill", emoji: true };
  const pressed = { action_id: "a-Kill", block_id: "row", value: "v-Kill", type: "button" };
  const action = { ...pressed, text, style: "danger", action_ts: expect.any(String) };
  expect(payload(line)["actions"]).toEqual([action]);
});

test("a mention and a direct message are told whole, and what is special of them", async () => {
  await open();
  slack.addUser("U0FAR", { team: "T0PARTNER", stranger: true });
  slack.addChannel("C0SHARED", { extShared: true });
  const line = await connect();
  await acked(slack.mentions("U0FAR", "C0SHARED", "status", { event_id: "Ev7" }));
  expect(last(line)).toMatchObject({ type: "events_api", accepts_response_payload: false });
  expect(payload(line)).toMatchObject({
    ...{ type: "event_callback", event_id: "Ev7", team_id: TEAM, api_app_id: slack.bot.appId },
    ...{ event_time: expect.any(Number), is_ext_shared_channel: true },
    authorizations: [{ team_id: TEAM, user_id: slack.bot.userId, is_bot: true }],
    event: {
      ...{ type: "app_mention", user: "U0FAR", text: `<@${slack.bot.userId}> status` },
      ...{ channel: "C0SHARED", team: "T0PARTNER", user_team: "T0PARTNER" },
      ...{ ts: expect.any(String), event_ts: expect.any(String), blocks: expect.any(Array) },
    },
  });
  await acked(slack.writes("U0ANA", slack.dm("U0ANA"), "status", { subtype: "me_message" }));
  const event = { type: "message", channel_type: "im", subtype: "me_message", text: "status" };
  expect(payload(line)["event"]).toMatchObject(event);
  expect(payload(line)["event"]).not.toHaveProperty("user_team");
});

test("several connections share what comes", async () => {
  await open();
  const both = [await connect(), await connect()];
  for (const line of ["1", "2", "3", "4"]) await acked(slack.slash("U0ANA", "C0DESK", line));
  expect(both.map(({ heard }) => heard.length)).toEqual([3, 3]);
});

test("without a connection a command comes to nothing and an event waits for its next delivery", async () => {
  await open();
  const command = slack.slash("U0ANA", "C0DESK", "status");
  const event = slack.mentions("U0ANA", "C0DESK", "status");
  expect(slack.failed.get(command)).toBe("no connection");
  const line = await connect();
  await acked(event);
  expect(line.heard.map(({ type }) => type)).toEqual(["hello", "events_api"]);
  expect(last(line)).toMatchObject({
    retry_attempt: expect.any(Number),
    retry_reason: expect.any(String),
  });
  expect(last(line)["envelope_id"]).not.toBe(event);
});

test("an event that nobody acks comes three times again, a command never", async () => {
  await open({ ackMs: 5, retryMs: [5, 5, 5] });
  const line = await connect();
  line.acks = false;
  const command = slack.slash("U0ANA", "C0DESK", "status");
  slack.mentions("U0ANA", "C0DESK", "status");
  const events = () => line.heard.filter(({ type }) => type === "events_api");
  await soon(() => expect(events()).toHaveLength(4));
  await pause(30);
  expect(events().map((each) => each["retry_attempt"])).toEqual([undefined, 1, 2, 3]);
  const ids = events().map((each) => (each["payload"] as Told)["event_id"]);
  expect(new Set(ids).size).toBe(1);
  expect(line.heard.filter(({ type }) => type === "slash_commands")).toHaveLength(1);
  expect(slack.failed.get(command)).toBe("timeout");
});

test("the same envelope, the same event in a new one, and a retry can be sent again", async () => {
  await open();
  const line = await connect();
  const first = slack.mentions("U0ANA", "C0DESK", "status");
  await acked(first);
  const ids = [];
  for (const as of ["same-envelope", "new-envelope", "retry"] as const) {
    const id = slack.replay(first, as);
    await acked(id);
    ids.push([id === first, last(line)["retry_attempt"]]);
  }
  expect(ids).toEqual([
    [true, undefined],
    [false, undefined],
    [false, 1],
  ]);
  expect(
    new Set(line.heard.slice(1).map((each) => (each["payload"] as Told)["event_id"])).size,
  ).toBe(1);
});

test("an ack of nothing, or with words where none are taken, is a violation", async () => {
  await open();
  const line = await connect();
  line.acks = false;
  line.socket.send(JSON.stringify({ envelope_id: "e9" }));
  const envelope_id = slack.mentions("U0ANA", "C0DESK", "status");
  line.socket.send(JSON.stringify({ envelope_id, payload: { text: "x" } }));
  await acked(envelope_id);
  expect(slack.violations).toHaveLength(2);
});

test("pings come by themselves, and the client's are answered", async () => {
  await open({ pingMs: 5 });
  const line = await connect();
  const pong = new Promise((resolve) => line.socket.once("pong", (data) => resolve(String(data))));
  line.socket.ping("here");
  expect(await pong).toBe("here");
  await soon(() => expect(line.pings).toBeGreaterThan(2));
});

test("a connection is broken, or asked to go, served no more and then cut", async () => {
  await open({ graceMs: 20 });
  const broken = await connect();
  slack.dropSockets("tcp");
  await soon(() => expect(broken.closed).toBe(true));
  const refreshed = await connect();
  slack.dropSockets("disconnect-refresh");
  const lost = slack.slash("U0ANA", "C0DESK", "status");
  expect(slack.failed.get(lost)).toBe("no connection");
  await soon(() => expect(refreshed.closed).toBe(true));
  expect(last(refreshed)).toMatchObject({ type: "disconnect", reason: "refresh_requested" });
});

test("a warned connection is still served", async () => {
  await open();
  const warned = await connect();
  slack.dropSockets("disconnect-warning");
  await acked(slack.slash("U0ANA", "C0DESK", "status"));
  expect(warned.heard.map(({ type }) => type)).toEqual(["hello", "disconnect", "slash_commands"]);
  expect(warned.heard[1]).toMatchObject({ reason: "warning" });
});

test("a silent connection stays open, says nothing, and hears nothing", async () => {
  await open({ pingMs: 5 });
  const line = await connect();
  slack.dropSockets("silent");
  const id = slack.slash("U0ANA", "C0DESK", "status");
  const { pings } = line;
  line.socket.ping();
  line.socket.send(JSON.stringify({ envelope_id: id }));
  const pong = vi.fn();
  line.socket.on("pong", pong);
  await pause(30);
  expect([line.heard.length, slack.acks.size, line.closed, slack.connections]).toEqual([
    1,
    0,
    false,
    1,
  ]);
  expect(line.pings - pings).toBeLessThan(2);
  expect(pong).not.toHaveBeenCalled();
  const live = await connect();
  await acked(slack.slash("U0ANA", "C0DESK", "status"));
  expect(live.heard).toHaveLength(2);
});
