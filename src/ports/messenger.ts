/** One platform's mouth. It sends one message at a time for a room and never retries by itself. */
import type { Delivery } from "./deliveries.ts";

export type Sent =
  | { readonly kind: "sent"; readonly messageId: string }
  /** Certainly not shown: try again after `afterMs`. */
  | { readonly kind: "not-sent"; readonly why: string; readonly afterMs: number }
  /** Perhaps shown. */
  | { readonly kind: "ambiguous"; readonly why: string }
  /** Will never work for this room. */
  | { readonly kind: "refused"; readonly why: string };

export interface Messenger {
  /** `console`, `telegram`, `slack`: the part of a RoomId before the colon. */
  readonly platform: string;
  /** `heading` goes before the card's headline: mode and desk name. */
  send(delivery: Delivery, heading: string): Promise<Sent>;
}
