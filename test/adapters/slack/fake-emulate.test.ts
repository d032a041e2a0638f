/** The same calls to the fake and to emulate, a fake of Slack that others wrote: what an app can see of the answers is the same. */
// emulate takes any blocks, any token, and has no Socket Mode; what it does not judge is not compared.
import { WebClient } from "@slack/web-api";
import { createEmulator } from "emulate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SLACK_BOT_TOKEN, slackFake } from "../../kit/slack-fake.ts";
import { QUIET_SLACK } from "../../kit/slack-quiet.ts";

/** One Slack with a channel `desk`, a person `ana` in it, and somebody else's message. */
interface Side extends AsyncDisposable {
  readonly client: WebClient;
  readonly channel: string;
  readonly person: string;
  readonly foreign: () => Promise<string>;
}

const options = (url: string) => ({
  ...{ slackApiUrl: `${url}/api/`, retryConfig: { retries: 0 }, logger: QUIET_SLACK },
});

async function ours(): Promise<Side> {
  const fake = await slackFake();
  fake.addUser("U0ANA");
  fake.addChannel("C0DESK");
  return {
    client: new WebClient(SLACK_BOT_TOKEN, options(fake.origin)),
    ...{ channel: "C0DESK", person: "U0ANA" },
    async foreign() {
      fake.writes("U0ANA", "C0DESK", "mine");
      return fake.visible("C0DESK").at(-1)?.ts ?? "";
    },
    [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
  };
}

async function theirs(): Promise<Side> {
  const slack = {
    users: [{ name: "ana" }, { name: "claudbot" }],
    channels: [{ name: "desk" }],
    tokens: [
      { token: SLACK_BOT_TOKEN, user: "claudbot" },
      { token: "xoxp-ana", user: "ana" },
    ],
  };
  const emulator = await createEmulator({ service: "slack", port: 0, seed: { slack } });
  const client = new WebClient(SLACK_BOT_TOKEN, options(emulator.url));
  const { channels = [] } = await client.conversations.list();
  const { members = [] } = await client.users.list({});
  const channel = channels.find(({ name }) => name === "desk")?.id ?? "";
  return {
    client,
    ...{ channel, person: members.find(({ name }) => name === "ana")?.id ?? "" },
    async foreign() {
      const ana = new WebClient("xoxp-ana", options(emulator.url));
      return (await ana.chat.postMessage({ channel, text: "mine" })).ts ?? "";
    },
    [Symbol.asyncDispose]: () => emulator.close(),
  };
}

let sides: readonly [Side, Side];
beforeAll(async () => {
  sides = [await ours(), await theirs()];
});
afterAll(async () => {
  for (const side of sides) await side[Symbol.asyncDispose]();
});

type Told = { readonly [key: string]: unknown };
type Script = (side: Side, ask: (method: string, given: Told) => Promise<Told>) => Promise<unknown>;

/** Runs the same on both and compares; answers what ours saw. */
async function same(script: Script): Promise<unknown> {
  const seen: unknown[] = [];
  for (const side of sides) {
    const ask = async (method: string, given: Told): Promise<Told> => {
      try {
        return (await side.client.apiCall(method, given)) as unknown as Told;
      } catch (error) {
        return (error as { readonly data: Told }).data;
      }
    };
    seen.push(await script(side, ask));
  }
  expect(seen[0]).toEqual(seen[1]);
  return seen[0];
}

const pick = (from: unknown, ...keys: readonly string[]): Told => {
  const all = (from ?? {}) as Told;
  return Object.fromEntries(keys.map((key) => [key, all[key]]));
};
const each = (answer: Told, ...keys: readonly string[]): readonly Told[] =>
  ((answer["messages"] ?? []) as readonly unknown[]).map((message) => pick(message, ...keys));
const error = (answer: Told): Told => pick(answer, "ok", "error");
const text = (value: unknown): string => String(value);

const BLOCKS = [
  { type: "section", block_id: "s", text: { type: "mrkdwn", text: "*filled*" } },
  {
    ...{ type: "actions", block_id: "a" },
    elements: [
      {
        ...{ type: "button", action_id: "go", value: "v" },
        text: { type: "plain_text", text: "Go" },
      },
    ],
  },
];
const metadata = { event_type: "delivery", event_payload: { id: "d1", attempt: 2 } };
const message = { text: "filled", blocks: BLOCKS, metadata };

test("a message with blocks and metadata is answered with itself", async () => {
  const seen = await same(async ({ channel }, ask) => {
    const answer = await ask("chat.postMessage", { channel, ...message });
    const told = pick(answer["message"], "type", "text", "blocks", "metadata");
    const same = pick(answer["message"], "ts")["ts"] === answer["ts"];
    return { ok: answer["ok"], there: answer["channel"] === channel, same, told };
  });
  expect(seen).toMatchObject({ ok: true, there: true, same: true, told: { type: "message" } });
});

test("history tells the newest first, with metadata to those who ask", async () => {
  const seen = await same(async ({ channel }, ask) => {
    const first = await ask("chat.postMessage", { channel, text: "one", metadata });
    await ask("chat.postMessage", { channel, text: "two" });
    const asked = { channel, limit: 2, include_all_metadata: true };
    const page = await ask("conversations.history", asked);
    const there = (page["messages"] as readonly Told[])[1]?.["ts"] === first["ts"];
    return { there, page: each(page, "type", "text", "metadata"), more: page["has_more"] };
  });
  expect(seen).toMatchObject({ there: true, page: [{ text: "two" }, { text: "one", metadata }] });
});

test("the next page begins where the last one ended", async () => {
  await same(async ({ channel }, ask) => {
    for (const words of ["1", "2", "3"]) await ask("chat.postMessage", { channel, text: words });
    const first = await ask("conversations.history", { channel, limit: 2 });
    const { next_cursor: cursor } = first["response_metadata"] as Told;
    const second = await ask("conversations.history", { channel, limit: 1, cursor });
    return [each(first, "text"), first["has_more"], each(second, "text"), cursor === ""];
  });
});

test("a change replaces text and blocks; text alone takes the blocks away; blocks alone keep the text", async () => {
  const seen = await same(async ({ channel }, ask) => {
    const { ts } = await ask("chat.postMessage", { channel, ...message });
    const shown = async (): Promise<unknown> => {
      const page = await ask("conversations.history", { channel, limit: 1 });
      return each(page, "text", "blocks");
    };
    const changed = [{ ...BLOCKS[0], text: { type: "mrkdwn", text: "*closed*" } }];
    const both = await ask("chat.update", { channel, ts, text: "closed", blocks: changed });
    const afterBoth = await shown();
    await ask("chat.update", { channel, ts, blocks: BLOCKS });
    const afterBlocks = await shown();
    await ask("chat.update", { channel, ts, text: "plain" });
    const head = [both["ok"], both["text"], both["ts"] === ts, both["channel"] === channel];
    return [head, afterBoth, afterBlocks, await shown()];
  });
  expect(seen).toMatchObject([{}, {}, [{ text: "closed" }], [{ text: "plain" }]]);
});

test("a thread is told from its first message on, which counts the replies; history leaves them out", async () => {
  await same(async ({ channel }, ask) => {
    const { ts } = await ask("chat.postMessage", { channel, text: "root" });
    for (const words of ["r1", "r2"]) {
      await ask("chat.postMessage", { channel, text: words, thread_ts: ts });
    }
    const thread = await ask("conversations.replies", { channel, ts });
    const history = await ask("conversations.history", { channel, limit: 1 });
    const within = (thread["messages"] as readonly Told[]).slice(1);
    const all = within.every((reply) => reply["thread_ts"] === ts);
    return [each(thread, "text", "reply_count"), all, each(history, "text", "reply_count")];
  });
});

test("a whisper is answered with its time and stands in no history", async () => {
  await same(async ({ channel, person }, ask) => {
    const before = await ask("conversations.history", { channel, limit: 1 });
    const answer = await ask("chat.postEphemeral", { channel, user: person, text: "psst" });
    const after = await ask("conversations.history", { channel, limit: 1 });
    const timed = /^\d+\.\d{6}$/.test(text(answer["message_ts"]));
    const last = each(before, "ts")[0]?.["ts"] === each(after, "ts")[0]?.["ts"];
    return [answer["ok"], timed, last];
  });
});

test("a direct message is opened by a person's id, twice the same one", async () => {
  await same(async ({ person }, ask) => {
    const first = await ask("conversations.open", { users: person });
    const second = await ask("conversations.open", { users: person });
    const { id } = first["channel"] as Told;
    const { id: again } = second["channel"] as Told;
    const posted = await ask("chat.postMessage", { channel: person, text: "hello" });
    return [
      id === again,
      text(id)[0],
      pick(second, "already_open", "no_op"),
      posted["channel"] === id,
    ];
  });
});

test("what cannot be done is refused by the same name", async () => {
  const seen = await same(async ({ channel, person, foreign }, ask) => {
    const ts = "1000000000.000001";
    const theirs = await foreign();
    const refused: readonly (readonly [string, Told])[] = [
      ["chat.postMessage", { channel: "C0NOWHERE", text: "t" }],
      ["chat.postMessage", { channel }],
      ["chat.postMessage", { text: "t" }],
      ["chat.postMessage", { channel, text: "t", metadata: "no json" }],
      ["chat.update", { channel, ts, text: "t" }],
      ["chat.update", { channel, ts: theirs, text: "t" }],
      ["chat.update", { channel, text: "t" }],
      ["chat.delete", { channel, ts }],
      ["chat.delete", { channel, ts: theirs }],
      ["chat.postEphemeral", { channel: "C0NOWHERE", user: person, text: "t" }],
      ["chat.postEphemeral", { channel, user: person }],
      ["conversations.history", { channel: "C0NOWHERE" }],
      ["conversations.replies", { channel: "C0NOWHERE", ts }],
      ["conversations.info", { channel: "C0NOWHERE" }],
      ["conversations.open", {}],
      ["conversations.open", { users: "U0NOBODY" }],
      ["users.info", { user: "U0NOBODY" }],
      ["files.completeUploadExternal", { files: [{ id: "F0NONE", title: "t" }] }],
    ];
    const told: Told[] = [];
    for (const [method, given] of refused) told.push(error(await ask(method, given)));
    return told;
  });
  expect(seen).toHaveLength(18);
});

test("a text of more than 40,000 characters is cut off with a warning", async () => {
  const seen = await same(async ({ channel }, ask) => {
    const answer = await ask("chat.postMessage", { channel, text: "x".repeat(40_001) });
    const page = await ask("conversations.history", { channel, limit: 1 });
    const kept = each(page, "text").map(({ text: words }) => text(words).length);
    const warned = (answer["response_metadata"] as Told)["warnings"];
    return [answer["ok"], answer["warning"], warned, kept];
  });
  expect(seen).toEqual([true, "message_truncated", ["message_truncated"], [40_000]]);
});

test("a file goes up in three steps and is shared with its comment", async () => {
  await same(async ({ channel }, ask) => {
    const bytes = Buffer.from("\x89PNG\r\n\x1a\n0000000000000000", "latin1");
    const about = { filename: "day.png", length: bytes.length };
    const { upload_url, file_id, ok } = await ask("files.getUploadURLExternal", about);
    const put = await fetch(text(upload_url), { method: "POST", body: new Uint8Array(bytes) });
    const files = [{ id: file_id, title: "The day" }];
    const given = { files, channel_id: channel, initial_comment: "see" };
    const done = await ask("files.completeUploadExternal", given);
    const again = await ask("files.completeUploadExternal", given);
    const { file } = await ask("files.info", { file: file_id });
    const page = await ask("conversations.history", { channel, limit: 1 });
    const told = (done["files"] as readonly unknown[]).map((one) => pick(one, "title"));
    return [
      ok,
      put.status,
      done["ok"],
      told,
      error(again),
      pick(file, "name", "title", "size"),
      each(page, "text"),
    ];
  });
});
