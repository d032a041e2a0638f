/** The chat methods of the fake of Slack: post, change, take back, whisper. Arguments were judged before. */
import {
  type Answer,
  flag,
  type Json,
  list,
  type Methods,
  object,
  ok,
  refuse,
  text,
} from "./slack-fake-json.ts";
import { wire } from "./slack-fake-wire.ts";
import { type Channel, type Message, messageOf, type World } from "./slack-fake-world.ts";

/** Longer is cut off at post, refused at update. */
const MOST_TEXT = 40_000;
const MOST_UPDATED_TEXT = 4000;
const MOST_MARKDOWN = 12_000;

const given = (value: unknown): boolean => text(value) !== "" || list(value).length > 0;
const noContent = (from: Json): boolean =>
  !["text", "markdown_text", "blocks", "attachments"].some((key) => given(from[key]));
const conflict = (from: Json): boolean =>
  given(from["markdown_text"]) && (given(from["text"]) || given(from["blocks"]));

/** The channel, or by which name Slack refuses it. A person's id stands for the direct messages. */
export function target(of: World, id: unknown): Channel | string {
  const named = text(id);
  if (of.people.has(named)) return of.dm(named);
  const channel = of.channels.get(named);
  if (channel === undefined || (channel.private && !channel.member)) return "channel_not_found";
  return channel.member ? channel : "not_in_channel";
}

export function chatMethods(of: World): Methods {
  const missing = (from: Json): string | null => {
    if (!given(from["channel"])) return "channel_not_found";
    if (conflict(from)) return "markdown_text_conflict";
    return noContent(from) ? "no_text" : null;
  };
  return {
    "chat.postMessage": { missing, run: (from) => post(of, from) },
    "chat.postEphemeral": { missing, run: (from) => whisper(of, from) },
    "chat.update": {
      missing: (from) => {
        if (!given(from["channel"])) return "channel_not_found";
        if (!given(from["ts"])) return "message_not_found";
        return noContent(from) && from["blocks"] === undefined ? "no_text" : null;
      },
      run: (from) => update(of, from),
    },
    "chat.delete": { run: (from) => remove(of, from) },
  };
}

function post(of: World, from: Json): Answer {
  const channel = target(of, from["channel"]);
  if (typeof channel === "string") return refuse(channel);
  const unfit = slackFiles(of, list(from["blocks"]));
  if (unfit !== null) return unfit;
  const { words, warning } = fitted(from);
  if (text(from["markdown_text"]).length > MOST_MARKDOWN) return refuse("msg_too_long");
  const message = of.add({
    ...{ channel: channel.id, user: of.bot.userId, botId: of.bot.id, text: words },
    ...content(of, from),
    threadTs: rootOf(of, channel.id, text(from["thread_ts"])),
    broadcast: flag(from["reply_broadcast"]) && given(from["thread_ts"]),
    metadata: Object.keys(object(from["metadata"])).length === 0 ? null : object(from["metadata"]),
  });
  const warnings = warning ? { response_metadata: { warnings: ["message_truncated"] } } : {};
  return ok({
    ...{ channel: channel.id, ts: message.ts, message: wire(of, message, true) },
    ...{ warning: warning ? "message_truncated" : undefined, ...warnings },
  });
}

function fitted(from: Json): { readonly words: string; readonly warning: boolean } {
  const letters = [...(text(from["text"]) || text(from["markdown_text"]))];
  return { words: letters.slice(0, MOST_TEXT).join(""), warning: letters.length > MOST_TEXT };
}

/** Blocks as Slack keeps them: each has an id. */
export function content(of: World, from: Json): Pick<Message, "blocks" | "attachments"> {
  const named = (block: unknown): Json => ({
    ...object(block),
    block_id: object(block)["block_id"] ?? of.id("b"),
  });
  return {
    blocks: list(from["blocks"]).map(named),
    attachments: list(from["attachments"]).map((each, at) => ({ id: at + 1, ...object(each) })),
  };
}

/** A reply to a reply belongs to the thread of the first message. */
function rootOf(of: World, channel: string, ts: string): string | null {
  return ts === "" ? null : (of.message(channel, ts)?.threadTs ?? ts);
}

/** An image block may show only a file that Slack has finished with. */
function slackFiles(of: World, blocks: readonly unknown[]): Answer | null {
  for (const [at, block] of blocks.entries()) {
    const id = text(object(object(block)["slack_file"])["id"]);
    const file = of.files.get(id);
    if (id === "" || (file?.readyAt != null && file.readyAt <= of.now())) continue;
    const messages = [`[ERROR] invalid slack file [json-pointer:/blocks/${at}/slack_file]`];
    return refuse("invalid_blocks", { response_metadata: { messages } });
  }
  return null;
}

function whisper(of: World, from: Json): Answer {
  const channel = target(of, from["channel"]);
  if (typeof channel === "string") return refuse(channel);
  const user = text(from["user"]);
  const there =
    channel.im === user || (channel.im === null && (channel.members?.includes(user) ?? true));
  if (!of.people.has(user) || !there) return refuse("user_not_in_channel");
  if (text(from["text"]).length > MOST_TEXT) return refuse("msg_too_long");
  const by = { channel: channel.id, user: of.bot.userId, botId: of.bot.id };
  const where = { threadTs: rootOf(of, channel.id, text(from["thread_ts"])) };
  const words = { text: fitted(from).words, ...content(of, from) };
  const message = messageOf({ ...by, ...where, ...words }, of.ts());
  of.whispers.push({ user, message });
  return ok({ message_ts: message.ts });
}

function update(of: World, from: Json): Answer {
  // Here a person's id does not stand for the direct messages.
  const channel = of.channels.get(text(from["channel"]));
  if (channel === undefined || !channel.member) return refuse("channel_not_found");
  const message = of.message(channel.id, text(from["ts"]));
  if (message === undefined) return refuse("message_not_found");
  if (message.botId !== of.bot.id) return refuse("cant_update_message");
  if (text(from["text"]).length > MOST_UPDATED_TEXT) return refuse("msg_too_long");
  const unfit = slackFiles(of, list(from["blocks"]));
  if (unfit !== null) return unfit;
  const words = from["text"] ?? from["markdown_text"];
  // Text without blocks takes the blocks away; blocks, attachments and metadata not mentioned otherwise stay.
  if (from["blocks"] !== undefined || words !== undefined)
    message.blocks = content(of, from).blocks;
  if (from["attachments"] !== undefined) message.attachments = content(of, from).attachments;
  if (words !== undefined) message.text = text(words);
  if (from["metadata"] !== undefined) {
    const metadata = object(from["metadata"]);
    message.metadata = Object.keys(metadata).length === 0 ? null : metadata;
  }
  if (flag(from["reply_broadcast"])) message.broadcast = true;
  message.edits += 1;
  // Shown to people only when the text is what they see.
  if (message.blocks.length === 0) message.edited = { user: of.bot.userId, ts: of.ts() };
  const { ts, text: now } = message;
  return ok({ channel: channel.id, ts, text: now, message: wire(of, message, true) });
}

function remove(of: World, from: Json): Answer {
  const channel = of.channels.get(text(from["channel"]));
  if (channel === undefined || !channel.member) return refuse("channel_not_found");
  const message = of.message(channel.id, text(from["ts"]));
  if (message === undefined) return refuse("message_not_found");
  if (message.botId !== of.bot.id) return refuse("cant_delete_message");
  channel.messages = channel.messages.filter((each) => each !== message);
  return ok({ channel: channel.id, ts: message.ts });
}
