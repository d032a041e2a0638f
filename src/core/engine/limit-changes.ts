/**
 * Changes of caps that people ask for. What is stricter than all that would come of itself happens at once; the rest is
 * confirmed first, and is measured against the last value that was approved in full, so that small steps do not add up unseen.
 */
import type { Proposal, Request } from "../control/request.ts";
import type { Requester } from "../control/trading.ts";
import { type Instant, later } from "../kernel/time.ts";
import { distance, grouped, isSmall } from "../risk/baseline.ts";
import { passedCeiling } from "../risk/ceilings.ts";
import { choiceKey } from "../risk/choices.ts";
import {
  findLimit,
  isRaise,
  type LimitRow,
  type LimitValue,
  limitFrom,
  limitRead,
  limitRows,
  limitText,
  unfit,
} from "../risk/policy.ts";
import { layers, MOST_LAYERS } from "../risk/temporary.ts";
import type { Agreed } from "./confirmations.ts";
import type { Desk } from "./desk.ts";
import { filed, rungOf } from "./filed.ts";
import { askChoice, takeChoice } from "./policy-choices.ts";
import { scheduleOf } from "./policy-schedule.ts";
import { propose } from "./proposing.ts";
import { authorityOf } from "./roster.ts";
import type { Turn } from "./turn.ts";

type Asked = Extract<Request, { verb: "limits set" }>;
type Change = Extract<Proposal, { verb: "limits set" }>;

export function askLimit(turn: Turn, by: Requester, nonce: string, asked: Asked): void {
  const choice = choiceKey(asked.key);
  if (choice !== null) return askChoice(turn, by, nonce, { ...asked, key: choice });
  const answer = (refused: boolean, why: string): void =>
    turn.say({ kind: "request.answered", verb: "limits set", by, refused, why });
  const { desk } = turn.state;
  const row = desk.policy && findLimit(desk.policy, asked.key);
  if (!row) return answer(true, unknown(desk, asked.key));
  const read = readValue(turn, row, asked.value);
  if (typeof read === "string") return answer(true, `${read}.`);
  const { key, forMs } = asked;
  const running = desk.temporary.get(key);
  const until = forMs === undefined ? null : later(turn.at, forMs);
  const [from, to] = [limitText(row.value), limitText(read.is)];
  if (from === to && (until === null ? !running : !running || until <= running.until)) {
    return answer(false, `${key} is ${to} already.`);
  }
  if (forMs !== undefined && layers(running) >= MOST_LAYERS) {
    return answer(
      true,
      `${key} has ${MOST_LAYERS} temporary values already. Set it for good first.`,
    );
  }
  const { because } = asked;
  const terms = {
    ...(forMs === undefined ? {} : { forMs }),
    ...(because === undefined ? {} : { because }),
  };
  if (!loosens(desk, row, read.is, until, turn.at)) {
    return say(turn, { verb: "limits set", key, from, to, ...terms }, by, null);
  }
  const base = approvedOf(desk, row);
  const kind = isRaise(row.spec, base, read.is) ? "raise" : "restore";
  const proposal = {
    verb: "limits set",
    ...({ key, from, to, class: kind, approved: limitText(base), ...terms } as const),
  } as const;
  const detail = consequences(turn, row, read.is);
  const { smallRaisePct } = authorityOf(turn.state);
  const size = kind === "raise" && !isSmall(base, read.is, smallRaisePct) ? "large-raise" : kind;
  const types = size === "large-raise" ? { types: to } : {};
  propose(turn, { proposal, by, nonce, class: size, detail, ...types });
}

/**
 * The confirmed change. For good it is the new measure, if it is beyond the old one. A request may be older than the file
 * of now, so what no person can pass is asked once more.
 */
export function commitLimit(turn: Turn, proposal: Change, agreed: Agreed): void {
  const { key, to } = proposal;
  const { by } = agreed.confirmation;
  const choice = choiceKey(key);
  if (choice !== null) return takeChoice(turn, choice, proposal, by);
  const { desk } = turn.state;
  const row = desk.policy && findLimit(desk.policy, key);
  const is = row ? limitRead(row.spec, to) : undefined;
  const why =
    row && is !== undefined ? forbidden(turn, row, is) : `${key} cannot be ${to} any more`;
  if (why === null) return say(turn, proposal, by, agreed);
  turn.say({ kind: "request.answered", verb: "limits set", by, refused: true, why: `${why}.` });
}

/** @param agreed by whom it was confirmed and how; null for what is no raise */
function say(turn: Turn, change: Change, by: Requester, agreed: Agreed | null): void {
  const { desk } = turn.state;
  const { key, from, to, forMs, because } = change;
  const row = desk.policy && findLimit(desk.policy, key);
  turn.say({
    kind: "limit.changed",
    ...{ key, from, to, raise: agreed !== null, by },
    version: desk.policyVersion + 1,
    ...(because === undefined ? {} : { reason: because }),
    ...(forMs === undefined ? {} : { until: later(turn.at, forMs) }),
    ...(agreed ? { confirmers: agreed.confirmers } : {}),
    ...(row ? { approved: limitText(approvedOf(desk, row)) } : {}),
    approves: agreed !== null && isInFull(agreed) && forMs === undefined,
    ...(agreed?.confirmation.class === "restore" ? { restores: true } : {}),
  });
}

/** Small raises are measured against the last full one, so that they do not add up unseen: they do not become the measure. */
const isInFull = ({ confirmation: { class: kind = "large-raise" } }: Agreed): boolean =>
  kind === "large-raise";

/** The value approved in full; where none is known, the one in force. */
export function approvedOf({ approved }: Desk, { key, value }: LimitRow): LimitValue {
  const row = approved && findLimit(approved, key);
  return row ? row.value : value;
}

/** Whether at any moment until it ends the value would be looser than what would be without it. */
function loosens(
  desk: Desk,
  row: LimitRow,
  to: LimitValue,
  until: Instant | null,
  at: Instant,
): boolean {
  let from = at;
  for (const { value, until: end } of scheduleOf(desk, row)) {
    if (until !== null && from >= until) return false;
    if (isRaise(row.spec, value, to)) return true;
    from = end ?? from;
  }
  return false;
}

function unknown({ policy }: Desk, key: string): string {
  const near = policy
    ? limitRows(policy)
        .filter((known) => known.key.includes(key))
        .map((known) => known.key)
    : [];
  const hint =
    near.length > 0 ? `Did you mean ${near.slice(0, 3).join(" or ")}?` : "/limits lists them.";
  return `No limit is called ${key}. ${hint}`;
}

/** The value asked for, or why it cannot be, as a sentence without its end. */
function readValue(turn: Turn, row: LimitRow, text: string): { readonly is: LimitValue } | string {
  const { key } = row;
  const policy = filed(turn.state);
  try {
    const filed = text === "file" ? findLimit(policy, key) : null;
    if (text === "file" && !filed) return `The policy file has no ${key}`;
    const is = filed ? filed.value : limitFrom(row, text);
    return forbidden(turn, row, is) ?? { is };
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

/** Why a cap can never be that, whoever asks, as a sentence without its end; null when it can. */
function forbidden(turn: Turn, row: LimitRow, is: LimitValue): string | null {
  const wrong = unfit(row, is);
  if (wrong !== null) return wrong;
  const ceiling = passedCeiling(filed(turn.state), row, is);
  if (ceiling === undefined) return null;
  return `${row.key} cannot be ${limitText(is)}: its ceiling is ${limitText(ceiling)}, and ${isOfRung(turn.state, row.key) ? "only /stage raise moves it" : "only the policy file moves a ceiling"}`;
}

/** It is the rung that holds it down, and not the file. */
const isOfRung = (state: Turn["state"], key: string): boolean =>
  rungOf(state)?.caps.has(key) ?? false;

const UNITS: { readonly [U in LimitRow["spec"]["unit"]]: readonly [string, string] } = {
  usd: ["$", ""],
  base: ["", ""],
  count: ["", ""],
  seconds: ["", " s"],
  bps: ["", " bp"],
  percent: ["", " %"],
  times: ["", "×"],
};

/** `$150`, `120 s`, `none` */
function inUnit({ spec }: LimitRow, value: LimitValue): string {
  const [before, after] = UNITS[spec.unit];
  return value === null ? "none" : `${before}${grouped(limitText(value))}${after}`;
}

/** What whoever confirms should have before their eyes. */
function consequences(turn: Turn, row: LimitRow, to: LimitValue): readonly string[] {
  const { desk } = turn.state;
  const base = approvedOf(desk, row);
  const file = filed(turn.state);
  const told = findLimit(file, row.key)?.value;
  const ceiling = file.ceilings?.get(row.key);
  const beyond = isRaise(row.spec, base, to);
  const lines = [
    beyond
      ? against(row, to, { base, name: "approved", named: "the approved" })
      : `Within the approved ${inUnit(row, base)}.`,
  ];
  if (told !== undefined && limitText(told) !== limitText(base)) {
    const named = "the policy file's";
    lines.push(against(row, to, { base: told, name: "policy file", named }));
  }
  if (ceiling !== undefined) lines.push(`Ceiling: ${inUnit(row, ceiling)}.`);
  return lines;
}

interface Measure {
  readonly base: LimitValue;
  readonly name: string;
  /** Before the value. */
  readonly named: string;
}

/** `+25 % against the approved $150.`, `No limit; approved: $150.` */
function against(row: LimitRow, to: LimitValue, { base, name, named }: Measure): string {
  const was = inUnit(row, base);
  if (to === null) return `No limit; ${name}: ${was}.`;
  const far = distance(base, to) || `From ${was} to ${inUnit(row, to)}`;
  return `${far} against ${named} ${was}.`;
}
