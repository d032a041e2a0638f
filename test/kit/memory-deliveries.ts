/** The outbox in memory, with a switch for its failures: it throws, hangs, or does the work and loses the answer. */
import type { Instant } from "../../src/core/kernel/time.ts";
import type { Deliveries, Delivery, Lane, NewDelivery } from "../../src/ports/deliveries.ts";

export type Fault = "none" | "throws" | "hangs" | "loses-answer";

interface Row extends NewDelivery {
  readonly id: number;
  state: "waiting" | "delivered" | "failed";
  attempts: number;
  attemptedAt: Instant | null;
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
  const shown = (row: Row): Delivery => ({
    ...row,
    uncertain: row.attemptedAt !== null,
    messageId:
      rows.findLast(
        ({ room, key, state }) =>
          key !== null && room === row.room && key === row.key && state === "delivered",
      )?.messageId ?? null,
  });
  const outbox: MemoryDeliveries = {
    rows,
    fault: () => "none",
    stored: () => cursor,
    cursor: () => call("cursor", () => cursor),
    add: (added, to) =>
      call("add", () => {
        for (const row of added) {
          if (rows.some(({ room, dedupe }) => room === row.room && dedupe === row.dedupe)) continue;
          const fresh = { attempts: 0, attemptedAt: null, retryAt: null, messageId: null, why: "" };
          rows.push({ ...row, ...fresh, id: rows.length + 1, state: "waiting" });
        }
        if (to !== null) cursor = to;
      }),
    due: (room, at, limit) =>
      call("due", () =>
        rows
          .filter((row) => row.room === room && row.state === "waiting")
          .filter((row) => row.retryAt === null || row.retryAt <= at)
          .sort((a, b) => RANK[a.lane] - RANK[b.lane] || a.id - b.id)
          .slice(0, limit)
          .map(shown),
      ),
    attempted: (id, at) =>
      call("attempted", () => {
        const row = find(id);
        row.attempts += 1;
        row.attemptedAt = at;
      }),
    delivered: (id, messageId) =>
      call("delivered", () => {
        Object.assign(find(id), { state: "delivered", messageId });
      }),
    failed: (id, why, retryAt) =>
      call("failed", () => {
        const state = retryAt === null ? "failed" : "waiting";
        Object.assign(find(id), { state, why, retryAt, attemptedAt: null });
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
