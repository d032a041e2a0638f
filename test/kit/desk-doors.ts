/** Every call that a desk makes through its ports: those around which it can be killed, and why it is not around the others. */
// A test reads src/ports and fails when a method there is in neither list.
import type { Deliveries } from "../../src/ports/deliveries.ts";
import type { Emergency } from "../../src/ports/emergency.ts";
import type { Feed } from "../../src/ports/feed.ts";
import type { Ears, Echo } from "../../src/ports/hearer.ts";
import type { Inbound } from "../../src/ports/inbound.ts";
import type { Journal } from "../../src/ports/journal.ts";
import type { Lease } from "../../src/ports/lease.ts";
import type { Messenger } from "../../src/ports/messenger.ts";
import type { Recorder } from "../../src/ports/recorder.ts";
import type { Transport } from "../../src/ports/transport.ts";
import type { Venue } from "../../src/ports/venue.ts";

interface Ports {
  readonly lease: Lease;
  readonly journal: Journal;
  readonly emergency: Emergency;
  readonly venue: Venue;
  readonly feed: Feed;
  /** The venue's; those of the chat platforms are below their messengers and ears. */
  readonly transport: Transport;
  readonly recorder: Recorder;
  readonly deliveries: Deliveries;
  readonly inbound: Inbound;
  readonly messenger: Messenger;
  readonly ears: Ears;
  readonly echo: Echo;
}
export type PortName = keyof Ports;

export const CALLS = {
  lease: ["look", "take", "renew", "release"],
  journal: ["append", "read", "latestCheckpoint", "writeCheckpoint"],
  emergency: ["append", "read", "clear"],
  venue: ["start", "place", "preview", "cancel", "find", "list", "prove", "trades", "stop"],
  feed: ["start", "history", "stop"],
  transport: ["request", "openSocket"],
  recorder: ["begin", "took", "decided"],
  deliveries: ["cursor", "add", "due", "attempted", "delivered", "failed", "merge", "recent"],
  inbound: ["store", "done", "unfinished"],
  messenger: ["send", "mark", "find", "recall"],
  ears: ["start", "stop"],
  echo: ["taken", "whisper", "reply"],
} as const satisfies { readonly [P in PortName]: readonly (keyof Ports[P])[] };

type Named = { readonly [P in PortName]: `${P}.${(typeof CALLS)[P][number]}` }[PortName];
/** `venue.place`. A messenger's `send` that changes a message which is there has a name of its own. */
export type Door = Named | typeof EDIT;
export const EDIT = "messenger.edit";

export const DOORS: readonly Door[] = [
  ...Object.entries(CALLS).flatMap(([port, methods]) =>
    methods.map((method) => `${port}.${method}` as Named),
  ),
  EDIT,
];

/** They answer at once, without a promise. */
export const AT_ONCE: ReadonlySet<Door> = new Set<Door>([
  ...(["venue.start", "feed.start", "transport.openSocket"] as const),
  ...(["recorder.begin", "recorder.took", "recorder.decided"] as const),
  ...(["messenger.mark", "messenger.recall", "ears.start", "echo.taken"] as const),
]);

const INSIDE = "it is the desk's own: what it leads to outside is around the calls of other ports";
const MEMORY = "it reads memory or makes text, and nothing outside changes by it";
const LOWER = "it is a piece of transport.openSocket, whose messages the venue keeps no memory of";

/** Methods without a crash point, and why. */
export const WITHOUT: Readonly<Record<string, string>> = {
  "clock.now": MEMORY,
  "entropy.hex": MEMORY,
  "seal.of": MEMORY,
  "query.view": MEMORY,
  "standing.order": MEMORY,
  "standing.anything": MEMORY,
  "timers.after": "a timer ends with its process, and what it runs makes calls of its own",
  "timers.every": "a timer ends with its process, and what it runs makes calls of its own",
  "timers.soon": "a timer ends with its process, and what it runs makes calls of its own",
  "log.debug": "a line for whoever debugs: nobody acts on it",
  "log.info": "a line for whoever debugs: nobody acts on it",
  "log.warn": "a line for whoever debugs: nobody acts on it",
  "log.error": "a line for whoever debugs: nobody acts on it",
  "engine.submit": INSIDE,
  "notices.note": INSIDE,
  "pulse.alive": INSIDE,
  "pulse.failing": INSIDE,
  "hearer.receive": INSIDE,
  "hearer.turnedAway": INSIDE,
  "socketHandlers.open": INSIDE,
  "socketHandlers.message": INSIDE,
  "socketHandlers.ping": INSIDE,
  "socketHandlers.close": INSIDE,
  "socket.send": LOWER,
  "socket.close": LOWER,
  "transportRequest.lastLook": MEMORY,
  "hook.answer": "a platform's request: what it leads to is inbound.store and echo.taken",
  "stepUp.isEnrolled": MEMORY,
  "stepUp.check":
    "a code counts as used on disk before the answer: a crash costs the code, no more",
  "stepUp.burn": "a code counts as used on disk before the answer: a crash costs the code, no more",
  "stepUp.isTheirs": MEMORY,
  "stepUp.lockedUntil": MEMORY,
  "echo.erase": "it takes a message away whose code was judged and used up on disk before",
  "home.page": MEMORY,
  "auditBook.auditHead": "it is read to answer a person, and nothing is written after it",
  "auditBook.shown": "it is read into memory at the start, and nothing is written after it",
  "recorder.close": "the recording ends last of all; one that was cut is what recorder.took leaves",
  "deliveries.counts": "read for a page of numbers, after which nothing follows",
};
