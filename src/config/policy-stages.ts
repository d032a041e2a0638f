/** The go-live ladder of the policy file: its rungs from paper up, with venue, caps and what each asks for. */
// Each problem names file, line, key and the fix; a rung's caps are keys of the file's own sections.
import type { Needs, Rung } from "../core/control/stage.ts";
import { onRung } from "../core/engine/filed.ts";
import { mostAtStake } from "../core/engine/stage-terms.ts";
import type { Quote } from "../core/kernel/money.ts";
import type { LimitKey, LimitSpec, Policy } from "../core/risk/limits.ts";
import { findLimit, isRaise, type LimitValue, limitText } from "../core/risk/policy.ts";
import { type Ceiling, ceilingsOf } from "./policy-ceilings.ts";
import { cap, word } from "./policy-values.ts";
import { footingOf, type Profile } from "./profiles.ts";
import { type Entry, type Section, written, type YamlFile } from "./yaml-file.ts";

const VENUES = ["paper", "shadow", "live"] as const;
const KEYS = ["name", "venue", "caps", "worst_case_usd", "needs"];
const NEEDS = [
  "days",
  "fills",
  "reject_pct",
  "calm_hours",
  "reconciled",
  "kill_drilled",
  "routes_rung",
];
const EXAMPLE = "[{ name: paper, venue: paper }, …]";

const number = (greatest: number): LimitSpec => ({
  ...{ unit: "times", riskier: "more", title: "", greatest },
  needed: true,
});
const DAYS = number(3650);
const HOURS = number(87_600);
const FILLS: LimitSpec = { ...number(1e6), unit: "count" };
const PERCENT: LimitSpec = { ...number(100), unit: "percent" };
const USD: LimitSpec = { ...number(1e12), unit: "usd", aboveZero: true };

interface Read {
  readonly rung: Rung;
  readonly where: string;
  readonly caps: ReadonlyMap<LimitKey, Ceiling>;
  /** Where `worst_case_usd` stands. */
  readonly worst: string | null;
}

/** Empty where the file has no `stages` and the profile needs none. */
export function ladderOf(
  file: YamlFile,
  root: Section,
  policy: Policy,
  profile: Profile,
): readonly Rung[] {
  const isLive = footingOf(profile) === "live";
  const entry = isLive ? file.need(root, "stages", EXAMPLE) : (root.entries.get("stages") ?? null);
  const items = entry && file.list(entry);
  if (!entry || !items) return [];
  const read = items.flatMap((item) => rungOf(file, item, policy) ?? []);
  checkOrder(file, entry, read);
  checkCaps(file, read, policy);
  checkWorst(file, read, policy);
  // Elsewhere the profile says what the desk is: a file may serve shadow too.
  return isLive ? read.map(({ rung }) => rung) : [];
}

function rungOf(file: YamlFile, item: Entry, policy: Policy): Read | null {
  const section = file.section(item, KEYS);
  if (section === null) return null;
  const named = file.need(section, "name", "canary");
  const placed = file.need(section, "venue", "live");
  const name = written(named?.node ?? null) ?? "";
  if (named !== null && !/^[a-z0-9][a-z0-9-]{0,19}$/.test(name)) {
    const fix = "Write up to 20 small letters, digits and -, e.g. canary";
    file.refuse(named.where, `${JSON.stringify(name)} is not the name of a rung`, fix);
  }
  const venue = placed && word(file, placed, VENUES);
  const given = section.entries.get("caps") ?? null;
  const caps = ceilingsOf(file, given, policy.per_symbol.keys());
  const worst = section.entries.get("worst_case_usd");
  const worstCase = worst === undefined ? null : ((cap(file, worst, USD) ?? null) as Quote | null);
  const needs = needsOf(file, section.entries.get("needs") ?? null);
  if (!venue) return null;
  const values = new Map<LimitKey, LimitValue>([...caps].map(([key, { value }]) => [key, value]));
  const rung = { name, venue, caps: values, worstCase, needs };
  return { rung, where: item.where, caps, worst: worst?.where ?? null };
}

function needsOf(file: YamlFile, entry: Entry | null): Needs {
  const section = entry && file.section(entry, NEEDS);
  const found = <T>(key: string, read: (entry: Entry) => T | undefined): T | undefined => {
    const given = section?.entries.get(key);
    return given && read(given);
  };
  const count = (key: string, spec: LimitSpec, always = 0): number | undefined =>
    found(key, (given) => {
      const value = cap(file, given, spec);
      if (typeof value !== "number") return undefined;
      if (value !== always) return value;
      const fix = `Ask for ${always === 0 ? "more" : "less"}, or take ${key} out`;
      file.refuse(given.where, `${JSON.stringify(written(given.node))} is met by everybody`, fix);
      return undefined;
    });
  const flag = (key: string): true | undefined =>
    found(key, (given) => (word(file, given, ["true", "false"]) === "true" ? true : undefined));
  const all = {
    days: count("days", DAYS),
    fills: count("fills", FILLS),
    rejectPct: count("reject_pct", PERCENT, 100),
    calmHours: count("calm_hours", HOURS),
    reconciled: flag("reconciled"),
    killDrilled: flag("kill_drilled"),
    routesRung: flag("routes_rung"),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** From paper over shadow to live, never back, each name once; real money asks for evidence. */
function checkOrder(file: YamlFile, entry: Entry, read: readonly Read[]): void {
  const [lowest] = read;
  if (lowest?.rung.venue !== "paper") {
    file.refuse(
      lowest?.where ?? entry.where,
      "the lowest rung is not on paper",
      "Begin with `{ name: paper, venue: paper }`",
    );
  }
  read.forEach(({ rung, where }, at) => {
    const below = read[at - 1]?.rung;
    if (read.findIndex((other) => other.rung.name === rung.name) !== at) {
      file.refuse(where, `a rung called ${rung.name} stands already`, "Give it another name");
    }
    if (below && VENUES.indexOf(rung.venue) < VENUES.indexOf(below.venue)) {
      const what = `${rung.name} is on ${rung.venue}, above a rung on ${below.venue}`;
      file.refuse(where, what, "Order the rungs from paper over shadow to live");
    }
    if (rung.venue === "live" && below?.venue === "paper") {
      const what = `${rung.name} is live, right above ${below.name} on paper`;
      const fix = "Put a rung `{ name: shadow, venue: shadow }` between: it reads the real account";
      file.refuse(where, what, fix);
    }
    if (rung.venue === "live" && Object.keys(rung.needs).length === 0) {
      const fix = "Add `needs: { days: 7, fills: 20, reconciled: true, kill_drilled: true }`";
      file.refuse(where, `${rung.name} is live and asks for no evidence`, fix);
    }
  });
}

/** No rung passes the file's own cap, and none is stricter than the one below it. */
function checkCaps(file: YamlFile, read: readonly Read[], policy: Policy): void {
  read.forEach(({ rung, caps }, at) => {
    for (const [key, { value, where }] of caps) {
      const row = findLimit(policy, key);
      if (row === null) continue;
      if (isRaise(row.spec, row.value, value)) {
        const what = `${rung.name} lets ${limitText(value)}, and the file itself only ${limitText(row.value)}`;
        file.refuse(where, what, `Make it ${limitText(row.value)} or stricter, or raise ${key}`);
      }
      const below = read.slice(0, at).findLast((other) => other.caps.has(key));
      const lower = below?.caps.get(key);
      if (below && lower && isRaise(row.spec, value, lower.value)) {
        const what = `${rung.name} lets ${limitText(value)}, less than ${below.rung.name} below it with ${limitText(lower.value)}`;
        file.refuse(where, what, `Make it ${limitText(lower.value)} or looser`);
      }
    }
  });
}

/** Whoever approves types it: it must not be less than what the rung lets be at stake. */
function checkWorst(file: YamlFile, read: readonly Read[], policy: Policy): void {
  for (const { rung, worst } of read) {
    if (worst === null || rung.worstCase === null) continue;
    const bound = mostAtStake(onRung(policy, rung));
    if (bound === null) {
      const fix = "Give max_gross_notional_usd a value, or take worst_case_usd out";
      file.refuse(worst, `nothing bounds what is at stake on ${rung.name}`, fix);
    } else if (rung.worstCase < bound) {
      const text = limitText(bound);
      const what = `${rung.name} lets ${text} be at stake, and its worst case is ${limitText(rung.worstCase)}`;
      file.refuse(worst, what, `Write worst_case_usd: ${text} or more, or tighten its caps`);
    }
  }
}
