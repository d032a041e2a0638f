/** A message as the Web API and the events of the fake of Slack tell it. */
import { type Json, told } from "./slack-fake-json.ts";
import type { Bot, Message, World } from "./slack-fake-world.ts";

/** @param allMetadata else only the type of the metadata is told. */
export function wire(of: World, message: Message, allMetadata: boolean): Json {
  const { bot } = of;
  const { threadTs, metadata, files, blocks, attachments } = message;
  const all = of.channels.get(message.channel)?.messages ?? [];
  const replies = all.filter((each) => each.threadTs === message.ts);
  const shownMetadata =
    metadata === null || allMetadata ? metadata : { event_type: metadata["event_type"] };
  return told({
    ...{ user: message.user, type: "message", ts: message.ts, text: message.text },
    subtype: message.broadcast ? "thread_broadcast" : (message.subtype ?? undefined),
    ...(message.botId === bot.id ? ours(bot) : theirs(message)),
    team: of.people.get(message.user)?.team ?? bot.teamId,
    blocks: blocks.length === 0 ? undefined : blocks,
    attachments: attachments.length === 0 ? undefined : attachments,
    files:
      files.length === 0 ? undefined : files.map((id) => ({ id, name: of.files.get(id)?.name })),
    edited: message.edited ?? undefined,
    metadata: shownMetadata ?? undefined,
    thread_ts: threadTs ?? (replies.length > 0 ? message.ts : undefined),
    ...(replies.length === 0 ? {} : threadOf(replies)),
  });
}

function ours(bot: Bot): Json {
  const icons = { image_36: "", image_48: "", image_72: "" };
  const about = { app_id: bot.appId, user_id: bot.userId, team_id: bot.teamId, name: "claudbot" };
  const bot_profile = { id: bot.id, ...about, icons, deleted: false, updated: 0 };
  return { bot_id: bot.id, app_id: bot.appId, bot_profile };
}

const theirs = (message: Message): Json =>
  message.botId === null ? { client_msg_id: `c-${message.ts}` } : { bot_id: message.botId };

function threadOf(replies: readonly Message[]): Json {
  const users = [...new Set(replies.map((each) => each.user))];
  return {
    ...{ reply_count: replies.length, reply_users: users, reply_users_count: users.length },
    ...{ latest_reply: replies.at(-1)?.ts, is_locked: false, subscribed: true },
  };
}
