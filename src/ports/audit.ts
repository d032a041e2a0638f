/** The audit as it can be read: for people, for messages that carry its head, and for what people were shown. */
import type { Card } from "../chat/card.ts";
import type { Records } from "../chat/records.ts";
import type { AuditHead } from "../core/control/audit.ts";
import type { ConfirmationId, RoomId } from "../core/kernel/ids.ts";

/** What stands in a room of a request. */
export interface ShownCard {
  readonly room: RoomId;
  readonly confirmation: ConfirmationId;
  readonly card: Card;
}

/** Each call rejects when the database does not answer. */
export interface AuditBook extends Records {
  /** Where the chain ends, e.g. for a report; null while it is empty. */
  auditHead(): Promise<AuditHead | null>;
  /** The cards last delivered of these requests, one for each room. */
  shown(confirmations: readonly ConfirmationId[]): Promise<readonly ShownCard[]>;
}
