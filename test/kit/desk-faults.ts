/** Decorations of a desk's doors: something happens to it before or after a call, or its orders rest. They decide nothing else. */
import type { ChatPorts } from "../../src/cli/chat-door.ts";
import type { StoreDressing } from "../../src/cli/store.ts";
import { price } from "../../src/core/kernel/money.ts";
import { later } from "../../src/core/kernel/time.ts";
import type { Delivery } from "../../src/ports/deliveries.ts";
import type { Ears } from "../../src/ports/hearer.ts";
import type { Transport } from "../../src/ports/transport.ts";
import type { DeskPorts } from "../../src/run/desk.ts";
import { editsKnown } from "../../src/run/lane.ts";
import { AT_ONCE, CALLS, DOORS, type Door, EDIT, type PortName } from "./desk-doors.ts";

/** `before journal.append order.planned 1`: at the first append that carries such an event. */
export interface CrashPoint {
  readonly when: "before" | "after";
  readonly door: Door;
  /** Of `journal.append`: the kind of event that must be in it. Of a messenger: its platform, or `-` for any. */
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

interface Point {
  /** Whether the point is at this call. */
  is(door: Door, kind?: string): boolean;
  pass<T>(call: () => T | Promise<T>): Promise<T>;
  /** The same for a call that answers at once: what was let go before it does not reach the wire meanwhile. */
  passNow<T>(call: () => T): T;
}

function pointAt({ door, kind, nth, when }: CrashPoint, deed: () => void): Point {
  let seen = 0;
  return {
    is: (at, of = "-") => at === door && (kind === "-" || kind === of),
    async pass(call) {
      seen += 1;
      const now = seen === nth;
      if (now && when === "before") {
        await leaves();
        deed();
      }
      const result = await call();
      if (now && when === "after") deed();
      return result;
    },
    passNow(call) {
      seen += 1;
      const now = seen === nth;
      if (now && when === "before") deed();
      const result = call();
      if (now && when === "after") deed();
      return result;
    },
  };
}

/** The same port, but its calls pass the point when it is theirs. */
function watched<T extends object>(port: PortName, door: T, point: Point, kind?: string): T {
  const names: readonly string[] = CALLS[port];
  return new Proxy(door, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function" || typeof name !== "string") return value;
      const at = `${port}.${name}` as Door;
      return (...args: unknown[]): unknown => {
        const call = (): unknown => Reflect.apply(value, target, args);
        if (!names.includes(name) || !counts(point, at, args, kind)) return call();
        return AT_ONCE.has(at) ? point.passNow(call) : point.pass(call);
      };
    },
  });
}

function counts(point: Point, at: Door, [first]: readonly unknown[], kind?: string): boolean {
  if (point.is(at, kind)) return true;
  return at === "messenger.send" && point.is(EDIT, kind) && editsKnown(first as Delivery);
}

export function dying(ports: DeskPorts, at: CrashPoint, deed: () => void = die): DeskPorts {
  let counted = 0;
  const point = pointAt(at, deed);
  const { journal, venue, emergency, feed, recorder } = ports;
  return {
    ...ports,
    journal: {
      ...journal,
      writeCheckpoint: watched("journal", journal, point).writeCheckpoint,
      append: (events) => {
        // With the emergency line as the point, the line alone must carry the latch over the crash.
        const latches = events.some(({ body }) => /^trading\.(killed|paused)$/.test(body.kind));
        if (at.door === "emergency.append" && latches) return new Promise(() => undefined);
        // A slow journal is asked again for the same events: that is one time, not two.
        const fresh = events.filter(({ body, seq }) => body.kind === at.kind && seq > counted);
        counted = fresh.at(-1)?.seq ?? counted;
        const isIt = at.door === "journal.append" && fresh.length > 0;
        return isIt ? point.pass(() => journal.append(events)) : journal.append(events);
      },
    },
    venue: watched("venue", venue, point),
    feed: watched("feed", feed, point),
    emergency: watched("emergency", emergency, point),
    ...(recorder && { recorder: watched("recorder", recorder, point) }),
  };
}

/** The same for the doors to people. */
export function dyingTalk(ports: ChatPorts, at: CrashPoint, deed: () => void = die): ChatPorts {
  const point = pointAt(at, deed);
  return {
    ...ports,
    deliveries: watched("deliveries", ports.deliveries, point),
    inbound: watched("inbound", ports.inbound, point),
    messengers: ports.messengers.map((one) => watched("messenger", one, point, one.platform)),
    ears: ports.ears.map((one) => dyingEars(one, point)),
  };
}

/** Who hears is given an echo that passes the point as well. */
function dyingEars(ears: Ears, point: Point): Ears {
  const through = watched("ears", ears, point);
  return {
    platform: ears.platform,
    stop: through.stop,
    start: (hearer) =>
      through.start({
        turnedAway: (platform, origin) => hearer.turnedAway(platform, origin),
        receive: (arrival, echo) => hearer.receive(arrival, echo && watched("echo", echo, point)),
      }),
  };
}

/** The same for the lease, and for what is read of the journal; what is written there is seen by `dying`. */
export function dyingStore(at: CrashPoint, deed: () => void = die): StoreDressing {
  const point = pointAt(at, deed);
  return {
    lease: (lease) => watched("lease", lease, point),
    journal(journal) {
      const { read, latestCheckpoint } = watched("journal", journal, point);
      return { ...journal, read, latestCheckpoint };
    },
  };
}

/** The same for single requests to the venue, of which a call may be several. */
export const dyingNet = (net: Transport, at: CrashPoint, deed: () => void = die): Transport =>
  watched("transport", net, pointAt(at, deed));

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
