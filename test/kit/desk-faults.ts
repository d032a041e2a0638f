/** Decorations of a desk's doors: something happens to it before or after a call, or its orders rest. They decide nothing else. */
import type { ChatPorts } from "../../src/cli/chat-door.ts";
import { price } from "../../src/core/kernel/money.ts";
import { later } from "../../src/core/kernel/time.ts";
import type { DeskPorts } from "../../src/run/desk.ts";

/** Calls across the desk's doors, by the name that a crash point gives them. */
const TRADING = {
  journal: { writeCheckpoint: "checkpoint" },
  venue: {
    ...{ place: "place", cancel: "cancel", find: "find", list: "list" },
    ...{ prove: "prove", trades: "trades" },
  },
  feed: { history: "history" },
  emergency: { read: "recall", append: "emergency", clear: "clear" },
} as const;
const TALKING = {
  deliveries: { add: "add", attempted: "attempted", delivered: "delivered" },
  inbound: { store: "store", done: "done" },
  messenger: { send: "send" },
} as const;

export const DOORS = [
  "append",
  ...Object.values(TRADING).flatMap((calls) => Object.values(calls)),
  ...Object.values(TALKING).flatMap((calls) => Object.values(calls)),
] as const;
export type Door = (typeof DOORS)[number];

/** `before append order.planned 1`: at the first append that carries such an event. */
export interface CrashPoint {
  readonly when: "before" | "after";
  readonly door: Door;
  /** Of `append`: the kind of event that must be in it. */
  readonly kind: string;
  /** At the how manieth such call, from 1. */
  readonly nth: number;
}

export const crashText = ({ when, door, kind, nth }: CrashPoint): string =>
  [when, door, kind, nth].join(" ");

export function crashPoint(text: string): CrashPoint {
  const [when, name, kind = "", nth] = text.split(" ");
  const door = DOORS.find((one) => one === name);
  if ((when !== "before" && when !== "after") || door === undefined)
    throw new Error(`no point: ${text}`);
  return { when, door, kind, nth: Number(nth) };
}

/** Nothing runs after it, not even a promise that is already settled. */
export function die(): never {
  process.kill(process.pid, "SIGKILL");
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** `die`, `stop` (until somebody says SIGCONT), `kill <pid>` (goes on without it) or `kill-and-die <pid>`. */
export function deedOf(text: string): () => void {
  const [word, pid] = text.split(" ");
  if (word === "die") return die;
  if (word === "stop") return () => void process.kill(process.pid, "SIGSTOP");
  const kill = (): boolean => process.kill(Number(pid), "SIGKILL");
  if (word === "kill") return kill;
  if (word !== "kill-and-die") throw new Error(`no deed: ${text}`);
  return () => {
    kill();
    die();
  };
}

/** Whatever was let go too early reaches the wire meanwhile: a death in the same instant would hide it. */
const leaves = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 150));

type Around = <T>(counts: boolean, call: () => T | Promise<T>) => Promise<T>;

function around({ nth, when }: CrashPoint, deed: () => void): Around {
  let seen = 0;
  return async (counts, call) => {
    seen += counts ? 1 : 0;
    const now = counts && seen === nth;
    if (now && when === "before") {
      await leaves();
      deed();
    }
    const result = await call();
    if (now && when === "after") deed();
    return result;
  };
}

/** The same door, but calls of these names pass the point when it is theirs. */
function watched<T extends object>(
  door: T,
  calls: Readonly<Record<string, Door>>,
  at: Door,
  pass: Around,
): T {
  return new Proxy(door, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      const call = (...args: unknown[]): unknown => Reflect.apply(value, target, args);
      const counts = typeof name === "string" && calls[name] === at;
      return counts ? (...args: unknown[]) => pass(true, () => call(...args)) : call;
    },
  });
}

export function dying(ports: DeskPorts, point: CrashPoint, deed: () => void = die): DeskPorts {
  let counted = 0;
  const pass = around(point, deed);
  const watch = <T extends object>(door: T, calls: Readonly<Record<string, Door>>): T =>
    watched(door, calls, point.door, pass);
  const { journal, venue, emergency, feed } = ports;
  return {
    ...ports,
    journal: {
      ...watch(journal, TRADING.journal),
      append: (events) => {
        // With the emergency line as the point, the line alone must carry the latch over the crash.
        const latches = events.some(({ body }) => /^trading\.(killed|paused)$/.test(body.kind));
        if (point.door === "emergency" && latches) return new Promise(() => undefined);
        // A slow journal is asked again for the same events: that is one time, not two.
        const fresh = events.filter(({ body, seq }) => body.kind === point.kind && seq > counted);
        counted = fresh.at(-1)?.seq ?? counted;
        const counts = point.door === "append" && fresh.length > 0;
        return pass(counts, () => journal.append(events));
      },
    },
    venue: watch(venue, TRADING.venue),
    feed: watch(feed, TRADING.feed),
    emergency: watch(emergency, TRADING.emergency),
  };
}

/** The same for the doors to people. */
export function dyingTalk(ports: ChatPorts, point: CrashPoint, deed: () => void = die): ChatPorts {
  const pass = around(point, deed);
  const watch = <T extends object>(door: T, calls: Readonly<Record<string, Door>>): T =>
    watched(door, calls, point.door, pass);
  return {
    ...ports,
    deliveries: watch(ports.deliveries, TALKING.deliveries),
    inbound: watch(ports.inbound, TALKING.inbound),
    messengers: ports.messengers.map((messenger) => watch(messenger, TALKING.messenger)),
  };
}

const RESTS_MS = 600_000;

/** Sales rest at the venue far above the market instead of being taken or going away: so they are planned, before anybody knows. */
export function restingSales(ports: DeskPorts): DeskPorts {
  const { journal } = ports;
  return {
    ...ports,
    journal: {
      ...journal,
      append: (events) => {
        for (const { body } of events) {
          if (body.kind !== "order.planned" || body.plan.side !== "sell") continue;
          // State, journal and what leaves share the plan, and nothing leaves before this.
          const validUntil = later(body.plan.plannedAt, RESTS_MS);
          Object.assign(body.plan, { timeInForce: "gtc", limit: price("5000"), validUntil });
        }
        return journal.append(events);
      },
    },
  };
}
