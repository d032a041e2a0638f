/** Moves of people around risky requests, and a witness who keeps books of its own from what was typed. */
import fc from "fast-check";
import { expect } from "vitest";
import { type Authority, USUAL_AUTHORITY } from "../../src/core/control/authority.ts";
import type { Requester } from "../../src/core/control/trading.ts";
import type { EventBody } from "../../src/core/engine/event.ts";
import type { Settings } from "../../src/core/engine/state.ts";
import { personId } from "../../src/core/kernel/ids.ts";
import { findLimit, limitText } from "../../src/core/risk/policy.ts";
import type { DeskScript } from "./desk-script.ts";

export const MINUTE = 60_000;
export const LOSS = "portfolio.max_daily_loss_usd";
export const ORDERS = "portfolio.max_orders_per_minute";

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

const ROOMS = ["telegram:-100", "slack:C1", "private"] as const;
export type Place = (typeof ROOMS)[number];
const PEOPLE = ["ana", "bo", "cy"] as const;

export type Move =
  | {
      readonly do: "raise";
      readonly who: string;
      readonly at: Place;
      readonly key: string;
      readonly by: string;
    }
  | { readonly do: "lower"; readonly who: string; readonly at: Place; readonly key: string }
  | { readonly do: "resume" | "rearm" | "pause" | "kill"; readonly who: string; readonly at: Place }
  | {
      readonly do: "confirm" | "approve" | "deny";
      readonly who: string;
      readonly at: Place;
      readonly nth: number;
    }
  | {
      readonly do: "code";
      readonly who: string;
      readonly at: Place;
      readonly fresh: boolean;
      readonly exposed: boolean;
    }
  /** The step that the request waits for, by somebody whose it is. */
  | { readonly do: "proper"; readonly nth: number }
  | { readonly do: "trip" }
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "restart" };

const who = fc.constantFrom(...PEOPLE);
const at = fc.constantFrom(...ROOMS);
const key = fc.constantFrom(LOSS, ORDERS);

export const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("raise" as const),
      who,
      at,
      key,
      by: fc.constantFrom("+10%", "+25%", "+60%", "none"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("lower" as const), who, at, key }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom("resume" as const, "rearm" as const), who, at }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom("pause" as const, "pause" as const, "kill" as const),
      who,
      at,
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "confirm" as const,
        "approve" as const,
        "confirm" as const,
        "deny" as const,
        "approve" as const,
        "confirm" as const,
      ),
      who,
      at,
      nth: fc.nat(2),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("code" as const),
      who,
      at: fc.constantFrom<Place>("private", "private", "private", "slack:C1"),
      fresh: fc.boolean(),
      exposed: fc.constantFrom(false, false, false, false, true),
    }),
  },
  { weight: 14, arbitrary: fc.record({ do: fc.constant("proper" as const), nth: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("trip" as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      ms: fc.constantFrom(1000, MINUTE, 2.5 * MINUTE, 10 * MINUTE, 11 * MINUTE, 61 * MINUTE),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const) }) },
);

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
  confirmedAt?: number;
  codeAt?: number;
  second?: { readonly who: string; readonly room: string; readonly at: number };
  dead: boolean;
}

/** Keeps what people did, by id of the request, and judges every risky event by it. */
export class Witness {
  readonly books = new Map<string, Book>();
  readonly spent = new Map<string, number>();
  reached = new Set<string>();
  changes = 0;

  typed(desk: DeskScript, each: Move, by: Requester | null): void {
    if (each.do === "pause" || each.do === "kill")
      for (const book of this.books.values()) book.dead = true;
    if (!by) return;
    if (each.do === "confirm" || each.do === "approve") {
      const open = nthOpen(desk, each.nth);
      const book = open && this.books.get(open.id);
      if (!book) return;
      const now = desk.now;
      if (
        each.do === "confirm" &&
        by.person === book.asker &&
        (by.room === book.room || by.privately)
      ) {
        if (now - book.openedAt <= 2 * MINUTE) book.confirmedAt ??= now;
      }
      if (each.do === "approve" && by.person !== book.asker && by.person !== "cy") {
        const since = book.codeAt ?? (OWED[book.kind].code ? undefined : book.confirmedAt);
        if (since !== undefined && now - since <= 60 * MINUTE) {
          const isOther = !OWED[book.kind].other || platform(by.room) !== platform(book.room);
          if (isOther) book.second ??= { who: by.person, room: by.room, at: now };
        }
      }
    }
    if (each.do === "deny") {
      const open = nthOpen(desk, each.nth);
      const book = open && this.books.get(open.id);
      if (book) book.dead = true;
    }
  }

  /** @param isGood never used before and unseen by others, typed in private */
  coded(desk: DeskScript, person: string, isGood: boolean): void {
    if (!isGood) return;
    for (const open of desk.state.desk.confirmations.values()) {
      const book = this.books.get(open.id);
      if (book?.asker !== person || book.confirmedAt === undefined) continue;
      if (desk.now - book.confirmedAt <= 3 * MINUTE) book.codeAt ??= desk.now;
    }
  }

  opened(desk: DeskScript, event: Extract<EventBody, { kind: "confirmation.opened" }>): void {
    const { confirmation: open } = event;
    const { proposal } = open;
    this.books.set(open.id, {
      kind: open.class as keyof typeof OWED,
      asker: open.by.person,
      room: open.by.room,
      cap: proposal.verb === "limits set" ? capOf(desk, proposal.key) : "",
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
