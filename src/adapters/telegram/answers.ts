/** Tells Telegram that a press was noticed: exactly once for each, with a refusal in its words or without a word. */
// Until then the button of whoever pressed it shows that it is working.
import type { Card } from "../../chat/card.ts";
import { clean } from "../../chat/clean.ts";
import type { Echo } from "../../ports/hearer.ts";
import type { Timers } from "../../ports/timers.ts";
import { type Api, CALL_MS } from "./api.ts";

export interface Answers {
  /** `taken` is called when the hearer has taken it. */
  echo(press: string, taken: () => void): Echo;
  /** Says it in the private chat of somebody who is not ours: plain words, no name of the desk. False: it was not shown. */
  tell(chat: number, card: Card): Promise<boolean>;
  /** Takes away what somebody wrote in their private chat with us. False: it may still be there. */
  erase(chat: number, message: number): Promise<boolean>;
  /** For a press that nobody hears. */
  close(press: string): void;
  /** What was not answered yet stays so: it is answered when it comes again. */
  stop(): void;
}

/** A refusal comes at once, if it comes. */
const WHISPER_MS = 300;
const LATEST_MS = 2_000;
const LONGEST_WHISPER = 200;

export function openAnswers(api: Api, timers: Timers): Answers {
  const open = new Set<() => void>();
  let stopped = false;

  const answer = async (press: string, words: string | null): Promise<boolean> => {
    const alert = words === null ? {} : { text: words, show_alert: true };
    const reply = await api.call(
      (methods, signal) =>
        methods.answerCallbackQuery({ callback_query_id: press, ...alert }, signal),
      { timeoutMs: CALL_MS, speaks: true },
    );
    return reply.kind === "ok";
  };

  return {
    echo(press, taken) {
      let answered = false;
      const claim = (): boolean => {
        if (answered || stopped) return false;
        answered = true;
        cancel();
        return true;
      };
      const silently = (): void => {
        if (claim()) void answer(press, null);
      };
      const waits = [timers.after(LATEST_MS, silently)];
      const cancel = (): void => {
        open.delete(cancel);
        for (const end of waits) end();
      };
      open.add(cancel);
      return {
        taken() {
          if (!answered && !stopped) waits.push(timers.after(WHISPER_MS, silently));
          taken();
        },
        async whisper(card) {
          return claim() ? answer(press, whisperOf(card)) : false;
        },
      };
    },
    async tell(chat, card) {
      const words = wordsOf(card).join("\n");
      const reply = await api.call(
        (methods, signal) => methods.sendMessage({ chat_id: chat, text: words }, signal),
        { timeoutMs: CALL_MS, speaks: true },
      );
      return reply.kind === "ok";
    },
    async erase(chat, message) {
      const reply = await api.call(
        (methods, signal) => methods.deleteMessage({ chat_id: chat, message_id: message }, signal),
        { timeoutMs: CALL_MS },
      );
      return reply.kind === "ok";
    },
    close(press) {
      if (!stopped) void answer(press, null);
    },
    stop() {
      stopped = true;
      for (const cancel of [...open]) cancel();
    },
  };
}

const wordsOf = ({ headline, lines }: Card): readonly string[] =>
  [headline, ...lines].map((line) => clean(line));

/** @returns at most 200 UTF-16 units, as whole letters */
function whisperOf(card: Card): string {
  const words = wordsOf(card).join("\n");
  if (words.length <= LONGEST_WHISPER) return words;
  return `${words.slice(0, LONGEST_WHISPER - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
