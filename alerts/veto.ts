/** Refusals by the gate: one rolling message for each rule and product; a burst of them rings once. */
import { alert, type Voice } from "../src/chat/alert.ts";
import { vetoRoll } from "../src/chat/alert-memory.ts";
import { button, card, few } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { figure } from "../src/chat/figure.ts";
import { about, many } from "../src/chat/format.ts";
import { STATE_WORDS } from "../src/chat/glance.ts";
import type { EventOf } from "../src/core/engine/event.ts";
import { notional } from "../src/core/kernel/money.ts";
import type { Veto } from "../src/core/risk/veto.ts";

export const veto: Voice<EventOf<"intent.vetoed">> = (event, seq, at, { memory, clock }) => {
  const name = vetoRoll(event);
  const roll = memory.rolls.get(name);
  const [first, ...others] = event.vetoes;
  const { intent } = event;
  const worth = notional(intent.limit, intent.size);
  const wanted = `${intent.side.toUpperCase()}${worth > 0n ? ` ${about(worth)}` : ""}`;
  const also = few(others.map(ruleText), 3);
  const burst = roll?.burst ?? false;
  const count = many(roll?.count ?? 1, "veto", "vetoes");
  const said = card({
    headline: `${count} · ${intent.product} ${ruleText(first)}`,
    mark: burst ? "⚠️" : "",
    lines: [
      `Last ${clock.minutes(at)}: ${saw(first)}. Wanted ${wanted}. Nothing sent.`,
      also === "" ? null : `Also refused by: ${also}`,
      burst ? `${roll?.recent.length ?? 0} within 10 min` : null,
      `Since ${clock.minutes(roll?.since ?? at)}`,
    ],
    buttons: [button("Status", "/status"), button("Limits", "/limits")],
    event: eventId(seq),
  });
  const key = `${name}:${roll?.root ?? seq}`;
  if (burst) return [alert({ card: said, priority: "P1", topic: "incidents", under: key })];
  return [alert({ card: said, key, edit: (roll?.count ?? 1) > 1 })];
};

/** `PAUSED`, as on /status. */
const stateWord = (state: string): string =>
  Object.entries(STATE_WORDS).find(([name]) => name === state)?.[1] ?? state.toUpperCase();

/** `spread`, `desk is paused` */
function ruleText(one: Veto | undefined): string {
  if (one?.rule === "trading-state") return `desk is ${stateWord(one.observed).toLowerCase()}`;
  return (one?.rule ?? "no rule").replaceAll("-", " ");
}

/** Inputs of the gate that have another name among people. */
const WORDS: Readonly<Record<string, string>> = {
  heardAt: "price",
  marketMs: "word of the market stream",
  accountMs: "word of the account stream",
  listedMs: "listing of the venue",
  clockAheadMs: "reading of the venue's clock",
  freeQuote: "balances",
  takerRate: "fee rate",
  leading: "word of the lease",
  unwrittenMs: "word of the journal",
  dayClosed: "figures of the day",
  dayNet: "marked figures of the day",
  dayOpening: "figures of the day",
  drawdown: "marked equity",
  peak: "marked equity",
  byStrategy: "marked exposure",
  moveBps: "whole minute of prices",
};

/** `62 bp, limit 50 bp`, `desk is PAUSED`, or what was missing for judging. */
function saw(one: Veto | undefined): string {
  if (!one) return "no figures";
  if (one.missing !== null) return `no ${WORDS[one.missing] ?? one.missing} to judge by`;
  if (one.rule === "trading-state") return `desk is ${stateWord(one.observed)}`;
  if (one.rule === "reconciled") return "the venue's account of us is still being read";
  if (one.rule === "lockout") return `inside the lockout ${one.observed}`;
  if (one.rule === "session-window") return `outside the session ${one.limit}`;
  if (one.unit === "state") return `${one.observed}, not ${one.limit}`;
  return `${figure(one.observed, one.unit)}, limit ${figure(one.limit, one.unit)}`;
}
