/** Connects people: the platforms that are open, the courier that speaks, and the switchboard that listens. */
import type { Readable, Writable } from "node:stream";
import { ALERTS } from "../../alerts/table.ts";
import { COMMANDS } from "../../commands/table.ts";
import { CONSOLE_ROOM, listenConsole } from "../adapters/console/receive.ts";
import { sha256 } from "../adapters/postgres/audit/chain.ts";
import type { Projector } from "../adapters/postgres/projector.ts";
import { heading } from "../chat/heading.ts";
import { withGuards } from "../chat/listeners.ts";
import { wallClock } from "../chat/wall-clock.ts";
import type { Config } from "../config/config.ts";
import type { Secrets } from "../config/secrets.ts";
import type { Notice } from "../core/engine/input.ts";
import type { RoomId } from "../core/kernel/ids.ts";
import type { AuditBook } from "../ports/audit.ts";
import type { Clock } from "../ports/clock.ts";
import type { Deliveries } from "../ports/deliveries.ts";
import type { Engine } from "../ports/engine.ts";
import type { Ears as PlatformEars } from "../ports/hearer.ts";
import type { Home } from "../ports/home.ts";
import type { Arrival, Inbound } from "../ports/inbound.ts";
import type { Journal } from "../ports/journal.ts";
import type { Standing } from "../ports/lease.ts";
import type { Log } from "../ports/log.ts";
import type { Messenger } from "../ports/messenger.ts";
import type { Notices } from "../ports/notices.ts";
import type { Query } from "../ports/query.ts";
import type { StepUp } from "../ports/step-up.ts";
import type { Timers } from "../ports/timers.ts";
import { Courier } from "../run/courier.ts";
import { homeOf } from "../run/home.ts";
import type { RoomPace } from "../run/room-sender.ts";
import { type Shown, shownCards } from "../run/shown.ts";
import { Switchboard } from "../run/switchboard.ts";
import { openVigil } from "../run/vigil.ts";
import { type WrongCodes, wrongCodes } from "../run/wrong-codes.ts";
import { paceOf } from "./paces.ts";
import { openPlatforms, type Platforms } from "./platforms.ts";
import { openStepUp } from "./step-up-door.ts";

/** What is being said gets this long to be said before the next line of a script. */
const DRAIN_MS = 500;
/** A line of a script may take this long before the next one is read all the same. */
const HANDLED_MS = 5000;
/** Of one person; /pause and /kill are always read. */
const PER_MINUTE = 20;
/** Notices that are kept while the desk is still starting. */
const EARLY = 20;

/** What goes to and from people: tests stand in these doors. */
export interface ChatPorts {
  readonly deliveries: Deliveries;
  readonly inbound: Inbound;
  readonly messengers: readonly Messenger[];
  readonly ears: readonly PlatformEars[];
  readonly pace: (room: RoomId) => RoomPace;
  /** Messages of one person that are read in a minute. */
  readonly perMinute: number;
}

export interface ChatDoors {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** Of the lease: what may leave. */
  readonly standing: Standing;
  readonly journal: Journal;
  readonly deliveries: Deliveries;
  readonly inbound: Inbound;
  readonly book: AuditBook;
  readonly projector: Pick<Projector, "auditHead">;
  readonly output: Writable;
  readonly headless: boolean;
  /** Called once when nothing can be printed any more. */
  readonly outputBroke: (why: string) => void;
  readonly decorateChat?: (ports: ChatPorts) => ChatPorts;
  /** Waits of the platforms' own doors; `timers` unless told. */
  readonly chatTimers?: Timers;
}

export interface ChatDoor {
  readonly courier: Courier;
  readonly rows: Platforms["rows"];
  /** When the lock of this person ends, for wrong codes of whichever kind, or null. */
  readonly lockedUntil: StepUp["lockedUntil"];
  /** Begins to speak and to listen. */
  open(desk: TalkingDesk): Promise<Ears>;
  close(): Promise<void>;
}

export interface TalkingDesk {
  readonly engine: Engine & Notices;
  readonly query: Query;
  readonly input: Readable;
  readonly run: string;
}

export interface Ears {
  /** Resolves when the keyboard or the pipe has ended. */
  readonly closed: Promise<void>;
  stop(): Promise<void>;
}

export async function openChatDoor(doors: ChatDoors): Promise<ChatDoor> {
  const { config, chatTimers = doors.timers } = doors;
  const stepUp = openStepUp(doors);
  const notices = latent();
  const guesses = wrongCodes(notices);
  const vigil = openVigil({
    ...doors,
    timers: chatTimers,
    notices,
    reachable: (platform) => courier.reachable(platform),
  });
  const home = latentHome();
  const platforms = await openPlatforms({
    ...doors,
    timers: chatTimers,
    notices,
    home,
    pulse: vigil,
  });
  const open: ChatPorts = {
    ...doors,
    messengers: platforms.messengers,
    ears: platforms.ears,
    pace: paceOf,
    perMinute: PER_MINUTE,
  };
  const ports = doors.decorateChat?.(open) ?? open;
  const shown = shownCards({ ...doors, digest: sha256 });
  const courier: Courier = new Courier(
    { ...doors, ...ports, shown },
    {
      alerts: ALERTS,
      rooms: withGuards(config.rooms, config.people),
      wall: wallClock(config.timeZone),
      heading: () => heading(config.profile, config.name),
      pace: ports.pace,
      auditHead: () => doors.projector.auditHead()?.hash ?? null,
    },
  );
  return {
    courier,
    rows: platforms.rows,
    lockedUntil: (person, at) => guesses.lockedUntil(person, at) ?? stepUp.lockedUntil(person, at),
    async open(desk) {
      notices.open((notice) => desk.engine.note(notice));
      const { query } = desk;
      const title = (): string => heading(config.profile, config.name);
      const wall = wallClock(config.timeZone);
      const { people } = config;
      home.open(homeOf({ query, people, commands: COMMANDS, wall, heading: title }));
      courier.start();
      const timers = chatTimers;
      const made = { timers, courier, shown, notices, platforms, stepUp, guesses };
      return openEars({ ...doors, ...ports, ...desk, ...made });
    },
    async close() {
      vigil.stop();
      await courier[Symbol.asyncDispose]();
      await platforms.close();
    },
  };
}

type EarDoors = ChatDoors &
  ChatPorts &
  TalkingDesk & {
    readonly courier: Courier;
    readonly shown: Shown;
    readonly notices: Notices;
    readonly platforms: Platforms;
    readonly stepUp: StepUp;
    readonly guesses: WrongCodes;
  };

async function openEars(doors: EarDoors): Promise<Ears> {
  const { config, clock, input, output, run, headless, platforms, ears } = doors;
  const switchboard = new Switchboard(doors, {
    commands: COMMANDS,
    people: config.people,
    rooms: config.rooms,
    wall: wallClock(config.timeZone),
    manner: platforms.manner,
    seal: platforms.seal.of,
    stepUp: doors.stepUp,
    wrongCodes: doors.guesses,
    perMinute: doors.perMinute,
    unlimited: (room) => room === CONSOLE_ROOM,
  });
  const hear = (arrival: Arrival): Promise<void> => {
    switchboard.receive(arrival);
    return handled(doors, switchboard);
  };
  const console = headless ? null : listenConsole({ input, output, clock, run, hear });
  for (const one of ears) one.start(switchboard);
  // People are heard before a slow database has said what the last run left.
  void switchboard.start();
  return {
    closed: console?.closed ?? new Promise(() => undefined),
    async stop() {
      console?.stop();
      await Promise.all(ears.map((one) => one.stop()));
      await switchboard[Symbol.asyncDispose]();
    },
  };
}

/** All that was heard so far is done and told, as far as that can be waited for. */
async function handled({ timers, courier }: EarDoors, switchboard: Switchboard): Promise<void> {
  let cancel = (): void => undefined;
  const late = new Promise<void>((resolve) => {
    cancel = timers.after(HANDLED_MS, resolve);
  });
  await Promise.race([switchboard.idle(), late]);
  cancel();
  await courier.settle(DRAIN_MS);
}

/** Nothing is seen before the desk runs. */
function latentHome(): Home & { open(to: Home): void } {
  let target: Home | null = null;
  return {
    page: (account) => target?.page(account) ?? null,
    open(to) {
      target = to;
    },
  };
}

/** Notices before the desk runs are kept for it, a few of them. */
function latent(): Notices & { open(to: Notices["note"]): void } {
  let target: Notices["note"] | null = null;
  const early: Notice[] = [];
  return {
    note(notice) {
      if (target) target(notice);
      else if (early.length < EARLY) early.push(notice);
    },
    open(to) {
      target = to;
      for (const notice of early.splice(0)) to(notice);
    },
  };
}
