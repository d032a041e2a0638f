/** Plays one round: a desk that is struck, its successor without faults, quiescence, a kill, and then the count at the far end. */
import { decimal } from "../../src/core/kernel/money.ts";
import type { Order } from "../../src/core/order/state.ts";
import type { DeskProcess } from "../kit/desk-process.ts";
import { pause } from "../kit/desk-process.ts";
import { type DeskHere, deskHere } from "../kit/desk-run.ts";
import { type Record, record } from "../kit/desk-truth.ts";
import type { Round } from "./draw.ts";
import type { Ground } from "./ground.ts";
import { changes } from "./hearing.ts";
import { unreadable } from "./leftovers.ts";
import { type FirstLife, firstLife, laterDeath, priceAfter, tailOf } from "./lives.ts";
import { type Finding, findings } from "./truth.ts";
import {
  comesTrue,
  elsewhere,
  keyOfItsOwn,
  latchesOnDisk,
  loseLease,
  triedToTell,
  type World,
  within,
} from "./world.ts";

export interface Played {
  readonly round: Round;
  readonly seconds: number;
  /** The strike came where it was meant to, and so did each later death. */
  readonly reached: { readonly strike: boolean; readonly again: readonly boolean[] };
  readonly orders: number;
  readonly fills: number;
  readonly findings: readonly Finding[];
}

/** An order that was never seen is given up only when the venue can no longer take it: that takes minutes. */
const SETTLE_MS = 240_000;
const READ_MS = 40_000;
const KILL_MS = 30_000;
/** A desk that gives up waits for its last order, its journal and its messages before it ends. */
const ZOMBIE_MS = 30_000;

/** @throws only when the round could not be played */
export const play = (round: Round, grounds: () => Promise<Ground>): Promise<Played> =>
  within(round, grounds, async (world) => {
    const begun = Date.now();
    const first = await firstLife(world);
    const again: boolean[] = [];
    for (const at of round.again) again.push(await laterDeath(world, at));
    await lastLife(world, first);
    const kept = await record(world.made.database.desk);
    const { ledger } = world.market.exchange;
    const told = { out: world.said.join(""), tried: await triedToTell(world) };
    return {
      round,
      seconds: (Date.now() - begun) / 1000,
      reached: { strike: first.reached, again },
      orders: ledger.orders.length,
      fills: ledger.fills.length,
      findings: [
        ...world.odd,
        ...findings(kept, ledger, told),
        ...(world.people?.findings() ?? []),
        ...(await unreadable(world.env["DATA_DIR"] ?? "")),
      ],
    };
  });

/** The desk without faults: the same one started again, or another that takes over and has no file of the first. */
async function lastLife(world: World, { zombie, standby }: FirstLife): Promise<void> {
  const { round, made, odd } = world;
  const latches = zombie || standby ? [] : latchesOnDisk(world);
  const wake = async (when: "first" | "early" | "late"): Promise<void> => {
    if (zombie && round.strike.kind === "zombie" && round.strike.goesOn === when)
      await goesOn(world, zombie);
  };
  const journal = (): Promise<Record> => record(made.database.desk);
  let overtakenAt: number | null = null;
  if (zombie) {
    await loseLease(world);
    overtakenAt = Date.now();
    const before = (await journal()).events.length;
    await wake("first");
    const written = (await journal()).events.length - before;
    if (written > 0)
      odd.push({ fault: "other", what: `without the lease it wrote ${written} events` });
  }
  await using desk = standby
    ? waited(standby)
    : started(deskHere({ env: zombie ? elsewhere(world) : world.env }));
  try {
    await comesTrue(() => /STARTED/.test(desk.out), READ_MS);
    await comesTrue(async () => hasRead(await journal()), READ_MS);
    await wake("early");
    await settles(world, journal);
    await wake("late");
    await settles(world, journal);
    const { desk: kept } = await journal();
    for (const latch of latches) {
      if (kept[latch] === null) odd.push({ fault: "lost latches", what: `${latch} is off` });
    }
    await kills(world, desk, journal);
    const why = await desk.end();
    if (why !== null) odd.push({ fault: "other", what: `the last desk stopped itself: ${why}` });
  } finally {
    if (zombie) {
      await zombie.stop("SIGKILL");
      world.said.push(zombie.out);
      odd.push(...sentOvertaken(world, overtakenAt ?? 0));
    }
    world.said.push(desk.out);
  }
}

/** What a desk that another one had overtaken put on the wire: nothing it may, and least of all what changes something. */
function sentOvertaken({ market, hearing }: World, since: number): readonly Finding[] {
  const { keyName } = keyOfItsOwn(market);
  const sent = hearing.requests.filter(({ key }) => key === keyName);
  if (sent.length === 0) return [{ fault: "other", what: "nothing was heard of the first desk" }];
  return sent
    .filter(({ at }) => at >= since)
    .map((request) => ({
      fault: changes(request) ? "zombie orders" : "other",
      what: `overtaken, it sent ${request.what} ${request.at - since} ms later`,
    }));
}

/** The last desk, in this process or in one of its own. */
interface Last extends AsyncDisposable {
  readonly out: string;
  type(line: string): void;
  /** Tells it to stop. Gives why it had stopped itself, or null. */
  end(): Promise<string | null>;
}

const started = (desk: DeskHere): Last => ({
  get out() {
    return desk.out;
  },
  type: desk.type,
  end: () => desk.stop().then(({ fatal }) => fatal, String),
  [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose](),
});

const waited = (desk: DeskProcess): Last => ({
  get out() {
    return desk.out;
  },
  type: desk.type,
  end: async () => ((await desk.stop()).code === 0 ? null : tailOf(desk)),
  [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose](),
});

/** Nothing is under way but what rests at the exchange and is known as it stands there. */
async function settles(world: World, journal: () => Promise<Record>): Promise<void> {
  const isQuiet = async (): Promise<boolean> => {
    await pause(80);
    const kept = await journal();
    const open = [...kept.desk.orders.values()];
    const isLeft = (order: Order): boolean => kept.desk.killed === null && isKnown(world, order);
    return hasRead(kept) && open.every(isLeft);
  };
  if (await comesTrue(isQuiet, SETTLE_MS)) return;
  world.odd.push({ fault: "unresolved", what: "it did not come to rest" });
}

/** The last start has heard the venue, whether or not they agree. */
function hasRead({ events }: Record): boolean {
  const started = events.findLastIndex(({ body }) => body.kind === "desk.started");
  return events.findLastIndex(({ body }) => body.kind === "venue.reconciled") > started;
}

function isKnown({ market }: World, { plan, executed }: Order): boolean {
  const theirs = market.exchange.ledger.orders.find((one) => one.clientOrderId === plan.id);
  return theirs?.status === "OPEN" && theirs.filledSize === decimal(executed.size);
}

/** A person can always stop it, and then nothing rests at the exchange any more. */
async function kills(world: World, desk: Last, journal: () => Promise<Record>): Promise<void> {
  desk.type("/kill");
  const isDone = async (): Promise<boolean> => {
    await pause(50);
    const { desk: kept } = await journal();
    return kept.killed !== null && kept.killing?.done === true;
  };
  if (await comesTrue(isDone, KILL_MS)) return;
  world.odd.push({ fault: "other", what: `it could not be killed: ${desk.out.slice(-300)}` });
}

/** The stopped desk wakes, hears another price, is spoken to: it may do nothing any more but end. */
async function goesOn({ market, round, odd }: World, zombie: DeskProcess): Promise<void> {
  zombie.child.kill("SIGCONT");
  await pause(100);
  market.price(priceAfter(round));
  zombie.type("/pause");
  if (await comesTrue(() => zombie.child.exitCode !== null, ZOMBIE_MS)) return;
  const what = /another desk took over/.test(zombie.errors)
    ? "a desk that was overtaken gave up, and its process stays"
    : "a desk that lost its lease goes on";
  odd.push({ fault: "other", what: `${what}: ${tailOf(zombie)}` });
}
