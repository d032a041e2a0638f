/** The same room on either platform, as a person in it sees and uses it: what was said, typing, pressing. */
import { type ANA, CHANNEL, type ChatScene, GROUP } from "./chat-scene.ts";
import { until } from "./desk-process.ts";
import type { Shown } from "./slack-fake.ts";
import { privateChat } from "./telegram-fake.ts";

export interface Said {
  readonly text: string;
  readonly buttons: readonly string[];
  readonly press: (who: Who, label: string) => void;
}

export type Who = typeof ANA;

export interface ChatRoom {
  readonly platform: "telegram" | "slack";
  /** What the desk said and shows now, oldest first. */
  said(): readonly Said[];
  type(who: Who, line: string): void;
  /** Resolves with the first message after `from` that fits. @throws with all that was said */
  hears(what: RegExp, from?: number): Promise<Said>;
  /** Types and waits for an answer that fits, said after it, or whispered to whoever asks. */
  asks(who: Who, line: string, answer: RegExp): Promise<Said>;
}

function room(
  platform: ChatRoom["platform"],
  said: () => readonly Said[],
  type: ChatRoom["type"],
  whispered: (who: Who) => readonly Said[] = () => [],
): ChatRoom {
  const first = async (what: RegExp, fresh: () => readonly Said[]): Promise<Said> => {
    const found = () => fresh().find(({ text }) => what.test(text));
    await until(
      () => found() !== undefined,
      `${what} on ${platform}`,
      () =>
        said()
          .map(({ text }) => text)
          .join("\n---\n"),
    );
    const message = found();
    if (message === undefined) throw new Error("it was taken back");
    return message;
  };
  return {
    platform,
    said,
    type,
    hears: (what, from = 0) => first(what, () => said().slice(from)),
    asks(who, line, answer) {
      const from = said().length;
      const told = whispered(who).length;
      type(who, line);
      return first(answer, () => [...said().slice(from), ...whispered(who).slice(told)]);
    },
  };
}

export function telegramRoom({ telegram }: ChatScene, where = GROUP): ChatRoom {
  return room(
    "telegram",
    () =>
      telegram.said(where.id).map((shown) => ({
        text: shown.text,
        buttons: shown.buttons.flat().map(({ label }) => label),
        press: (who, label) => void telegram.presses(who.telegram, shown, label),
      })),
    (who, line) => void telegram.says(who.telegram, where, line),
  );
}

export const telegramPrivate = (scene: ChatScene, who: Who): ChatRoom =>
  telegramRoom(scene, privateChat(who.telegram));

/** Typed with the slash command; `/status` becomes `/claudbot status`. */
export function slackRoom({ slack }: ChatScene, channel = CHANNEL): ChatRoom {
  const seen = (shown: Shown): Said => ({
    text: shown.plain,
    buttons: shown.buttons.map(({ label }) => label),
    press: (who, label) => void slack.presses(who.slack, shown, label),
  });
  return room(
    "slack",
    () => slack.said(channel).map(seen),
    (who, line) => void slack.slash(who.slack, channel, line.replace(/^\//, "")),
    (who) =>
      slack
        .ephemerals(who.slack)
        .filter((shown) => shown.channel === channel)
        .map(seen),
  );
}
