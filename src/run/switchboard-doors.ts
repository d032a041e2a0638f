/** What the switchboard stands between: the doors it opens, what it is told at the start, and what it counts. */
import type { Command } from "../chat/command.ts";
import type { Manner } from "../chat/line.ts";
import type { Person, Room } from "../chat/person.ts";
import type { Records } from "../chat/records.ts";
import type { WallClock } from "../chat/wall-clock.ts";
import type { RoomId } from "../core/kernel/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { Engine } from "../ports/engine.ts";
import type { Inbound } from "../ports/inbound.ts";
import type { Log } from "../ports/log.ts";
import type { Notices } from "../ports/notices.ts";
import type { Query } from "../ports/query.ts";
import type { Seal } from "../ports/seal.ts";
import type { StepUp } from "../ports/step-up.ts";
import type { Timers } from "../ports/timers.ts";
import type { Answers } from "./replies.ts";
import type { Shown } from "./shown.ts";
import type { TallyCounts } from "./tallies.ts";
import type { WrongCodes } from "./wrong-codes.ts";

export interface SwitchboardDoors {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly inbound: Inbound;
  readonly engine: Engine;
  readonly query: Query;
  readonly notices: Notices;
  readonly courier: Answers;
  readonly book: Records;
  readonly shown: Shown;
}

export interface SwitchboardSettings {
  readonly commands: readonly Command[];
  readonly people: readonly Person[];
  readonly rooms: readonly Room[];
  readonly wall: WallClock;
  readonly manner: (room: RoomId) => Manner;
  readonly seal: Seal["of"];
  /** Codes of authenticators; without it none is looked for. */
  readonly stepUp?: StepUp;
  /** Who guessed codes of requests; of its own unless told. */
  readonly wrongCodes?: WrongCodes;
  /** Messages one person may send in a minute, /pause and /kill excepted; 20 unless told. */
  readonly perMinute?: number;
  /** Rooms without that limit, such as the operator's own terminal; none unless told. */
  readonly unlimited?: (room: RoomId) => boolean;
}

export interface SwitchboardCounts extends TallyCounts {
  readonly dropped: number;
  /** By what was wrong with them. */
  readonly refused: Readonly<Record<string, number>>;
}
