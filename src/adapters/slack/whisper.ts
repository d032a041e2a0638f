/** A refusal, shown to whoever sent something and to nobody else: where they are, or else in their direct messages. */
import type { Echo } from "../../ports/hearer.ts";
import type { Log } from "../../ports/log.ts";
import type { Seal } from "../../ports/seal.ts";
import type { Ask } from "./client.ts";
import { metadataOf } from "./evidence.ts";
import { NO_PARSING, UNPARSED } from "./no-parsing.ts";
import type { Speaker } from "./read.ts";
import { render } from "./render.ts";
import { directChannel } from "./rooms.ts";

type Message = Pick<ReturnType<typeof render>, "text" | "blocks">;

export function whispers(doors: {
  readonly ask: Ask;
  readonly seal: Seal;
  readonly log: Log;
}): (speaker: Speaker) => Pick<Echo, "whisper" | "reply"> {
  const { ask, seal, log } = doors;
  const privately = async (user: string, message: Message) => {
    const direct = await directChannel(ask, user);
    const metadata = metadataOf("whisper");
    return direct.ok
      ? ask("chat.postMessage", { ...message, ...NO_PARSING, metadata, channel: direct.value })
      : direct;
  };
  return ({ user, channel, isDirect, thread }) => ({
    async whisper(card) {
      if (isDirect) return false;
      const { text, blocks } = render(card, null, seal.of);
      const message = { text, blocks };
      const here = await ask("chat.postEphemeral", {
        ...message,
        ...UNPARSED,
        channel,
        user,
        ...(thread === null ? {} : { thread_ts: thread }),
      });
      if (here.ok) return true;
      const there = await privately(user, message);
      if (there.ok) return true;
      log.warn("a refusal could not be whispered", {
        there: there.error.why,
        here: here.error.why,
      });
      return false;
    },
    async reply(card) {
      const { text, blocks } = render(card, null, seal.of);
      return isDirect && (await privately(user, { text, blocks })).ok;
    },
  });
}
