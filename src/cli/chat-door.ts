/** Connects people: the courier that speaks, the switchboard that listens, and the console as the room. */
import type { Readable, Writable } from "node:stream";
import { ALERTS } from "../../alerts/table.ts";
import { COMMANDS } from "../../commands/table.ts";
import { consoleMessenger } from "../adapters/console/messenger.ts";
import { CONSOLE_ROOM, listenConsole } from "../adapters/console/receive.ts";
import { heading } from "../chat/heading.ts";
import { wallClock } from "../chat/wall-clock.ts";
import type { Config } from "../config/config.ts";
import type { Clock } from "../ports/clock.ts";
import type { Deliveries } from "../ports/deliveries.ts";
import type { Engine } from "../ports/engine.ts";
import type { Arrival, Inbound } from "../ports/inbound.ts";
import type { Journal } from "../ports/journal.ts";
import type { Log } from "../ports/log.ts";
import type { Query } from "../ports/query.ts";
import type { Timers } from "../ports/timers.ts";
import { Courier } from "../run/courier.ts";
import { Switchboard } from "../run/switchboard.ts";

/** A terminal scrolls: what is edited is printed again, so not too often. */
const CONSOLE_EDIT_MS = 60_000;
/** What is being said gets this long to be said before the next line of a script. */
const DRAIN_MS = 500;

export interface ChatDoors {
  readonly config: Config;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly journal: Journal;
  readonly deliveries: Deliveries;
  readonly output: Writable;
  readonly headless: boolean;
  /** Called once when nothing can be printed any more. */
  readonly outputBroke?: (why: string) => void;
}

export function openCourier(doors: ChatDoors): Courier {
  const { config, output, headless, outputBroke } = doors;
  const colour = "isTTY" in output && output.isTTY === true && !headless;
  const messenger = consoleMessenger(output, { colour, oneLine: headless }, outputBroke);
  return new Courier(
    { ...doors, messengers: [messenger] },
    {
      alerts: ALERTS,
      rooms: config.rooms,
      wall: wallClock(config.timeZone),
      heading: () => heading(config.profile, config.name),
      pace: () => ({ pace: null, editEveryMs: CONSOLE_EDIT_MS }),
    },
  );
}

/** A line of a script may take this long before the next one is read all the same. */
const HANDLED_MS = 5000;

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

export interface Ears {
  readonly switchboard: Switchboard;
  /** Resolves when the keyboard or the pipe has ended. */
  readonly closed: Promise<void>;
  stop(): Promise<void>;
}

interface EarDoors extends ChatDoors {
  readonly inbound: Inbound;
  readonly engine: Engine;
  readonly query: Query;
  readonly courier: Courier;
  readonly input: Readable;
  readonly run: string;
}

export function openEars(doors: EarDoors): Ears {
  const { config, clock, input, output, run, headless } = doors;
  const switchboard = new Switchboard(doors, {
    commands: COMMANDS,
    people: config.people,
    rooms: config.rooms,
    wall: wallClock(config.timeZone),
    manner: () => ({ bareWords: true, ownName: null }),
    unlimited: (room) => room === CONSOLE_ROOM,
  });
  const hear = (arrival: Arrival): Promise<void> => {
    switchboard.receive(arrival);
    return handled(doors, switchboard);
  };
  const console = headless ? null : listenConsole({ input, output, clock, run, hear });
  return {
    switchboard,
    closed: console?.closed ?? new Promise(() => undefined),
    async stop() {
      console?.stop();
      await switchboard[Symbol.asyncDispose]();
    },
  };
}
