/** Whether something that Slack sent may be obeyed at all, by Slack's own account of whom and where it comes from. */
import type { Origin } from "../../ports/hearer.ts";
import { type Fields, fieldsOf, textOf } from "./fields.ts";

export interface Own {
  /** Our workspace: one, or those of the linked accounts as long as Slack has not told it. */
  readonly teams: readonly string[];
  /** Undefined: not known yet. */
  readonly enterprise: string | null | undefined;
  readonly botId: string | null;
  readonly botUserId: string | null;
  /** `slack:<team>/<user>` */
  readonly isGuest: (account: string) => boolean;
}

/** From another workspace or organisation, or from a channel shared with one. */
export function isForeign(body: Fields, own: Own): boolean {
  const event = fieldsOf(body["event"]);
  const team = textOf(body["team_id"]) ?? textOf(fieldsOf(body["team"])["id"]);
  if (team === null || !own.teams.includes(team)) return true;
  if (body["is_ext_shared_channel"] === true || event["is_ext_shared_channel"] === true) {
    return true;
  }
  const stated = [
    body["context_team_id"],
    fieldsOf(body["user"])["team_id"],
    event["team"],
    event["user_team"],
    event["source_team"],
  ];
  // Within an organisation Slack may name it in the place of a person's workspace.
  const ours = [team, own.enterprise];
  if (stated.some((one) => !ours.includes(textOf(one) ?? team))) return true;
  const enterprises = [
    body["enterprise_id"],
    body["context_enterprise_id"],
    fieldsOf(body["enterprise"])["id"],
  ];
  return (
    own.enterprise !== undefined &&
    enterprises.some((one) => textOf(one) !== null && one !== own.enterprise)
  );
}

/** What a person writes with a file, from a thread into the channel, or with `/me`. */
const WORDS = ["file_share", "thread_broadcast", "me_message"];
const EDITS = ["message_changed", "message_deleted", "message_replied"];

/** An event that our own messages caused. */
export function isOurs(body: Fields, own: Own): boolean {
  const event = fieldsOf(body["event"]);
  const written = [event, fieldsOf(event["message"]), fieldsOf(event["previous_message"])];
  return written.some(
    ({ bot_id, app_id, user }) =>
      (textOf(bot_id) !== null && (bot_id === own.botId || app_id === body["api_app_id"])) ||
      (textOf(user) !== null && user === own.botUserId),
  );
}

/** An event that no person has just written, or null. */
export function notWritten(event: Fields): Origin | null {
  const subtype = textOf(event["subtype"]);
  if (textOf(event["bot_id"]) !== null || subtype === "bot_message") return "bot";
  if (event["user"] === "USLACKBOT") return "bot";
  if (subtype !== null && EDITS.includes(subtype)) return "edited";
  if (event["edited"] !== undefined && event["edited"] !== null) return "edited";
  return subtype === null || WORDS.includes(subtype) ? null : "malformed";
}
