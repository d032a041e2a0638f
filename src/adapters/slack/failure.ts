/** What a failed call to Slack means for whoever made it. Only Slack's own short codes are kept, never a payload. */
import { fieldsOf, textOf } from "./fields.ts";

export type Failure =
  /** Certainly not done: too many calls, or something before Slack is in the way. */
  | { readonly kind: "later"; readonly why: string; readonly afterMs: number }
  /** Certainly not done: our token is not taken, and waiting is no cure. */
  | { readonly kind: "locked-out"; readonly why: string }
  /** Certainly not done: the room, or the person, is not there for us. */
  | { readonly kind: "no-room"; readonly why: string }
  /** Certainly not done: the look of the message, its thread, or the message to be edited. */
  | { readonly kind: "markup" | "no-thread" | "no-message"; readonly why: string }
  /** Certainly not done, for any other reason that Slack names. */
  | { readonly kind: "denied"; readonly why: string }
  /** Certainly not done: Slack was not reached. */
  | { readonly kind: "unreached"; readonly why: string }
  /** Perhaps done. */
  | { readonly kind: "unclear"; readonly why: string };

const LATER_MS = 30_000;

const CODES: Readonly<Record<string, Failure["kind"]>> = {
  ratelimited: "later",
  rate_limited: "later",
  invalid_auth: "locked-out",
  not_authed: "locked-out",
  token_revoked: "locked-out",
  token_expired: "locked-out",
  account_inactive: "locked-out",
  missing_scope: "locked-out",
  not_allowed_token_type: "locked-out",
  org_login_required: "locked-out",
  ekm_access_denied: "locked-out",
  access_denied: "locked-out",
  link_disabled: "locked-out",
  channel_not_found: "no-room",
  not_in_channel: "no-room",
  is_archived: "no-room",
  user_not_found: "no-room",
  users_not_found: "no-room",
  user_not_visible: "no-room",
  user_disabled: "no-room",
  cannot_dm_bot: "no-room",
  messages_tab_disabled: "no-room",
  restricted_action: "no-room",
  restricted_action_read_only_channel: "no-room",
  invalid_blocks: "markup",
  invalid_blocks_format: "markup",
  msg_blocks_too_long: "markup",
  msg_too_long: "markup",
  invalid_metadata_format: "markup",
  invalid_metadata_schema: "markup",
  metadata_too_large: "markup",
  thread_not_found: "no-thread",
  invalid_thread_ts: "no-thread",
  cannot_reply_to_message: "no-thread",
  restricted_action_thread_locked: "no-thread",
  restricted_action_thread_only_channel: "no-thread",
  message_not_found: "no-message",
  cant_update_message: "no-message",
  edit_window_closed: "no-message",
  internal_error: "unclear",
  fatal_error: "unclear",
  service_unavailable: "unclear",
  request_timeout: "unclear",
  duplicate_message_not_found: "unclear",
};

/** Our token is taken, but not for this call: of other calls that says nothing. */
export const isForbidden = ({ kind, why }: Failure): boolean =>
  kind === "locked-out" && FORBIDDEN.includes(why);

const FORBIDDEN = ["missing_scope", "not_allowed_token_type", "access_denied"];

/** Nothing left this machine: told by whoever opens connections where there is no Transport. */
const UNREACHED = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"];

/** Slack's codes look like this. A page of a broken proxy, which the library passes off as a code, does not. */
const CODE = /^[a-z][a-z0-9_]{1,60}$/;

export function failureOf(error: unknown): Failure {
  const thrown = fieldsOf(error);
  const afterMs = secondsToMs(thrown["retryAfter"]);
  if (afterMs !== null) return { kind: "later", why: "ratelimited", afterMs };
  if ("data" in thrown) return said(fieldsOf(thrown["data"]));
  const status = thrown["statusCode"];
  if (typeof status === "number") return answered(status);
  return broken(error);
}

function said(data: Readonly<Record<string, unknown>>): Failure {
  const why = textOf(data["error"]);
  if (why === null || !CODE.test(why)) {
    return { kind: "unclear", why: "an answer that is not Slack's" };
  }
  const kind = Object.hasOwn(CODES, why) ? (CODES[why] ?? "denied") : "denied";
  if (kind !== "later") return { kind, why };
  const { retryAfter } = fieldsOf(data["response_metadata"]);
  return { kind, why, afterMs: secondsToMs(retryAfter) ?? LATER_MS };
}

/** Slack itself answers 200 or 429; anything else comes from something before it. */
function answered(status: number): Failure {
  const why = `http ${status}`;
  if (status === 429) return { kind: "later", why, afterMs: LATER_MS };
  const refused = status >= 400 && status < 500 && status !== 408;
  return refused ? { kind: "later", why, afterMs: LATER_MS } : { kind: "unclear", why };
}

function broken(error: unknown): Failure {
  let inner = error;
  for (let depth = 0; depth < 6 && typeof inner === "object" && inner !== null; depth += 1) {
    const { failed, code, original, cause } = fieldsOf(inner);
    if (failed === "not-sent") return { kind: "unreached", why: "not reached" };
    if (failed === "ambiguous") return { kind: "unclear", why: "no answer" };
    if (typeof code === "string" && UNREACHED.includes(code)) {
      return { kind: "unreached", why: code };
    }
    inner = original ?? cause ?? fieldsOf(inner)["error"];
  }
  return { kind: "unclear", why: "no answer" };
}

const secondsToMs = (seconds: unknown): number | null =>
  typeof seconds === "number" && Number.isFinite(seconds) && seconds >= 0
    ? Math.ceil(seconds * 1000)
    : null;
