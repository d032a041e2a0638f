/** Who listens to what the platforms' ears hear. Adapters call this; they decide nothing about what a message means. */
import type { Card } from "../chat/card.ts";
import type { Arrival } from "./inbound.ts";

/** How one arrival is answered on its platform itself, beside the messages of the outbox. Every call is optional and may fail. */
export interface Echo {
  /**
   * It is kept, or needs no keeping: the platform may be told that it arrived. Called once, within two seconds; never when
   * the desk has stopped listening, so that the platform keeps it or says that nobody answered.
   */
  taken(): void;
  /** Says a refusal to whoever sent it and to nobody else. False: it could not be shown; it is then said in the room. */
  whisper(card: Card): Promise<boolean>;
  /**
   * Says it in a chat that is no room of ours, without the desk's name: whoever reads it is a stranger. It is no message of
   * the outbox. False: it could not be said, and is not said at all.
   */
  reply?(card: Card): Promise<boolean>;
  /** Takes the message itself away, where the platform lets us. False: it may still stand there. */
  erase?(): Promise<boolean>;
}

/** What nobody may be obeyed for, by the platform's own account of where it comes from. */
export type Origin =
  | "anonymous"
  | "channel-post"
  | "forwarded"
  | "edited"
  | "bot"
  | "guest"
  | "foreign-team"
  | "malformed"
  | "unsigned";

export interface Hearer {
  /** Returns at once, never throws. A message whose id was heard before is taken and otherwise ignored. */
  receive(arrival: Arrival, echo?: Echo): void;
  /** A message that must not be obeyed whoever sent it: counted, never stored, never answered. */
  turnedAway(platform: string, origin: Origin): void;
}

/** One platform's ears. */
export interface Ears {
  readonly platform: string;
  /** Returns at once, never throws: a platform that is down is tried again for as long as it takes. */
  start(hearer: Hearer): void;
  stop(): Promise<void>;
}
