/** Slack's Web API for one token. A call is made once, never again by itself, and never rejects. */
import { WebClient, type WebClientOptions } from "@slack/web-api";
import { fail, ok, type Result } from "../../core/kernel/result.ts";
import { type Failure, failureOf } from "./failure.ts";
import { type Fields, fieldsOf } from "./fields.ts";
import type { Health } from "./health.ts";
import { libraryLog } from "./library-log.ts";
import type { SlackDoors, SlackSettings } from "./slack.ts";

/** Every method that is called; the manifest asks for their scopes and for no others. */
export const METHODS = [
  "apps.connections.open",
  "auth.test",
  "chat.postEphemeral",
  "chat.postMessage",
  "chat.update",
  "conversations.history",
  "conversations.open",
  "conversations.replies",
  "users.info",
  "views.open",
  "views.publish",
] as const;
export type Method = (typeof METHODS)[number];

export type Ask = (method: Method, args?: Fields) => Promise<Result<Fields, Failure>>;

export interface Upload {
  readonly channel_id: string;
  readonly thread_ts: string;
  readonly filename: string;
  readonly alt_text: string;
  readonly file: Buffer;
}

export interface Client {
  readonly ask: Ask;
  /** Shows a picture as a reply. By several calls, which leave nothing to see when one of them fails. Of health it tells nothing. */
  readonly upload: (picture: Upload) => Promise<Result<null, Failure>>;
}

/** One call takes no longer. */
export const CALL_MS = 10_000;

export function clientOptions(doors: SlackDoors, settings: SlackSettings): WebClientOptions {
  return {
    slackApiUrl: settings.apiUrl,
    fetch: withRetryAfter(doors.fetch),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: CALL_MS,
    logger: libraryLog(doors.log),
  };
}

/** @param health is told how the calls go; null for the app's token, whose calls alone prove nothing */
export function openClient(
  token: string,
  options: WebClientOptions,
  health: Health | null,
): Client {
  const web = new WebClient(token, options);
  return {
    async ask(method, args = {}) {
      const answer = await attempt(async () => fieldsOf(await web.apiCall(method, args)));
      if (answer.ok) health?.well("mouth");
      else health?.failed(answer.error);
      return answer;
    },
    upload: (picture) =>
      attempt(async () => {
        await web.filesUploadV2(picture);
        return null;
      }),
  };
}

async function attempt<T>(call: () => Promise<T>): Promise<Result<T, Failure>> {
  try {
    return ok(await call());
  } catch (error) {
    return fail(failureOf(error));
  }
}

/** The library gives up in words, not in a code, when a 429 does not say for how long. */
function withRetryAfter(inner: SlackDoors["fetch"]): SlackDoors["fetch"] {
  return async (input, init) => {
    const reply = await inner(input, init);
    if (reply.status !== 429 || /^\d+$/.test(reply.headers.get("retry-after") ?? "")) return reply;
    return new Response(null, { status: 429, headers: { "retry-after": "30" } });
  };
}
