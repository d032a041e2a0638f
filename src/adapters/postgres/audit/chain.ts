/**
 * How a row of the audit is sealed: SHA-256 over the names, lengths and values of all its fields, the hash of the row before
 * among them. Neither the fields nor their order may ever change: chains that stand were sealed so.
 */
import { createHash } from "node:crypto";
import type { Approval, AuditHead, AuditRow } from "../../../core/control/audit.ts";
import type { Snapshot } from "../../../core/control/request.ts";
import type { Event } from "../../../core/engine/event.ts";
import { iso } from "../../../core/kernel/time.ts";
import { entryOf } from "./entries.ts";

/** A row as it is stored: `approvals` is the JSON text. */
export type Sealed = Omit<AuditRow, "approvals"> & { readonly approvals: string };

type Hashed = Omit<Sealed, "hash">;

const FIELDS: { readonly [F in keyof Hashed]: true } = {
  seq: true,
  eventSeq: true,
  at: true,
  kind: true,
  platform: true,
  person: true,
  name: true,
  account: true,
  room: true,
  inbound: true,
  words: true,
  action: true,
  decision: true,
  reason: true,
  snapshot: true,
  before: true,
  after: true,
  approvals: true,
  request: true,
  count: true,
  previous: true,
};
const ORDER = Object.keys(FIELDS) as readonly (keyof Hashed)[];
const FORM = "claudbot audit 1\n";
const NOTHING = "0".repeat(64);

/** Before the first row. */
export const START: AuditHead = { seq: 0, hash: NOTHING };

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** `name length:value` for each field, `name -` where there is none: no two rows have one text. */
export function hashOf(row: Hashed): string {
  const lines = ORDER.map((field) => {
    const text = textOf(row, field);
    return text === null ? `${field} -\n` : `${field} ${Buffer.byteLength(text)}:${text}\n`;
  });
  return sha256(FORM + lines.join(""));
}

function textOf(row: Hashed, field: keyof Hashed): string | null {
  if (field === "at") return iso(row.at);
  const value = row[field];
  return value === null ? null : String(value);
}

/** @param approvals of the same request so far. @returns null when the event is not audited */
export function sealed(
  { seq: eventSeq, at, body }: Event,
  head: AuditHead,
  approvals: (request: string) => readonly Approval[],
): Sealed | null {
  const entry = entryOf(body, at);
  if (entry === null) return null;
  const { by, who, request = null } = entry;
  const earlier = request === null ? [] : approvals(request);
  const row: Hashed = {
    seq: head.seq + 1,
    eventSeq,
    at,
    kind: body.kind,
    platform: by ? by.room.slice(0, by.room.indexOf(":")) : (who?.platform ?? null),
    person: by ? by.person : (who?.person ?? null),
    name: by ? by.name : (who?.name ?? null),
    account: by?.account ?? null,
    room: by ? by.room : (who?.room ?? null),
    inbound: by?.inbound ?? null,
    words: by ? (by.words ?? null) : (who?.words ?? null),
    action: entry.action,
    decision: entry.decision,
    reason: entry.reason ?? "",
    snapshot: entry.snapshot ? sha256(snapshotText(entry.snapshot)) : null,
    before: entry.before ?? null,
    after: entry.after ?? null,
    approvals: JSON.stringify([...earlier, ...(entry.approvals ?? [])]),
    request,
    count: entry.count ?? 1,
    previous: head.hash,
  };
  return { ...row, hash: hashOf(row) };
}

/** By name, so that the order in which a database gives the fields back does not matter. */
const snapshotText = (snapshot: Snapshot): string =>
  JSON.stringify(Object.entries(snapshot).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The text must be one that was stored: rows that were tampered with are found by their hash. */
export function approvalsFrom(text: string): readonly Approval[] {
  try {
    return JSON.parse(text) as readonly Approval[];
  } catch {
    return [];
  }
}
