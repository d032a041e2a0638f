/** The go-live ladder at work: what is asked of it, what it answers, and how the desk moves on it. */
import { isRealMode, type Ladder, rungAbove, rungBelow, rungNamed } from "../control/ladder.ts";
import type { Proposal, Request } from "../control/request.ts";
import type { Rung } from "../control/stage.ts";
import type { Requester } from "../control/trading.ts";
import { assert } from "../kernel/assert.ts";
import { answer } from "./answer.ts";
import { cancelEntries } from "./cancel.ts";
import { type Agreed, voidConfirmations } from "./confirmations.ts";
import { rungOf } from "./filed.ts";
import { pauseItself } from "./latch.ts";
import { list } from "./listing.ts";
import { propose } from "./proposing.ts";
import { refitEntries } from "./refit.ts";
import { missingFor } from "./stage-missing.ts";
import { loweredTo, raisedTo, typedFor } from "./stage-terms.ts";
import {
  isEmptyHanded,
  isFlat,
  isShownEmpty,
  lacksKey,
  sizesOf,
  stillThere,
  venueAhead,
} from "./stage-venue.ts";
import { raiseDetail } from "./stage-words.ts";
import type { State } from "./state.ts";
import type { Turn } from "./turn.ts";

type Asked = Extract<Request, { verb: "stage" }>;

/** While it is to go elsewhere the venue is asked again so often what is open here. */
const ASK_AGAIN_MS = 5000;

const NO_LADDER = "This desk has no ladder: its profile says what it is.";

export function askStage(turn: Turn, by: Requester, nonce: string, asked: Asked): void {
  const rung = rungOf(turn.state);
  if (!rung) return answer(turn, "stage", by, true, NO_LADDER);
  if (asked.to === "raise") return askRaise(turn, by, nonce, rung);
  const ladder = turn.state.settings.ladder ?? [];
  const to = below(ladder, rung, asked);
  if (to) return goDown(turn, to, by, "asked for");
  // Said again it is still a no to whatever waits to raise risk.
  voidConfirmations(turn, "a lower rung was asked for");
  const still = stillThere(turn);
  const where = rung === ladder[0] ? "is the lowest rung" : "is where the desk stands";
  const why = `${rung.name} ${where}${still === null ? "" : `. ${still}`}.`;
  answer(turn, "stage", by, false, why);
}

/** Where it goes down to; null where the desk is as low already. A name that is none was a slip of the pen: down by one. */
function below(ladder: Ladder, rung: Rung, asked: Exclude<Asked, { to: "raise" }>): Rung | null {
  const down = ladder.slice(0, ladder.indexOf(rung));
  if (asked.to !== "lower") return down[0] ?? null;
  const named = rungNamed(ladder, asked.rung ?? "");
  return named ? rungNamed(down, named.name) : (down.at(-1) ?? null);
}

function askRaise(turn: Turn, by: Requester, nonce: string, rung: Rung): void {
  const { state, at } = turn;
  const next = rungAbove(state.settings.ladder ?? [], rung);
  if (!next) return answer(turn, "stage", by, true, `${rung.name} is the highest rung.`);
  const missing = missingFor(state, next, at);
  if (missing.length > 0) {
    const why = `Not yet ${rung.name} → ${next.name}: ${missing.join("; ")}.`;
    return answer(turn, "stage", by, true, why);
  }
  const types = typedFor(state, next);
  propose(turn, {
    proposal: { verb: "stage", from: rung.name, to: next.name, value: types },
    by,
    nonce,
    class: "stage",
    detail: raiseDetail(state, { from: rung, to: next }, at),
    isReal: next.venue === "live" || isRealMode(state.desk.mode),
    types,
  });
}

/** The agreed raise. What it rests on is looked at once more: it may be hours old. */
export function commitStage(
  turn: Turn,
  change: Extract<Proposal, { verb: "stage" }>,
  { confirmation: { by }, confirmers }: Agreed,
): void {
  const { state, at } = turn;
  const rung = rungOf(state);
  const next = rungNamed(state.settings.ladder ?? [], change.to);
  const isNext = rung?.name === change.from && next !== null;
  const missing = isNext ? missingFor(state, next, at) : ["the ladder is another one now"];
  if (!next || missing.length > 0) {
    return answer(turn, "stage", by, true, `Not ${change.to}: ${missing.join("; ")}.`);
  }
  const moves = rung?.venue !== next.venue;
  turn.say({
    kind: "stage.changed",
    ...{ from: change.from, to: change.to, venue: next.venue },
    ...{ by, why: "every need is met", confirmers },
    ...raisedTo(state, next),
    version: state.desk.policyVersion + 1,
  });
  voidConfirmations(turn, `the desk went to the rung ${next.name}`);
  if (!moves) return;
  const reason = `on the rung ${next.name} from now on; it begins paused`;
  turn.say({ kind: "trading.paused", latch: { at, by, reason } });
  list(turn, "stage");
}

/** Down at once. What is held where the desk trades still is sold by its exits there; nothing more is bought. */
function goDown(turn: Turn, to: Rung, by: Requester | null, why: string): void {
  const { state, at } = turn;
  const from = state.desk.stage?.rung ?? null;
  turn.say({
    kind: "stage.changed",
    ...{ from, to: to.name, venue: to.venue, by, why },
    ...loweredTo(state, to),
    version: state.desk.policyVersion + 1,
  });
  voidConfirmations(turn, `down to the rung ${to.name}`);
  if (venueAhead(state)) {
    const reason = `down to the rung ${to.name}: no entries until the desk is there`;
    if (state.desk.paused === null) {
      turn.say({ kind: "trading.paused", latch: { at, by, reason } });
    } else pauseItself(turn, reason);
    cancelEntries(turn, "stage", by, "all");
    list(turn, "stage");
    const still = stillThere(turn);
    if (by && still !== null) answer(turn, "stage", by, false, `${still}.`);
  }
  refitEntries(turn);
}

/** A halt takes the desk down by one rung, by itself. */
export function stepDown(turn: Turn): void {
  const { state } = turn;
  const rung = rungOf(state);
  const below = rung && rungBelow(state.settings.ladder ?? [], rung);
  if (!below) return;
  const why = state.desk.halted?.reason ?? state.desk.killed?.reason ?? "halted";
  goDown(turn, below, null, why);
}

/** Once the venue where the rung no longer is has shown nothing open, this run ends, and the next one opens elsewhere. */
export function watchStage(turn: Turn): void {
  const { state, at } = turn;
  const { desk, sight } = state;
  const ahead = venueAhead(state);
  if (!ahead || sight.openedAt === null || sight.reopening || lacksKey(state, ahead)) return;
  if (!isEmptyHanded(turn)) return;
  if (!isShownEmpty(turn)) {
    const last = sight.listAskedAt ?? sight.listedAt;
    if (last === null || at - last >= ASK_AGAIN_MS) list(turn, "stage");
    return;
  }
  sight.reopening = true;
  // No order is planned for a venue that is being left.
  sight.closing = true;
  const dust = sizesOf(desk.positions.values());
  const behind = dust === "" ? "" : `; too little to sell and left behind: ${dust}`;
  const why = `goes on with the rung ${ahead.name}, on ${ahead.venue}${behind}`;
  turn.ask({ kind: "reopen", why });
}

/** The desk has begun: it stands on the rung that it stood on, or on the lowest. */
export function enterLadder(turn: Turn, isAnew: boolean): void {
  const { state, at } = turn;
  const ladder = state.settings.ladder ?? [];
  const [lowest] = ladder;
  if (!lowest) return;
  const { desk } = state;
  const rung = rungOf(state);
  const to = rung ?? lowest;
  const why = whyElsewhere(state, rung);
  if (why !== null) {
    turn.say({
      kind: "stage.changed",
      ...{ from: desk.stage?.rung ?? null, to: to.name, venue: to.venue, by: null, why },
      ...loweredTo(state, to),
      version: desk.policyVersion + 1,
    });
  }
  if (venueAhead(state)) pauseItself(turn, "no entries until the desk is where its rung is");
  else if (isAnew && isRealMode(desk.mode) && desk.paused === null) {
    turn.say({
      kind: "trading.paused",
      latch: { at, by: null, reason: "orders are real from here on; /resume begins" },
    });
  }
}

/** Why the desk does not stand where it stood, by the file of now; null when it does. What the file raises raises nobody. */
function whyElsewhere({ desk: { stage }, settings }: State, rung: Rung | null): string | null {
  if (!stage) return "the first start";
  if (rung) {
    const isLower = stage.venue !== undefined && rung.venue !== stage.venue;
    return isLower ? `the policy file has the rung ${rung.name} on ${rung.venue} now` : null;
  }
  const named = rungNamed(settings.ladder ?? [], stage.rung);
  return named
    ? `the policy file has the rung ${named.name} on ${named.venue} now, and the desk was raised to it on ${stage.venue}`
    : `the policy file has no rung ${stage.rung} any more`;
}

/** A desk goes to another venue with nothing in its hands. */
export function assertFlat({ desk }: State): void {
  assert(isFlat(desk), "a desk goes to another venue with nothing held and nothing open");
}
