/** /status: the whole desk on one screen. */

import { breakerName, distance, tripText } from "../src/chat/breaker.ts";
import type { Card } from "../src/chat/card.ts";
import { clean } from "../src/chat/clean.ts";
import { type Asker, type Command, READ_FRESH } from "../src/chat/command.ts";
import { button, card, few } from "../src/chat/compose.ts";
import { about, age, units } from "../src/chat/format.ts";
import { dayInFull, equityLine, STATE_WORDS } from "../src/chat/glance.ts";
import { platformName } from "../src/chat/platform.ts";
import { proposalWord } from "../src/chat/proposal.ts";
import { type Latch, scopeName } from "../src/core/control/trading.ts";
import type { DeskView } from "../src/core/engine/views.ts";
import { baseOf } from "../src/core/kernel/ids.ts";

export const status: Command = {
  words: "status",
  usage: "/status",
  help: "mode, day, exposure, orders, breakers, feeds",
  role: "viewer",
  direction: "read",
  freshness: READ_FRESH,
  parse: (args) =>
    args.length === 0
      ? { ask: statusCard }
      : { usage: "/status takes nothing after it: it shows the whole desk." },
};

function statusCard(view: DeskView, who: Asker): Card {
  const time = `${who.clock.seconds(view.at)} ${who.clock.zone(view.at)}`;
  const reason = why(view, who);
  const word =
    view.reconciled || view.trading !== "active" ? STATE_WORDS[view.trading] : "STARTING";
  return card({
    headline: `${[word, ...parts(view)].join(" · ")} · ${time}`,
    mark: view.trading === "halted" || view.trading === "killed" ? "🔴" : "",
    lines: [
      reason,
      dayInFull(view.glance),
      equityLine(view.glance),
      `${held(view)} · orders ${openOrders(view)}`,
      breakers(view),
      feeds(view),
      // Where the reason stands, no line is left for what an entry costs.
      reason === null ? markets(view) : null,
      `${rung(view)}${waiting(view, who)}`,
    ],
    buttons: [
      button("Refresh", "/status"),
      button("Positions", "/positions"),
      view.trading === "active" ? button("Pause", "/pause") : button("Limits", "/limits"),
    ],
  });
}

/** `BTC-USD STOPPED`: what gets no entries while the rest of the desk runs. */
function parts({ trading, pauses, breakers: all }: DeskView): readonly string[] {
  if (trading !== "active") return [];
  const tripped = all.flatMap(({ tripped: trip }) => trip?.product ?? []);
  const names = new Set([...pauses.map(({ scope }) => scopeName(scope)), ...tripped]);
  return names.size === 0 ? [] : [`${few([...names], 2)} STOPPED`];
}

/** Why it, or a part of it, does not trade; nothing when all of it does. */
function why(view: DeskView, who: Asker): string | null {
  const said = (word: string, latch: Latch): string =>
    `${word} ${who.clock.minutes(latch.at)} by ${latch.by?.name ?? "the desk"}: ${latch.reason}`;
  if (view.killed) return said("Killed", view.killed);
  if (view.halted) return said("Halted", view.halted);
  if (view.paused) return said("Paused", view.paused);
  if (!view.reconciled) return "Not trading yet: the venue is being read.";
  const texts = view.pauses.map(({ scope, latch }) => said(`${scopeName(scope)} paused`, latch));
  return texts.length === 0 ? null : few(texts, 2);
}

function held(view: DeskView): string {
  if (view.positions.length === 0) return "Holding nothing";
  const texts = view.positions.map((one) => `${baseOf(one.product)} ${units(one.size)}`);
  return few(texts, 3);
}

function openOrders(view: DeskView): string {
  const unknown = view.orders.filter((order) => order.state === "unknown").length;
  return `${view.orders.length - unknown} open, ${unknown} unknown`;
}

function breakers(view: DeskView): string {
  const trips = view.breakers.flatMap((one) => one.tripped ?? []);
  if (trips.length > 0) return `Tripped: ${few(trips.map(tripText), 2)}`;
  const read = view.breakers.filter(({ unread }) => unread === undefined);
  const [nearest] = read.sort((a, b) => b.nearness - a.nearness);
  const near = nearest ? ` · nearest: ${breakerName(nearest)} ${distance(nearest)}` : "";
  return `Breakers 0 tripped${near}`;
}

function feeds(view: DeskView): string {
  const ages = view.feeds.map(
    (feed) => `${feed.stream} ${feed.ageMs === null ? "never heard" : age(feed.ageMs)}`,
  );
  const feed = `Feed ${ages.length === 0 ? "none" : ages.join(", ")}`;
  return [feed, ...silences(view)].join(" · ");
}

/** `BTC spread 0.2 bp, $100 slips 0.4 bp`; nothing of what has no price. */
function markets({ markets: all }: DeskView): string | null {
  const texts = all.flatMap(({ product, entry, spreadBps, buying, bars }) => {
    if (spreadBps === null) return [];
    const slips = buying && entry ? `, ${about(entry)} slips ${buying.whole ? "" : "over "}` : "";
    const cost = buying && slips ? `${slips}${points(buying.slippageBps)}` : "";
    return [
      `${baseOf(product)} spread ${points(spreadBps)}${cost}${bars.whole ? "" : ", bars awaited"}`,
    ];
  });
  return texts.length === 0 ? null : few(texts, 2);
}

const points = (bps: number): string =>
  bps > 0 && bps < 0.1 ? "under 0.1 bp" : `${bps.toFixed(bps < 10 ? 1 : 0)} bp`;

/** `Telegram silent 3 min: token refused`; nothing while everybody can be reached. */
function silences({ silent }: DeskView): readonly string[] {
  const texts = silent.map(({ platform, room, silentMs, why }) => {
    const where = room === null ? platformName(platform) : `a room on ${platformName(platform)}`;
    return `${where} silent ${age(silentMs)}: ${clean(why, 60)}`;
  });
  return texts.length === 0 ? [] : [few(texts, 2)];
}

/** `Stage 2 of 5 shadow · `; nothing without a ladder. */
const rung = ({ stage }: DeskView): string =>
  stage === null
    ? ""
    : `Stage ${stage.number} of ${stage.of} ${stage.rung}${stage.still === null ? "" : ", not there yet"} · `;

function waiting(view: DeskView, who: Asker): string {
  const mine = view.pending.filter((one) => one.by.person === who.person.id);
  const codes = mine.map(
    (one) => `${proposalWord(one.proposal)} ${one.code} until ${who.clock.seconds(one.expiresAt)}`,
  );
  const others = view.pending.length - mine.length;
  const rest = others > 0 ? ` · for others: ${others}` : "";
  const list = codes.length > 0 ? ` (${few(codes, 2)})` : "";
  return `Waiting for you: ${mine.length}${list}${rest}`;
}
