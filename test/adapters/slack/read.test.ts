import { expect, test } from "vitest";
import type { Own } from "../../../src/adapters/slack/origin.ts";
import { read } from "../../../src/adapters/slack/read.ts";
import { NOW } from "../../kit/sample-desk.ts";
import { TEAM } from "../../kit/slack-fake.ts";
import { ANA, OPS } from "./rig.ts";

const OWN: Own = {
  teams: [TEAM],
  enterprise: null,
  botId: "B0BOT",
  botUserId: "U0BOT",
  isGuest: (account) => account === `slack:${TEAM}/U0GUEST`,
};
const AT = "1794506825.000200";

const slash = (more: object = {}) => ({
  ...{ team_id: TEAM, enterprise_id: null, channel_id: OPS, user_id: ANA, api_app_id: "A0" },
  ...{ command: "/claudbot", text: "status BTC-USD", trigger_id: "13.47.8088930838d8" },
  ...more,
});
const event = (inner: object = {}, more: object = {}) => ({
  ...{ team_id: TEAM, context_team_id: TEAM, api_app_id: "A0", type: "event_callback" },
  ...{ event_id: "Ev0001", event_time: 1794506825, is_ext_shared_channel: false },
  ...more,
  event: {
    ...{ type: "app_mention", user: ANA, text: "<@U0BOT> status", ts: AT, channel: OPS },
    ...inner,
  },
});
const direct = (inner: object = {}, more: object = {}) =>
  event({ type: "message", channel_type: "im", channel: "D01", text: "status", ...inner }, more);
const press = (more: object = {}, action: object = {}) => ({
  ...{ type: "block_actions", team: { id: TEAM }, user: { id: ANA, team_id: TEAM } },
  ...{ channel: { id: OPS }, container: { message_ts: AT, channel_id: OPS }, enterprise: null },
  actions: [{ type: "button", action_id: "cb:1", value: "/pause", action_ts: AT, ...action }],
  ...more,
});

const heard = (body: unknown, own = OWN) => {
  const found = read(body, own, { now: NOW, sentAt: NOW });
  return found.kind === "arrival" ? found.arrival : found;
};
const words = (body: unknown, own = OWN) => {
  const found = heard(body, own);
  return "text" in found ? found.text : found;
};
const away = (origin: string) => ({ kind: "turned-away", origin });

test("a slash command, a mention, a direct message and a press each become one arrival with a name that outlives its envelope", () => {
  expect(heard(slash())).toEqual({
    id: expect.stringMatching(/^slack:[0-9a-f]{32}$/),
    room: `slack:${OPS}`,
    account: `slack:${TEAM}/${ANA}`,
    text: "/status BTC-USD",
    sentAt: NOW,
    receivedAt: NOW,
  });
  expect(heard(event())).toMatchObject({
    id: "slack:Ev0001",
    room: `slack:${OPS}`,
    text: "/status",
    sentAt: 1794506825000,
  });
  expect(heard(direct())).toMatchObject({ id: "slack:Ev0001", room: `slack:@${ANA}` });
  expect(heard(press())).toEqual({
    id: `slack:${ANA}.${AT}.cb:1`,
    room: `slack:${OPS}`,
    account: `slack:${TEAM}/${ANA}`,
    text: "/pause",
    pressed: true,
    sentAt: 1794506825000,
    receivedAt: NOW,
  });
});

test("a command or a press in direct messages belongs to the person's own room", () => {
  expect(heard(slash({ channel_id: "D01" }))).toMatchObject({ room: `slack:@${ANA}` });
  expect(heard(press({ channel: { id: "D01" } }))).toMatchObject({ room: `slack:@${ANA}` });
});

test("a mention in a thread is answered in that thread", () => {
  expect(heard(event({ thread_ts: "1794500000.000100" }))).toMatchObject({
    under: "1794500000.000100",
  });
  expect(heard(event())).not.toHaveProperty("under");
});

test.each([
  ["", "/help"],
  ["  ", "/help"],
  ["/status x", "/status x"],
  ["limits set a &lt; b &amp;amp; c &gt; d", "/limits set a < b &amp; c > d"],
  ["say <https://x.y|BTC.USD> in <#C1|ops> <@U9> <!here>", "/say BTC.USD in #ops"],
  ["pause “later” — now", "/pause “later” — now"],
])("the words of a slash command are read as they were meant: %j", (text, meant) => {
  expect(words(slash({ text }))).toBe(meant);
});

test.each([
  ["<@U0BOT> status", "/status"],
  ["  <@U0BOT|claudbot>: /status x", "/status x"],
  ["<@U0BOT>", "/help"],
  ["<@U0BOT> status <@U0OTHER>", "/status"],
])("a mention that stands first is a command: %j", (text, meant) => {
  expect(words(event({ text }))).toBe(meant);
});

test.each([
  ["a mention further on", event({ text: "thanks <@U0BOT>" })],
  ["a mention of somebody else first", event({ text: "<@U0OTHER> ask <@U0BOT>" })],
  ["a message in a channel", event({ type: "message", channel_type: "channel" })],
  ["an event of another kind", event({ type: "reaction_added" })],
  ["what we said ourselves", direct({ user: "U0BOT", bot_id: "B0BOT", app_id: "A0" })],
  [
    "an edit of what we said ourselves",
    direct({ subtype: "message_changed", user: undefined, message: { bot_id: "B0BOT" } }),
  ],
  ["a button that is not ours", press({}, { action_id: "wb:1" })],
  ["a modal", { type: "view_submission", team: { id: TEAM } }],
  ["no object at all", "hello"],
])("%s is nothing to answer, and nothing to count", (_what, body) => {
  expect(read(body, OWN, { now: NOW, sentAt: NOW })).toEqual({ kind: "nothing" });
});

test.each([
  ["a command from another workspace", slash({ team_id: "T0OTHER" })],
  ["a command without a workspace", slash({ team_id: undefined })],
  ["a command from another organisation", slash({ enterprise_id: "E0OTHER" })],
  ["a command in a channel shared with others", slash({ is_ext_shared_channel: true })],
  ["an event from another workspace", event({}, { team_id: "T0OTHER" })],
  ["an event that another workspace received", event({}, { context_team_id: "T0OTHER" })],
  ["an event of a person of another workspace", event({ user_team: "T0OTHER" })],
  ["an event written elsewhere", event({ source_team: "T0OTHER" })],
  ["an event whose team is another", event({ team: "T0OTHER" })],
  ["an event in a channel shared with others", event({}, { is_ext_shared_channel: true })],
  ["an event of another organisation", event({}, { context_enterprise_id: "E0OTHER" })],
  ["a direct message from another workspace", direct({ user_team: "T0OTHER" })],
  ["a press in another workspace", press({ team: { id: "T0OTHER" } })],
  ["a press of a person of another workspace", press({ user: { id: ANA, team_id: "T0OTHER" } })],
  ["a press in another organisation", press({ enterprise: { id: "E0OTHER" } })],
])("%s is turned away as foreign", (_what, body) => {
  expect(heard(body)).toEqual(away("foreign-team"));
});

test.each([
  ["another bot's mention", event({ bot_id: "B0OTHER" }), "bot"],
  ["a message of an integration", direct({ subtype: "bot_message", user: undefined }), "bot"],
  ["Slack's own bot", direct({ user: "USLACKBOT" }), "bot"],
  ["a message that was changed", direct({ subtype: "message_changed" }), "edited"],
  ["a message that was deleted", direct({ subtype: "message_deleted" }), "edited"],
  ["a mention put in by an edit", event({ edited: { user: ANA, ts: AT } }), "edited"],
  ["news about a channel", direct({ subtype: "channel_topic" }), "malformed"],
  ["a guest's command", slash({ user_id: "U0GUEST" }), "guest"],
  ["a guest's mention", event({ user: "U0GUEST" }), "guest"],
  ["a guest's press", press({ user: { id: "U0GUEST", team_id: TEAM } }), "guest"],
  ["an event without a person", event({ user: undefined }), "malformed"],
  ["an event without a name", event({}, { event_id: undefined }), "malformed"],
  ["an event without a time", event({ ts: "soon" }), "malformed"],
  ["a person that is none", slash({ user_id: "../U1" }), "malformed"],
  ["a channel that is none", slash({ channel_id: "#ops" }), "malformed"],
  ["a command without a trigger", slash({ trigger_id: undefined }), "malformed"],
  ["a press without a time", press({}, { action_ts: undefined }), "malformed"],
  ["a press of a button that carries nothing", press({}, { value: undefined }), "malformed"],
])("%s is turned away", (_what, body, origin) => {
  expect(heard(body)).toEqual(away(origin));
});

test("a guest of another workspace is foreign first, and a bot of another workspace a bot", () => {
  expect(heard(slash({ user_id: "U0GUEST", team_id: "T0OTHER" }))).toEqual(away("foreign-team"));
  expect(heard(event({ bot_id: "B9", user_team: "T0OTHER" }))).toEqual(away("bot"));
});

test.each(["file_share", "thread_broadcast", "me_message"])(
  "what a person writes as %s is their words",
  (subtype) => {
    expect(words(direct({ subtype, text: "kill" }))).toBe("/kill");
    expect(words(event({ subtype }))).toBe("/status");
  },
);

test("before Slack has told who we are, the workspace of the linked accounts is ours and no mention is known as one of us", () => {
  const early: Own = { ...OWN, enterprise: undefined, botId: null, botUserId: null };
  expect(heard(event({ text: "<@U0WHO> kill" }), early)).toEqual({ kind: "too-early" });
  expect(words(direct({ text: "<@U0BOT>: kill" }), early)).toBe("/kill");
  expect(words(slash({ enterprise_id: "E1" }), early)).toBe("/status BTC-USD");
  expect(heard(slash({ team_id: "T0OTHER" }), early)).toEqual(away("foreign-team"));
  expect(heard(slash(), { ...early, teams: [] })).toEqual(away("foreign-team"));
  const own = direct({ bot_id: "B0BOT", app_id: "A0" });
  expect(heard(own, early)).toEqual({ kind: "nothing" });
});

test("within an organisation that is ours its name is no sign of a stranger", () => {
  const within: Own = { ...OWN, enterprise: "E1" };
  expect(words(slash({ enterprise_id: "E1" }), within)).toBe("/status BTC-USD");
  expect(words(slash({ enterprise_id: null }), within)).toBe("/status BTC-USD");
  expect(words(press({ user: { id: ANA, team_id: "E1" } }), within)).toBe("/pause");
  expect(words(event({ user_team: "E1" }), within)).toBe("/status");
  expect(heard(event({ user_team: "E2" }), within)).toEqual(away("foreign-team"));
  expect(heard(event({ user_team: "E1" }))).toEqual(away("foreign-team"));
});
