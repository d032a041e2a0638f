/** Feeds moves to a live desk, and lets the witness look at everything that came of each. */
import { expect } from "vitest";
import { awaited } from "../../src/core/control/confirmation.ts";
import { decodeDesk, encodeDesk } from "../../src/core/engine/codec.ts";
import type { InputBody } from "../../src/core/engine/input.ts";
import { newState } from "../../src/core/engine/state.ts";
import { personId } from "../../src/core/kernel/ids.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Trip } from "../../src/core/risk/trip.ts";
import { LOSS, MINUTE, type Move, ORDERS } from "./confirmation-moves.ts";
import { capOf, LIVE, nthOpen, platform, requester, Witness } from "./confirmation-witness.ts";
import { DeskScript, POLICY, settings } from "./desk-script.ts";

/** Feeds one move and lets the witness look at everything that came of it. */
export class Play {
  desk = DeskScript.ready(POLICY, LIVE);
  witness = new Witness();
  step = 100;

  constructor() {
    this.desk.put({ kind: "desk.opened", mode: "live", name: "desk", version: "t", run: "r" });
  }

  run(each: Move): void {
    const { desk } = this;
    const seen = desk.events.length;
    const before = new Map([LOSS, ORDERS].map((name) => [name, capOf(desk, name)]));
    if (each.do === "proper") return this.#proper(each.nth);
    this.#move(each);
    if (this.desk !== desk) return this.#look(this.desk, 0, before);
    this.#look(desk, seen, before);
  }

  #look(desk: DeskScript, seen: number, before: ReadonlyMap<string, string>): void {
    for (const event of desk.events.slice(seen)) {
      if (event.kind === "confirmation.opened") this.witness.opened(desk, event);
      const closed = event.kind === "confirmation.closed" ? event : null;
      if (closed && closed.outcome !== "confirmed") {
        const book = this.witness.books.get(closed.confirmation.id);
        if (book) book.dead = true;
      }
      if (closed?.outcome === "confirmed") {
        const { proposal, id } = closed.confirmation;
        const cap = proposal.verb === "limits set" ? before.get(proposal.key) : "";
        this.witness.judge(desk, id, cap ?? "gone");
      }
    }
    this.#risky(desk, seen);
  }

  #proper(nth: number): void {
    const open = nthOpen(this.desk, nth);
    if (!open) return;
    const asker = open.by.person;
    switch (awaited(open, instant(this.desk.now))) {
      case "confirm":
        return this.run({ do: "confirm", who: asker, at: "private", nth, typed: "nothing" });
      case "code":
        return this.run({ do: "code", who: asker, at: "private", fresh: true, exposed: false });
      case "second": {
        const at = platform(open.by.room) === "slack" ? "telegram:-100" : "slack:C1";
        const who = asker === "bo" ? "ana" : "bo";
        return this.run({ do: "approve", who, at, nth, typed: "right" });
      }
      default:
        return this.run({ do: "wait", ms: 10 * MINUTE });
    }
  }

  /** As many risky events as requests that were agreed to. */
  #risky(desk: DeskScript, seen: number): void {
    const fresh = desk.events.slice(seen);
    const risky = fresh.filter(
      (event) =>
        event.kind === "trading.resumed" ||
        event.kind === "trading.rearmed" ||
        (event.kind === "limit.changed" && event.raise),
    );
    const agreed = fresh.filter(
      (event) => event.kind === "confirmation.closed" && event.outcome === "confirmed",
    );
    expect(risky.length).toBeLessThanOrEqual(agreed.length);
  }

  #move(each: Move): void {
    const { desk, witness } = this;
    switch (each.do) {
      case "restart":
        this.desk = restarted(desk);
        return;
      case "wait":
        desk.beats(each.ms);
        desk.tick();
        return;
      case "proper":
        return;
      case "trip": {
        const trip: Trip = {
          breaker: "daily-loss",
          at: instant(desk.now),
          observed: "151",
          limit: "150",
          unit: "usd",
        };
        desk.put({ kind: "desk.recalled", latches: [{ latch: "trip", trip }] });
        return;
      }
      case "code":
        return this.#code(each);
      case "suspend":
      case "give-back":
      case "distrust":
      case "trust":
        witness.happened(each);
        return this.#trouble(each);
      case "lost-pause":
        witness.happened(each);
        this.desk = pausedInTheDark(desk, each.who);
        return;
      default: {
        const by = requester(desk, each.who, each.at);
        witness.happened(each);
        if ("nth" in each) witness.answered(desk, each, by);
        desk.ask(requestOf(desk, each), by);
        this.#safe(each);
      }
    }
  }

  #trouble(each: Extract<Move, { do: "suspend" | "give-back" | "distrust" | "trust" }>): void {
    const { desk } = this;
    const host = { ...desk.by("ana", "http:admin"), host: true as const };
    switch (each.do) {
      case "suspend": {
        // A suspended person suspends nobody; the host always may.
        desk.ask(
          { verb: "suspend", person: personId(each.whom) },
          desk.by("dora", "telegram:-100"),
        );
        return;
      }
      case "give-back":
        desk.ask({ verb: "restore", person: personId(each.whom) }, host);
        return;
      case "trust":
        desk.ask({ verb: "trust", platform: each.on }, host);
        return;
      case "distrust": {
        const notice = { kind: "security", platform: each.on, count: 1, detail: "" } as const;
        desk.put({ kind: "chat.noticed", notice: { ...notice, what: "second-listener" } });
      }
    }
  }

  #code(each: Extract<Move, { do: "code" }>): void {
    const { desk, witness } = this;
    const by = requester(desk, each.who, each.at);
    if (each.fresh) this.step += 1;
    const isNew = (witness.spent.get(each.who) ?? 0) < this.step;
    witness.spent.set(each.who, this.step);
    witness.coded(desk, by, isNew && !each.exposed && each.at === "private");
    const outcome = each.exposed ? "exposed" : "right";
    desk.ask({ verb: "code", outcome, step: this.step }, by);
  }

  /** What lowers risk is done there and then, whatever waits. */
  #safe(each: Move): void {
    const { desk } = this.desk.state;
    if (each.do === "pause") expect(desk.paused ?? desk.killed).not.toBeNull();
    if (each.do === "kill") expect(desk.killed).not.toBeNull();
    if (each.do === "pause" || each.do === "kill") expect(desk.confirmations.size).toBe(0);
    const isSuspended = "who" in each && this.witness.suspended.has(each.who);
    if (each.do === "lower" && !isSuspended) expect(capOf(this.desk, each.key)).toBe("1");
  }
}

type Asked = Extract<
  Move,
  {
    do: "raise" | "lower" | "pause" | "kill" | "resume" | "rearm" | "confirm" | "approve" | "deny";
  }
>;

function requestOf(desk: DeskScript, each: Asked) {
  switch (each.do) {
    case "raise":
      return { verb: "limits set", key: each.key, value: each.by } as const;
    case "lower":
      return { verb: "limits set", key: each.key, value: "1" } as const;
    case "pause":
    case "kill":
      return { verb: each.do, reason: "" } as const;
    case "resume":
    case "rearm":
      return { verb: each.do } as const;
    default: {
      const open = nthOpen(desk, each.nth);
      const code = open?.code ?? "NONE";
      const right = open?.steps?.types ?? null;
      const value = each.typed === "right" ? right : each.typed === "wrong" ? "7" : null;
      return { verb: each.do, code, ...(value === null ? {} : { value }) } as const;
    }
  }
}

/** The emergency line was written, the pause itself and what it voided was not. */
function pausedInTheDark(desk: DeskScript, who: string): DeskScript {
  const by = desk.by(who, "telegram:-100");
  const latched = { at: instant(desk.now), by, reason: "in the dark" };
  return restarted(desk, { kind: "desk.recalled", latches: [{ latch: "paused", latched }] });
}

export function restarted(desk: DeskScript, first: InputBody | null = null): DeskScript {
  const durable = decodeDesk(encodeDesk(desk.state.desk));
  const over = { ...settings(desk.strategy, POLICY), ...LIVE };
  const next = new DeskScript(POLICY, newState(over, durable));
  next.messages = desk.messages + 100;
  next.seq = desk.seq;
  next.hearing(desk.now);
  if (first) next.put(first);
  next.put({ kind: "desk.opened", mode: "live", name: "desk", version: "t", run: "r2" });
  next.put({ kind: "feed.alive", stream: "user" }).listed();
  return next.trade("100").quote("99.99", "100.01").tick(100);
}
