/** Messages that reached us, kept until handled, so that a crash neither loses one nor obeys it twice. */
import type { InboundId, RoomId } from "../core/kernel/ids.ts";
import type { Instant } from "../core/kernel/time.ts";

/** A message as an adapter understood it: no platform left but in the ids. */
export interface Arrival {
  readonly id: InboundId;
  readonly room: RoomId;
  /** `platform:account` of the speaker. */
  readonly account: string;
  /** What was typed, as `/status`; or what a pressed button carries (see chat/press.ts). */
  readonly text: string;
  /** A button was pressed: whoever has the token of the platform's bot could have made it. */
  readonly pressed?: true;
  /** The platform's own id of the message or thread under which the answer belongs; not kept with the row. */
  readonly under?: string;
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
