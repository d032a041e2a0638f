/** Moves of people around risky requests, and a witness who keeps books of its own from what was typed. */
import { expect } from "vitest";
import { type Authority, USUAL_AUTHORITY } from "../../src/core/control/authority.ts";
import type { Requester } from "../../src/core/control/trading.ts";
import type { EventBody } from "../../src/core/engine/event.ts";
import type { Settings } from "../../src/core/engine/state.ts";
import { personId } from "../../src/core/kernel/ids.ts";
import { findLimit, limitText } from "../../src/core/risk/policy.ts";
import { MINUTE, type Move, type Place } from "./confirmation-moves.ts";
import type { DeskScript } from "./desk-script.ts";

export const AUTHORITY: Authority = {
  ...USUAL_AUTHORITY,
  people: ["ana", "bo", "cy"].map((id) => ({
    id: personId(id),
    name: id,
    approves: id !== "cy",
    platforms: ["telegram", "slack"],
  })),
};

export const LIVE: Partial<Settings> = { armed: true, authority: AUTHORITY };

/** What each kind of change owes: asked for here in words of the rules, not of the program. */
export const OWED = {
  raise: { code: true, second: false, wait: 0, other: false },
  "large-raise": { code: true, second: true, wait: 10 * MINUTE, other: false },
  restore: { code: true, second: false, wait: 0, other: false },
  "go-on": { code: false, second: false, wait: 0, other: false },
  "loss-reset": { code: true, second: true, wait: 0, other: false },
  rearm: { code: true, second: true, wait: 0, other: true },
} as const;

interface Book {
  readonly kind: keyof typeof OWED;
  readonly asker: string;
  readonly room: string;
  readonly cap: string;
  readonly openedAt: number;
  /** What the second person has to have typed. */
  readonly types: string | null;
  /** Every room from which something was done for it. */
  readonly rooms: string[];
  confirmedAt?: number;
  codeAt?: number;
  second?: { readonly who: string; readonly room: string; readonly at: number };
  dead: boolean;
}

/** Keeps what people did, by id of the request, and judges every risky event by it. */
export class Witness {
  readonly books = new Map<string, Book>();
  readonly spent = new Map<string, number>();
  readonly suspended = new Set<string>();
  readonly distrusted = new Set<string>();
  reached = new Set<string>();
  changes = 0;

  #all(isMeant: (book: Book) => boolean): void {
    for (const book of this.books.values()) if (isMeant(book)) book.dead = true;
  }

  /** Whoever is suspended, or speaks where somebody else may speak in their name, takes no step. */
  #counts(by: Requester): boolean {
    return !this.suspended.has(by.person) && !this.distrusted.has(platform(by.room));
  }

  happened(each: Move): void {
    if (each.do === "pause" || each.do === "kill" || each.do === "lost-pause")
      this.#all(() => true);
    if (each.do === "suspend") {
      this.suspended.add(each.whom);
      this.#all(({ asker, second }) => asker === each.whom || second?.who === each.whom);
    }
    if (each.do === "give-back") this.suspended.delete(each.whom);
    if (each.do === "trust") this.distrusted.delete(each.on);
    if (each.do === "distrust") {
      this.distrusted.add(each.on);
      this.#all(
        ({ kind, rooms }) => kind !== "go-on" && rooms.some((room) => platform(room) === each.on),
      );
    }
  }

  answered(
    desk: DeskScript,
    each: Extract<Move, { nth: number; who: string }>,
    by: Requester,
  ): void {
    const open = nthOpen(desk, each.nth);
    const book = open && this.books.get(open.id);
    if (!book) return;
    if (each.do === "deny" && !this.suspended.has(by.person)) book.dead = true;
    if (!this.#counts(by)) return;
    if (each.do === "confirm") this.#confirmed(book, by, desk.now);
    if (each.do === "approve") this.#approved(book, by, desk.now, each.typed);
  }

  #confirmed(book: Book, by: Requester, now: number): void {
    const isThere = by.room === book.room || by.privately === true;
    if (by.person !== book.asker || !isThere || now - book.openedAt > 2 * MINUTE) return;
    if (book.confirmedAt !== undefined) return;
    book.confirmedAt = now;
    book.rooms.push(by.room);
  }

  #approved(book: Book, by: Requester, now: number, typed: string): void {
    const owed = OWED[book.kind];
    const since = book.codeAt ?? (owed.code ? undefined : book.confirmedAt);
    if (since === undefined || now - since > 60 * MINUTE || book.second) return;
    if (by.person === book.asker || by.person === "cy") return;
    if (owed.other && platform(by.room) === platform(book.room)) return;
    if (book.types !== null && typed !== "right") return;
    book.second = { who: by.person, room: by.room, at: now };
    book.rooms.push(by.room);
  }

  /** @param isGood never used before and unseen by others, typed in private */
  coded(desk: DeskScript, by: Requester, isGood: boolean): void {
    if (!isGood || !this.#counts(by)) return;
    const waiting = [...desk.state.desk.confirmations.values()].flatMap(({ id }) => {
      const book = this.books.get(id);
      const isTheirs = book?.asker === by.person && book.confirmedAt !== undefined;
      const isHere = book?.rooms.some((room) => platform(room) === platform(by.room));
      return book && isTheirs && isHere && OWED[book.kind].code && book.codeAt === undefined
        ? [book]
        : [];
    });
    const [only] = waiting;
    if (!only || waiting.length > 1 || desk.now - (only.confirmedAt ?? 0) > 3 * MINUTE) return;
    only.codeAt = desk.now;
    only.rooms.push(by.room);
  }

  opened(desk: DeskScript, event: Extract<EventBody, { kind: "confirmation.opened" }>): void {
    const { confirmation: open } = event;
    const { proposal } = open;
    this.books.set(open.id, {
      kind: open.class as keyof typeof OWED,
      asker: open.by.person,
      room: open.by.room,
      cap: proposal.verb === "limits set" ? capOf(desk, proposal.key) : "",
      types: open.class === "large-raise" && proposal.verb === "limits set" ? proposal.to : null,
      rooms: [open.by.room],
      openedAt: desk.now,
      dead: false,
    });
  }

  /** All that this request owes was done, in order and in time, and nobody said no. */
  judge(desk: DeskScript, id: string, before: string): void {
    const book = this.books.get(id);
    if (!book) throw new Error("a change without a request");
    const owed = OWED[book.kind];
    this.changes += 1;
    this.reached.add(book.kind);
    expect(book.dead, "after a no").toBe(false);
    expect(book.confirmedAt, "unconfirmed").toBeDefined();
    if (owed.code) expect(book.codeAt, "without a code").toBeDefined();
    if (owed.second) expect(book.second, "without a second person").toBeDefined();
    const last = Math.max(book.confirmedAt ?? 0, book.codeAt ?? 0, book.second?.at ?? 0);
    expect(desk.now - last, "too early").toBeGreaterThanOrEqual(owed.wait);
    expect(book.cap, "the cap had moved").toBe(before);
    book.dead = true;
  }
}

export const platform = (room: string): string => room.split(":")[0] ?? "";
export const nthOpen = (desk: DeskScript, nth: number) =>
  [...desk.state.desk.confirmations.values()].at(-1 - nth) ??
  [...desk.state.desk.confirmations.values()].at(-1);

export function capOf(desk: DeskScript, name: string): string {
  const row = desk.state.desk.policy && findLimit(desk.state.desk.policy, name);
  return row ? limitText(row.value) : "gone";
}

export function requester(desk: DeskScript, person: string, place: Place): Requester {
  if (place !== "private") return desk.by(person, place);
  return { ...desk.by(person, `telegram:${person}`), privately: true };
}
