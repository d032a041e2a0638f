/** One line of the audit: who asked for what from where, what became of it, and what everybody had before their eyes. */
import type { Instant } from "../kernel/time.ts";

export type Decision =
  | "asked"
  | "stepped"
  | "confirmed"
  | "denied"
  | "expired"
  | "stale"
  | "voided"
  | "superseded"
  | "refused"
  | "done"
  /** It was so already. */
  | "unchanged"
  /** No person asked: the desk did it. */
  | "by-itself";

/** One yes or no on the way of a request. */
export interface Approval {
  readonly step: "confirm" | "code" | "approve" | "deny" | "agreed";
  readonly person: string | null;
  readonly name: string;
  readonly room: string | null;
  readonly at: Instant;
  /** First sixteen hex digits of the SHA-256 of the card they last saw of it; null when that is not known. */
  readonly saw: string | null;
}

export interface AuditRow {
  /** Of the chain, from 1 without gaps. */
  readonly seq: number;
  readonly eventSeq: number;
  readonly at: Instant;
  /** Of the event. */
  readonly kind: string;
  readonly platform: string | null;
  readonly person: string | null;
  readonly name: string | null;
  /** `platform:account` of the speaker, with the platform's own id. */
  readonly account: string | null;
  readonly room: string | null;
  /** Of the message, unique on its platform. */
  readonly inbound: string | null;
  /** As typed, codes left out; `pressed confirm` for a button. */
  readonly words: string | null;
  readonly action: string;
  readonly decision: Decision;
  readonly reason: string;
  /** SHA-256 of the fields that must not move while a request waits. */
  readonly snapshot: string | null;
  readonly before: string | null;
  readonly after: string | null;
  readonly approvals: readonly Approval[];
  /** The confirmation that it belongs to. */
  readonly request: string | null;
  /** How many equal ones it stands for. */
  readonly count: number;
  /** Hash of the row before; zeros for the first. */
  readonly previous: string;
  readonly hash: string;
}

/** Where the chain ends. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

/** `9c41…e0` */
export const shortHash = (hash: string): string => `${hash.slice(0, 4)}…${hash.slice(-2)}`;
