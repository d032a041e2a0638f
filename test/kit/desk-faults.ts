/** Decorations of a desk's doors: it dies before or after a call, or its orders rest. They decide nothing else. */
import { price } from "../../src/core/kernel/money.ts";
import type { DeskPorts } from "../../src/run/desk.ts";

/** `before append order.planned 1`: at the first append that carries such an event. */
export interface CrashPoint {
  readonly when: "before" | "after";
  readonly door: "append" | "place" | "emergency";
  /** Of `append`: the kind of event that must be in it. */
  readonly kind: string;
  /** At the how manieth such call, from 1. */
  readonly nth: number;
}

export const crashText = ({ when, door, kind, nth }: CrashPoint): string =>
  [when, door, kind, nth].join(" ");

export function crashPoint(text: string): CrashPoint {
  const [when, door, kind = "", nth] = text.split(" ");
  if ((when !== "before" && when !== "after") || !isDoor(door))
    throw new Error(`no point: ${text}`);
  return { when, door, kind, nth: Number(nth) };
}

const isDoor = (text = ""): text is CrashPoint["door"] =>
  ["append", "place", "emergency"].includes(text);

/** Nothing runs after it, not even a promise that is already settled. */
export function die(): never {
  process.kill(process.pid, "SIGKILL");
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** Whatever was let go too early reaches the wire meanwhile: a death in the same instant would hide it. */
const leaves = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 150));

export function dying(ports: DeskPorts, point: CrashPoint): DeskPorts {
  let seen = 0;
  let counted = 0;
  const around = async <T>(counts: boolean, call: () => Promise<T>): Promise<T> => {
    seen += counts ? 1 : 0;
    const now = counts && seen === point.nth;
    if (now && point.when === "before") {
      await leaves();
      die();
    }
    const result = await call();
    if (now) die();
    return result;
  };
  const { journal, venue, emergency } = ports;
  return {
    ...ports,
    journal: {
      ...journal,
      append: (events) => {
        // With the emergency line as the point, the line alone must carry the latch over the crash.
        const latches = events.some(({ body }) => /^trading\.(killed|paused)$/.test(body.kind));
        if (point.door === "emergency" && latches) return new Promise(() => undefined);
        // A slow journal is asked again for the same events: that is one time, not two.
        const fresh = events.filter(({ body, seq }) => body.kind === point.kind && seq > counted);
        counted = fresh.at(-1)?.seq ?? counted;
        const counts = point.door === "append" && fresh.length > 0;
        return around(counts, () => journal.append(events));
      },
    },
    venue: {
      ...venue,
      place: (plan) => around(point.door === "place", () => venue.place(plan)),
    },
    emergency: {
      ...emergency,
      append: (line) => around(point.door === "emergency", () => emergency.append(line)),
    },
  };
}

/** Sales rest at the venue far above the market instead of being taken or going away. */
export function restingSales(ports: DeskPorts): DeskPorts {
  const { venue } = ports;
  return {
    ...ports,
    venue: {
      ...venue,
      place: (plan) =>
        venue.place(
          plan.side === "sell" ? { ...plan, timeInForce: "gtc", limit: price("5000") } : plan,
        ),
    },
  };
}
