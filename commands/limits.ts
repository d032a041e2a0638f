/** /limits: every cap with its value and how much of it is used; one group in full; one cap with all there is to know. */
import type { Card } from "../src/chat/card.ts";
import { type Asker, type Command, READ_FRESH } from "../src/chat/command.ts";
import { button, card, few } from "../src/chat/compose.ts";
import { figure } from "../src/chat/figure.ts";
import { many } from "../src/chat/format.ts";
import { findLimit, shortKey } from "../src/chat/limit-key.ts";
import { limitValue } from "../src/chat/proposal.ts";
import type { WallClock } from "../src/chat/wall-clock.ts";
import type { DeskView, LimitView } from "../src/core/engine/views.ts";

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

/** `portfolio`, `BTC-USD`, `circuit_breakers`: the part of a key that a line of the overview stands for. */
function groupOf(key: string): string {
  const [first = "", second = ""] = key.split(".");
  return first === "per_symbol" ? second : first;
}

function limitsCard(view: DeskView, asked: string | null, { clock }: Asker): Card {
  const names = [...new Set(view.limits.map(({ key }) => groupOf(key)))];
  const within = (name: string): readonly LimitView[] =>
    view.limits.filter(({ key }) => groupOf(key) === name);
  const buttons = names.slice(0, 4).map((name) => button(name, `/limits ${name}`));
  if (asked === null) {
    return card({
      headline: `Limits: ${many(view.limits.length, "cap")}, version ${view.policyVersion}`,
      lines: [
        ...waitingLines(view),
        ...names.flatMap((name) => inBrief(name, within(name), clock)),
      ],
      buttons,
    });
  }
  const found = findLimit(asked);
  const single =
    found.kind === "key" ? view.limits.find(({ key }) => key === found.key) : undefined;
  if (single) return inFull(single, clock);
  const name = names.find((one) => one.toLowerCase().includes(asked.toLowerCase()));
  if (name === undefined) {
    return card({ headline: `No limits of ${asked}`, lines: [`There are: ${few(names, 8)}`] });
  }
  const set = within(name).filter(({ value }) => value !== "none");
  const lines =
    set.length > 6
      ? inBrief(name, within(name), clock)
      : [...set.map(limitLine), offLine(within(name))];
  return card({ headline: `Limits: ${name}`, lines, buttons });
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
