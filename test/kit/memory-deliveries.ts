/** The outbox in memory, with a switch for its failures: it throws, hangs, or does the work and loses the answer. */
import type { RoomId } from "../../src/core/kernel/ids.ts";
import type { Instant } from "../../src/core/kernel/time.ts";
import type { Deliveries, Delivery, Lane, NewDelivery } from "../../src/ports/deliveries.ts";

export type Fault = "none" | "throws" | "hangs" | "loses-answer";

interface Row extends NewDelivery {
  readonly id: number;
  state: "waiting" | "delivered" | "failed" | "superseded";
  attempts: number;
  uncertain: boolean;
  attemptedAt: Instant | null;
  mark: string | null;
  retryAt: Instant | null;
  messageId: string | null;
  why: string;
}

export interface MemoryDeliveries extends Deliveries {
  readonly rows: readonly Row[];
  /** Asked before each call. */
  fault: (call: string) => Fault;
  /** Where the stored cursor stands. */
  stored(): number;
}

const RANK: Readonly<Record<Lane, number>> = { critical: 0, reply: 1, info: 2 };

export function memoryDeliveries(): MemoryDeliveries {
  const rows: Row[] = [];
  let cursor = 0;
  const call = <T>(name: string, work: () => T): Promise<T> => {
    switch (outbox.fault(name)) {
      case "throws":
        return Promise.reject(new Error(`${name} failed`));
      case "hangs":
        return new Promise(() => {});
      case "loses-answer":
        work();
        return Promise.reject(new Error(`${name} answer lost`));
      case "none":
        return Promise.resolve().then(work);
    }
  };
  const find = (id: number): Row => {
    const row = rows.find((one) => one.id === id);
    if (!row) throw new Error(`no delivery ${id}`);
    return row;
  };
  const newestOf = (of: RoomId, named: string | null): string | null =>
    rows.findLast(
      ({ room, key, state }) =>
        named !== null && room === of && key === named && state === "delivered",
    )?.messageId ?? null;
  const shown = (row: Row): Delivery => ({
    ...row,
    messageId: newestOf(row.room, row.key),
    rootId: row.under?.startsWith("message:")
      ? row.under.slice("message:".length)
      : newestOf(row.room, row.under),
  });
  const insert = (row: NewDelivery): void => {
    if (rows.some(({ room, dedupe }) => room === row.room && dedupe === row.dedupe)) return;
    const unsent = { attempts: 0, uncertain: false, attemptedAt: null, mark: null };
    const fresh = { ...unsent, retryAt: null, messageId: null, why: "" };
    rows.push({ ...row, ...fresh, id: rows.length + 1, state: "waiting" });
  };
  const outbox: MemoryDeliveries = {
    rows,
    fault: () => "none",
    stored: () => cursor,
    cursor: () => call("cursor", () => cursor),
    add: (added, to) =>
      call("add", () => {
        for (const row of added) insert(row);
        if (to !== null) cursor = to;
      }),
    due: (room, at, limit) =>
      call("due", () => {
        const waiting = rows.filter((row) => row.room === room && row.state === "waiting");
        if (waiting.some(({ retryAt }) => retryAt !== null && retryAt > at)) return [];
        return waiting
          .sort((a, b) => RANK[a.lane] - RANK[b.lane] || a.id - b.id)
          .slice(0, limit)
          .map(shown);
      }),
    attempted: (id, at, mark) =>
      call("attempted", () => {
        const row = find(id);
        Object.assign(row, { attempts: row.attempts + 1, uncertain: true, attemptedAt: at, mark });
      }),
    delivered: (id, messageId) =>
      call("delivered", () => {
        Object.assign(find(id), { state: "delivered", messageId, uncertain: false });
      }),
    failed: (id, why, retryAt) =>
      call("failed", () => {
        const state = retryAt === null ? "failed" : "waiting";
        Object.assign(find(id), { state, why, retryAt, uncertain: false });
      }),
    merge: (ids, into) =>
      call("merge", () => {
        insert(into);
        for (const row of ids.map(find)) {
          if (row.state === "waiting" && !row.uncertain) row.state = "superseded";
        }
      }),
    recent: (room, limit) =>
      call("recent", () => {
        const said = rows.filter((row) => row.room === room && row.state === "delivered");
        return [...new Set(said.flatMap(({ messageId }) => messageId ?? []))].slice(-limit);
      }),
    counts: () =>
      call("counts", () => ({
        delivered: rows.filter(({ state }) => state === "delivered").length,
        waiting: rows.filter(({ state }) => state === "waiting").length,
        failed: rows.filter(({ state }) => state === "failed").length,
      })),
  };
  return outbox;
}
