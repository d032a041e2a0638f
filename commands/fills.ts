/** /fills: the latest executions, newest first. */
import type { Card } from "../src/chat/card.ts";
import { type Asker, type Command, READ_FRESH } from "../src/chat/command.ts";
import { button, card } from "../src/chat/compose.ts";
import { many, money, outcome, price, units } from "../src/chat/format.ts";
import type { Recent } from "../src/core/engine/desk.ts";
import type { DeskView } from "../src/core/engine/views.ts";
import { baseOf } from "../src/core/kernel/ids.ts";
import { priceOf } from "../src/core/kernel/money.ts";

const SHOWN = 7;

export const fills: Command = {
  words: "fills",
  usage: "/fills [count]",
  help: "the latest fills, newest first",
  role: "viewer",
  direction: "read",
  freshness: READ_FRESH,
  parse: ([count = String(SHOWN), ...more]) => {
    const wanted = /^\d{1,2}$/.test(count) ? Number(count) : 0;
    return wanted >= 1 && more.length === 0
      ? { ask: (view, who) => fillsCard(view, who, Math.min(wanted, SHOWN)) }
      : { usage: `/fills or /fills 3, at most ${SHOWN}` };
  },
};

function fillsCard(view: DeskView, who: Asker, count: number): Card {
  const newest = [...view.fills].sort((a, b) => b.seq - a.seq).slice(0, count);
  return card({
    headline: newest.length === 0 ? "No fills yet" : `${many(newest.length, "latest fill")}`,
    lines: newest.map((one) => fillLine(one, who)),
    buttons: [button("Refresh", "/fills"), button("Positions", "/positions")],
  });
}

function fillLine({ at, fill }: Recent, who: Asker): string {
  const what = `${fill.side.toUpperCase()} ${units(fill.size)} ${baseOf(fill.product)}`;
  const result = fill.result === null ? "" : ` · ${outcome(fill.result)}`;
  const average = price(priceOf(fill.value, fill.size));
  return `${who.clock.seconds(at)} ${what} @ ${average} · fee ${money(fill.fee)}${result}`;
}
