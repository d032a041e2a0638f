/** How fast one may be with Slack: a message a second into a channel, and so many calls of a method in a minute. */
import { type Json, text } from "./slack-fake-json.ts";

/** Short bursts into a channel are let through. */
const BURST = 5;
const POST_MS = 1000;
const MINUTE_MS = 60_000;

/** Calls in a minute, by Slack's tiers. */
const PER_MINUTE: Readonly<Record<string, number>> = {
  ...{ "apps.connections.open": 50, "chat.delete": 50, "chat.update": 50 },
  ...{ "conversations.history": 50, "conversations.info": 50, "conversations.open": 50 },
  ...{ "conversations.replies": 50, "chat.postEphemeral": 100, "files.info": 100 },
  ...{ "files.getUploadURLExternal": 100, "files.completeUploadExternal": 100, "team.info": 50 },
  ...{ "users.info": 100, "views.open": 100, "views.publish": 100, "views.update": 100 },
};

/** @returns seconds to wait, or null: go ahead. */
export type Limits = (method: string, payload: Json) => number | null;

export function limits(now: () => number): Limits {
  /** When each channel will have worked off what it was sent. */
  const busyUntil = new Map<string, number>();
  const calls = new Map<string, number[]>();
  return (method, payload) => {
    if (method === "chat.postMessage") {
      const channel = text(payload["channel"]);
      const busy = Math.max(busyUntil.get(channel) ?? 0, now());
      const over = busy + POST_MS - now() - BURST * POST_MS;
      if (over > 0) return Math.ceil(over / 1000);
      busyUntil.set(channel, busy + POST_MS);
      return null;
    }
    const most = PER_MINUTE[method];
    if (most === undefined) return null;
    const recent = (calls.get(method) ?? []).filter((at) => at > now() - MINUTE_MS);
    calls.set(method, [...recent, now()]);
    const [oldest = 0] = recent;
    return recent.length < most
      ? null
      : Math.max(1, Math.ceil((oldest + MINUTE_MS - now()) / 1000));
  };
}
