/** /positions: what is held, at which average, with which protection. */
import type { Card } from "../src/chat/card.ts";
import { clean } from "../src/chat/clean.ts";
import { type Command, READ_FRESH } from "../src/chat/command.ts";
import { button, card } from "../src/chat/compose.ts";
import { money, price, units } from "../src/chat/format.ts";
import { holdingText } from "../src/chat/glance.ts";
import type { DeskView, PositionView } from "../src/core/engine/views.ts";
import { baseOf } from "../src/core/kernel/ids.ts";
import { sum } from "../src/core/kernel/money.ts";

export const positions: Command = {
  words: "positions",
  usage: "/positions",
  help: "what is held, with stop and take",
  role: "viewer",
  direction: "read",
  freshness: READ_FRESH,
  parse: (args) =>
    args.length === 0
      ? { ask: (view) => positionsCard(view) }
      : { usage: "/positions takes nothing after it: it shows all that is held." },
};

function positionsCard(view: DeskView): Card {
  const held = view.positions;
  const buttons = [button("Refresh", "/positions"), button("Flatten", "/flatten", true)];
  if (held.length === 0) {
    const lines = view.markets.flatMap(({ product, decision }) =>
      decision === null ? [] : [`${baseOf(product)} ${clean(decision, 100)}`],
    );
    return card({
      headline: "Holding nothing",
      lines: lines.slice(0, 7),
      buttons: buttons.slice(0, 1),
    });
  }
  const [only, ...others] = held;
  if (only && others.length === 0) {
    return card({ headline: `Holding ${holdingText(only)}`, lines: inFull(only, view), buttons });
  }
  const open = sum(held.flatMap((one) => one.open ?? []));
  return card({
    headline: `${held.length} positions · open ${money(open)}`,
    lines: held.map(inBrief),
    buttons,
  });
}

const stopOf = (one: PositionView): string => (one.stop === null ? "none" : price(one.stop));
const takeOf = (one: PositionView): string => (one.take === null ? "none" : price(one.take));

function inFull(one: PositionView, view: DeskView): readonly string[] {
  const stopsOff = view.trading === "killed" || view.trading === "halted";
  return [
    `Average ${price(one.average)} · now ${one.mark === null ? "no price" : price(one.mark)}`,
    `Open ${one.open === null ? "unknown" : money(one.open)} · fees ${money(one.fees)}`,
    `Stop ${stopOf(one)} · take ${takeOf(one)}${stopsOff ? " · STOPS ARE OFF" : ""}`,
  ];
}

function inBrief(one: PositionView): string {
  const open = one.open === null ? "no price" : money(one.open);
  return `${baseOf(one.product)} ${units(one.size)} @ ${price(one.average)} · ${open} · stop ${stopOf(one)}`;
}
