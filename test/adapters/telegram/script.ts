/** The Telegram adapter before a Telegram that answers as the test says, in virtual time. */
import { onTestFinished } from "vitest";
import { openTelegram } from "../../../src/adapters/telegram/open-telegram.ts";
import type { Telegram, TelegramSettings } from "../../../src/adapters/telegram/telegram.ts";
import type { Notice } from "../../../src/core/engine/input.ts";
import { instant } from "../../../src/core/kernel/time.ts";
import { type ManualTime, manualTime } from "../../kit/manual-time.ts";
import { quietLog } from "../../kit/quiet-log.ts";
import { type Ear, ear, seal, type Told } from "./rig.ts";

/** In seconds, as Telegram counts. */
export const START = 1_700_000_000;

type Payload = Readonly<Record<string, unknown>>;

/** What is answered to a method; undefined: nothing. A throw is a broken connection. */
export type Answers = { [method: string]: (payload: Payload) => unknown };

export const ok = (result: unknown) => ({ ok: true, result });
export const no = (code: number, description: string) => ({
  ...{ ok: false, error_code: code, description },
});

export interface Script extends Told {
  readonly time: ManualTime;
  readonly telegram: Telegram;
  readonly ear: Ear;
  readonly asked: { readonly method: string; readonly payload: Payload }[];
  readonly answers: Answers;
  /** Of one method, how often. */
  count(method: string): number;
}

export function script(
  answers: Answers,
  settings: Partial<TelegramSettings> & { readonly spoil?: Partial<Told> } = {},
): Script {
  const { spoil, ...rest } = settings;
  const time = manualTime(instant(START * 1000));
  const told = { notices: [] as Notice[], pulse: [] as string[], log: quietLog(), ...spoil };
  const { notices, pulse, log } = told;
  const asked: Script["asked"] = [];
  const all: Answers = {
    getMe: () => ok({ id: 7, is_bot: true, username: "desk_bot" }),
    getWebhookInfo: () => ok({ url: "" }),
    ...answers,
  };
  const telegram = openTelegram(
    {
      fetch: async (input, init) => {
        const method = String(input).split("/").at(-1) ?? "";
        const payload = JSON.parse(String(init?.body ?? "{}")) as Payload;
        asked.push({ method, payload });
        const answer = all[method]?.(payload);
        return answer === undefined ? new Promise(() => undefined) : Response.json(answer);
      },
      ...{ clock: time.clock, timers: time.timers, log, seal },
      notices: { note: (notice) => notices.push(notice) },
      pulse: {
        alive: () => pulse.push("alive"),
        failing: (_, why, lasting) => pulse.push(`${lasting ? "!" : ""}${why}`),
      },
    },
    {
      ...{ apiRoot: "https://telegram.test", token: `7:${"A".repeat(35)}`, menus: [] },
      ...{ rooms: [], webhook: null },
      ...rest,
    },
  );
  onTestFinished(() => telegram.ears.stop());
  const count = (method: string) => asked.filter((one) => one.method === method).length;
  return { ...told, time, telegram, ear: ear(), asked, answers: all, count };
}

/** Settled virtual time, in small steps, so that whatever waits for an answer goes on in time. */
export async function pass({ time }: Script, seconds: number): Promise<void> {
  for (let left = seconds; left > 0; left -= 1) await time.pass(1_000);
}
