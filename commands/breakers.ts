/** /breakers: every circuit breaker, tripped ones first, then those nearest to their limit. */
import { breakerName, distance, tripText } from "../src/chat/breaker.ts";
import { type Card, MAX_LINES } from "../src/chat/card.ts";
import { type Asker, type Command, READ_FRESH } from "../src/chat/command.ts";
import { button, card, few } from "../src/chat/compose.ts";
import type { BreakerView, DeskView } from "../src/core/engine/views.ts";

export const breakers: Command = {
  words: "breakers",
  usage: "/breakers",
  help: "what has tripped and why, and how near the others are",
  role: "viewer",
  direction: "read",
  freshness: READ_FRESH,
  parse: (args) =>
    args.length === 0
      ? { ask: breakersCard }
      : { usage: "/breakers takes nothing after it: it shows them all." },
};

function breakersCard({ breakers: all }: DeskView, who: Asker): Card {
  const tripped = all.filter((one) => one.tripped !== null);
  const armed = all
    .filter((one) => one.tripped === null)
    .sort((a, b) => rank(a) - rank(b) || b.nearness - a.nearness || byName(a, b));
  const lines = [...tripped.map((one) => trippedLine(one, who)), ...armed.map(armedLine)];
  const shown = lines.length > MAX_LINES ? MAX_LINES - 1 : lines.length;
  const farther = armed.slice(Math.max(0, shown - tripped.length)).map(shortly);
  const rest = lines.length > shown ? [`Farther off: ${few(farther, 12)}`] : [];
  return card({
    headline: `BREAKERS ${tripped.length} tripped of ${all.length}`,
    mark: tripped.length > 0 ? "⚠️" : "",
    lines:
      lines.length === 0
        ? ["No policy yet: nothing is watched."]
        : [...lines.slice(0, shown), ...rest],
    buttons: [button("Refresh", "/breakers"), button("Limits", "/limits breakers")],
  });
}

/** `TRIPPED 14:07 daily loss −$151.20 / −$150 · now $120/$150` */
function trippedLine({ tripped, ...one }: BreakerView, who: Asker): string {
  if (tripped === null) return "";
  const by = typeof tripped.by === "string" ? ` by ${tripped.by}` : "";
  const since = `TRIPPED ${who.clock.minutes(tripped.at)}${by} ${tripText(tripped)}`;
  if (one.now === null) return since;
  return `${since} · now ${distance(one)}${one.holds ? ", still beyond" : ""}`;
}

/** What cannot be read comes before what can, and what is off last: neither watches anything now. */
const rank = ({ unread }: BreakerView): number =>
  unread === undefined ? 1 : unread === "off" ? 3 : unread.startsWith("cannot") ? 0 : 2;
const byName = (a: BreakerView, b: BreakerView): number =>
  breakerName(a).localeCompare(breakerName(b));

/** `throttled`, `drawdown (off)` */
const shortly = (one: BreakerView): string =>
  one.unread === "off" ? `${breakerName(one)} (off)` : breakerName(one);

/** `consecutive losses 2/4 · 50% of the way` */
function armedLine(one: BreakerView): string {
  const figures = `${breakerName(one)} ${distance(one)}`;
  if (one.now === null || one.now.unit === "text") return figures;
  return `${figures} · ${way(one)} of the way`;
}

const way = ({ nearness }: BreakerView): string =>
  Number.isFinite(nearness) ? `${Math.floor(nearness * 100)}%` : "all";
