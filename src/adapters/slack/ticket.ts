/** The acknowledgement that Slack is owed for one thing it sent: given exactly once, in time, whatever becomes of the thing. */
import type { App } from "@slack/bolt";
import type { Origin } from "../../ports/hearer.ts";
import type { Log } from "../../ports/log.ts";
import type { Timers } from "../../ports/timers.ts";
import { fieldsOf } from "./fields.ts";

export interface Ticket {
  /** Somebody keeps what came and says `taken` when that is done. */
  hold(): void;
  /** Slack may be told. Later calls are ignored. `payload`: what Slack shows as the answer to a slash command. */
  taken(payload?: unknown): void;
  /** Everybody has looked at it: told now, unless somebody holds it. */
  settle(): void;
}

/** Slack waits three seconds; whoever keeps what came has this long. */
const KEEP_MS = 1_500;

export function openTicket(timers: Timers, reply: (payload: unknown) => void): Ticket {
  let isOpen = true;
  let isHeld = false;
  const taken = (payload?: unknown): void => {
    if (!isOpen) return;
    isOpen = false;
    cancel();
    reply(payload);
  };
  const cancel = timers.after(KEEP_MS, () => taken());
  return {
    hold() {
      isHeld = true;
    },
    taken,
    settle() {
      if (!isHeld) taken();
    },
  };
}

/** One thing that Slack sent, over whichever line. */
export interface Incoming {
  readonly body: unknown;
  readonly retryNum?: number;
  readonly retryReason?: string;
  /** Called once, within the time Slack gives. */
  readonly reply: (payload: unknown) => void;
}

/** The name under which a listener finds the ticket in Bolt's context. */
export const TICKET = "ticket";

export interface DeliverDoors {
  readonly timers: Timers;
  readonly log: Log;
  readonly turnedAway: (origin: Origin) => void;
}

/** Hands it to Bolt. Never rejects; without an app, or when a listener fails, it is acknowledged all the same. */
export async function deliver(
  app: Pick<App, "processEvent"> | null,
  { body, retryNum, retryReason, reply }: Incoming,
  { timers, log, turnedAway }: DeliverDoors,
): Promise<void> {
  const ticket = openTicket(timers, reply);
  const fields = fieldsOf(body);
  // Bolt acknowledges an event before any listener has seen it; here that is for the ticket alone.
  const isEvent = fields["event"] !== undefined;
  try {
    await app?.processEvent({
      body: { ...fields },
      ack: async (payload?: unknown) => {
        if (!isEvent) ticket.taken(payload);
      },
      customProperties: { [TICKET]: ticket },
      ...(retryNum === undefined ? {} : { retryNum }),
      ...(retryReason === undefined ? {} : { retryReason }),
    });
  } catch (error) {
    log.warn("something Slack sent could not be handled", {
      name: error instanceof Error ? error.name : "unknown",
    });
    turnedAway("malformed");
  }
  ticket.settle();
}
