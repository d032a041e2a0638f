/** The desk behind the admin pages: hands requests to the engine as one local person, and tells what came of each. */
// It decides nothing about what may be done: roles are looked up, and the engine judges the rest as it does in chat.
import { mayRaise } from "../../chat/proposal-role.ts";
import type { Request } from "../../core/control/request.ts";
import { scopeName } from "../../core/control/trading.ts";
import type { Event } from "../../core/engine/event.ts";
import type { DeskView } from "../../core/engine/views.ts";
import { type InboundId, inboundId, type PersonId, type RoomId } from "../../core/kernel/ids.ts";
import { type Instant, iso } from "../../core/kernel/time.ts";
import type { Engine } from "../../ports/engine.ts";
import type { Query } from "../../ports/query.ts";
import type { Entropy } from "../../ports/random.ts";
import { causeOf, outcomeOf } from "./admin-answer.ts";
import type { AdminVerb } from "./admin-request.ts";
import { adminStatus } from "./admin-status.ts";

/** As whom the admin pages ask. */
export interface AdminPerson {
  readonly person: PersonId;
  readonly name: string;
  readonly room: RoomId;
  readonly may: (verb: AdminVerb) => boolean;
}

export interface AdminReply {
  readonly status: number;
  readonly body: object;
}

export interface AdminDesk {
  /** @param key of the caller's own; said again under the same one, nothing happens twice. A kill and a pause have none. */
  ask(verb: AdminVerb, request: Request, key: string | null): Promise<AdminReply>;
  status(): AdminReply;
  /** Events at the moment they are decided. */
  hear(events: readonly Event[]): void;
  /**
   * From now on the desk runs.
   * @param lockedUntil when the lock for wrong codes of the person ends, or null
   */
  open(desk: Engine & Query, lockedUntil: LockedUntil): void;
  /** Why it cannot be asked yet; null: it is starting. */
  standby(note: string | null): void;
}

export type LockedUntil = () => Instant | null;

interface Asked {
  readonly said: string;
  readonly reply: Promise<AdminReply>;
}

const REMEMBERED = 200;
const STATUS = { done: 200, unchanged: 200, waits: 200, known: 200, refused: 409 } as const;

export function adminDesk(by: AdminPerson, entropy: Entropy): AdminDesk {
  let desk: (Engine & Query) | null = null;
  let lockedUntil: LockedUntil = () => null;
  let waits: string | null = null;
  const heard = new Map<InboundId, Event[]>();
  const asked = new Map<string, Asked>();

  const submit = async (
    { submit: put, view }: Engine & Query,
    verb: AdminVerb,
    request: Request,
    inbound: InboundId,
  ): Promise<AdminReply> => {
    const events: Event[] = [];
    heard.set(inbound, events);
    try {
      const { person, name, room } = by;
      const seq = await put(request, { person, name, room, host: true, inbound });
      const outcome = outcomeOf(events);
      const { trading, orders, pauses } = view();
      const isRecorded = seq !== null;
      const notes = [
        misspelt(request, pauses),
        isRecorded ? null : (UNRECORDED[verb] ?? UNRECORDED_CHANGE),
      ].filter((note) => note !== null);
      return {
        status: isRecorded || outcome.outcome === "refused" ? STATUS[outcome.outcome] : 202,
        body: {
          request: verb,
          ...outcome,
          state: trading,
          openOrders: orders.length,
          recorded: isRecorded,
          ...(notes.length === 0 ? {} : { note: notes.join(". ") }),
        },
      };
    } finally {
      heard.delete(inbound);
    }
  };

  return {
    async ask(verb, request, key) {
      if (desk === null) return notYet(waits);
      if (!by.may(verb)) return error(403, "role", `${by.name} may not ${verb}`, ROLE_FIX);
      const running = desk;
      const until = raises(request, running) ? lockedUntil() : null;
      if (until !== null)
        return error(403, "codes", `too many wrong, locked until ${iso(until)}`, LOCK_FIX);
      if (key === null) {
        return submit(running, verb, request, inboundId(`http:${entropy.hex(12)}`));
      }
      const said = JSON.stringify(request);
      const before = asked.get(key);
      if (before !== undefined && before.said !== said) {
        return error(409, KEY, "was used for another request", "Take a new key for each request");
      }
      if (before !== undefined) return before.reply;
      const reply = submit(running, verb, request, inboundId(`http:key:${key}`));
      asked.set(key, { said, reply });
      const [oldest] = asked.keys();
      if (asked.size > REMEMBERED && oldest !== undefined) asked.delete(oldest);
      // What failed was not handled: it may be asked anew.
      void reply.catch(() => asked.delete(key));
      return reply;
    },
    status: () =>
      desk === null ? notYet(waits) : { status: 200, body: adminStatus(desk.view(), by) },
    hear(events) {
      if (heard.size === 0) return;
      for (const event of events) {
        const cause = causeOf(event.body);
        if (cause !== null) heard.get(cause)?.push(event);
      }
    },
    open(opened, locked) {
      [desk, lockedUntil] = [opened, locked];
    },
    standby(note) {
      waits = note;
    },
  };
}

/** What a pause says whose scope names nothing: everything was paused instead. */
function misspelt(request: Request, pauses: DeskView["pauses"]): string | null {
  if (request.verb !== "pause" || request.scope === undefined) return null;
  const word = request.scope.toLowerCase();
  return pauses.some(({ scope }) => scopeName(scope).toLowerCase() === word)
    ? null
    : `no product or strategy ${request.scope}: everything is paused`;
}

/** What whoever guessed codes may not ask in chat either. */
function raises(request: Request, { view }: Query): boolean {
  if (request.verb !== "confirm") return request.verb === "resume";
  const open = view().pending.find(({ code }) => code === request.code.toUpperCase());
  return mayRaise(open?.proposal ?? null);
}

const KEY = "Idempotency-Key";
const LOCK_FIX = "Wait until then; kill, pause, deny and status still answer";
const ROLE_FIX = "Give the person with console: true in people.yaml a role that may";
const UNRECORDED: { readonly [V in AdminVerb]?: string } = {
  kill: "The journal does not answer: the kill is in force all the same, and cancels leave.",
  pause: "The journal does not answer: the pause is in force all the same.",
};
const UNRECORDED_CHANGE = "The journal does not answer: ask again with GET /admin/status.";

export const error = (status: number, field: string, what: string, fix: string): AdminReply => ({
  status,
  body: { error: { field, what, fix } },
});

const notYet = (note: string | null): AdminReply =>
  note === null
    ? error(503, "desk", "still starting", "Ask again, or put a file named KILL in the data folder")
    : error(
        503,
        "desk",
        note,
        "Ask the desk that runs; a KILL file or SIGUSR2 here kills this one",
      );
