/** The Web API of the fake of Slack, rule by rule, asked with plain requests. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  SLACK_APP_TOKEN,
  SLACK_BOT_TOKEN,
  type SlackFake,
  slackFake,
  TEAM,
} from "../../kit/slack-fake.ts";
import { actions, button, plain, section, type Told } from "../../kit/slack-fake-plain.ts";

let slack: SlackFake;
let now = 1_790_000_000_000;
beforeEach(async () => {
  slack = await slackFake({ now: () => now });
  slack.addUser("U0ANA", { name: "ana" });
  slack.addChannel("C0DESK");
});
afterEach(() => slack[Symbol.asyncDispose]());

const { ask, error, post: posted } = plain(() => slack);
const post = (given: Told = {}): Promise<string> => posted("C0DESK", given);

async function form(method: string, given: Record<string, string>): Promise<Told> {
  const body = new URLSearchParams({ token: SLACK_BOT_TOKEN, ...given });
  const reply = await fetch(slack.url + method, { method: "POST", body });
  return (await reply.json()) as Told;
}

describe("who may call", () => {
  test("a call without a token, with a wrong one, or with the other kind is refused by name", async () => {
    const bare = await fetch(`${slack.url}auth.test`, { method: "POST" });
    expect(await bare.json()).toEqual({ ok: false, error: "not_authed" });
    const named = async (method: string, token: string) => (await ask(method, {}, token))["error"];
    expect(await named("auth.test", "xoxb-wrong")).toBe("invalid_auth");
    expect(await named("auth.test", SLACK_APP_TOKEN)).toBe("not_allowed_token_type");
    expect(await named("apps.connections.open", SLACK_BOT_TOKEN)).toBe("not_allowed_token_type");
  });

  test("a revoked token is told from one that was never good", async () => {
    slack.revoke(true);
    expect(await error("auth.test")).toBe("token_revoked");
    const opened = await ask("apps.connections.open", {}, SLACK_APP_TOKEN);
    expect(opened["error"]).toBe("invalid_auth");
    slack.revoke(false);
    expect(await ask("auth.test")).toMatchObject({ ok: true, team_id: TEAM, bot_id: slack.bot.id });
  });

  test("a form with JSON in strings, a JSON body and a multipart form say the same", async () => {
    const given = { channel: "C0DESK", text: "t", blocks: [section("s")], unfurl_links: false };
    await ask("chat.postMessage", given);
    const flat = { ...given, blocks: JSON.stringify(given.blocks), unfurl_links: "false" };
    await form("chat.postMessage", flat);
    const parts = new FormData();
    for (const [key, value] of Object.entries(flat)) parts.set(key, value);
    const headers = { authorization: `Bearer ${SLACK_BOT_TOKEN}` };
    await fetch(`${slack.url}chat.postMessage`, { method: "POST", body: parts, headers });
    expect(slack.frames.map(({ payload }) => payload)).toEqual([given, given, given]);
    expect(slack.said("C0DESK").map(({ plain }) => plain)).toEqual(["s", "s", "s"]);
  });

  test("no token stands in the ledger of requests", async () => {
    await form("auth.test", {});
    expect(JSON.stringify(slack.frames)).not.toContain(SLACK_BOT_TOKEN);
  });
});

describe("posting", () => {
  test("what stands in a message is what a person sees of it", async () => {
    const confirm = {
      ...{
        title: { type: "plain_text", text: "Sure?" },
        text: { type: "plain_text", text: "All?" },
      },
      ...{ confirm: { type: "plain_text", text: "Yes" }, deny: { type: "plain_text", text: "No" } },
    };
    const blocks = [
      section("R&amp;D &lt;b&gt;"),
      actions(button("Kill", { confirm }), button("No")),
    ];
    const metadata = { event_type: "delivery", event_payload: { id: "d1" } };
    const ts = await post({ text: "R&amp;D", blocks, metadata });
    expect(slack.said("C0DESK")).toEqual([
      expect.objectContaining({
        ...{ ts, from: slack.bot.id, text: "R&amp;D", plain: "R&D <b>", metadata, edits: 0 },
        buttons: [
          { label: "Kill", value: "v-Kill", actionId: "a-Kill", confirm: true },
          { label: "No", value: "v-No", actionId: "a-No", confirm: false },
        ],
      }),
    ]);
  });

  test("a person's id stands for the direct messages, but not to change or delete there", async () => {
    const answer = await ask("chat.postMessage", { channel: "U0ANA", text: "t" });
    const { ts } = answer;
    expect(answer["channel"]).toBe(slack.dm("U0ANA"));
    expect(await error("chat.update", { channel: "U0ANA", ts, text: "u" })).toBe(
      "channel_not_found",
    );
    expect(await error("chat.delete", { channel: "U0ANA", ts })).toBe("channel_not_found");
  });

  test("a channel that is unknown, closed to the bot, or without the bot is refused by name", async () => {
    slack.addChannel("C0OPEN", { member: false });
    slack.addChannel("C0CLOSED", { member: false, private: true });
    for (const method of ["chat.postMessage", "conversations.history"]) {
      const named = (channel: string) =>
        error(method, { channel, ...(/chat/.test(method) ? { text: "t" } : {}) });
      expect(await named("C0NONE")).toBe("channel_not_found");
      expect(await named("C0OPEN")).toBe("not_in_channel");
      expect(await named("C0CLOSED")).toBe("channel_not_found");
    }
  });

  test("a reply to a reply stands in the thread of the first message", async () => {
    const root = await post();
    const reply = await post({ thread_ts: root });
    await post({ thread_ts: reply, reply_broadcast: true });
    const threads = slack.said("C0DESK").map(({ threadTs, broadcast }) => [threadTs, broadcast]);
    expect(threads).toEqual([
      [null, false],
      [root, false],
      [root, true],
    ]);
    const history = await ask("conversations.history", { channel: "C0DESK" });
    const kinds = (history["messages"] as readonly Told[]).map((each) => each["subtype"]);
    expect(kinds).toEqual(["thread_broadcast", undefined]);
  });

  test("an update may not be longer than 4,000 characters, all blocks together not than 13,200", async () => {
    const ts = await post();
    const long = "x".repeat(4001);
    expect(await error("chat.update", { channel: "C0DESK", ts, text: long })).toBe("msg_too_long");
    const many = (last: number) => [
      ...Array.from({ length: 4 }, () => section("x".repeat(3000))),
      section("y".repeat(last)),
    ];
    expect(await error("chat.postMessage", { channel: "C0DESK", blocks: many(1201) })).toBe(
      "msg_blocks_too_long",
    );
    expect(
      await error("chat.postMessage", { channel: "C0DESK", blocks: many(1200) }),
    ).toBeUndefined();
    expect(slack.violations).toEqual([]);
  });

  test("a change without metadata keeps it, an empty one takes it away", async () => {
    const metadata = { event_type: "delivery", event_payload: { id: "d1" } };
    const ts = await post({ metadata });
    const change = async (more: Told) => {
      await ask("chat.update", { channel: "C0DESK", ts, text: "u", ...more });
      return slack.said("C0DESK")[0]?.metadata;
    };
    expect(await change({})).toEqual(metadata);
    expect(await change({ metadata: {} })).toBeNull();
  });

  test("what a person wrote the bot can neither change nor delete", async () => {
    slack.writes("U0ANA", "C0DESK", "mine");
    const ts = slack.visible("C0DESK")[0]?.ts;
    const at = { channel: "C0DESK", ts };
    expect(await error("chat.update", { ...at, text: "t" })).toBe("cant_update_message");
    expect(await error("chat.delete", at)).toBe("cant_delete_message");
  });

  test("a whisper is for people who are in the channel", async () => {
    slack.addUser("U0BO");
    slack.addChannel("C0FEW", { members: ["U0ANA"] });
    const given = { channel: "C0FEW", text: "psst" };
    expect(await error("chat.postEphemeral", { ...given, user: "U0ANA" })).toBeUndefined();
    expect(await error("chat.postEphemeral", { ...given, user: "U0BO" })).toBe(
      "user_not_in_channel",
    );
    expect(await error("chat.postEphemeral", { ...given, user: "U0NO" })).toBe(
      "user_not_in_channel",
    );
    expect(slack.ephemerals("U0ANA").map(({ plain }) => plain)).toEqual(["psst"]);
    expect(slack.visible("C0FEW")).toEqual([]);
  });
});

describe("looking up", () => {
  test("history ends before `latest` and begins after `oldest`, unless inclusive", async () => {
    const [first, second, third] = [await post(), await post(), await post()];
    const between = async (given: Told) => {
      const asked = { channel: "C0DESK", ...given };
      const { messages } = await ask("conversations.history", asked);
      return (messages as readonly Told[]).map((each) => each["ts"]);
    };
    expect(await between({ oldest: first, latest: third })).toEqual([second]);
    const all = { oldest: first, latest: third, inclusive: true };
    expect(await between(all)).toEqual([third, second, first]);
    expect(await error("conversations.history", { channel: "C0DESK", oldest: "soon" })).toBe(
      "invalid_ts_oldest",
    );
    expect(await error("conversations.history", { channel: "C0DESK", cursor: "x" })).toBe(
      "invalid_cursor",
    );
  });

  test("people are told with what keeps them out", async () => {
    slack.addUser("U0GUEST", { restricted: true, ultraRestricted: true });
    slack.addUser("U0FAR", { stranger: true, team: "T0PARTNER" });
    slack.addUser("U0GONE", { deleted: true });
    slack.addUser("U0BOT", { bot: true });
    const user = async (id: string) => (await ask("users.info", { user: id }))["user"];
    expect(await user("U0GUEST")).toMatchObject({ is_restricted: true, is_ultra_restricted: true });
    expect(await user("U0FAR")).toMatchObject({ is_stranger: true, team_id: "T0PARTNER" });
    expect(await user("U0GONE")).toMatchObject({ deleted: true });
    expect(await user("U0BOT")).toMatchObject({ is_bot: true });
    expect(await user("U0ANA")).not.toHaveProperty("is_stranger");
  });

  test("a file can be shown once Slack has finished with it", async () => {
    await slack[Symbol.asyncDispose]();
    slack = await slackFake({ now: () => now, fileReadyMs: 500 });
    slack.addChannel("C0DESK");
    const about = { filename: "day.png", length: 4 };
    const { upload_url, file_id } = await ask("files.getUploadURLExternal", about);
    const put = (body: string) => fetch(String(upload_url), { method: "POST", body });
    expect((await put("five5")).status).toBe(400);
    expect((await put("four")).status).toBe(200);
    await ask("files.completeUploadExternal", { files: [{ id: file_id }] });
    const blocks = [{ type: "image", alt_text: "day", slack_file: { id: file_id } }];
    const shown = { channel: "C0DESK", text: "t", blocks };
    expect(await error("chat.postMessage", shown)).toBe("invalid_blocks");
    now += 500;
    expect(await error("chat.postMessage", shown)).toBeUndefined();
    expect(slack.violations).toEqual([]);
  });
});

test("a trigger opens one modal within three seconds", async () => {
  const view = { type: "modal", title: { type: "plain_text", text: "t" }, blocks: [section("s")] };
  const open = (trigger_id: string) => error("views.open", { trigger_id, view });
  slack.push("slash_commands", { trigger_id: "1.1.a", user_id: "U0ANA" });
  slack.push("slash_commands", { trigger_id: "1.1.b", user_id: "U0ANA" });
  expect(await open("1.1.a")).toBeUndefined();
  expect(await open("1.1.a")).toBe("exchanged_trigger_id");
  now += 3001;
  expect(await open("1.1.b")).toBe("expired_trigger_id");
  expect(await open("1.1.c")).toBe("invalid_trigger_id");
  expect(slack.views("U0ANA").map(({ user }) => user)).toEqual(["U0ANA"]);
});
