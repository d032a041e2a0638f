/**
 * Who must say yes to what, from the policy file's sections `approvals` and `chat`. Left out, live desks ask what REAL_STEPS
 * says and all others one confirmation; what is written may only be stricter, but for `single_operator`, said in so many words.
 */
import { readFileSync } from "node:fs";
import { atLeast, type Person } from "../chat/person.ts";
import { platformOf } from "../chat/platform.ts";
import {
  type Authority,
  PLAY_STEPS,
  type Principal,
  REAL_STEPS,
  USUAL_AUTHORITY,
} from "../core/control/authority.ts";
import type { Problem } from "./errors.ts";
import { footingOf, type Profile } from "./profiles.ts";
import { type Section, written, YamlFile } from "./yaml-file.ts";

type Rules = Omit<Authority, "people">;

/** Whole numbers with the loosest that each may be. */
const NUMBERS = {
  confirm_seconds: { most: 120, least: 10 },
  code_seconds: { most: 180, least: 30 },
  second_minutes: { most: 60, least: 1 },
  stage_hours: { most: 8, least: 1 },
  small_raise_pct: { most: 25, least: 0 },
  raises_per_day: { most: 3, least: 0 },
  cooling_minutes: { most: 7 * 1440, least: 10 },
} as const;
const SWITCHES = ["single_operator", "also_outside_live"] as const;
const KEYS = [...Object.keys(NUMBERS), ...SWITCHES];

/** On live desks, unless the policy allows fewer. */
const RAISES_A_DAY = 3;

/** @param path of the policy file; what is wrong with the rest of it is said by whoever reads that */
export function readApprovals(
  {
    path,
    name,
    profile,
  }: { readonly path: string; readonly name: string; readonly profile: Profile },
  people: readonly Person[],
  problems: Problem[],
): Authority {
  const rules = rulesIn(textOf(path), name, profile, problems);
  return { ...rules, people: people.map(principal) };
}

/** @returns the usual rules where the text is no policy file */
export function rulesIn(text: string, name: string, profile: Profile, problems: Problem[]): Rules {
  const file = new YamlFile(text, name);
  const form = file.problems.length;
  const root = file.root(null);
  // A file that is none is told once, by whoever reads its caps.
  if (root === null || form > 0) return USUAL_AUTHORITY;
  const rules = rulesOf(file, root, profile);
  problems.push(...file.problems);
  return rules;
}

function rulesOf(file: YamlFile, root: Section, profile: Profile): Rules {
  const approvals = sectionOf(file, root, "approvals", KEYS);
  const chat = sectionOf(file, root, "chat", ["kill_requires_confirmation"]);
  const whole = (key: keyof typeof NUMBERS): number | null => number(file, approvals, key);
  const isLive = footingOf(profile) === "live";
  const minutes = whole("cooling_minutes");
  const real = minutes === null ? REAL_STEPS : coolingFor(minutes * 60_000);
  const usual = USUAL_AUTHORITY;
  return {
    real,
    play: isSet(file, approvals, "also_outside_live") ? real : PLAY_STEPS,
    singleOperator: isSet(file, approvals, "single_operator"),
    confirmMs: times(whole("confirm_seconds"), 1000) ?? usual.confirmMs,
    codeMs: times(whole("code_seconds"), 1000) ?? usual.codeMs,
    secondMs: times(whole("second_minutes"), 60_000) ?? usual.secondMs,
    stageSecondMs: times(whole("stage_hours"), 3_600_000) ?? usual.stageSecondMs,
    smallRaisePct: whole("small_raise_pct") ?? usual.smallRaisePct,
    raisesPerDay: whole("raises_per_day") ?? (isLive ? RAISES_A_DAY : null),
    killAsks: isSet(file, chat, "kill_requires_confirmation"),
  };
}

/** Where there is a wait at all it is at least as long. */
function coolingFor(ms: number): Authority["real"] {
  const longer = Object.entries(REAL_STEPS).map(([kind, steps]) => [
    kind,
    steps.coolingMs === 0 ? steps : { ...steps, coolingMs: Math.max(ms, steps.coolingMs) },
  ]);
  return Object.fromEntries(longer) as Authority["real"];
}

const times = (count: number | null, by: number): number | null =>
  count === null ? null : count * by;

function sectionOf(
  file: YamlFile,
  root: Section,
  key: string,
  known: readonly string[],
): Section | null {
  const entry = root.entries.get(key);
  return entry === undefined || written(entry.node) === null ? null : file.section(entry, known);
}

function number(file: YamlFile, of: Section | null, key: keyof typeof NUMBERS): number | null {
  const entry = of?.entries.get(key);
  if (!entry) return null;
  const text = written(entry.node);
  const { least, most } = NUMBERS[key];
  const value = typeof text === "string" && /^\d{1,6}$/.test(text) ? Number(text) : null;
  if (value !== null && value >= least && value <= most) return value;
  const fix = `Write a whole number from ${least} to ${most}: the policy may only be stricter`;
  file.refuse(entry.where, `cannot be ${JSON.stringify(text ?? null)}`, fix);
  return null;
}

function isSet(file: YamlFile, of: Section | null, key: string): boolean {
  const entry = of?.entries.get(key);
  if (!entry) return false;
  const text = written(entry.node);
  if (text !== "true" && text !== "false") {
    file.refuse(entry.where, `cannot be ${JSON.stringify(text ?? null)}`, "Write true or false");
  }
  return text === "true";
}

const principal = ({ id, name, role, accounts }: Person): Principal => ({
  id,
  name,
  approves: atLeast(role, "risk"),
  platforms: [...new Set(accounts.map((account) => platformOf(account)))].filter(
    (platform) => platform !== "console",
  ),
});

/** What cannot be read is told by whoever reads the caps. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
