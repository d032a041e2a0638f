/** /limits: every cap with its key, its value and how much of it is used. */
import type { Card } from "../src/chat/card.ts";
import { type Command, READ_FRESH } from "../src/chat/command.ts";
import { button, card, few } from "../src/chat/compose.ts";
import { figure } from "../src/chat/figure.ts";
import { many } from "../src/chat/format.ts";
import { shortKey } from "../src/chat/limit-key.ts";
import { limitValue } from "../src/chat/proposal.ts";
import type { DeskView, LimitView } from "../src/core/engine/views.ts";

const WIDEST = 150;

export const limits: Command = {
  words: "limits",
  usage: "/limits [portfolio | product | breakers]",
  help: "every cap: key, value, used",
  role: "viewer",
  direction: "read",
  freshness: READ_FRESH,
  parse: ([group, ...more]) =>
    more.length === 0
      ? { ask: (view) => limitsCard(view, group?.toLowerCase() ?? null) }
      : { usage: "/limits, /limits BTC-USD, or /limits set <key> <value>" },
};

/** `portfolio`, `BTC-USD`, `circuit_breakers`: the part of a key that a line of the overview stands for. */
function groupOf(key: string): string {
  const [first = "", second = ""] = key.split(".");
  return first === "per_symbol" ? second : first;
}

function limitsCard(view: DeskView, wanted: string | null): Card {
  const names = [...new Set(view.limits.map(({ key }) => groupOf(key)))];
  const within = (name: string): readonly LimitView[] =>
    view.limits.filter(({ key }) => groupOf(key) === name);
  const buttons = names.slice(0, 4).map((name) => button(name, `/limits ${name}`));
  if (wanted === null) {
    return card({
      headline: `Limits: ${many(view.limits.length, "cap")}`,
      lines: names.flatMap((name) => inBrief(name, within(name))),
      buttons,
    });
  }
  const name = names.find((one) => one.toLowerCase().includes(wanted));
  if (name === undefined) {
    return card({ headline: `No limits of ${wanted}`, lines: [`There are: ${few(names, 8)}`] });
  }
  return card({ headline: `Limits: ${name}`, lines: within(name).map(limitLine), buttons });
}

const usedText = (limit: LimitView): string =>
  limit.used === null ? "" : ` (used ${figure(limit.used, limit.unit)})`;

/** All caps of one group in as few lines as fit a phone: `portfolio: daily-loss $150 (used $3.10) · …` */
function inBrief(name: string, group: readonly LimitView[]): readonly string[] {
  const short = (limit: LimitView): string => shortKey(limit.key).replace(/^.*\./, "");
  const off = group.filter(({ value }) => value === "none").map(short);
  const parts = group
    .filter(({ value }) => value !== "none")
    .map((limit) => `${short(limit)} ${limitValue(limit.key, limit.value)}${usedText(limit)}`);
  if (off.length > 0) parts.push(`no limit: ${off.join(", ")}`);
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
