/** One platform's mouth. It sends one message at a time for a room and never retries by itself. */
import type { RoomId } from "../core/kernel/ids.ts";
import type { Delivery } from "./deliveries.ts";

export type Sent =
  | { readonly kind: "sent"; readonly messageId: string }
  /** Certainly not shown. Nothing at all is sent in this room for `afterMs`, and this message perhaps not for longer. */
  | { readonly kind: "not-sent"; readonly why: string; readonly afterMs: number }
  /** Perhaps shown. `anew`: as a new message, not as the edit that was asked; then it is looked for as one. */
  | { readonly kind: "ambiguous"; readonly why: string; readonly anew?: true }
  /** Will never work for this room. */
  | { readonly kind: "refused"; readonly why: string };

/** What the platform itself says of a message that was perhaps shown. */
export type Found =
  | { readonly kind: "shown"; readonly messageId: string }
  /** Proof that it is not there: it may be sent as if for the first time. */
  | { readonly kind: "absent" }
  /** No evidence can be had for now: ask again after `afterMs`, or never when null. */
  | { readonly kind: "unknown"; readonly why: string; readonly afterMs: number | null };

export interface Messenger {
  /** `console`, `telegram`, `slack`: the part of a RoomId before the colon. */
  readonly platform: string;
  /** `heading` goes before the card's headline: mode and desk name. Never rejects. */
  send(delivery: Delivery, heading: string): Promise<Sent>;
  /** Where to look for a message that is about to be sent: kept with the row before it leaves, so that it outlives a crash. */
  mark?(room: RoomId): string | null;
  /** Looks for a message of uncertain fate. A messenger without this has no evidence. Never rejects. */
  find?(delivery: Delivery, heading: string): Promise<Found>;
  /** Ids of messages of ours in a room, newest last, read at start: what else is found there is not ours. */
  recall?(room: RoomId, messageIds: readonly string[]): void;
}
