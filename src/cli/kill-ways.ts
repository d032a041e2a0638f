/**
 * The ways to stop a desk that are neither chat nor console: the KILL file, SIGUSR2, the admin pages, and `--reduce-only`.
 * What comes before the desk runs is kept for its first moment, before anything can be sent.
 */
import type { Config } from "../config/config.ts";
import type { Secrets } from "../config/secrets.ts";
import type { Requester } from "../core/control/trading.ts";
import type { Event } from "../core/engine/event.ts";
import type { Notice, RecalledLatch } from "../core/engine/input.ts";
import { inboundId, roomId } from "../core/kernel/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { Emergency } from "../ports/emergency.ts";
import type { Engine } from "../ports/engine.ts";
import type { Log } from "../ports/log.ts";
import type { Notices } from "../ports/notices.ts";
import type { Query } from "../ports/query.ts";
import type { StepUp } from "../ports/step-up.ts";
import type { Timers } from "../ports/timers.ts";
import { type AdminDoor, localPerson, openAdminDoor } from "./admin-door.ts";
import { findKillFile, type KillFile, watchKillFile } from "./kill-file.ts";

export interface KillWays {
  readonly admin: AdminDoor;
  /** Those of before that stand at this moment; called by whoever holds the lease, so that no standby takes another's. */
  begin(asked: { readonly reduceOnly: boolean }): void;
  /** The emergency lines as the desk is to read them: what came before it ran is among them. */
  lines(file: Emergency): Emergency;
  /** Events at the moment they are decided. */
  hear(events: readonly Event[]): void;
  /** From now on the desk runs and is told at once. */
  open(desk: Engine & Query & Notices, lockedUntil: StepUp["lockedUntil"]): void;
  close(): void;
}

interface WayDoors {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly run: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

/** Node's debugger has SIGUSR1. */
const SIGNAL = "SIGUSR2";
const NAMES = { file: "the KILL file", signal: SIGNAL, line: "the command line" } as const;

/** @throws StartError when the admin pages can have no token */
export async function openKillWays(doors: WayDoors): Promise<KillWays> {
  const { config, run, clock, timers, log } = doors;
  const { dataDir } = config;
  const { id: person } = localPerson(config);
  const early: RecalledLatch[] = [];
  let read = 0;
  let signals = 0;
  let desk: (Engine & Query & Notices) | null = null;
  let endWatch = (): void => undefined;

  const by = (way: keyof typeof NAMES, inbound: string): Requester => ({
    person,
    name: NAMES[way],
    room: roomId("console:local"),
    host: true,
    inbound: inboundId(inbound),
  });
  const keep = (latch: "killed" | "paused", who: Requester, reason: string): void =>
    void early.push({ latch, latched: { at: clock.now(), by: who, reason } });
  /** False: the engine did not take it. */
  const kill = async (who: Requester, reason: string): Promise<boolean> => {
    if (desk === null) {
      keep("killed", who, reason);
      return true;
    }
    try {
      await desk.submit({ verb: "kill", reason }, who);
      return true;
    } catch (error) {
      log.error("the engine did not take a kill", { way: who.name, why: String(error) });
      return false;
    }
  };
  const obey = async (found: KillFile): Promise<boolean> => {
    const isTaken = await kill(fileIs(found), found.reason);
    // The journal knows it from an earlier run, and somebody has rearmed since.
    if (isTaken && desk?.view().killed === null) {
      log.warn("a KILL file was obeyed before and kills no more: put a new one to kill again");
    }
    return isTaken;
  };
  const fileIs = ({ id }: KillFile): Requester => by("file", `kill-file:${id}`);
  const onSignal = (): void => {
    signals += 1;
    void kill(by("signal", `signal:${run}:${signals}`), `the signal ${SIGNAL}`);
  };
  process.on(SIGNAL, onSignal);
  const unsaid: Notice[] = [];
  const notices: Notices = { note: (notice) => (desk ? desk.note(notice) : unsaid.push(notice)) };
  const admin = await openAdminDoor({ ...doors, notices }).catch((error: unknown) => {
    process.off(SIGNAL, onSignal);
    throw error;
  });

  return {
    admin,
    begin({ reduceOnly }) {
      const found = findKillFile(dataDir);
      // It stays where it is until the desk runs: a crash before that must find it again.
      if (found !== null) keep("killed", fileIs(found), found.reason);
      if (reduceOnly) keep("paused", by("line", `start:${run}:reduce-only`), "--reduce-only");
    },
    lines: (file) => ({
      ...file,
      async read() {
        const lines = await file.read();
        read = early.length;
        return [...lines, ...early.map((latch) => JSON.stringify({ latches: [latch] }))];
      },
    }),
    hear: admin.desk.hear,
    open(opened, lockedUntil) {
      desk = opened;
      admin.desk.open(opened, () => lockedUntil(person, clock.now()));
      for (const notice of unsaid) opened.note(notice);
      for (const one of early.slice(read)) {
        if (one.latch === "killed" && one.latched.by) void kill(one.latched.by, one.latched.reason);
      }
      endWatch = watchKillFile({ folder: dataDir, clock, timers, log, obey });
    },
    close() {
      process.off(SIGNAL, onSignal);
      endWatch();
    },
  };
}
