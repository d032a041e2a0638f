/** /limits: every cap with its value and how much of it is used; one group in full; one cap with all there is to know. */
import { type Card, MAX_LINES } from "../src/chat/card.ts";
import { type Asker, type Command, READ_FRESH } from "../src/chat/command.ts";
import { button, card, few } from "../src/chat/compose.ts";
import { figure } from "../src/chat/figure.ts";
import { many } from "../src/chat/format.ts";
import { findLimit, limitSpec, shortKey } from "../src/chat/limit-key.ts";
import { limitValue } from "../src/chat/proposal.ts";
import type { WallClock } from "../src/chat/wall-clock.ts";
import type { DeskView, LimitView } from "../src/core/engine/views.ts";
import { approximate, parse } from "../src/core/kernel/money.ts";

const WIDEST = 150;

export const limits: Command = {
  words: "limits",
  usage: "/limits [portfolio | product | breakers | key]",
  help: "every cap: value, used, left; one cap with who set it and until when",
  role: "viewer",
  direction: "read",
  freshness: READ_FRESH,
  parse: ([asked, ...more]) =>
    more.length === 0
      ? { ask: (view, who) => limitsCard(view, asked ?? null, who) }
      : { usage: "/limits, /limits BTC-USD, /limits daily-loss, or /limits set <key> <value>" },
};

/** `portfolio`, `breakers`, `BTC-USD`: the part of a key that a line of the overview stands for. */
function groupOf(key: string): string {
  const [first = "", second = ""] = key.split(".");
  if (first === "circuit_breakers") return "breakers";
  return first === "per_symbol" ? second : first;
}

/** The whole desk comes before its products. */
const WHOLE: readonly string[] = ["portfolio", "breakers"];

interface Group {
  readonly name: string;
  readonly caps: readonly LimitView[];
}

function groupsOf({ limits: all }: DeskView): readonly Group[] {
  const names = [...new Set([...WHOLE, ...all.map(({ key }) => groupOf(key))])];
  return names.flatMap((name) => {
    const caps = all.filter(({ key }) => groupOf(key) === name);
    return caps.length === 0 ? [] : { name, caps };
  });
}

function limitsCard(view: DeskView, asked: string | null, { clock }: Asker): Card {
  const groups = groupsOf(view);
  const buttons = groups.map(({ name }) => button(name, `/limits ${name}`));
  if (asked === null) {
    const waiting = waitingLines(view);
    return card({
      headline: `Limits: ${many(view.limits.length, "cap")}, version ${view.policyVersion}`,
      lines: [...waiting, ...overview(groups, MAX_LINES - waiting.length, clock)],
      buttons,
    });
  }
  const found = findLimit(asked);
  const single =
    found.kind === "key" ? view.limits.find(({ key }) => key === found.key) : undefined;
  if (single) return inFull(single, clock);
  if (found.kind === "which-product") return whichProduct(found.name, groups);
  const typed = asked.toLowerCase().replace(/^circuit[_-]/, "");
  const group = groups.find((one) => one.name.toLowerCase().includes(typed));
  if (group === undefined) {
    const names = groups.map((one) => one.name);
    return card({ headline: `No limits of ${asked}`, lines: [`There are: ${few(names, 8)}`] });
  }
  const { name, caps } = group;
  const set = caps.filter(({ value }) => value !== "none");
  const lines =
    set.length > 6 ? inBrief(name, caps, clock) : [...set.map(limitLine), offLine(caps)];
  return card({ headline: `Limits: ${name}`, lines, buttons });
}

/** A line for each group in at most so many; of too many products those nearest to a cap. */
function overview(groups: readonly Group[], most: number, clock: WallClock): readonly string[] {
  const whole = groups.filter(({ name }) => WHOLE.includes(name));
  const products = groups.filter(({ name }) => !WHOLE.includes(name));
  const line = (group: Group): string => groupLine(group, clock);
  if (groups.length <= most) return groups.map(line);
  const room = most - whole.length - 1;
  const sorted = [...products].sort((a, b) => nearestIn(b).nearness - nearestIn(a).nearness);
  const rest = sorted.slice(room).map(({ name }) => name);
  const more = `and ${rest.length} more: ${few(rest, 6)}`;
  return [...whole.map(line), ...sorted.slice(0, room).map(line), more];
}

/** `portfolio: 9 caps, nearest daily-loss $3.10 / $150, gross $1,000 until 17:07` */
function groupLine(group: Group, clock: WallClock): string {
  const set = group.caps.filter(({ value }) => value !== "none");
  const { limit } = nearestIn(group);
  const near =
    limit?.used == null
      ? []
      : [
          `nearest ${short(limit)} ${figure(limit.used, limit.unit)} / ${limitValue(limit.key, limit.value)}`,
        ];
  const temporary = set
    .filter(({ until }) => until !== null)
    .map((one) => `${short(one)} ${limitValue(one.key, one.value)}${untilText(one, clock)}`);
  const brief = temporary.length === 0 ? [] : [few(temporary, 2)];
  return `${group.name}: ${[many(set.length, "cap"), ...near, ...brief].join(", ")}`;
}

interface Nearest {
  readonly limit: LimitView | null;
  /** 1 at the cap. */
  readonly nearness: number;
}

function nearestIn({ caps }: Group): Nearest {
  return caps.reduce<Nearest>(
    (nearest, limit) => {
      const nearness = nearnessOf(limit);
      return nearness > nearest.nearness ? { limit, nearness } : nearest;
    },
    { limit: null, nearness: 0 },
  );
}

/** How much of a cap is used, or of what there is a floor takes; 0 where that means nothing. */
function nearnessOf({ key, value, used }: LimitView): number {
  if (value === "none" || used === null) return 0;
  const [limit, now] = [approximate(parse(value)), approximate(parse(used))];
  const [part, whole] = limitSpec(key)?.riskier === "less" ? [limit, now] : [now, limit];
  if (part <= 0) return 0;
  return whole <= 0 ? Number.POSITIVE_INFINITY : part / whole;
}

/** One cap of all products: each of them has its own. */
function whichProduct(name: string, groups: readonly Group[]): Card {
  const products = groups.map((group) => group.name).filter((each) => !WHOLE.includes(each));
  return card({
    headline: `Of which product? Type it as ${products[0] ?? "BTC-USD"}.${name}`,
    buttons: products.map((product) => button(product, `/limits ${product}.${name}`)),
  });
}

/** What of the policy file is not in force, with what to type. */
function waitingLines({ waiting }: DeskView): readonly string[] {
  const [first] = waiting;
  if (!first) return [];
  const names = few(
    waiting.map(({ key }) => shortKey(key)),
    4,
  );
  return [`Looser in the file, waiting: ${names}. Ask: /limits set ${shortKey(first.key)} file`];
}

const usedText = (limit: LimitView): string =>
  limit.used === null ? "" : ` (used ${figure(limit.used, limit.unit)})`;

const untilText = ({ until }: LimitView, clock: WallClock): string =>
  until === null ? "" : ` until ${clock.minutes(until)}`;

const short = (limit: LimitView): string => shortKey(limit.key).replace(/^.*\./, "");

/** Caps that every policy has are named when they are off; of the others it is enough to know that there are such. */
function offLine(group: readonly LimitView[]): string {
  const off = group.filter(({ value }) => value === "none").map(short);
  return off.length === 0 ? "" : `no limit: ${few(off, 3)}`;
}

/** All caps of one group in as few lines as fit a phone: `portfolio: daily-loss $150 (used $3.10) · …` */
function inBrief(name: string, group: readonly LimitView[], clock: WallClock): readonly string[] {
  const parts = group
    .filter(({ value }) => value !== "none")
    .map(
      (limit) =>
        `${short(limit)} ${limitValue(limit.key, limit.value)}${usedText(limit)}${untilText(limit, clock)}`,
    );
  const off = offLine(group);
  if (off !== "") parts.push(off);
  const lines: string[] = [];
  let line = `${name}:`;
  for (const part of parts) {
    const longer = line.endsWith(":") ? `${line} ${part}` : `${line} · ${part}`;
    if (longer.length <= WIDEST) line = longer;
    else {
      lines.push(line);
      line = part;
    }
  }
  return [...lines, line];
}

/** `daily-loss $150 (used $3.10) · portfolio.max_daily_loss_usd` */
const limitLine = (limit: LimitView): string =>
  `${shortKey(limit.key)} ${limitValue(limit.key, limit.value)}${usedText(limit)} · ${limit.key}`;

/** One cap with everything: use, what it is measured against, who set it and until when. */
function inFull(limit: LimitView, clock: WallClock): Card {
  const { key, unit, value, used, headroom, approved, ceiling, file, until, after } = limit;
  const left = headroom === null ? "" : `, left ${figure(headroom, unit)}`;
  const bounds = [
    `Approved ${limitValue(key, approved)}`,
    `file ${limitValue(key, file)}`,
    ceiling === null ? "no ceiling" : `ceiling ${limitValue(key, ceiling)}`,
  ];
  return card({
    headline: `Limits: ${shortKey(key)} ${limitValue(key, value)}`,
    lines: [
      `${limit.title} · ${key}`,
      used === null ? null : `Used ${figure(used, unit)}${left}`,
      bounds.join(" · "),
      sourceLine(limit, clock),
      until === null
        ? null
        : `Until ${clock.day(until)} ${clock.minutes(until)} ${clock.zone(until)}, then ${limitValue(key, after ?? "none")}`,
    ],
    buttons: [button("All", "/limits")],
  });
}

function sourceLine({ source, value, file }: LimitView, clock: WallClock): string {
  if (source === null)
    return value === file ? "From the policy file" : "From an earlier policy file";
  const { by, at, confirmers, reason } = source;
  const confirmed = confirmers.length === 0 ? "" : `, confirmed by ${few(confirmers, 3)}`;
  const because = reason === "" ? "" : `, because "${reason}"`;
  return `Set by ${by}, ${clock.day(at)} ${clock.minutes(at)} ${clock.zone(at)}${confirmed}${because}`;
}
