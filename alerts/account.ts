/** What stands on the account and is not ours to explain: unexplained amounts, orders of somebody else; and what a check found. */
import { alert, type Voice } from "../src/chat/alert.ts";
import { externalRoll } from "../src/chat/alert-memory.ts";
import { button, card } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { many, money, units } from "../src/chat/format.ts";
import type { EventOf } from "../src/core/engine/event.ts";
import type { ForeignOrder } from "../src/core/engine/input.ts";
import { absolute, NO_SIZE, type Quote } from "../src/core/kernel/money.ts";
import { differenceLine } from "./difference.ts";

const STATUS = button("Status", "/status");
const PAUSE = button("Pause", "/pause");
const RECONCILE = button("Reconcile", "/reconcile");

/** Dust is averages that were rounded, and is only counted. */
export const adjusted: Voice<EventOf<"balance.adjusted">> = (event, seq, at, { clock }) => {
  if (event.sort === "dust") return [];
  const { currency, gap, worth } = event;
  const less = gap < NO_SIZE;
  const size = units(absolute(gap));
  const said = card({
    headline: `UNEXPLAINED ${less ? "−" : "+"}${size} ${currency}`,
    mark: "⚠️",
    lines: [
      `${clock.seconds(at)} ${clock.zone(at)}. The venue has ${size} ${currency} ${less ? "less" : "more"} than fills explain${inMoney(worth)}.`,
      "It is booked as neither profit nor loss.",
      "Look at the venue: a deposit, a withdrawal, a trade by hand, a fee?",
      "Once it is explained: /resume",
    ],
    buttons: [STATUS, RECONCILE, PAUSE],
    event: eventId(seq),
  });
  return [alert({ card: said, priority: "P1", topic: "incidents" })];
};

const inMoney = (worth: Quote | null): string =>
  worth === null ? ", worth unknown" : `, about ${money(absolute(worth))}`;

/** Told once; where it grows, the message is edited. */
export const externalSeen: Voice<EventOf<"external.seen">> = (event, seq, _at, { memory }) => {
  const { foreign } = event;
  const roll = memory.rolls.get(externalRoll(event));
  const key = `${externalRoll(event)}:${roll?.root ?? seq}`;
  const said = card({
    headline: `NOT OURS: ${named(foreign)} on our account`,
    mark: "⚠️",
    lines: [
      foreign.worth === null ? "Its worth is not told." : `Worth up to ${money(foreign.worth)}.`,
      `Entries of ${foreign.product} wait while it stands; exits still work.`,
      "The desk never touches it. Whose is it? Cancel it at the venue, or let it end.",
      tail(foreign),
    ],
    buttons: [STATUS, PAUSE],
    event: eventId(seq),
  });
  return [
    alert({ card: said, priority: "P1", topic: "incidents", key, edit: (roll?.count ?? 1) > 1 }),
  ];
};

export const externalGone: Voice<EventOf<"external.gone">> = (event, seq, _at, { memory }) => {
  const { foreign } = event;
  const root = memory.rolls.get(externalRoll(event))?.root;
  const under = root === undefined ? null : `${externalRoll(event)}:${root}`;
  const said = card({
    headline: `Gone: the ${named(foreign)} that was not ours`,
    lines: [
      `It stands no longer; it may have filled. Entries of ${foreign.product} no longer wait for it.`,
      tail(foreign),
    ],
    buttons: [STATUS],
    event: eventId(seq),
  });
  return [alert({ card: said, topic: "incidents", under })];
};

const named = ({ side, product }: ForeignOrder): string =>
  `${side.toUpperCase()} order in ${product}`;

const tail = ({ venueId, clientId }: ForeignOrder): string =>
  `Venue's order …${venueId.slice(-6)}${clientId === "" ? "" : `, named ${clientId.slice(0, 40)}`}`;

/** The answer to /reconcile, to whoever asked and to nobody else. */
export const checked: Voice<EventOf<"venue.checked">> = (event, seq, at, { clock }) => {
  const { by, differences, orders, external, unsettled, quarantined } = event;
  const open = [
    quarantined > 0 ? `${many(quarantined, "order")} quarantined` : null,
    external > 0 ? `${external} not ours` : null,
    unsettled > 0 ? `${unsettled} not proven yet` : null,
  ].filter((part) => part !== null);
  const said = card({
    headline: `RECONCILED: ${differences.length === 0 ? "nothing differs" : many(differences.length, "difference")}`,
    mark: differences.length === 0 ? "" : "⚠️",
    lines: [
      `${clock.seconds(at)} ${clock.zone(at)}. ${many(orders, "order")} compared.`,
      open.length === 0 ? null : open.join(", "),
      ...differences.map(differenceLine),
    ],
    buttons: [STATUS, button("Orders", "/orders")],
    event: eventId(seq),
  });
  return [alert({ card: said, topic: "reply-only", replyTo: by.room })];
};
