/** Pauses, resumes and rearms: said to everyone who watches, and to whoever asked. */
import { type Alert, alert, type Voice } from "../src/chat/alert.ts";
import { type AlertMemory, requestKey } from "../src/chat/alert-memory.ts";
import type { Card } from "../src/chat/card.ts";
import { button, card, few } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { type Requester, scopeName } from "../src/core/control/trading.ts";
import type { EventOf } from "../src/core/engine/event.ts";
import { isUnwritten } from "../src/core/engine/unwritten.ts";
import { tripWords } from "../src/core/risk/trip.ts";

const NO_ORDERS = "No order leaves until it does; cancels and /kill work.";

export const paused: Voice<EventOf<"trading.paused">> = (event, seq, at, { clock }) => {
  const { latch, scope = "all" } = event;
  const part = scope === "all" ? "" : scopeName(scope);
  const said = card({
    headline: `PAUSED ${part === "" ? "" : `${part} `}by ${latch.by?.name ?? "the desk"}`,
    mark: "⚠️",
    lines: [
      `${clock.seconds(at)} ${clock.zone(at)}. ${isUnwritten(latch) ? NO_ORDERS : `No entries${part === "" ? "" : ` of ${part}`}; exits still work.`}`,
      `Reason: ${latch.reason}`,
      part === ""
        ? "Stays paused until /resume"
        : `Stays paused until /resume ${part}, or /resume of everything`,
    ],
    buttons: [button("Status", "/status"), button("Resume", `/resume ${part}`.trim())],
    event: eventId(seq),
  });
  const replyTo = latch.by?.room ?? null;
  return [alert({ card: said, priority: "P1", topic: "incidents", replyTo })];
};

export const resumed: Voice<EventOf<"trading.resumed">> = (event, seq, at, context) => {
  const { by, rearmed, anew = [], scope = "all" } = event;
  const { clock, memory } = context;
  const part = scope === "all" ? "" : scopeName(scope);
  const said = card({
    headline: `RESUMED ${part === "" ? "" : `${part} `}by ${by.name}`,
    lines: [
      `${clock.seconds(at)} ${clock.zone(at)}. Entries${part === "" ? "" : ` of ${part}`} may be placed again.`,
      rearmed.length === 0 ? null : `Re-armed: ${few(rearmed.map(tripWords), 6)}`,
      anew.length === 0 ? null : `Counts anew: ${few(anew, 4)}`,
    ],
    buttons: [button("Status", "/status"), button("Pause", "/pause")],
    event: eventId(seq),
  });
  return [outcome(said, by, memory)];
};

export const rearmed: Voice<EventOf<"trading.rearmed">> = ({ by }, seq, at, context) => {
  const { clock, memory } = context;
  const said = card({
    headline: `REARMED by ${by.name} · now paused`,
    lines: [
      `${clock.seconds(at)} ${clock.zone(at)}. The kill latch is cleared; no entries until /resume.`,
    ],
    buttons: [button("Status", "/status"), button("Resume", "/resume")],
    event: eventId(seq),
  });
  return [outcome(said, by, memory)];
};

/** Told under the request that was confirmed, where that is still there. */
const outcome = (said: Card, by: Requester, memory: AlertMemory): Alert =>
  alert({
    card: said,
    priority: "P1",
    topic: "incidents",
    replyTo: by.room,
    under: requestKey(memory, by),
  });
