/** Plain requests to the fake of Slack, without any client between. */
import { vi } from "vitest";
import { SLACK_BOT_TOKEN, type SlackFake } from "./slack-fake.ts";

export type Told = { readonly [key: string]: unknown };

export interface Plain {
  ask(method: string, given?: Told, token?: string): Promise<Told>;
  /** The name of the refusal. */
  error(method: string, given?: Told): Promise<unknown>;
  /** Posts into a channel and answers the time of the message. */
  post(channel: string, given?: Told): Promise<string>;
}

export function plain(slack: () => SlackFake): Plain {
  const ask: Plain["ask"] = async (method, given = {}, token = SLACK_BOT_TOKEN) => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    const body = JSON.stringify(given);
    const reply = await fetch(slack().url + method, { method: "POST", headers, body });
    return (await reply.json()) as Told;
  };
  return {
    ask,
    error: async (method, given) => (await ask(method, given))["error"],
    post: async (channel, given = {}) =>
      String((await ask("chat.postMessage", { channel, text: "t", ...given }))["ts"]),
  };
}

export const section = (words: string, more: Told = {}): Told => ({
  ...{ type: "section", text: { type: "mrkdwn", text: words } },
  ...more,
});

export const button = (label: string, more: Told = {}): Told => ({
  ...{ type: "button", action_id: `a-${label}`, value: `v-${label}` },
  text: { type: "plain_text", text: label },
  ...more,
});

export const actions = (...elements: readonly Told[]): Told => ({ type: "actions", elements });

/** Waits until it holds, on a busy machine too. */
export const soon = (holds: () => void): Promise<void> =>
  vi.waitFor(holds, { timeout: 15_000, interval: 5 });
