/** Uploads to the fake of Slack in their three steps, and what becomes of them. */
import {
  type Answer,
  type Json,
  list,
  type Methods,
  object,
  ok,
  refuse,
  text,
  told,
} from "./slack-fake-json.ts";
import { content, target } from "./slack-fake-messages.ts";
import type { StoredFile, World } from "./slack-fake-world.ts";

export interface Uploads {
  readonly methods: Methods;
  /** The bytes, at the address that was given out; answers the HTTP status and the body. */
  receive(ticket: string, bytes: Buffer): readonly [status: number, body: string];
}

/** @param readyMs how long Slack looks at a completed file before it can be shown. */
export function uploads(of: World, origin: () => string, readyMs: number): Uploads {
  return {
    methods: {
      "files.getUploadURLExternal": {
        missing: ({ length }) => (length === 0 ? "missing_argument" : null),
        run: (from) => address(of, origin(), from),
      },
      "files.completeUploadExternal": { run: (from) => complete(of, from, readyMs) },
      "files.info": {
        missing: ({ file }) =>
          of.files.get(text(file))?.readyAt == null ? "file_not_found" : null,
        run: ({ file }) => {
          const stored = of.files.get(text(file));
          return stored === undefined
            ? refuse("file_not_found")
            : ok({ file: fileWire(of, stored) });
        },
      },
    },
    receive(ticket, bytes) {
      const file = [...of.files.values()].find((each) => each.ticket === ticket);
      if (file === undefined || file.readyAt !== null) return [404, "file not found"];
      if (bytes.length !== file.length) return [400, "the length is not the one announced"];
      file.bytes = bytes;
      return [200, `OK - ${bytes.length}`];
    },
  };
}

function address(of: World, origin: string, from: Json): Answer {
  const id = of.id("F");
  const file: StoredFile = {
    ...{ id, name: text(from["filename"]), length: Number(from["length"]), ticket: of.id("up") },
    ...{ alt: text(from["alt_text"] ?? from["alt_txt"]), title: text(from["filename"]) },
    ...{ bytes: null, readyAt: null, shares: [] },
  };
  of.files.set(id, file);
  return ok({ upload_url: `${origin}/upload/v1/${file.ticket}`, file_id: id });
}

function complete(of: World, from: Json, readyMs: number): Answer {
  const asked = list(from["files"]).map(object);
  const files = asked.flatMap(({ id }) => of.files.get(text(id)) ?? []);
  const whole = files.every(({ bytes, readyAt }) => bytes !== null && readyAt === null);
  if (asked.length === 0 || files.length < asked.length || !whole) return refuse("file_not_found");
  const where = text(from["channel_id"]);
  const channel = where === "" ? null : target(of, where);
  if (typeof channel === "string") return refuse(channel);
  for (const [at, file] of files.entries()) {
    file.title = text(asked[at]?.["title"]) || file.title;
    file.readyAt = of.now() + readyMs;
  }
  if (channel !== null) {
    const comment = text(from["initial_comment"]);
    const { ts } = of.add({
      ...{ channel: channel.id, user: of.bot.userId, botId: of.bot.id, text: comment },
      ...(comment === "" ? content(of, from) : {}),
      threadTs: text(from["thread_ts"]) || null,
      files: files.map(({ id }) => id),
    });
    for (const file of files) file.shares.push({ channel: channel.id, ts });
  }
  return ok({ files: files.map(({ id, title }) => ({ id, title })) });
}

function fileWire(of: World, file: StoredFile): Json {
  const { id, name, title, length, readyAt, shares } = file;
  const ready = readyAt !== null && readyAt <= of.now();
  const png = ready && file.bytes?.subarray(1, 4).toString("latin1") === "PNG";
  const kind = png ? { mimetype: "image/png", filetype: "png", pretty_type: "PNG" } : undefined;
  const plain = { mimetype: "application/octet-stream", filetype: "binary", pretty_type: "Binary" };
  return told({
    ...{ id, name, title, size: length, created: 0, timestamp: 0, user: of.bot.userId },
    ...(ready ? (kind ?? plain) : { mimetype: "", filetype: "", pretty_type: "" }),
    ...{ mode: "hosted", is_external: false, is_public: false, file_access: "visible" },
    ...(png
      ? { original_w: file.bytes?.readUInt32BE(16), original_h: file.bytes?.readUInt32BE(20) }
      : {}),
    alt_txt: file.alt || undefined,
    channels: [...new Set(shares.map(({ channel }) => channel))],
    shares: sharesWire(shares),
    url_private: `https://files.slack.com/files-pri/${of.bot.teamId}-${id}/${name}`,
    permalink: `https://claudbot-test.slack.com/files/${of.bot.userId}/${id}/${name}`,
  });
}

function sharesWire(shares: StoredFile["shares"]): Json {
  const channels = [...new Set(shares.map(({ channel }) => channel))];
  const of = (channel: string): readonly Json[] =>
    shares.filter((each) => each.channel === channel).map(({ ts }) => ({ ts }));
  return { public: Object.fromEntries(channels.map((channel) => [channel, of(channel)])) };
}
