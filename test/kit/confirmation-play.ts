/** Feeds moves to a live desk, and lets the witness look at everything that came of each. */
import { expect } from "vitest";
import { awaited } from "../../src/core/control/confirmation.ts";
import { decodeDesk, encodeDesk } from "../../src/core/engine/codec.ts";
import { newState } from "../../src/core/engine/state.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Trip } from "../../src/core/risk/trip.ts";
import {
  capOf,
  LIVE,
  LOSS,
  MINUTE,
  type Move,
  nthOpen,
  ORDERS,
  platform,
  requester,
  Witness,
} from "./confirmation-witness.ts";
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
        return this.run({ do: "confirm", who: asker, at: "private", nth });
      case "code":
        return this.run({ do: "code", who: asker, at: "private", fresh: true, exposed: false });
      case "second": {
        const place = platform(open.by.room) === "slack" ? "telegram:-100" : "slack:C1";
        return this.run({ do: "approve", who: asker === "bo" ? "ana" : "bo", at: place, nth });
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
      default: {
        const by = requester(desk, each.who, each.at);
        witness.typed(desk, each, by);
        desk.ask(requestOf(desk, each), by);
        this.#safe(each);
      }
    }
  }

  #code(each: Extract<Move, { do: "code" }>): void {
    const { desk, witness } = this;
    const by = requester(desk, each.who, each.at);
    if (each.fresh) this.step += 1;
    const isNew = (witness.spent.get(each.who) ?? 0) < this.step;
    witness.spent.set(each.who, this.step);
    witness.coded(desk, each.who, isNew && !each.exposed && each.at === "private");
    const outcome = each.exposed ? "exposed" : "right";
    desk.ask({ verb: "code", outcome, step: this.step }, by);
  }

  /** What lowers risk is done there and then, whatever waits. */
  #safe(each: Move): void {
    const { desk } = this.desk.state;
    if (each.do === "pause") expect(desk.paused ?? desk.killed).not.toBeNull();
    if (each.do === "kill") expect(desk.killed).not.toBeNull();
    if (each.do === "pause" || each.do === "kill") expect(desk.confirmations.size).toBe(0);
    if (each.do === "lower") expect(capOf(this.desk, each.key)).toBe("1");
  }
}

type Asked = Exclude<Move, { do: "restart" | "wait" | "trip" | "code" | "proper" }>;

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
      const code = nthOpen(desk, each.nth)?.code ?? "NONE";
      return { verb: each.do, code } as const;
    }
  }
}

export function restarted(desk: DeskScript): DeskScript {
  const durable = decodeDesk(encodeDesk(desk.state.desk));
  const over = { ...settings(desk.strategy, POLICY), ...LIVE };
  const next = new DeskScript(POLICY, newState(over, durable));
  next.messages = desk.messages + 100;
  next.seq = desk.seq;
  next.hearing(desk.now);
  next.put({ kind: "desk.opened", mode: "live", name: "desk", version: "t", run: "r2" });
  next.put({ kind: "feed.alive", stream: "user" }).listed();
  return next.trade("100").quote("99.99", "100.01").tick(100);
}
