/** The desk that a message of the scenario table meets: a live one, prepared so that the command has something to do. */
import type { Requester } from "../../src/core/control/trading.ts";
import type { EventBody } from "../../src/core/engine/event.ts";
import { type InboundId, inboundId, personId, roomId } from "../../src/core/kernel/ids.ts";
import { type Instant, later } from "../../src/core/kernel/time.ts";
import { LOSS } from "./confirmation-moves.ts";
import { DeskScript, POLICY, START } from "./desk-script.ts";
import { climbed, confirm, onLadder, pass } from "./ladder-desk.ts";
import { AUTHORITY, SAM } from "./scenario-cast.ts";

/** The moment of every case: it stands still. */
export const NOW: Instant = later(START, 10_000);

/** Whose message it is and where: what they asked before was asked there too. */
export type Before = (by: Requester) => DeskScript;

const opened = (desk: DeskScript): DeskScript =>
  desk.put({ kind: "desk.opened", mode: "live", name: "desk", version: "t", run: "r" });

/** Live, armed, reconciled, with prices. */
function live(): DeskScript {
  const desk = DeskScript.ready(POLICY, { armed: true, authority: AUTHORITY });
  return pass(opened(desk), 200);
}

const sam = (desk: DeskScript): Requester => ({
  ...{ ...desk.by(SAM, "telegram:3009"), name: "sam", privately: true },
});

/** The same person in the same place, with a message from before. */
const earlier = (by: Requester, nth: number): Requester => ({
  ...by,
  inbound: inboundId(`before:${nth}`),
});

const codeOf = (desk: DeskScript): string =>
  [...desk.state.desk.confirmations.values()].at(-1)?.code ?? "NONE";

export const active: Before = () => live();
export const paused: Before = () => {
  const desk = live();
  return desk.ask({ verb: "pause", reason: "lunch" }, sam(desk));
};
export const killed: Before = () => {
  const desk = live();
  return desk.ask({ verb: "kill", reason: "drill" }, sam(desk));
};

/** An entry rests at the venue. */
export const entryRests: Before = () => live().want("long").accept();
export const holding: Before = () => live().want("long").accept().fill("100.01");
/** What is held is being sold by an order that rests. */
export const exitRests: Before = (by) => holding(by).want("flat").accept();

/** Whoever speaks has asked to go on. */
export const askedToResume: Before = (by) => {
  const desk = paused(by);
  return desk.ask({ verb: "resume" }, earlier(by, 1));
};

/** Whoever speaks has asked for a higher cap. */
export const askedToRaise: Before = (by) => {
  const raise = { verb: "limits set", key: LOSS, value: "+10%" } as const;
  return live().ask(raise, earlier(by, 1));
};

/** And has confirmed that: the code of their authenticator is what it waits for. */
export const codeWanted: Before = (by) => {
  const desk = askedToRaise(by);
  return desk.ask({ verb: "confirm", code: codeOf(desk) }, earlier(by, 2));
};

/** A large raise waits for a second person. */
function secondFor(asker: Requester): DeskScript {
  const desk = live();
  const by = (nth: number) => ({ ...earlier(asker, nth), privately: true });
  desk.ask({ verb: "limits set", key: LOSS, value: "+60%" }, by(1));
  desk.ask({ verb: "confirm", code: codeOf(desk) }, by(2));
  return desk.ask({ verb: "code", outcome: "right", step: 7 }, by(3));
}
export const secondWanted: Before = () => secondFor(anybody(SAM));
/** Whoever speaks asked for it themselves, from their account on Telegram. */
export const ownSecondWanted: Before = ({ person }) => secondFor(anybody(person));

export const alarmRang: Before = () => {
  const desk = live();
  return desk.ask({ verb: "testalarm" }, sam(desk));
};

/** Everything that the next rung asks for is shown. */
export const readyToRise: Before = () => {
  const desk = onLadder({ authority: AUTHORITY });
  desk.ask({ verb: "pause", reason: "up" }, sam(desk));
  return desk.put({ kind: "checks.measured", red: [] });
};
export const onSecondRung: Before = () => {
  const desk = climbed(onLadder({ authority: { ...AUTHORITY, real: AUTHORITY.play } }), "shadow");
  return confirm(desk.ask({ verb: "resume" }));
};

/** For a view that is asked for before any message came. */
export const anybody = (person: string): Requester => ({
  ...{ person: personId(person), name: person, room: roomId("telegram:0") },
  inbound: inboundId("none"),
});

export const waitingCode = codeOf;
/** As /orders shows it. */
export const orderName = (desk: DeskScript): string => desk.lastPlan().id.slice(-8);
export const alarmId = (desk: DeskScript): string => desk.said("alarm.tested").at(-1)?.alarm ?? "";

/** One message's own desk: however often the message comes, it meets the same one. */
export class Cores {
  readonly #of = new Map<InboundId, DeskScript>();
  /** Every request that reached the engine, by its message, as what came of it. */
  readonly reached = new Map<InboundId, string[]>();
  before: Before = active;
  /** Prepared once for each person and place. */
  #prepared = new Map<string, DeskScript>();

  template(person: string): DeskScript {
    return this.before(anybody(person));
  }

  #new(by: Requester): DeskScript {
    const name = `${by.person} ${by.room}`;
    const prepared = this.#prepared.get(name) ?? this.before(by);
    this.#prepared.set(name, prepared);
    return copyOf(prepared);
  }

  submit(request: Parameters<DeskScript["ask"]>[0], by: Requester): number {
    const desk = this.#of.get(by.inbound) ?? this.#new(by);
    this.#of.set(by.inbound, desk);
    const [events, effects] = [desk.events.length, desk.effects.length];
    desk.ask(request, by);
    const all = [
      ...desk.events.slice(events).map(nameOf),
      ...desk.effects.slice(effects).map(({ kind }) => `→ ${kind}`),
    ];
    this.reached.set(by.inbound, [...(this.reached.get(by.inbound) ?? []), all.join(", ")]);
    return desk.state.desk.seq;
  }

  clear(): void {
    this.#of.clear();
    this.#prepared.clear();
    this.reached.clear();
  }
}

/** What the one does the other never sees. */
function copyOf(desk: DeskScript): DeskScript {
  const { desk: durable, sight, settings } = desk.state;
  const copy = new DeskScript(POLICY, { ...structuredClone({ desk: durable, sight }), settings });
  copy.seq = desk.seq;
  copy.now = Math.max(desk.now, NOW);
  return copy;
}

/** An answer that refuses is another thing than one that tells, and so is a pause of a part. */
function nameOf(event: EventBody): string {
  if (event.kind === "request.answered" && event.refused) return "refused";
  const scope = event.kind === "trading.paused" ? event.scope : undefined;
  return scope === undefined ? event.kind : `${event.kind} ${scope}`;
}
