/** What a risky request waits for, in words: whose turn it is, until when, and what comes after. */
import type { Steps } from "../core/control/authority.ts";
import { type Awaited, awaited } from "../core/control/confirmation.ts";
import type { Confirmation } from "../core/control/request.ts";
import type { RoomId } from "../core/kernel/ids.ts";
import type { Instant } from "../core/kernel/time.ts";
import type { Asked, Button } from "./card.ts";
import { button } from "./compose.ts";
import { isNameless, type Person } from "./person.ts";
import { platformName, platformOf } from "./platform.ts";
import { confirmButton, denyButton, duration } from "./proposal.ts";
import type { WallClock } from "./wall-clock.ts";

const CHATS = ["telegram", "slack"] as const;

/** More than the requester's own confirmation stands before it. */
export const hasSteps = ({ steps }: Confirmation): boolean =>
  steps !== undefined && (steps.code || steps.second || steps.coolingMs > 0);

/** `Ana's`, `your` */
const whose = (name: string): string => (isNameless(name) ? "your" : `${name}'s`);

/** `on Slack`, where the second person has to answer; empty for anywhere. */
function where({ by, steps }: Confirmation): string {
  if (steps?.otherPlatform !== true) return "";
  const others = CHATS.filter((platform) => platform !== platformOf(by.room));
  return ` on ${others.map(platformName).join(" or ")}`;
}

const typing = ({ types }: Steps): string => (types === null ? "" : ` typing ${types}`);

/** `Then: Ana's code; a second person on Telegram typing 2500; 10 min wait.`; null when nothing comes after. */
export function thenLine(of: Confirmation, at: Instant): string | null {
  const { steps, by } = of;
  if (steps === undefined) return null;
  const now = awaited(of, at);
  const codeLeft = steps.code && now === "confirm";
  const secondLeft = steps.second && (now === "confirm" || now === "code");
  const waitLeft = steps.coolingMs > 0 && now !== "cooling" && now !== "nothing";
  const left = [
    codeLeft ? `${whose(by.name)} code in private` : null,
    secondLeft ? `a second person${where(of)}${typing(steps)}` : null,
    waitLeft ? `${duration(steps.coolingMs)} wait` : null,
  ].filter((step) => step !== null);
  return left.length === 0 ? null : `Then: ${left.join("; ")}.`;
}

/** `Ana: code by 14:12:05 EDT, in private`: whose turn it is and until when. */
export function turnLine(of: Confirmation, at: Instant, clock: WallClock): string {
  const { by, code, steps, progress = {} } = of;
  const until = `${clock.seconds(of.expiresAt)} ${clock.zone(of.expiresAt)}`;
  const who = isNameless(by.name) ? "You" : by.name;
  switch (awaited(of, at)) {
    case "confirm":
      return `${who}: /confirm ${code} by ${until}`;
    case "code":
      return `${who}: six digits of the authenticator by ${until}, in private`;
    case "second":
      return `Second person${where(of)}: /approve ${code}${steps?.types == null ? "" : ` ${steps.types}`} by ${until}`;
    case "cooling": {
      const end = progress.coolsUntil ?? of.expiresAt;
      return `Done at ${clock.seconds(end)} ${clock.zone(end)} unless somebody denies it`;
    }
    default:
      return "All steps are taken.";
  }
}

const DONE: Readonly<Record<Awaited, string>> = {
  confirm: "",
  code: "confirmed",
  second: "confirmed",
  cooling: "agreed",
  nothing: "agreed",
};

/** `confirmed`, `agreed`: how far it has come, for a headline; empty before its first step. */
export const progressWord = (of: Confirmation, at: Instant): string => DONE[awaited(of, at)];

export function approveButton(of: Confirmation): Button {
  const types = of.steps?.types ?? null;
  return {
    ...button(types === null ? `Approve ${of.code}` : "Approve…", `/approve ${of.code}`),
    answers: { confirmation: of.id, verb: "approve" },
    ...(types === null
      ? {}
      : { asks: { what: "value", confirmation: of.id, code: of.code } as const }),
  };
}

/** What the requester is asked for in their private chats. */
export const codeAsked = ({ id, code }: Confirmation): Asked<"code"> => ({
  what: "code",
  confirmation: id,
  code,
});

/** Those that this request takes now, whoever presses them. */
export function stepButtons(of: Confirmation, at: Instant): readonly Button[] {
  switch (awaited(of, at)) {
    case "confirm":
      return [confirmButton(of), denyButton(of)];
    case "second":
      return [approveButton(of), denyButton(of)];
    default:
      return [denyButton(of)];
  }
}

/** Those that make sense for this person in this room. */
export function buttonsFor(
  of: Confirmation,
  who: { readonly person: Person; readonly room: RoomId },
  at: Instant,
): readonly Button[] {
  const isTheirs = of.by.person === who.person.id;
  const mayConfirm = isTheirs && (who.room === of.by.room || isOneToOne(who.room));
  return stepButtons(of, at).filter(({ answers }) => {
    if (answers?.verb === "confirm") return mayConfirm;
    return answers?.verb === "approve" ? !isTheirs : true;
  });
}

/** By its address a chat of one person with the desk. */
const isOneToOne = (room: RoomId): boolean => /^(console:|telegram:\d|slack:@)/.test(room);
