/** What a command may look up that stands in the journal only. Looking changes nothing, and may take a while or fail. */
import type { AuditHead, AuditRow } from "../core/control/audit.ts";
import type { Instant } from "../core/kernel/time.ts";

export interface Records {
  /** The newest `count` lines of the audit, newest first; those before line `before` where it is given. */
  last(count: number, before?: number): Promise<readonly AuditRow[]>;
  /** All that the audit and the outbox know around one event; null where there is no such event. */
  about(eventSeq: number): Promise<AuditStory | null>;
  /** Walks the whole chain. `anchor`: a head somebody kept, whole or as `9c41…e0`. */
  verify(anchor?: string): Promise<AuditVerdict>;
}

/** One event, who was told of it, and what people did then. */
export interface AuditStory {
  readonly event: { readonly seq: number; readonly at: Instant; readonly kind: string };
  /** The line of the event itself, if it has one, and those that belong to it, oldest first. */
  readonly rows: readonly AuditRow[];
  readonly deliveries: readonly ToldRoom[];
  /** Milliseconds after the event; null where it has not happened. */
  readonly firstTold: number | null;
  /** The first thing that a person asked or tried. */
  readonly firstAnswer: number | null;
  /** The first that came to something; of an incident, what stops or sells or ends it. */
  readonly firstAction: number | null;
}

/** One message about the event, or about the request it belongs to. */
export interface ToldRoom {
  readonly room: string;
  readonly eventSeq: number;
  readonly headline: string;
  readonly state: string;
  /** When it was delivered; null when it was not. */
  readonly at: Instant | null;
  /** As in `Approval.saw`. */
  readonly hash: string;
}

export interface AuditVerdict {
  /** Lines that were walked, the broken one included. */
  readonly rows: number;
  readonly head: AuditHead | null;
  /** Audited events that are derived up to here. */
  readonly upTo: number;
  /** Events of the journal that should have a line and have none yet, because they came later than `upTo`. */
  readonly behind: number;
  readonly broken: { readonly row: number; readonly why: string } | null;
  /** The line whose hash was given; null where none has it. Undefined when none was given. */
  readonly anchored?: number | null;
}
