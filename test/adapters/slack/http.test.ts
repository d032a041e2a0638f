import { createHmac } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { openSlack } from "../../../src/adapters/slack/open-slack.ts";
import type { SlackDoors } from "../../../src/adapters/slack/slack.ts";
import type { Hook, HookReply } from "../../../src/ports/hook.ts";
import { type ManualTime, manualTime } from "../../kit/manual-time.ts";
import { NOW } from "../../kit/sample-desk.ts";
import { TEAM } from "../../kit/slack-fake.ts";
import { ANA, ear, type Heard, OPS, SEAL, type Told, told } from "./rig.ts";

const SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
const AUTH = { ok: true, team_id: TEAM, user_id: "U0BOT", bot_id: "B0BOT" };

let time: ManualTime;
let hook: Hook;
let heard: Heard;
let all: Told;

const doorsOf = (fetch: typeof globalThis.fetch): SlackDoors => ({
  ...all,
  ...{ clock: time.clock, timers: time.timers, seal: SEAL, fetch },
  openSocket: () => ({ send: () => undefined, close: () => undefined }),
});
const settings = {
  ...{ apiUrl: "https://slack.test/api/", botToken: "xoxb-1", appToken: null },
  ...{ signingSecret: SECRET, command: "/claudbot", accounts: [] },
};

beforeEach(async () => {
  time = manualTime(NOW);
  all = told();
  heard = ear();
  const slack = openSlack(
    doorsOf(async () => Response.json(AUTH)),
    settings,
  );
  if (slack.hook === null) throw new Error("HTTP mode has a hook");
  hook = slack.hook;
  slack.ears.start(heard);
  await time.settle();
});

const sign = (ts: number | string, body: string, secret = SECRET): string =>
  `v0=${createHmac("sha256", secret).update(`v0:${ts}:${body}`).digest("hex")}`;
const nowS = (): number => Math.floor(time.clock.now() / 1000);

interface Sent {
  readonly ts?: number | string;
  readonly signature?: string;
  readonly type?: string;
  readonly more?: Readonly<Record<string, string>>;
}
const post = (body: string, { ts = nowS(), signature, type, more }: Sent = {}) =>
  hook.answer({
    method: "POST",
    headers: {
      "content-type": type ?? (body.startsWith("{") ? "application/json" : FORM),
      "x-slack-request-timestamp": String(ts),
      "x-slack-signature": signature ?? sign(ts, body),
      ...more,
    },
    body: Buffer.from(body),
  });
const FORM = "application/x-www-form-urlencoded";
let triggers = 0;
const slash = (text = "status"): string => {
  triggers += 1;
  return new URLSearchParams({
    ...{ team_id: TEAM, channel_id: OPS, user_id: ANA, command: "/claudbot", text },
    trigger_id: `13.${triggers}`,
  }).toString();
};
const mention = (id = "Ev1"): string =>
  JSON.stringify({
    ...{ type: "event_callback", team_id: TEAM, event_id: id },
    event: {
      type: "app_mention",
      user: ANA,
      text: "<@U0BOT> kill",
      ts: "1794506825.1",
      channel: OPS,
    },
  });

test("a signed command, event or press is heard and answered with nothing more than that it came", async () => {
  expect(await post(slash())).toEqual({ status: 200 });
  expect(await post(mention())).toEqual({ status: 200 });
  const press = {
    ...{ type: "block_actions", team: { id: TEAM }, user: { id: ANA, team_id: TEAM } },
    channel: { id: OPS },
    actions: [{ type: "button", action_id: "cb:0", value: "/pause", action_ts: "1794506825.2" }],
  };
  expect(await post(new URLSearchParams({ payload: JSON.stringify(press) }).toString())).toEqual({
    status: 200,
  });
  expect(heard.arrivals.map(({ text }) => text)).toEqual(["/status", "/kill", "/pause"]);
  expect(heard.away).toEqual([]);
});

test("Slack's question whether we are here is answered when it is signed, and the other half is not", async () => {
  const body = JSON.stringify({ type: "url_verification", challenge: "3eZbrw1aB" });
  expect(await post(body)).toEqual({ status: 200, type: "text/plain", body: "3eZbrw1aB" });
  expect(await post(body, { signature: sign(nowS(), "other") })).toEqual({ status: 401 });
});

test.each([
  ["another secret", (ts: number, body: string) => sign(ts, body, "wrong")],
  ["another body", (ts: number) => sign(ts, "other")],
  ["another time", (ts: number, body: string) => sign(ts - 1, body)],
  ["nothing", () => ""],
  ["another version", (ts: number, body: string) => sign(ts, body).replace("v0", "v1")],
  ["half of a signature", (ts: number, body: string) => sign(ts, body).slice(0, 40)],
])("a request signed with %s is turned away unheard", async (_what, signed) => {
  const body = slash();
  expect(await post(body, { signature: signed(nowS(), body) })).toEqual({ status: 401 });
  expect(heard.arrivals).toEqual([]);
  expect(heard.away).toEqual(["unsigned"]);
});

test.each([
  ["as old as Slack allows", -300, 200],
  ["older", -301, 401],
  ["as far ahead as a clock may be", 300, 200],
  ["further ahead", 301, 401],
])("a request that is %s answers %s seconds with %s", async (_what, seconds, status) => {
  expect(await post(slash(), { ts: nowS() + seconds })).toEqual({ status });
});

test.each(["", "soon", "1e9", "-5", "0x10"])("a time that is none (%j) is refused", async (ts) => {
  expect(await post(slash(), { ts })).toEqual({ status: 401 });
});

test("a good signature is good once, for as long as its time would be", async () => {
  const body = slash();
  const ts = nowS() + 300;
  expect(await post(body, { ts })).toEqual({ status: 200 });
  expect(await post(body, { ts })).toEqual({ status: 401 });
  await time.pass(590_000);
  expect(await post(body, { ts })).toEqual({ status: 401 });
  await time.pass(20_000);
  expect(await post(body, { ts })).toEqual({ status: 401 });
  expect(heard.arrivals).toHaveLength(1);
});

test("an event that Slack sends again, newly signed, is heard again under the same name", async () => {
  await post(mention());
  await time.pass(60_000);
  const again = { "x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout" };
  expect(await post(mention(), { more: again })).toEqual({ status: 200 });
  expect(new Set(heard.arrivals.map(({ id }) => id))).toEqual(new Set(["slack:Ev1"]));
});

test("what cannot be read is refused and counted, and only POST is answered", async () => {
  expect(await post("{nonsense")).toEqual({ status: 400 });
  expect(await post('["a list"]', { type: "application/json" })).toEqual({ status: 400 });
  expect(await post("payload=%7Bnonsense")).toEqual({ status: 400 });
  expect(await post("")).toEqual({ status: 400 });
  expect(heard.away).toEqual(["malformed", "malformed", "malformed", "malformed"]);
  expect(await post(JSON.stringify({ event: "text" }))).toEqual({ status: 200 });
  expect(heard.away).toHaveLength(5);
  const get = { method: "GET", headers: {}, body: new Uint8Array() };
  expect(await hook.answer(get)).toEqual({ status: 405 });
});

test("a slash command was said when Slack signed it, however late it comes", async () => {
  await post(slash(), { ts: nowS() - 90 });
  await post(slash(), { ts: nowS() + 90 });
  const ages = heard.arrivals.map(({ sentAt, receivedAt }) => receivedAt - sentAt);
  expect(ages).toEqual([90_000, 0]);
});

test("a mention that comes before we know our name is not taken, so that Slack sends it again", async () => {
  const slack = openSlack(
    doorsOf(async () => Response.json({ ok: false, error: "internal_error" })),
    { ...settings, accounts: [`slack:${TEAM}/${ANA}`] },
  );
  slack.ears.start(heard);
  const body = mention();
  const headers = {
    ...{ "content-type": "application/json", "x-slack-request-timestamp": String(nowS()) },
    "x-slack-signature": sign(nowS(), body),
  };
  const reply = slack.hook?.answer({ method: "POST", headers, body: Buffer.from(body) });
  expect(await reply).toEqual({ status: 503 });
  expect([...heard.arrivals, ...heard.away]).toEqual([]);
});

test("a shortcut is acknowledged and otherwise left alone", async () => {
  const shortcut = JSON.stringify({
    type: "shortcut",
    callback_id: "x",
    team: { id: TEAM },
    user: { id: ANA },
  });
  expect(await post(new URLSearchParams({ payload: shortcut }).toString())).toEqual({
    status: 200,
  });
  expect([...heard.arrivals, ...heard.away]).toEqual([]);
});

test("the answer waits until what came is kept, but no longer than Slack does", async () => {
  heard.onArrival = () => undefined;
  let kept: HookReply | null = null;
  void post(slash()).then((reply) => {
    kept = reply;
  });
  await time.settle();
  expect(kept).toBeNull();
  heard.echoes[0]?.taken();
  await time.settle();
  expect(kept).toEqual({ status: 200 });

  let late: HookReply | null = null;
  void post(slash()).then((reply) => {
    late = reply;
  });
  await time.pass(1_499);
  expect(late).toBeNull();
  await time.pass(1);
  expect(late).toEqual({ status: 200 });
  heard.echoes[1]?.taken();
});

test("a hearer that fails changes nothing about the answer", async () => {
  heard.onArrival = () => {
    throw new Error("a secret reason");
  };
  const reply = post(slash());
  await time.pass(2_000);
  expect(await reply).toEqual({ status: 200 });
  expect(all.logged.join()).not.toContain("secret");
});

test("without a signing secret no request is genuine, however it is signed", async () => {
  const slack = openSlack(
    doorsOf(async () => Response.json(AUTH)),
    {
      ...settings,
      signingSecret: null,
    },
  );
  slack.ears.start(heard);
  const body = slash();
  const signature = `v0=${createHmac("sha256", "").update(`v0:${nowS()}:${body}`).digest("hex")}`;
  const headers = { "x-slack-request-timestamp": String(nowS()), "x-slack-signature": signature };
  expect(await slack.hook?.answer({ method: "POST", headers, body: Buffer.from(body) })).toEqual({
    status: 401,
  });
});

test("before anybody listens Slack is told to come again", async () => {
  const slack = openSlack(
    doorsOf(async () => Response.json(AUTH)),
    settings,
  );
  const body = slash();
  const headers = {
    "content-type": FORM,
    "x-slack-request-timestamp": String(nowS()),
    "x-slack-signature": sign(nowS(), body),
  };
  expect(await slack.hook?.answer({ method: "POST", headers, body: Buffer.from(body) })).toEqual({
    status: 503,
  });
});
