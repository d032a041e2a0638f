/** Messages that reached us, kept until handled, so that a crash neither loses one nor obeys it twice. */
import type { InboundId, RoomId } from "../core/kernel/ids.ts";
import type { Instant } from "../core/kernel/time.ts";

/** A message as an adapter understood it: no platform left but in the ids. */
export interface Arrival {
  readonly id: InboundId;
  readonly room: RoomId;
  /** `platform:account` of the speaker. */
  readonly account: string;
  readonly text: string;
  readonly sentAt: Instant;
  readonly receivedAt: Instant;
}

export interface Inbound {
  /** True when it is new; false when this id was stored before. */
  store(arrival: Arrival): Promise<boolean>;
  done(id: InboundId, outcome: string, at: Instant): Promise<void>;
  /** Stored and not done, oldest first: what a crash left. */
  unfinished(): Promise<readonly Arrival[]>;
}
