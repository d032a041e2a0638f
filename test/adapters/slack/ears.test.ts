import { afterEach, beforeEach, expect, test } from "vitest";
import { serveHooks } from "../../../src/adapters/http/hooks.ts";
import { button, card } from "../../../src/chat/compose.ts";
import type { SlackFault } from "../../kit/slack-fake.ts";
import { type SlackFake, slackFake, TEAM } from "../../kit/slack-fake.ts";
import {
  ANA,
  CARD,
  delivery,
  ear,
  type Heard,
  OPS,
  type Opened,
  open,
  settingsOf,
  until,
} from "./rig.ts";

const BO = "U0BO";

let fake: SlackFake;
let opened: Opened;
let heard: Heard;

beforeEach(async () => {
  fake = await slackFake({ pingMs: 200, graceMs: 300 });
  fake.addChannel(OPS);
  fake.addUser(ANA);
  fake.addUser(BO);
  opened = open(settingsOf(fake));
  heard = ear();
  opened.slack.ears.start(heard);
  await until(() => opened.health.includes("alive") && fake.connections === 1);
});
afterEach(async () => {
  await opened.close();
  expect(fake.violations).toEqual([]);
  expect(opened.logged.join()).not.toMatch(/xoxb|xapp|canary|65,084|http:|ws:/);
  await fake[Symbol.asyncDispose]();
});

const acked = (id: string) => until(() => fake.acks.has(id), "no ack came");
const acks = (id: string) =>
  fake.socketFrames.filter(
    ({ direction, body }) => direction === "in" && body["envelope_id"] === id,
  );

test("what people say is heard whichever way they say it, and each is acknowledged once without a word", async () => {
  await opened.slack.messenger.send(
    delivery({ card: { ...CARD, buttons: [button("Pause", "/pause")] } }),
    "LIVE nyc1",
  );
  const [shown] = fake.said(OPS);
  if (shown === undefined) throw new Error("nothing was said");
  const ids = [
    fake.slash(ANA, OPS, "status BTC-USD"),
    fake.mentions(ANA, OPS, "orders"),
    fake.writes(ANA, fake.dm(ANA), "kill"),
    fake.presses(ANA, shown, "Pause"),
  ];
  for (const id of ids) await acked(id);
  const said = heard.arrivals.map(({ text, room, account }) => [text, room, account]);
  expect(said.sort()).toEqual(
    [
      ["/kill", `@${ANA}`],
      ["/orders", OPS],
      ["/pause", OPS],
      ["/status BTC-USD", OPS],
    ].map(([text, room]) => [text, `slack:${room}`, `slack:${TEAM}/${ANA}`]),
  );
  for (const id of ids) {
    expect(acks(id).map(({ body }) => body)).toEqual([{ envelope_id: id }]);
  }
});

test("what is not for us is acknowledged and otherwise nothing", async () => {
  const ids = [
    fake.writes(ANA, OPS, "talk among people"),
    fake.push("interactive", {
      ...{ type: "shortcut", callback_id: "x", trigger_id: "1.2", user: { id: ANA } },
      team: { id: TEAM },
    }),
  ];
  for (const id of ids) await acked(id);
  expect([...heard.arrivals, ...heard.away]).toEqual([]);
});

test("nobody is obeyed whom Slack itself calls a stranger, a bot or a guest; all of them are acknowledged", async () => {
  fake.addUser("U0FOREIGN", { team: "T0PARTNER", stranger: true });
  fake.addChannel("C0SHARED", { extShared: true });
  const dm = fake.dm(ANA);
  const acts: readonly (readonly [string, string])[] = [
    ["foreign-team", fake.mentions("U0FOREIGN", OPS, "kill")],
    ["foreign-team", fake.mentions(ANA, "C0SHARED", "kill")],
    ["foreign-team", fake.slash(ANA, OPS, "kill", { team_id: "T0PARTNER" })],
    ["bot", fake.mentions(ANA, OPS, "kill", { bot_id: "B0OTHER" })],
    ["edited", fake.writes(ANA, dm, "kill", { subtype: "message_changed" })],
  ];
  for (const [, id] of acts) await acked(id);
  expect([...heard.away].sort()).toEqual(acts.map(([origin]) => origin).sort());
  expect(heard.arrivals).toEqual([]);
});

test("what Slack sends again keeps its name, so that it is known", async () => {
  await opened.slack.messenger.send(
    delivery({ card: { ...CARD, buttons: [button("Pause", "/pause")] } }),
    "LIVE nyc1",
  );
  const [shown] = fake.said(OPS);
  if (shown === undefined) throw new Error("nothing was said");
  for (const act of [
    () => fake.slash(ANA, OPS, "pause"),
    () => fake.mentions(ANA, OPS, "pause"),
    () => fake.presses(ANA, shown, "Pause"),
  ]) {
    const before = heard.arrivals.length;
    const id = act();
    await acked(id);
    for (const as of ["same-envelope", "new-envelope", "retry"] as const) {
      await acked(fake.replay(id, as));
    }
    await until(() => heard.arrivals.length === before + 4);
    expect(new Set(heard.arrivals.slice(before).map((arrival) => arrival.id)).size).toBe(1);
  }
});

test("two presses of one button are two, and of two people too", async () => {
  await opened.slack.messenger.send(
    delivery({ card: { ...CARD, buttons: [button("Pause", "/pause")] } }),
    "LIVE nyc1",
  );
  const [shown] = fake.said(OPS);
  if (shown === undefined) throw new Error("nothing was said");
  const ids = [ANA, ANA, BO].map((user) => fake.presses(user, shown, "Pause"));
  for (const id of ids) await acked(id);
  expect(new Set(heard.arrivals.map(({ id }) => id)).size).toBe(3);
});

test("a mention in a thread is answered there", async () => {
  await acked(fake.mentions(ANA, OPS, "status", { thread_ts: "1794506825.000100" }));
  expect(heard.arrivals[0]?.under).toBe("1794506825.000100");
});

test("it is acknowledged when it is kept and not before, and only once", async () => {
  heard.onArrival = () => undefined;
  const id = fake.slash(ANA, OPS, "status");
  await until(() => heard.arrivals.length === 1);
  expect(fake.acks.has(id)).toBe(false);
  heard.echoes[0]?.taken();
  await acked(id);
  heard.echoes[0]?.taken();
  await acked(fake.writes(ANA, OPS, "talk"));
  expect(acks(id)).toHaveLength(1);
});

const REFUSAL = card({ headline: "Not executed: 3 minutes old", mark: "⚠️" });
const whisper = async (): Promise<boolean | undefined> => {
  await until(() => heard.echoes.length > 0);
  return heard.echoes.at(-1)?.whisper(REFUSAL);
};

test("a refusal is shown where they are, to them alone", async () => {
  fake.slash(ANA, OPS, "resume");
  expect(await whisper()).toBe(true);
  expect(fake.ephemerals(ANA).map(({ plain }) => plain)).toEqual([
    "*⚠️ Not executed: 3 minutes old*",
  ]);
  expect(fake.said(OPS)).toEqual([]);
});

test.each<[string, SlackFault]>([
  ["not in the channel", { kind: "error", error: "user_not_in_channel" }],
  ["without an answer", { kind: "drop-before" }],
])("a refusal that cannot be shown there, %s, comes as a direct message", async (_what, fault) => {
  fake.fault("chat.postEphemeral", fault);
  fake.slash(ANA, OPS, "resume");
  expect(await whisper()).toBe(true);
  expect(fake.said(fake.dm(ANA)).map(({ plain }) => plain)).toEqual([
    "*⚠️ Not executed: 3 minutes old*",
  ]);
});

test("where neither works, or in direct messages, it is left to whoever asks to say it", async () => {
  fake.writes(ANA, fake.dm(ANA), "resume");
  expect(await whisper()).toBe(false);
  expect(fake.frames.some(({ method }) => method.startsWith("chat."))).toBe(false);
  fake.fault("chat.postEphemeral", { kind: "500" });
  fake.fault("conversations.open", { kind: "500" });
  fake.slash(ANA, OPS, "resume");
  await until(() => heard.echoes.length === 2);
  expect(await whisper()).toBe(false);
});

test("over HTTP the same is heard and answered", async () => {
  const signed = open(settingsOf(fake, { appToken: null }));
  const { hook, ears, messenger } = signed.slack;
  if (hook === null) throw new Error("HTTP mode has a hook");
  const server = await serveHooks({ host: "127.0.0.1", port: 0, hooks: [hook], log: signed.log });
  if (!server.ok) throw new Error(server.error);
  const listener = ear();
  ears.start(listener);
  fake.http.deliverTo(`${server.value.url}${hook.path}`);
  await messenger.send(
    delivery({ card: { ...CARD, buttons: [button("Pause", "/pause")] } }),
    "LIVE nyc1",
  );
  const [shown] = fake.said(OPS);
  if (shown === undefined) throw new Error("nothing was said");
  const ids = [
    fake.slash(ANA, OPS, "status"),
    fake.mentions(ANA, OPS, "orders"),
    fake.presses(ANA, shown, "Pause"),
  ];
  for (const id of ids) await acked(id);
  expect(listener.arrivals.map(({ text }) => text).sort()).toEqual([
    "/orders",
    "/pause",
    "/status",
  ]);
  await server.value.close();
  await signed.close();
});
