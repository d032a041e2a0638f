/** What Slack says of our tokens before anybody listens with them. It asks a few times and changes nothing. */
import { WebClient } from "@slack/web-api";
import { fail, ok, type Result } from "../../core/kernel/result.ts";
import { clientOptions, type Method } from "./client.ts";
import { type Failure, failureOf } from "./failure.ts";
import { type Fields, fieldsOf, listOf, textOf } from "./fields.ts";
import { lesserOf } from "./people.ts";
import type { SlackDoors, SlackSettings } from "./slack.ts";

/** What the manifest asks for, and nothing beside. */
export const SCOPES = [
  "app_mentions:read",
  "channels:history",
  "chat:write",
  "commands",
  "files:write",
  "groups:history",
  "im:history",
  "im:write",
  "users:read",
] as const;
const APP_SCOPE = "connections:write";

export interface AppFacts {
  readonly team: string;
  /** Foreign strings. */
  readonly teamName: string;
  readonly botName: string;
  readonly botUserId: string;
  /** Null when Slack did not tell. */
  readonly appId: string | null;
}

type Token = "bot" | "app";

export type AppChecked =
  | { readonly kind: "works"; readonly app: AppFacts }
  | { readonly kind: "refused"; readonly token: Token; readonly why: string }
  | { readonly kind: "scopes"; readonly token: Token; readonly missing: readonly string[] }
  /** The tokens work, and no connection of Socket Mode is given. */
  | { readonly kind: "no-socket"; readonly why: string }
  | { readonly kind: "failed"; readonly why: string };

interface No {
  readonly failure: Failure;
  /** Slack's own list of what is missing. */
  readonly needed: readonly string[];
}

type Call = (method: Method, args?: Fields) => Promise<Result<Fields, No>>;

export async function checkSlack(doors: SlackDoors, settings: SlackSettings): Promise<AppChecked> {
  const call = caller(settings.botToken, doors, settings);
  const told = await call("auth.test");
  if (!told.ok) return refusal("bot", told.error);
  const { team_id, team, user, user_id, response_metadata } = told.value;
  const [teamId, botUserId] = [textOf(team_id), textOf(user_id)];
  if (teamId === null || botUserId === null) {
    return { kind: "failed", why: "an answer that is not Slack's" };
  }
  const given = listOf(fieldsOf(response_metadata)["scopes"]);
  const missing = given.length === 0 ? [] : SCOPES.filter((scope) => !given.includes(scope));
  if (missing.length > 0) return { kind: "scopes", token: "bot", missing };
  const us = await call("users.info", { user: botUserId });
  if (!us.ok && us.error.failure.why === "missing_scope") return refusal("bot", us.error);
  if (settings.appToken !== null) {
    const opened = await caller(settings.appToken, doors, settings)("apps.connections.open");
    if (!opened.ok) return refusal("app", opened.error);
  }
  const profile = us.ok ? fieldsOf(fieldsOf(us.value["user"])["profile"]) : {};
  return {
    kind: "works",
    app: {
      team: teamId,
      teamName: textOf(team) ?? teamId,
      botName: textOf(user) ?? botUserId,
      botUserId,
      appId: textOf(profile["api_app_id"]),
    },
  };
}

/** Why this member of the workspace may not be linked, as Slack calls it, or null. */
export async function checkMember(
  doors: SlackDoors,
  settings: SlackSettings,
  user: string,
): Promise<string | null> {
  const told = await caller(settings.botToken, doors, settings)("users.info", { user });
  return told.ok ? lesserOf(fieldsOf(told.value["user"])) : told.error.failure.why;
}

function caller(token: string, doors: SlackDoors, settings: SlackSettings): Call {
  const web = new WebClient(token, clientOptions(doors, settings));
  return async (method, args = {}) => {
    try {
      return ok(fieldsOf(await web.apiCall(method, args)));
    } catch (error) {
      const needed = textOf(fieldsOf(fieldsOf(error)["data"])["needed"]) ?? "";
      const scopes = needed.split(",").filter((scope) => /^[a-z_.]+(:[a-z_.]+)*$/.test(scope));
      return fail({ failure: failureOf(error), needed: scopes });
    }
  };
}

function refusal(token: Token, { failure, needed }: No): AppChecked {
  const { kind, why } = failure;
  if (why === "missing_scope") {
    const usual = token === "app" ? [APP_SCOPE] : SCOPES;
    return { kind: "scopes", token, missing: needed.length > 0 ? needed : usual };
  }
  if (kind === "locked-out") return { kind: "refused", token, why };
  if (kind === "denied")
    return token === "app" ? { kind: "no-socket", why } : { kind: "refused", token, why };
  return { kind: "failed", why };
}
