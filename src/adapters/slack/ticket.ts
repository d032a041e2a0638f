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
  /** It cannot be judged yet: Slack is not told, and sends an event again. */
  decline(): void;
  /** Everybody has looked at it: told now, unless somebody holds it. */
  settle(): void;
}

/** One of the two is called, once, within the time Slack gives. */
interface Answers {
  readonly reply: (payload: unknown) => void;
  readonly decline: () => void;
}

/** Slack waits three seconds; whoever keeps what came has this long. */
const KEEP_MS = 1_500;

export function openTicket(timers: Timers, { reply, decline }: Answers): Ticket {
  let isOpen = true;
  let isHeld = false;
  const end = (answer: () => void): void => {
    if (!isOpen) return;
    isOpen = false;
    cancel();
    answer();
  };
  const taken = (payload?: unknown): void => end(() => reply(payload));
  const cancel = timers.after(KEEP_MS, () => taken());
  return {
    hold() {
      isHeld = true;
    },
    taken,
    decline: () => end(decline),
    settle() {
      if (!isHeld) taken();
    },
  };
}

/** One thing that Slack sent, over whichever line. */
export interface Incoming extends Answers {
  readonly body: unknown;
  /** When it left, where Slack signs that. */
  readonly sentAt?: number;
  readonly retryNum?: number;
  readonly retryReason?: string;
}

/** The names under which a listener finds in Bolt's context what does not stand in the body. */
export const TICKET = "ticket";
export const SENT_AT = "sentAt";

export interface DeliverDoors {
  readonly timers: Timers;
  readonly log: Log;
  readonly turnedAway: (origin: Origin) => void;
}

/** Hands it to Bolt. Never rejects; without an app, or when a listener fails, it is acknowledged all the same. */
export async function deliver(
  app: Pick<App, "processEvent"> | null,
  { body, sentAt, retryNum, retryReason, ...answers }: Incoming,
  { timers, log, turnedAway }: DeliverDoors,
): Promise<void> {
  const ticket = openTicket(timers, answers);
  const fields = fieldsOf(body);
  // Bolt acknowledges an event before any listener has seen it; here that is for the ticket alone.
  const isEvent = fields["event"] !== undefined;
  try {
    await app?.processEvent({
      body: { ...fields },
      ack: async (payload?: unknown) => {
        if (!isEvent) ticket.taken(payload);
      },
      customProperties: { [TICKET]: ticket, [SENT_AT]: sentAt },
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
