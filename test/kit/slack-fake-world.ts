/** The workspace behind the fake of Slack: people, channels, messages. It speaks no protocol and checks no request. */
import type { Json } from "./slack-fake-json.ts";

export interface Bot {
  /** `B…`, as messages name it. */
  readonly id: string;
  /** `U…`, as mentions name it. */
  readonly userId: string;
  readonly appId: string;
  readonly teamId: string;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly team: string;
  readonly restricted: boolean;
  readonly ultraRestricted: boolean;
  readonly stranger: boolean;
  readonly bot: boolean;
  readonly deleted: boolean;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  /** Whose direct messages with the bot these are. */
  readonly im: string | null;
  readonly member: boolean;
  readonly extShared: boolean;
  readonly private: boolean;
  /** Null: everybody. */
  readonly members: readonly string[] | null;
  messages: Message[];
}

export interface Message {
  readonly ts: string;
  readonly channel: string;
  readonly user: string;
  /** The bot that wrote it. */
  readonly botId: string | null;
  readonly subtype: string | null;
  readonly threadTs: string | null;
  broadcast: boolean;
  text: string;
  blocks: readonly Json[];
  attachments: readonly Json[];
  metadata: Json | null;
  files: readonly string[];
  edits: number;
  edited: Json | null;
}

/** A message that one person sees and nobody can look up. */
export interface Whisper {
  readonly user: string;
  readonly message: Message;
}

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly length: number;
  readonly ticket: string;
  readonly alt: string;
  bytes: Buffer | null;
  title: string;
  /** When Slack has looked at it and it can be shown; null: not completed. */
  readyAt: number | null;
  shares: { readonly channel: string; readonly ts: string }[];
}

export interface World {
  readonly now: () => number;
  readonly bot: Bot;
  readonly people: Map<string, Person>;
  readonly channels: Map<string, Channel>;
  readonly files: Map<string, StoredFile>;
  readonly whispers: Whisper[];
  readonly violations: string[];
  /** `<prefix>0000…`, never the same twice. */
  id(prefix: string): string;
  /** A timestamp no other message has. */
  ts(): string;
  person(id: string): Person;
  channel(id: string): Channel;
  dm(user: string): Channel;
  message(channel: string, ts: string): Message | undefined;
  /** Puts it into its channel. */
  add(message: Pick<Message, "channel" | "user"> & Partial<Message>): Message;
}

export function world(bot: Bot, now: () => number): World {
  let count = 0;
  let lastMicros = 0;
  const id = (prefix: string): string => {
    count += 1;
    return `${prefix}${count.toString().padStart(10 - prefix.length, "0")}`;
  };
  const ts = (): string => {
    lastMicros = Math.max(now() * 1000, lastMicros + 1);
    return `${Math.floor(lastMicros / 1e6)}.${(lastMicros % 1e6).toString().padStart(6, "0")}`;
  };
  const people = new Map([
    [bot.userId, personOf(bot, { id: bot.userId, name: "claudbot", bot: true })],
  ]);
  const channels = new Map<string, Channel>();
  const grown = <T>(map: Map<string, T>, key: string, make: () => T): T => {
    const there = map.get(key) ?? make();
    map.set(key, there);
    return there;
  };
  const person = (user: string): Person => grown(people, user, () => personOf(bot, { id: user }));
  const channel = (name: string): Channel => grown(channels, name, () => channelOf({ id: name }));
  return {
    ...{ now, bot, people, channels, id, ts, person, channel },
    files: new Map(),
    whispers: [],
    violations: [],
    dm(user) {
      person(user);
      const open = [...channels.values()].find(({ im }) => im === user);
      const im = open ?? channelOf({ id: id("D"), im: user, private: true });
      channels.set(im.id, im);
      return im;
    },
    message: (where, at) => channels.get(where)?.messages.find((each) => each.ts === at),
    add(message) {
      const full = messageOf(message, ts());
      channel(full.channel).messages.push(full);
      return full;
    },
  };
}

export function messageOf(
  message: Pick<Message, "channel" | "user"> & Partial<Message>,
  ts: string,
): Message {
  return {
    ...{ ts, botId: null, subtype: null, threadTs: null, broadcast: false, text: "" },
    ...{ blocks: [], attachments: [], metadata: null, files: [], edits: 0, edited: null },
    ...message,
  };
}

export function personOf(bot: Bot, known: Pick<Person, "id"> & Partial<Person>): Person {
  return {
    ...{ name: known.id.toLowerCase(), team: bot.teamId, restricted: false, bot: false },
    ...{ ultraRestricted: false, stranger: false, deleted: false },
    ...known,
  };
}

export function channelOf(known: Pick<Channel, "id"> & Partial<Channel>): Channel {
  return {
    ...{ name: known.id.toLowerCase(), im: null, member: true, extShared: false, private: false },
    ...{ members: null, messages: [] },
    ...known,
  };
}
