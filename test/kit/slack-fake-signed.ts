/** The other way Slack reaches an app: signed requests over HTTP. */
import { createHmac } from "node:crypto";
import type { Envelope } from "./slack-fake-envelopes.ts";
import { isObject, type Json } from "./slack-fake-json.ts";

export interface RawRequest {
  readonly body: string;
  /** Seconds; null leaves the header out. */
  readonly timestamp?: number | string | null;
  readonly signature?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RawReply {
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
}

export interface Signed {
  deliverTo(url: string): void;
  /** The headers that prove who sent `body`. */
  sign(body: string, timestamp?: number | string, secret?: string): Record<string, string>;
  /** One request, signed rightly unless told otherwise. Nothing listens: it throws. */
  request(request: RawRequest): Promise<RawReply>;
}

export interface HttpMode extends Signed {
  readonly active: boolean;
  carry(envelope: Envelope, done: (reply: RawReply | null) => void): void;
}

export function httpMode(secret: string, now: () => number): HttpMode {
  let url = "";
  const sign: Signed["sign"] = (body, timestamp = Math.floor(now() / 1000), by = secret) => ({
    "x-slack-request-timestamp": String(timestamp),
    "x-slack-signature": `v0=${createHmac("sha256", by).update(`v0:${timestamp}:${body}`).digest("hex")}`,
  });
  const request: Signed["request"] = async ({ body, timestamp, signature, headers = {} }) => {
    const json = body.startsWith("{");
    const proof = sign(body, timestamp ?? undefined);
    if (timestamp === null) delete proof["x-slack-request-timestamp"];
    if (signature === null) delete proof["x-slack-signature"];
    else if (signature !== undefined) proof["x-slack-signature"] = signature;
    const type = json ? "application/json" : "application/x-www-form-urlencoded";
    const agent = "Slackbot 1.0 (+https://api.slack.com/robots)";
    const all = { "content-type": type, "user-agent": agent, ...proof, ...headers };
    const reply = await fetch(url, { method: "POST", body, headers: all });
    return { status: reply.status, body: await reply.text(), headers: reply.headers };
  };
  return {
    get active() {
      return url !== "";
    },
    deliverTo(to) {
      url = to;
    },
    sign,
    request,
    carry(envelope, done) {
      const { attempt, reason } = envelope;
      const again = {
        "x-slack-retry-num": String(attempt),
        "x-slack-retry-reason": `http_${reason}`,
      };
      request({ body: bodyOf(envelope), headers: attempt === 0 ? {} : again }).then(done, () =>
        done(null),
      );
    },
  };
}

/** Events come as JSON, the others as a form. */
function bodyOf({ type, payload }: Envelope): string {
  if (type === "events_api") return JSON.stringify(payload);
  if (type === "interactive")
    return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const fields = Object.entries(payload).map(([key, value]): [string, string] => [
    key,
    String(value),
  ]);
  return new URLSearchParams(fields).toString();
}

/** What an app answered to a request, as the payload of an ack would be. */
export function answerOf({ body }: RawReply): Json {
  if (body === "") return {};
  try {
    const said: unknown = JSON.parse(body);
    return isObject(said) ? said : { text: body };
  } catch {
    return { text: body };
  }
}
