/** The lives of a round's desks: the first one until it is struck, another beside it, one more that dies while it recovers. */
import { readFileSync } from "node:fs";
import { type Door, EDIT } from "../kit/desk-doors.ts";
import { type CrashPoint, crashText } from "../kit/desk-faults.ts";
import { type DeskMarket, HIGH, LOW, type Variables } from "../kit/desk-market.ts";
import { childDesk, type DeskProcess, pause } from "../kit/desk-process.ts";
import type { Round, Trouble } from "./draw.ts";
import { leaveOldNews } from "./leftovers.ts";
import { isLate } from "./points.ts";
import { comesTrue, doomedEnv, elsewhere, overtakable, type World } from "./world.ts";

export interface FirstLife {
  /** Stopped by SIGSTOP, still there; null when it has ended. */
  readonly zombie: DeskProcess | null;
  /** Waited meanwhile, and goes on now; null for none. */
  readonly standby: DeskProcess | null;
  /** What was to happen did; otherwise the desk was killed at the end of its work. */
  readonly reached: boolean;
}

const PATIENCE_MS = 8_000;
/** Of one that should survive: it takes its time to give up and end, which would be wrong of it. */
const SURVIVING_MS = 16_000;
/** Bars enough for an opinion. */
const OPINION_MS = 600;
/** For what a desk still has to write and say when its work is done. */
const AFTERMATH_MS = 400;

/** For what comes last of all. */
const LATE_MS = 5_000;

function patienceFor(strike: Round["strike"]): number {
  if (strike.kind === "moment") return 0;
  return isLate(strike.kind === "wire" ? { door: "journal.append", ...strike.cut } : strike.at)
    ? LATE_MS
    : AFTERMATH_MS;
}

export async function firstLife(world: World): Promise<FirstLife> {
  const { round, proxy } = world;
  const { strike } = round;
  const desk = childDesk({
    ...(strike.kind === "zombie" ? overtakable(world) : doomedEnv(world)),
    ...doomed(world),
    ...(proxy && { DATABASE_URL: proxy.url }),
  });
  const watch = watchDatabase(world);
  const over = (): boolean => hasEnded(desk) || isStopped(desk);
  const beside: DeskProcess[] = [];
  try {
    await work(world, desk, { over, beside });
    if (strike.kind === "moment") await pause(strike.afterMs);
    else await comesTrue(() => over() || proxy?.happened === true, patienceFor(strike));
    if (proxy) await comesTrue(over, AFTERMATH_MS);
    if (strike.kind === "zombie" && isStopped(desk))
      return { zombie: desk, standby: null, reached: true };
    const itself = hasEnded(desk);
    const { code, signal } = await desk.stop("SIGKILL");
    if (code !== null && !(round.word === "stop" && code === 0)) {
      world.odd.push({ fault: "other", what: `the desk ended by itself: ${tailOf(desk)}` });
    }
    const struck = await watch.end();
    const died = itself && signal === "SIGKILL";
    return {
      zombie: null,
      standby: beside.pop() ?? null,
      reached: proxy?.happened ?? (struck || died || strike.kind === "moment"),
    };
  } finally {
    await watch.end();
    for (const other of beside) await other.stop("SIGKILL");
    if (!isStopped(desk)) {
      await desk.stop("SIGKILL");
      world.said.push(desk.out);
    }
  }
}

/** What the desk is told to do to itself, or to its database. */
function doomed({ round: { strike, leg }, ground }: World): Variables {
  const resting: Variables = leg === "resting" ? { DESK_RESTING_SALES: "1" } : {};
  if (strike.kind === "moment" || strike.kind === "wire") return resting;
  const crash = { ...resting, DESK_CRASH: crashText(strike.at) };
  if (strike.kind === "zombie") return { ...crash, DESK_DOES: "stop" };
  if (strike.kind !== "postgres" || ground === null) return crash;
  const deed = strike.withDesk ? "kill-and-die" : "kill";
  return { ...crash, DESK_DOES: `${deed} ${ground.pid()}` };
}

interface Company {
  readonly over: () => boolean;
  /** Who stands by is put here. */
  readonly beside: DeskProcess[];
}

async function work(world: World, desk: DeskProcess, { over, beside }: Company): Promise<void> {
  const { round, market } = world;
  const { ledger, control } = market.exchange;
  const survives = round.strike.kind === "wire" || round.strike.kind === "postgres";
  const patience = survives ? SURVIVING_MS : PATIENCE_MS;
  const reach = (holds: () => boolean): Promise<boolean> =>
    comesTrue(() => over() || holds(), patience);
  const says = (what: RegExp): Promise<boolean> => reach(() => what.test(desk.out));
  if (strikesAt(round, "deliveries.failed")) world.people?.refuseOnce();
  await says(/In agreement with the venue/);
  if (over()) return;
  await pause(OPINION_MS);
  world.people?.speak();
  if (round.strike.kind === "second") await refused(world, over);
  if (round.strike.kind === "standby") {
    const other = childDesk({ ...elsewhere(world), DESK_STANDBY: "1" });
    beside.push(other);
    await comesTrue(() => /STANDBY/.test(other.out), PATIENCE_MS);
  }
  if (round.leg !== "entry") {
    market.price(HIGH);
    await says(/BUY filled/);
    if (round.word === "pause" && !over()) {
      desk.type("/pause");
      await says(/PAUSED/);
    }
    if (over()) return;
  }
  for (const trouble of round.troubles) order(market, trouble);
  market.price(round.leg === "entry" ? HIGH : LOW);
  if (round.leg === "resting") {
    await reach(() =>
      ledger.orders.some(({ side, status }) => side === "SELL" && status === "OPEN"),
    );
    if (round.partly) control.trade("BTC-USD", "5000", "0.0005");
    if (strikesAt(round, EDIT)) await says(/SELL filling/);
  } else if (round.strike.kind !== "moment") {
    await says(round.leg === "entry" ? /BUY filled/ : /SELL filled/);
  }
  if (over()) return;
  if (round.word === "kill") {
    desk.type("/kill");
    await says(/KILLED/);
  }
  if (round.word === "stop") {
    void desk.stop("SIGTERM");
    await reach(() => false);
  }
}

const strikesAt = ({ strike }: Round, door: Door): boolean =>
  "at" in strike && strike.at.door === door;

/** A desk that finds the database taken says so and ends. */
async function refused(world: World, over: () => boolean): Promise<void> {
  const second = childDesk(elsewhere(world));
  const ended = await comesTrue(() => hasEnded(second), PATIENCE_MS);
  const { code } = await second.stop("SIGKILL");
  // The first may have met its end meanwhile, and then it is nobody's turn but the second's.
  if (over() || (ended && code !== 0 && /Another desk/.test(second.errors))) return;
  world.odd.push({ fault: "other", what: `a second desk was not refused: ${tailOf(second)}` });
}

/** Starts again and dies at a point of its recovery, or soon after it. */
export async function laterDeath(world: World, at: CrashPoint): Promise<boolean> {
  if (at.door === "deliveries.merge") await leaveOldNews(world.made.database.owner);
  await using desk = childDesk({ ...doomedEnv(world), DESK_CRASH: crashText(at) });
  await comesTrue(
    () => hasEnded(desk) || /In agreement with the venue/.test(desk.out),
    PATIENCE_MS,
  );
  await comesTrue(() => hasEnded(desk), isLate(at) ? LATE_MS : AFTERMATH_MS);
  const reached = hasEnded(desk);
  const { code } = await desk.stop("SIGKILL");
  world.said.push(desk.out);
  if (code !== null) {
    world.odd.push({ fault: "other", what: `a recovering desk ended: ${tailOf(desk)}` });
  }
  return reached;
}

/** Brings the killed database back after a while. `end` tells whether it was killed. */
function watchDatabase({ round: { strike }, ground }: World): { end(): Promise<boolean> } {
  if (strike.kind !== "postgres" || ground === null) return { end: async () => false };
  const pid = ground.pid();
  let open = true;
  let struck = false;
  const watching = (async () => {
    while (open && isAlive(pid)) await pause(10);
    struck = !isAlive(pid);
    if (struck) await pause(strike.downMs);
    await ground.restart();
  })();
  return {
    async end() {
      open = false;
      await watching;
      return struck;
    },
  };
}

function order({ exchange: { control, ledger } }: DeskMarket, trouble: Trouble): void {
  const create = "POST /orders";
  const before = ledger.requests.creates;
  switch (trouble) {
    case "create: answer lost":
      return control.dropNextAnswer(create);
    case "create: request lost":
      return control.dropNextRequest(create);
    case "create: answer cut":
      return control.cutNextAnswer(create);
    case "create: 503 after it was accepted":
      return control.failNextAnswer(create, "503-html");
    case "create: 429 as a page":
      return control.failNext(create, "429-html");
    case "create: answer late":
      return control.delayNextAnswer(create, 900);
    case "cancel: answer lost":
      return control.dropNextAnswer("POST /orders/batch_cancel");
    case "list: 503":
      return control.failNext("GET /orders/historical/batch", "503-html");
    case "user frames lost":
      return control.dropFrames(3, ["user"], "user");
    case "user frames doubled":
      return control.duplicateFrames(4, ["user"], "user");
    case "user frames swapped":
      return control.swapFrames(2, ["user"], "user");
    case "older states repeated":
      return control.repeatStaleOrders(2);
    case "user socket cut":
      // Once the order is on its way: without the stream a desk opens nothing.
      return void comesTrue(() => ledger.requests.creates > before, 3_000).then(() =>
        control.closeSockets(1006, ["user"]),
      );
  }
}

const hasEnded = ({ child }: DeskProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null;

/** By SIGSTOP: it is there and does nothing. */
export function isStopped({ child }: DeskProcess): boolean {
  try {
    const stat = readFileSync(`/proc/${child.pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).startsWith("T");
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

export const tailOf = ({ out, errors }: DeskProcess): string =>
  `${out.slice(-300)}${errors.slice(-300)}`.replace(/\s+/g, " ");

/** The round's legs need nobody to tell them apart. */
export const priceAfter = ({ leg }: Round): string => (leg === "entry" ? LOW : HIGH);
