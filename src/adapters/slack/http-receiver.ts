/** HTTP mode for Bolt: requests that Slack signs and sends to us. The server stands elsewhere. */
import type { App, Receiver } from "@slack/bolt";
import type { Clock } from "../../ports/clock.ts";
import type { Hook, HookReply, HookRequest } from "../../ports/hook.ts";
import { type Fields, fieldsOf, parsed } from "./fields.ts";
import { signatureJudge } from "./signature.ts";
import { type DeliverDoors, deliver } from "./ticket.ts";

export interface HttpDoors extends DeliverDoors {
  readonly clock: Clock;
  /** Null: none was given, and no request can be genuine. */
  readonly signingSecret: string | null;
  /** False: nobody listens yet, or any more. */
  readonly isListening: () => boolean;
  /**
   * A request came that is really Slack's. That is all that can be known here: Slack does not tell when requests do not
   * reach us, so silence is no sign of anything, and hearing is never told as failing in this mode.
   */
  readonly heard: () => void;
}

export const PATH = "/slack/events";

export function httpReceiver(doors: HttpDoors): {
  readonly receiver: Receiver;
  readonly hook: Hook;
} {
  let app: App | null = null;
  const isGenuine = signatureJudge(doors.signingSecret, doors.clock);

  const answer = async (request: HookRequest): Promise<HookReply> => {
    if (request.method !== "POST") return { status: 405 };
    if (!isGenuine(request)) {
      doors.turnedAway("unsigned");
      return { status: 401 };
    }
    doors.heard();
    const body = bodyOf(request);
    if (body === null) {
      doors.turnedAway("malformed");
      return { status: 400 };
    }
    if (body["type"] === "url_verification") {
      return { status: 200, type: "text/plain", body: String(body["challenge"] ?? "") };
    }
    if (body["ssl_check"] !== undefined) return { status: 200 };
    if (!doors.isListening()) return { status: 503 };
    return new Promise((resolve) => {
      const reply = (payload: unknown): void => resolve(replyOf(payload));
      const decline = (): void => resolve({ status: 503 });
      const sentAt = Number(request.headers["x-slack-request-timestamp"]) * 1000;
      void deliver(app, { body, sentAt, ...retryOf(request), reply, decline }, doors);
    });
  };
  return {
    hook: { path: PATH, answer },
    receiver: {
      init(given) {
        app = given;
      },
      start: () => Promise.resolve(),
      stop: () => Promise.resolve(),
    },
  };
}

/** Events are JSON; a slash command is a form; what is pressed is JSON within a form. Null: none of these. */
function bodyOf({ headers, body }: HookRequest): Fields | null {
  const text = new TextDecoder().decode(body);
  const isForm = (headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
  const form = isForm ? Object.fromEntries(new URLSearchParams(text)) : null;
  const json = form === null ? text : form["payload"];
  const fields = json === undefined ? fieldsOf(form) : fieldsOf(parsed(json));
  return Object.keys(fields).length === 0 ? null : fields;
}

function retryOf({ headers }: HookRequest) {
  const number = Number(headers["x-slack-retry-num"] ?? "");
  const reason = headers["x-slack-retry-reason"];
  return {
    ...(Number.isInteger(number) && number > 0 ? { retryNum: number } : {}),
    ...(reason === undefined ? {} : { retryReason: reason }),
  };
}

function replyOf(payload: unknown): HookReply {
  if (payload === undefined || payload === "") return { status: 200 };
  if (typeof payload === "string") return { status: 200, type: "text/plain", body: payload };
  return { status: 200, type: "application/json", body: JSON.stringify(payload) };
}
