/** Whether the desk may trade, and who or what said no. The strictest word wins; none of them clears by a restart. */
import type { InboundId, PersonId, RoomId } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import type { BreakerName, Trip } from "../risk/trip.ts";

/**
 * `active` trades · `reducing` (people say paused) takes no entries but runs exits · `halted` only cancels and a confirmed
 * flatten · `killed` as halted, and open orders are cancelled until none is left.
 */
export type TradingState = "active" | "reducing" | "halted" | "killed";

/** Who asked, from where, with which message. */
export interface Requester {
  readonly person: PersonId;
  /** The configured name, never a platform's display name. */
  readonly name: string;
  readonly room: RoomId;
  /** The room is this person's own private chat with the desk, on whichever platform. */
  readonly privately?: boolean;
  readonly inbound: InboundId;
}

export interface Latch {
  readonly at: Instant;
  /** Null when the desk did it by itself. */
  readonly by: Requester | null;
  readonly reason: string;
}

export interface Latches {
  readonly paused: Latch | null;
  readonly halted: Latch | null;
  readonly killed: Latch | null;
  readonly trips: ReadonlyMap<BreakerName, Trip>;
}

export function tradingState(latches: Latches): TradingState {
  if (latches.killed) return "killed";
  if (latches.halted) return "halted";
  return latches.paused || latches.trips.size > 0 ? "reducing" : "active";
}
