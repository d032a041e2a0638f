/** The two acts of a crash: a desk that dies where it was told to, and one that starts undisturbed after it. Then the count. */
import { expect } from "vitest";
import { testDatabase } from "./database.ts";
import { type CrashPoint, crashText } from "./desk-faults.ts";
import { type DeskMarket, HIGH, LOW, openMarket } from "./desk-market.ts";
import { childDesk, type DeskProcess, hasOpinion, until } from "./desk-process.ts";
import { type DeskHere, deskHere, summaryOf } from "./desk-run.ts";
import {
  agreesWithCheckpoint,
  agreesWithLedger,
  bodies,
  isSettled,
  type Record,
  record,
  saidOnce,
} from "./desk-truth.ts";

/** What the desk is doing when it dies: buying, or selling what it holds while it is paused. */
export type Leg = "entry" | "exit";

export interface CrashCase {
  readonly leg: Leg;
  /** Counted from the leg's own order. */
  readonly at: CrashPoint;
  /** How many orders of the leg the exchange may have seen in the end. */
  readonly orders: 0 | 1;
}

export const crash = (
  when: CrashPoint["when"],
  door: CrashPoint["door"],
  kind = "-",
): CrashPoint => ({ when, door, kind, nth: 1 });

export function titleOf({ leg, at, orders }: CrashCase): string {
  const act = leg === "entry" ? "a buy" : "a paused desk's sale";
  const call = at.door === "journal.append" ? `the commit of ${at.kind}` : `the call of ${at.door}`;
  return `${act}, killed ${at.when} ${call}, is ${orders === 0 ? "no" : "one"} order`;
}

interface Scene {
  readonly market: DeskMarket;
  /** Starts a process that will die. */
  readonly start: (crash: CrashPoint) => DeskProcess;
  /** Starts one undisturbed, in this process: it needs no death of its own. */
  readonly restart: () => DeskHere;
  readonly journal: () => Promise<Record>;
}

async function scene(play: (scene: Scene) => Promise<void>): Promise<void> {
  await using market = await openMarket();
  const { database, url, close } = await testDatabase();
  const env = { ...market.env, DATABASE_URL: url };
  const started: DeskProcess[] = [];
  try {
    await play({
      market,
      start(point) {
        const desk = childDesk({ ...env, DESK_CRASH: crashText(point) });
        started.push(desk);
        return desk;
      },
      restart: () => deskHere({ env }),
      journal: () => record(database.desk),
    });
  } finally {
    for (const desk of started) await desk.stop("SIGKILL");
    await close();
  }
}

/** Reads the venue, and hears enough prices for an opinion. */
async function begun(desk: DeskProcess): Promise<void> {
  await desk.says(/In agreement with the venue/);
  await hasOpinion(desk);
}

/** Starts it again, waits until nothing is open, stops it, and gives what all that came to. */
async function again({ restart, journal }: Scene, first: DeskProcess) {
  expect(await first.ended).toEqual({ code: null, signal: "SIGKILL" });
  await using second = restart();
  await second.says(/In agreement with the venue/);
  await until(
    async () => isSettled(await journal()),
    "every order to have an end",
    () => second.out,
  );
  const end = await second.stop();
  expect(end.fatal).toBeNull();
  expect(summaryOf(end)).toMatchObject({ duplicateOrders: 0, counted: "exchange" });
  return { kept: await journal(), out: first.out + second.out };
}

function isWhole(kept: Record, market: DeskMarket, out: string): void {
  agreesWithLedger(kept, market.exchange.ledger);
  agreesWithCheckpoint(kept);
  saidOnce(kept, out);
}

/** Dies around an order: one at the exchange for the decision, fills and position its own, the pause still on. */
export const crashesAroundAnOrder = ({ leg, at, orders }: CrashCase): Promise<void> =>
  scene(async (on) => {
    const { market, start } = on;
    const before = leg === "entry" ? 0 : 1;
    const first = start({ ...at, nth: at.nth + before });
    await begun(first);
    if (leg === "exit") {
      market.price(HIGH);
      await first.says(/BUY filled/);
      first.type("/pause");
      await first.says(/PAUSED/);
    }
    market.price(leg === "entry" ? HIGH : LOW);
    const { kept, out } = await again(on, first);
    expect(market.exchange.ledger.orders).toHaveLength(before + orders);
    expect(bodies(kept, "order.planned")).toHaveLength(before + orders);
    isWhole(kept, market, out);
    expect(kept.desk.paused === null).toBe(leg === "entry");
  });

/** Dies around the emergency line, before the journal has anything of the latch. */
export const crashesAroundALatch = (
  word: "kill" | "pause",
  when: CrashPoint["when"],
): Promise<void> =>
  scene(async (on) => {
    const { market, start } = on;
    const first = start(crash(when, "emergency.append"));
    await begun(first);
    first.type(`/${word}`);
    await first.ended;
    const died = Date.now();
    const { kept, out } = await again(on, first);
    const latch = word === "kill" ? kept.desk.killed : kept.desk.paused;
    // Nobody was told: the answer waits for the journal. A row of the message itself may bring it back later.
    expect(first.out).not.toMatch(/KILLED|PAUSED/);
    if (when === "after") {
      expect(latch?.by?.person).toBe("console");
      expect(latch?.at).toBeLessThan(died);
      const kind = word === "kill" ? "trading.killed" : "trading.paused";
      expect(bodies(kept, kind)).toHaveLength(1);
    }
    isWhole(kept, market, out);
  });

/** Loses until a breaker trips, and dies as soon as that stands on its emergency line. */
export const crashesAroundATrip = (): Promise<void> =>
  scene(async (on) => {
    const { market, start } = on;
    const first = start(crash("after", "emergency.append"));
    await begun(first);
    const isOver = (): boolean => first.child.exitCode !== null || first.child.signalCode !== null;
    // Three losing trades: the policy allows no more.
    for (let orders = 1; orders <= 6 && !isOver(); orders += 1) {
      market.price(orders % 2 === 1 ? HIGH : LOW);
      const told = (): number => first.out.match(/ filled /g)?.length ?? 0;
      const isDone = (): boolean => told() >= orders || isOver();
      await until(isDone, `order ${orders} to be told as filled`, () => first.out);
    }
    await first.ended;
    const { kept, out } = await again(on, first);
    expect(first.out).not.toMatch(/TRIPPED/);
    expect([...kept.desk.trips.values()]).toMatchObject([
      { breaker: "consecutive-losses", observed: "3", limit: "3" },
    ]);
    expect(bodies(kept, "breaker.tripped")).toHaveLength(1);
    isWhole(kept, market, out);
  });
