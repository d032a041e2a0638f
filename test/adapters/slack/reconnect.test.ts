import { afterEach, beforeEach, expect, test } from "vitest";
import WebSocket from "ws";
import { type SlackFake, slackFake } from "../../kit/slack-fake.ts";
import { ANA, ear, type Heard, OPS, type Opened, open, settingsOf, until } from "./rig.ts";

let fake: SlackFake;
let opened: Opened;
let heard: Heard;
const unhandled: unknown[] = [];
const keep = (reason: unknown): void => void unhandled.push(reason);

beforeEach(async () => {
  process.on("unhandledRejection", keep);
  fake = await slackFake({ pingMs: 100, graceMs: 3_000 });
  fake.addChannel(OPS);
  fake.addUser(ANA);
  opened = open(settingsOf(fake));
  heard = ear();
});
afterEach(async () => {
  await opened.close();
  process.off("unhandledRejection", keep);
  expect(unhandled).toEqual([]);
  expect(fake.violations).toEqual([]);
  expect(opened.logged.join()).not.toMatch(/xoxb|xapp|canary|http:|ws:/);
  await fake[Symbol.asyncDispose]();
});

const connected = () => until(() => fake.connections === 1, "no connection");
/** How many connections Slack counted when it greeted each. */
const counts = () =>
  fake.socketFrames
    .filter(({ body }) => body["type"] === "hello")
    .map(({ body }) => body["num_connections"]);
const hellos = () => counts().length;
const listen = async (): Promise<void> => {
  opened.slack.ears.start(heard);
  await connected();
};
const hears = async (): Promise<void> => {
  const before = heard.arrivals.length;
  fake.slash(ANA, OPS, "status");
  await until(() => heard.arrivals.length > before, "nothing was heard");
};

test("a connection that is lost is there again, and hears", async () => {
  await listen();
  fake.dropSockets("tcp");
  await until(() => hellos() === 2);
  await hears();
  expect(opened.health).toContain("failing: the connection was lost");
  await until(() => opened.health.at(-1) === "alive");
});

test.each(["disconnect-refresh", "disconnect-warning"] as const)(
  "when Slack asks for it (%s) the new connection stands before the old one goes, and nothing is lost",
  async (how) => {
    await listen();
    fake.dropSockets(how);
    const ids: string[] = [];
    for (let count = 0; count < 30; count += 1) {
      ids.push(fake.slash(ANA, OPS, "status"));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await until(() => ids.every((id) => fake.acks.has(id) || fake.failed.has(id)));
    await connected();
    // Between Slack's own closing of the one and its opening of the other there is nobody to ask.
    const asked = ids.filter((id) => fake.failed.get(id) !== "no connection");
    expect(asked.filter((id) => !fake.acks.has(id))).toEqual([]);
    expect(counts()).toEqual([1, 2]);
    expect(opened.health).toEqual(["alive"]);
    expect(opened.notes).toEqual([]);
    await hears();
  },
);

test("an acknowledgement that is owed when the connection is replaced is still given", async () => {
  await listen();
  heard.onArrival = () => undefined;
  const id = fake.slash(ANA, OPS, "status");
  await until(() => heard.echoes.length === 1);
  fake.dropSockets("disconnect-warning");
  await until(() => hellos() === 2);
  heard.echoes[0]?.taken();
  await until(() => fake.acks.has(id));
  await connected();
});

test("when Slack says that nobody may connect, that is told as lasting", async () => {
  await listen();
  fake.dropSockets("disconnect-link-disabled");
  await until(() => opened.health.at(-1) === "lasting: link_disabled");
  await until(() => fake.connections === 0);
});

test.each([
  ["invalid_auth", "lasting: invalid_auth"],
  ["token_revoked", "lasting: token_revoked"],
  ["account_inactive", "lasting: account_inactive"],
  ["link_disabled", "lasting: link_disabled"],
])("an app token that answers %s is told as lasting, and ends nothing", async (code, said) => {
  fake.fault("apps.connections.open", { kind: "error", error: code }, Number.POSITIVE_INFINITY);
  opened.slack.ears.start(heard);
  await until(() => opened.health.includes(said));
  expect(fake.connections).toBe(0);
  const asked = fake.frames.filter(({ method }) => method === "apps.connections.open");
  expect(asked).toHaveLength(1);
});

test("a refusal while reconnecting is no end", async () => {
  await listen();
  fake.fault("apps.connections.open", { kind: "500" });
  fake.fault("apps.connections.open", { kind: "garbage" });
  fake.dropSockets("tcp");
  await until(() => hellos() === 2);
  await hears();
});

test("with a wrong bot token, or with Slack down, it waits and ends nothing; when Slack is back it listens", async () => {
  fake.revoke(true);
  opened.slack.ears.start(heard);
  await until(() => opened.health.some((word) => word.startsWith("lasting: ")));
  expect(fake.connections).toBe(0);
  await opened.close();
  fake.revoke(false);
  await fake.down(true);
  opened = open(settingsOf(fake));
  opened.slack.ears.start(heard);
  await until(() => opened.health.includes("failing: not reached"));
  await fake.down(false);
  await connected();
  await hears();
});

test("where no process of ours was before, somebody else who listens is noticed at once, and then once in a while", async () => {
  const other = await fetch(`${fake.url}apps.connections.open`, {
    method: "POST",
    headers: { authorization: `Bearer ${settingsOf(fake).appToken}` },
  });
  const { url } = (await other.json()) as { url: string };
  const stranger = new WebSocket(url);
  await until(() => fake.connections === 1);
  await opened.close();
  opened = open(settingsOf(fake, { isFirst: true }));
  opened.slack.ears.start(heard);
  await until(() => opened.notes.length > 0);
  expect(opened.notes).toEqual([
    {
      ...{ kind: "security", platform: "slack", what: "second-listener", count: 1 },
      detail: "Slack counts 2 connections, 1 of them ours",
    },
  ]);
  fake.dropSockets("disconnect-warning");
  await until(() => hellos() >= 3);
  stranger.terminate();
  expect(opened.notes).toHaveLength(1);
});

test("after stopping nothing is asked, heard or opened any more", async () => {
  await listen();
  await opened.slack.ears.stop();
  await until(() => fake.connections === 0);
  const asked = fake.frames.length;
  fake.slash(ANA, OPS, "status");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect([heard.arrivals.length, fake.frames.length]).toEqual([0, asked]);
});
