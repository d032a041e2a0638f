/** The kill: said when it begins, edited while orders close, said again when the last of them is verified. */
import { alert, type Voice } from "../src/chat/alert.ts";
import { button, card, few } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { about } from "../src/chat/format.ts";
import { holdingText } from "../src/chat/glance.ts";
import type { EventOf } from "../src/core/engine/event.ts";

const STATUS = button("Status", "/status");
const AT_ONCE_MS = 10_000;
const key = (root: number): string => `kill:${root}`;

export const killed: Voice<EventOf<"trading.killed">> = (
  { latch, openOrders },
  seq,
  at,
  context,
) => {
  const { clock } = context;
  const said = card({
    headline: `KILL by ${latch.by?.name ?? "the desk"} · ${openOrders === 0 ? "no open orders" : `0/${openOrders} closed`}`,
    mark: "🔴",
    lines: [
      `${clock.seconds(at)} ${clock.zone(at)}. Nothing new leaves${openOrders === 0 ? "" : "; open orders are being cancelled"}.`,
      `Reason: ${latch.reason}`,
    ],
    buttons: [STATUS],
    event: eventId(seq),
  });
  return [
    alert({
      card: said,
      priority: "P0",
      topic: "incidents",
      key: key(seq),
      replyTo: latch.by?.room ?? null,
    }),
  ];
};

export const progress: Voice<EventOf<"kill.progressed">> = (event, seq, _at, { memory, clock }) => {
  const { kill } = memory;
  const unknown = event.unknown > 0 ? `, ${event.unknown} unknown` : "";
  const said = card({
    headline: `KILL by ${kill?.by ?? "the desk"} · ${event.closed}/${event.total} closed${unknown}`,
    mark: "🔴",
    lines: [kill === null ? null : `Since ${clock.seconds(kill.at)} ${clock.zone(kill.at)}`],
    buttons: [STATUS],
    event: eventId(seq),
  });
  return [
    alert({
      card: said,
      priority: "P0",
      topic: "incidents",
      key: key(kill?.root ?? seq),
      edit: true,
      replyTo: kill?.room ?? null,
    }),
  ];
};

export const finished: Voice<EventOf<"kill.finished">> = (event, seq, at, context) => {
  const { clock, memory } = context;
  const { kill } = memory;
  const held = event.holdings;
  // Nothing was there to cancel: that it is done is no second ring.
  const atOnce = kill !== null && event.total === 0 && at - kill.at < AT_ONCE_MS;
  const verified = `${event.total}/${event.total} verified ${clock.seconds(at)}`;
  const said = card({
    headline:
      event.total === 0 ? `KILLED · no open orders ${clock.seconds(at)}` : `KILLED · ${verified}`,
    mark: "🔴",
    lines: [
      atOnce ? `By ${kill.by}. Reason: ${kill.reason}` : null,
      event.total === 0 ? null : `${event.cancelled} cancelled, ${event.filled} filled meanwhile`,
      held.length === 0
        ? "Holding nothing."
        : `STILL HOLDING ${few(held.map(holdingText), 3)}. STOPS ARE OFF.`,
      held.length === 0 ? null : `/flatten sells it, cost about ${about(event.flattenCost)}`,
      "Restart: /rearm, lands paused",
    ],
    buttons: held.length === 0 ? [STATUS] : [button("Flatten", "/flatten", true), STATUS],
    event: eventId(seq),
  });
  const common = { card: said, priority: "P0", topic: "incidents" } as const;
  if (kill === null) return [alert(common)];
  const where = atOnce ? { key: key(kill.root), edit: true } : { under: key(kill.root) };
  return [alert({ ...common, ...where, replyTo: kill.room })];
};
