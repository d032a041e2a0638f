/** The rules of who may say what, where and when, written down a second time: for every word what it owes and what comes of it. */
// Nothing here is read from the commands or from the program that judges them.
import type { DeskScript } from "./desk-script.ts";
import { ROLES, type Role } from "./scenario-cast.ts";
import * as desk from "./scenario-desk.ts";

/** `fresh`: as old as it may be. `stale`: a second older. */
export type Age = "fresh" | "stale";
export type Place = "room" | "private" | "foreign";
export type Way = "direct" | "replayed" | "forwarded" | "anonymous" | "edited" | "bot";
export type Platform = "telegram" | "slack" | "console";

export const PLACES: readonly Place[] = ["room", "private", "foreign"];
export const AGES: readonly Age[] = ["fresh", "stale"];
export const WAYS: readonly Way[] = [
  ...(["direct", "replayed", "forwarded", "anonymous", "edited", "bot"] as const),
];

type Kind =
  /** Five minutes. */
  | "read"
  /** One minute. */
  | "risky"
  /** Ten minutes; later it pauses and says so. */
  | "safe"
  /** Ten minutes, and nothing later. */
  | "plain"
  /** Harmless at any age. */
  | "always"
  /** Of this minute and this run of the desk. */
  | "code";

const S = 1000;
/** How old it may be, and how old it is too old, in ms. */
const LIMITS: { readonly [K in Kind]: { readonly [A in Age]: number } } = {
  read: { fresh: 300 * S, stale: 301 * S },
  risky: { fresh: 60 * S, stale: 61 * S },
  safe: { fresh: 600 * S, stale: 601 * S },
  plain: { fresh: 600 * S, stale: 601 * S },
  always: { fresh: 3600 * S, stale: 86_000 * S },
  code: { fresh: 0, stale: 61 * S },
};

export interface Rule {
  /** As in the table of commands. */
  readonly words: string;
  readonly line: string | ((desk: DeskScript) => string);
  readonly role: Exclude<Role, "stranger">;
  readonly kind: Kind;
  readonly before?: desk.Before;
  /** The headline of an answer, or what came of it in the engine. */
  readonly comes: RegExp | string;
}

const rule = (
  words: string,
  line: Rule["line"],
  [role, kind]: readonly [Rule["role"], Kind],
  comes: Rule["comes"],
  before: desk.Before = desk.active,
): Rule => ({ words, line, role, kind, comes, before });

/** The authenticator of everybody shows it. */
export const CODE = "246810";
const coded = (words: string) => (of: DeskScript) => `${words} ${desk.waitingCode(of)}`;

/** Whoever approves a large raise types what it comes to: 150 and 60 of a hundred. */
const approving = (of: DeskScript): string => `/approve ${desk.waitingCode(of)} 240`;
const CANCEL = "order.cancel-asked, → cancel";

export const RULES: readonly Rule[] = [
  rule("status", "/status", ["viewer", "read"], /^RUNNING/),
  rule("positions", "/positions", ["viewer", "read"], /^Holding 0\.9/, desk.holding),
  rule("orders", "/orders", ["viewer", "read"], /^1 order/, desk.entryRests),
  rule("fills", "/fills 3", ["viewer", "read"], /^1 latest fill/, desk.holding),
  rule("breakers", "/breakers", ["viewer", "read"], /^BREAKERS 0 tripped/),
  rule("limits", "/limits", ["viewer", "read"], /^Limits: \d+ caps/),
  rule("pending", "/pending", ["viewer", "read"], /waits$/, desk.secondWanted),
  rule("whoami", "/whoami", ["viewer", "read"], /^You are /),
  rule("help", "/help", ["viewer", "read"], /^What you may say/),
  rule("audit", "/audit", ["operator", "read"], /^Audit: empty/),
  rule("reconcile", "/reconcile", ["operator", "read"], "request.answered, → trades, → list"),

  rule("pause", "/pause lunch", ["operator", "safe"], `trading.paused, ${CANCEL}`, desk.entryRests),
  rule("pause", "/pause BTC-USD", ["operator", "safe"], "trading.paused product BTC-USD"),
  rule(
    "kill",
    "/kill enough",
    ["operator", "safe"],
    `trading.killed, ${CANCEL}, → list`,
    desk.entryRests,
  ),
  rule("deny", coded("/deny"), ["operator", "always"], "confirmation.closed", desk.secondWanted),
  rule("suspend", "/suspend me", ["viewer", "always"], "person.suspended"),
  rule(
    "suspend",
    "/suspend sam",
    ["risk", "always"],
    "person.suspended, confirmation.closed",
    desk.secondWanted,
  ),
  rule(
    "cancel",
    (of) => `/cancel ${desk.orderName(of)}`,
    ["operator", "safe"],
    CANCEL,
    desk.entryRests,
  ),
  rule("limits set", "/limits set daily-loss 100", ["operator", "safe"], "limit.changed"),
  rule(
    "stage",
    "/stage lower",
    ["operator", "safe"],
    "stage.changed, trading.paused, request.answered, → trades, → list",
    desk.onSecondRung,
  ),

  rule("stage", "/stage", ["viewer", "read"], /^STAGE 1 of 4/, desk.readyToRise),
  rule("stage", "/stage raise", ["risk", "risky"], "confirmation.opened", desk.readyToRise),
  rule("limits set", "/limits set daily-loss +60%", ["risk", "risky"], "confirmation.opened"),
  rule(
    "cancel",
    (of) => `/cancel ${desk.orderName(of)}`,
    ["operator", "risky"],
    "confirmation.opened",
    desk.exitRests,
  ),
  rule("flatten", "/flatten", ["operator", "risky"], "confirmation.opened", desk.holding),
  rule("resume", "/resume", ["operator", "risky"], "confirmation.opened", desk.paused),
  rule("rearm", "/rearm", ["risk", "risky"], "confirmation.opened", desk.killed),
  rule(
    "confirm",
    coded("/confirm"),
    ["operator", "risky"],
    "confirmation.closed, trading.resumed",
    desk.askedToResume,
  ),
  rule("confirm", coded("/confirm"), ["risk", "risky"], "confirmation.stepped", desk.askedToRaise),
  rule("approve", approving, ["risk", "risky"], "confirmation.stepped", desk.secondWanted),
  rule(
    "code",
    `/code ${CODE}`,
    ["risk", "code"],
    "code.spent, confirmation.closed, limit.changed",
    desk.codeWanted,
  ),

  rule("duty", "/duty on", ["operator", "plain"], "duty.changed"),
  rule("testalarm", "/testalarm", ["operator", "plain"], "alarm.tested"),
  rule(
    "heard",
    (of) => `/heard ${desk.alarmId(of)}`,
    ["viewer", "plain"],
    "alarm.heard",
    desk.alarmRang,
  ),
];

/** Asked for on Telegram by the very person who would be the second, and on Slack is the same one. */
export const OWN_APPROVAL: Rule = rule(
  "approve",
  approving,
  ["risk", "risky"],
  "refused",
  desk.ownSecondWanted,
);

export interface Case {
  readonly rule: Rule;
  readonly role: Role;
  readonly platform: Platform;
  readonly place: Place;
  readonly age: Age;
  readonly way: Way;
}

export const ageMs = ({ rule: { kind }, age }: Case): number => LIMITS[kind][age];

/** What a message may come to. */
export type Outcome =
  | "nothing"
  /** Told to them alone, that this is no place to say it. */
  | "hint"
  | "refused"
  | "answered"
  | "paused, and said so"
  | `did ${string}`;

export function expected(each: Case): Outcome {
  const { rule, role, place, age, way } = each;
  // Whatever was not written by somebody of ours, here and now, is nobody's word.
  if (way !== "direct" && way !== "replayed") return "nothing";
  if (role === "stranger") return "nothing";
  // A code that was shown in a strange room is spent there without a word.
  if (place === "foreign") return rule.kind === "code" ? "nothing" : "hint";
  if (rule.kind === "code" && place === "room" && age === "fresh") return "did code.spent, refused";
  if (age === "stale" && !["safe", "always"].includes(rule.kind)) return "refused";
  // Nothing of an operator's can wait for a code here: their raise ended when they confirmed it.
  if (rule.kind === "code" && role === "operator") return "did code.spent, refused";
  if (ROLES.indexOf(role) < ROLES.indexOf(rule.role)) return "refused";
  if (age === "stale" && rule.kind === "safe") {
    // What was meant for a part stops everything.
    const whole = String(rule.comes).replace(" product BTC-USD", "");
    return rule.words === "pause" ? `did ${whole}` : "paused, and said so";
  }
  return typeof rule.comes === "string" ? `did ${rule.comes}` : "answered";
}

/** One rule, one person: what is sent at once. */
export function casesOf(rule: Rule, role: Role): readonly Case[] {
  const chats = (["telegram", "slack"] as const).flatMap((platform) =>
    PLACES.flatMap((place) =>
      AGES.flatMap((age) => WAYS.map((way) => ({ rule, role, platform, place, age, way }))),
    ),
  );
  // At the desk's own terminal there is one room, one person, and nothing old, forwarded or edited.
  const here = { platform: "console", place: "private", age: "fresh", way: "direct" } as const;
  return [...chats, { rule, role, ...here }];
}
