/** The methods of the fake of Slack that look things up: history, threads, channels, people, the token itself. */
import {
  type Answer,
  flag,
  type Json,
  type Methods,
  object,
  ok,
  refuse,
  text,
} from "./slack-fake-json.ts";
import { wire } from "./slack-fake-wire.ts";
import type { Channel, Message, Person, World } from "./slack-fake-world.ts";

const DOMAIN = "claudbot-test";

export function lookupMethods(of: World): Methods {
  const { bot } = of;
  const team = { id: bot.teamId, name: "Claudbot test", domain: DOMAIN, email_domain: "" };
  const url = `https://${DOMAIN}.slack.com/`;
  const ids = { team_id: bot.teamId, user_id: bot.userId, bot_id: bot.id };
  const whoami = { url, team: team.name, user: "claudbot", ...ids, is_enterprise_install: false };
  return {
    "auth.test": { run: () => ok(whoami) },
    "team.info": { run: () => ok({ team: { ...team, icon: { image_default: true } } }) },
    "users.info": {
      missing: ({ user }) => (of.people.has(text(user)) ? null : "user_not_found"),
      run: ({ user }) => ok({ user: personWire(of.person(text(user))) }),
    },
    "conversations.info": {
      missing: ({ channel }) => (visible(of, channel) === undefined ? "channel_not_found" : null),
      run: ({ channel }) => ok({ channel: channelWire(of, of.channel(text(channel))) }),
    },
    "conversations.open": { missing: noOne, run: (from) => open(of, from) },
    "conversations.history": { run: (from) => history(of, from) },
    "conversations.replies": { run: (from) => replies(of, from) },
  };
}

const visible = (of: World, id: unknown): Channel | undefined => {
  const channel = of.channels.get(text(id));
  return channel?.private && !channel.member ? undefined : channel;
};

const noOne = (from: Json): string | null =>
  text(from["users"]) === "" && text(from["channel"]) === "" ? "users_list_not_supplied" : null;

function open(of: World, from: Json): Answer {
  const users = text(from["users"])
    .split(",")
    .filter((each) => each !== "");
  if (users.length > 8) return refuse("too_many_users");
  if (users.length > 1) throw new RangeError("this fake opens no conversations of several people");
  const [user] = users;
  const known = user === undefined ? of.channels.get(text(from["channel"])) : undefined;
  if (user === undefined && !known?.im) return refuse("channel_not_found");
  const person = of.people.get(user ?? known?.im ?? "");
  if (person === undefined) return refuse("user_not_found");
  if (person.deleted) return refuse("user_disabled");
  const before = [...of.channels.values()].some(({ im }) => im === person.id);
  if (!before && flag(from["prevent_creation"])) return refuse("channel_not_found");
  const im = of.dm(person.id);
  const already = before ? { no_op: true, already_open: true } : {};
  return ok({ ...already, channel: flag(from["return_im"]) ? channelWire(of, im) : { id: im.id } });
}

/** The channel, or by which name Slack refuses it. */
function readable(of: World, id: unknown): Channel | string {
  const channel = visible(of, id);
  if (channel === undefined) return "channel_not_found";
  return channel.member ? channel : "not_in_channel";
}

function history(of: World, from: Json): Answer {
  const channel = readable(of, from["channel"]);
  if (typeof channel === "string") return refuse(channel);
  const bounds = boundsOf(from);
  if (typeof bounds === "string") return refuse(bounds);
  const roots = channel.messages.filter(({ threadTs, ts, broadcast }) => {
    return threadTs === null || threadTs === ts || broadcast;
  });
  const newestFirst = roots.filter(bounds).reverse();
  return page(of, { all: newestFirst, from, most: Math.min(sizeOf(from, 100), 999) });
}

function replies(of: World, from: Json): Answer {
  const channel = readable(of, from["channel"]);
  if (typeof channel === "string") return refuse(channel);
  const root = of.message(channel.id, text(from["ts"]));
  if (root === undefined) return refuse("thread_not_found");
  const bounds = boundsOf(from);
  if (typeof bounds === "string") return refuse(bounds);
  const thread = channel.messages.filter((each) => each.threadTs === root.ts && each !== root);
  const most = Math.min(sizeOf(from, 1000), 1000);
  return page(of, { all: thread.filter(bounds), from, most, always: [root] });
}

const sizeOf = (from: Json, usual: number): number =>
  typeof from["limit"] === "number" && from["limit"] > 0 ? from["limit"] : usual;

/** Both ends are left out, unless `inclusive`. */
function boundsOf(from: Json): ((message: Message) => boolean) | string {
  const oldest = text(from["oldest"]) || "0";
  const latest = text(from["latest"]) || "9999999999";
  if (!/^\d+(\.\d+)?$/.test(oldest)) return "invalid_ts_oldest";
  if (!/^\d+(\.\d+)?$/.test(latest)) return "invalid_ts_latest";
  const [first, last] = [micros(oldest), micros(latest)];
  const inclusive = flag(from["inclusive"]);
  return ({ ts }) => {
    const at = micros(ts);
    return inclusive ? at >= first && at <= last : at > first && at < last;
  };
}

function micros(ts: string): bigint {
  const [seconds = "0", rest = ""] = ts.split(".");
  return BigInt(seconds) * 1_000_000n + BigInt(rest.padEnd(6, "0").slice(0, 6));
}

interface Page {
  readonly all: readonly Message[];
  readonly from: Json;
  readonly most: number;
  /** On every page. */
  readonly always?: readonly Message[];
}

function page(of: World, { all, from, most, always = [] }: Page): Answer {
  const cursor = text(from["cursor"]);
  const next = cursor === "" ? "" : Buffer.from(cursor, "base64").toString("utf8");
  const start = cursor === "" ? 0 : all.findIndex(({ ts }) => next === `next_ts:${ts}`);
  if (start < 0) return refuse("invalid_cursor");
  const shown = [...always, ...all.slice(start, start + most)];
  const after = all[start + most];
  const more = after && Buffer.from(`next_ts:${after.ts}`).toString("base64");
  return ok({
    messages: shown.map((message) => wire(of, message, flag(from["include_all_metadata"]))),
    ...{ has_more: after !== undefined, pin_count: 0, channel_actions_ts: null },
    response_metadata: more === undefined ? undefined : { next_cursor: more },
  });
}

function personWire(person: Person): Json {
  const { id, name, team, deleted } = person;
  const profile = { real_name: name, display_name: name, real_name_normalized: name, team };
  return {
    ...{ id, team_id: team, name, real_name: name, deleted, color: "9f69e7", updated: 0, profile },
    ...{ tz: "America/New_York", tz_label: "Eastern Standard Time", tz_offset: -18000 },
    ...{ is_admin: false, is_owner: false, is_primary_owner: false, is_app_user: false },
    ...{ is_restricted: person.restricted, is_ultra_restricted: person.ultraRestricted },
    ...{ is_bot: person.bot, is_email_confirmed: true },
    // Told of people of other workspaces only.
    ...(person.stranger ? { is_stranger: true } : {}),
  };
}

function channelWire(of: World, channel: Channel): Json {
  const { id, name, im, member, extShared } = channel;
  const about = { id, created: 0, is_archived: false, context_team_id: of.bot.teamId, updated: 0 };
  if (im !== null) return { ...about, is_im: true, is_org_shared: false, user: im, priority: 0 };
  const empty = object({ value: "", creator: "", last_set: 0 });
  return {
    ...{ ...about, name, name_normalized: name, topic: empty, purpose: empty },
    ...{ is_channel: !channel.private, is_group: false, is_im: false, is_mpim: false },
    ...{ is_private: channel.private, is_member: member, is_general: false, creator: "U0OWNER" },
    ...{ is_shared: extShared, is_org_shared: false, is_ext_shared: extShared },
    shared_team_ids: extShared ? [of.bot.teamId, "T0PARTNER"] : [of.bot.teamId],
  };
}
