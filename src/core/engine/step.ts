/** One input in, what is now true and what to ask of the world out. The state is mutated and shared with nobody meanwhile. */
import type { Latch, Scope } from "../control/trading.ts";
import { unreachable } from "../kernel/assert.ts";
import { later } from "../kernel/time.ts";
import { adoptPolicy, revertDue } from "./adopt-policy.ts";
import { checkBreakers, trip } from "./breakers.ts";
import { askForListing, onTick } from "./clock.ts";
import { voidConfirmations, voidLapsed } from "./confirmations.ts";
import { doubt, onNotFound } from "./fate.ts";
import type { Input, InputBody, RecalledLatch } from "./input.ts";
import { finishIfDone, kill } from "./kill.ts";
import { onListed } from "./listing.ts";
import { onMarket } from "./market.ts";
import { onNoticed } from "./notices.ts";
import { onRequested } from "./operator.ts";
import { onAnswered, onObserved } from "./orders.ts";
import { onPreviewed } from "./previewed.ts";
import { withdrawEntries } from "./replace.ts";
import { sayStopped, watchShutdown } from "./shutdown.ts";
import { assertFlat, enterLadder, stepDown } from "./stage.ts";
import { opensAnew } from "./stage-venue.ts";
import type { State } from "./state.ts";
import { heard, onAlive, onBroken } from "./streams.ts";
import { onRead, onTraded } from "./trades.ts";
import { type Outcome, openTurn, type Turn } from "./turn.ts";
import { onFailing } from "./unwritten.ts";

export function step(state: State, input: Input): Outcome {
  state.sight.now = input.at;
  const { turn, outcome } = openTurn(state, input.at);
  // Whatever is decided next is decided under the caps of now; before the desk opens nothing is.
  if (state.desk.temporary.size > 0 && state.sight.openedAt !== null) revertDue(turn);
  const { halted, killed } = state.desk;
  handle(turn, input.body);
  const isHalted = halted === null && state.desk.halted !== null;
  // A kill that somebody asked for may be a drill; the desk's own never is, also where a crash had to recall it.
  if (isHalted || (killed === null && state.desk.killed?.by === null)) stepDown(turn);
  return outcome();
}

function handle(turn: Turn, body: InputBody): void {
  switch (body.kind) {
    case "market.quote":
    case "market.depth":
    case "market.trade":
    case "market.candle":
      heard(turn, "market");
      return onMarket(turn, body);
    case "market.history":
    case "market.skipped":
      return onMarket(turn, body);
    case "feed.alive":
      return onAlive(turn, body.stream);
    case "feed.broken":
      return onBroken(turn, body.stream, body.cause);
    case "order.leaving":
      turn.state.sight.leftAt.set(body.order, turn.at);
      return;
    case "order.answered":
      return onAnswered(turn, body);
    case "order.observed":
      onObserved(turn, body.observation);
      return finishIfDone(turn);
    case "order.previewed":
      return onPreviewed(turn, body);
    case "order.not-found":
      onNotFound(turn, body);
      return finishIfDone(turn);
    case "cancel.answered":
      return;
    case "venue.listed":
      onListed(turn, body.listing);
      return finishIfDone(turn);
    case "order.read":
      onRead(turn, body);
      return finishIfDone(turn);
    case "venue.traded":
      onTraded(turn, body.trades);
      return finishIfDone(turn);
    case "venue.throttled":
      return onThrottled(turn);
    case "chat.noticed":
      return onNoticed(turn, body.notice);
    case "operator.requested":
      return onRequested(turn, body);
    case "desk.opened":
      return onOpened(turn, body);
    case "desk.recalled":
      for (const recalled of body.latches) onRecalled(turn, recalled);
      return;
    case "desk.draining":
      turn.state.sight.closing = true;
      return withdrawEntries(turn, null, "the desk stops");
    case "desk.closing":
      return sayStopped(turn, body.why);
    case "journal.failing":
      return onFailing(turn, body);
    case "clock.measured":
      turn.state.sight.clock = { aheadMs: body.aheadMs, at: turn.at };
      return;
    case "checks.measured":
      turn.state.sight.checklist = { at: turn.at, red: body.red };
      return;
    case "venue.failed":
      return onVenueFailed(turn);
    case "clock.ticked":
      turn.state.sight.leading = body.leading ?? turn.state.sight.leading;
      turn.state.sight.unwrittenMs = body.unwrittenMs ?? turn.state.sight.unwrittenMs;
      return onTick(turn);
    default:
      return unreachable(body);
  }
}

/** The desk begins: the stricter of file and journal wins, key by key, and everything is read anew. */
function onOpened(turn: Turn, body: Extract<InputBody, { kind: "desk.opened" }>): void {
  const { desk, sight } = turn.state;
  const { mode, name, version, run } = body;
  // What was asked of a desk that played is not what is asked of one with real money, and the other way round.
  if (desk.mode !== "" && desk.mode !== mode) voidConfirmations(turn, `the desk opened as ${mode}`);
  const recovered = { orders: desk.orders.size, positions: desk.positions.size };
  const isAnew = opensAnew(turn.state, mode);
  if (isAnew) assertFlat(turn.state);
  const anew = isAnew ? ({ anew: true } as const) : {};
  turn.say({ kind: "desk.started", mode, name, version, run, recovered, ...anew });
  adoptPolicy(turn);
  enterLadder(turn, isAnew);
  sight.openedAt = turn.at;
  voidLapsed(turn);
  // An attempt without a verdict may have left before the crash: its fate is unknown.
  for (const order of [...desk.orders.values()]) {
    if (order.submission === "planned") doubt(turn, order, "the desk stopped before an answer");
  }
  askForListing(turn, "start");
}

/** A latch never clears by a crash: what fell and was not yet recorded falls again. */
function onRecalled(turn: Turn, recalled: RecalledLatch): void {
  const { desk } = turn.state;
  if (recalled.latch === "trip") return trip(turn, recalled.trip);
  const { by } = recalled.latched;
  if (by && desk.handled.has(by.inbound)) return;
  if (recalled.latch === "paused") return recallPause(turn, recalled.latched, recalled.scope);
  if (desk[recalled.latch]) return voidConfirmations(turn, recalled.latch);
  if (recalled.latch === "killed") return kill(turn, recalled.latched);
  turn.say({ kind: "trading.halted", latch: recalled.latched });
}

function recallPause(turn: Turn, latch: Latch, scope: Scope = "all"): void {
  const { paused, pauses } = turn.state.desk;
  voidConfirmations(turn, "paused");
  if (scope === "all" ? paused !== null : pauses.has(scope)) return;
  turn.say({ kind: "trading.paused", latch, ...(scope === "all" ? {} : { scope }) });
}

function onVenueFailed(turn: Turn): void {
  const { sight } = turn.state;
  sight.errors = [...sight.errors.filter((time) => later(time, 300_000) > turn.at), turn.at];
  checkBreakers(turn);
  watchShutdown(turn);
}

function onThrottled(turn: Turn): void {
  const { sight } = turn.state;
  sight.throttled = [...sight.throttled.filter((time) => later(time, 60_000) > turn.at), turn.at];
  checkBreakers(turn);
}
