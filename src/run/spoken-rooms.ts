/** The rooms that are spoken in, each with its mouth and its sender; those of one chat share its pace, and those of one platform share another. */
// It must not decide what is said there.

import type { Room } from "../chat/person.ts";
import { platformOf } from "../chat/platform.ts";
import type { WallClock } from "../chat/wall-clock.ts";
import type { RoomId } from "../core/kernel/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { Deliveries } from "../ports/deliveries.ts";
import type { Log } from "../ports/log.ts";
import type { Messenger } from "../ports/messenger.ts";
import type { Timers } from "../ports/timers.ts";
import { firstRecall } from "./first-recall.ts";
import { Outcry } from "./outcry.ts";
import { Bucket, type Pace, PLATFORM_PACE } from "./pace.ts";
import { type RoomMouth, roomMouth } from "./room-mouth.ts";
import { type RoomPace, RoomSender } from "./room-sender.ts";
import { roomTempo } from "./room-tempo.ts";
import type { Shown } from "./shown.ts";

export interface SpokenRoom {
  readonly platform: string;
  readonly mouth: RoomMouth;
  readonly outcry: Outcry;
  readonly sender: RoomSender;
}

export interface RoomDoors {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly deliveries: Deliveries;
  readonly messengers: readonly Messenger[];
  /** Told of each row that was sent. */
  readonly shown?: Pick<Shown, "delivered">;
}

export interface RoomSettings {
  readonly rooms: readonly Room[];
  readonly wall: WallClock;
  readonly heading: () => string;
  readonly pace: (room: RoomId) => RoomPace;
}

const DOUBT_MS = 2_000;

/** A room whose platform has no messenger is left out, and said so in the log. */
export function spokenRooms(
  doors: RoomDoors,
  settings: RoomSettings,
): ReadonlyMap<RoomId, SpokenRoom> {
  const spoken = new Map<RoomId, SpokenRoom>();
  const shared = new Map<string, Bucket>();
  const bucketOf = (name: string, pace: Pace): Bucket => {
    const bucket = shared.get(name) ?? new Bucket(pace, doors.clock.now());
    shared.set(name, bucket);
    return bucket;
  };
  for (const { id } of settings.rooms) {
    const platform = platformOf(id);
    const messenger = doors.messengers.find((one) => one.platform === platform);
    if (!messenger) {
      doors.log.error("a room has no messenger; nobody hears it", { room: id });
      continue;
    }
    const { pace, editEveryMs, doubtMs = DOUBT_MS } = settings.pace(id);
    // Topics of one chat are counted together: `telegram:-100…/7` is a part of `telegram:-100…`.
    const chat = id.split("/", 1)[0] ?? id;
    const buckets = pace === null ? [] : [bucketOf(chat, pace), bucketOf(platform, PLATFORM_PACE)];
    const mouth = roomMouth(id, {
      ...doors,
      messenger,
      recall: firstRecall(id, { ...doors, messenger }),
      heading: settings.heading,
      tempo: roomTempo({ ...doors, buckets }),
    });
    const { wall } = settings;
    const outcry = new Outcry({ ...doors, mouth, wall, doubtMs });
    const round = { editEveryMs, doubtMs, wall, merges: pace !== null };
    const sender = new RoomSender(id, round, { ...doors, mouth, outcry });
    spoken.set(id, { platform, mouth, outcry, sender });
  }
  return spoken;
}
