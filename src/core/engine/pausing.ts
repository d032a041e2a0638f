/** Pausing at once and resuming after a second step: everything, one product, or one strategy. */
import type { ChangeClass } from "../control/authority.ts";
import { type Requester, type Scope, scopeName, scopeOfTrip } from "../control/trading.ts";
import { tripKey, tripWords } from "../risk/trip.ts";
import { answer } from "./answer.ts";
import { cancelEntries } from "./cancel.ts";
import { isWaitingToRaise, voidConfirmations } from "./confirmations.ts";
import { equity } from "./figures.ts";
import { propose } from "./proposing.ts";
import { type Read, stillBeyond } from "./readings.ts";
import { stillThere } from "./stage-venue.ts";
import type { State } from "./state.ts";
import type { Turn } from "./turn.ts";
import { UNWRITTEN } from "./unwritten.ts";

/** What a person calls a product or a strategy; null when there is none of that name. */
function scopeNamed({ settings, desk }: State, text: string): Scope | null {
  const held = [...desk.positions.values()];
  const known: readonly Scope[] = [
    ...settings.products.map((product): Scope => `product ${product}`),
    ...held.map(({ product }): Scope => `product ${product}`),
    `strategy ${settings.strategy.name}`,
    ...held.map(({ strategy }): Scope => `strategy ${strategy}`),
    ...desk.pauses.keys(),
  ];
  const word = text.toLowerCase();
  return known.find((scope) => scopeName(scope).toLowerCase() === word) ?? null;
}

export function pause(
  turn: Turn,
  by: Requester,
  asked: { readonly reason: string; readonly scope?: string },
): void {
  const { desk } = turn.state;
  const named = asked.scope === undefined ? null : scopeNamed(turn.state, asked.scope);
  // A name that is none pauses everything: it was the beginning of the reason, or a slip of the pen.
  const scope = named ?? "all";
  const words = [named === null ? (asked.scope ?? "") : "", asked.reason];
  const reason = words.filter((word) => word !== "").join(" ") || "no reason given";
  const wasPaused = scope === "all" ? desk.paused !== null : desk.pauses.has(scope);
  // Said again it is still a no to whatever waits to raise risk, and written down before anything else, like the first.
  const isNews = !wasPaused || isWaitingToRaise(turn.state);
  if (isNews) {
    const latch = { at: turn.at, by, reason };
    turn.say({ kind: "trading.paused", latch, ...(scope === "all" ? {} : { scope }) });
  }
  voidConfirmations(turn, "paused");
  // The desk may have paused itself, which leaves what rests.
  cancelEntries(turn, "pause", by, scope);
  const what = scope === "all" ? "" : `${scopeName(scope)} is `;
  if (!isNews) answer(turn, "pause", by, false, `${what}already paused.`.replace(/^a/, "A"));
}

export function askResume(turn: Turn, by: Requester, nonce: string, name?: string): void {
  const { desk, sight } = turn.state;
  const no = (why: string): void => answer(turn, "resume", by, true, why);
  if (desk.killed) return no("The desk is killed. Use /rearm first.");
  if (desk.halted) return no("The desk is halted. Use /rearm first.");
  const still = stillThere(turn);
  if (still !== null) return no(`${still}.`);
  if (sight.unwritten) return no(`Not while ${UNWRITTEN}. Try again when it does.`);
  const scope = name === undefined ? "all" : scopeNamed(turn.state, name);
  if (scope === null) {
    return no(`No product or strategy is called ${name}. /status shows what is paused.`);
  }
  const trips = tripsOf(turn.state, scope);
  const accepts = scope === "all" ? toAccept(turn) : [];
  if (!isPaused(turn.state, scope) && trips.length + accepts.length === 0) {
    const why = scope === "all" ? "Already running." : `${scopeName(scope)} is not paused.`;
    return answer(turn, "resume", by, false, why);
  }
  const holding = stillBeyond(turn.state, turn.at, (key) => trips.includes(key));
  if (holding.length > 0) {
    return no(`Still beyond its limit: ${holding.map(named).join(", ")}.`);
  }
  const detail = [...lifted(turn.state, scope), ...rearmed(trips), ...stays(turn.state, scope)];
  const proposal = { verb: "resume", ...(scope === "all" ? {} : { scope }) } as const;
  const counts = anew(turn.state, scope);
  if (counts.length > 0) detail.push(`Counts anew: ${counts.join(", ")}.`);
  propose(turn, { proposal, by, nonce, class: classOf(trips), detail: [...detail, ...accepts] });
}

const named = ({ breaker, reading: { product, observed, limit } }: Read): string =>
  `${breaker.name}${product === undefined ? "" : ` ${product}`} (${observed} of ${limit})`;

/** Breakers that tripped because money was lost. */
const LOSSES: ReadonlySet<string> = new Set(["daily-loss", "drawdown", "consecutive-losses"]);

const classOf = (trips: readonly string[]): ChangeClass =>
  trips.some((key) => LOSSES.has(key)) ? "loss-reset" : "go-on";

/** Latched breakers that a resume of this scope re-arms. */
const tripsOf = ({ desk }: State, scope: Scope) =>
  [...desk.trips.values()]
    .filter((trip) => scope === "all" || scopeOfTrip(trip) === scope)
    .map(tripKey);

const isPaused = ({ desk }: State, scope: Scope): boolean =>
  scope === "all" ? desk.paused !== null || desk.pauses.size > 0 : desk.pauses.has(scope);

/** Pauses of parts of the desk that go with the pause of the whole. */
function lifted({ desk }: State, scope: Scope): readonly string[] {
  const parts = scope === "all" ? [...desk.pauses.keys()].map(scopeName) : [];
  return parts.length > 0 ? [`Lifts also the pause of ${parts.join(", ")}.`] : [];
}

const rearmed = (trips: readonly string[]): readonly string[] =>
  trips.length > 0 ? [`Re-arms ${trips.map(tripWords).join(", ")}.`] : [];

/** Counts that a resume of everything begins anew, with how far they had come: nobody is to be surprised by it. */
function anew({ desk }: State, scope: Scope): readonly string[] {
  if (scope !== "all") return [];
  return [
    ...(desk.lossStreak > 0 ? [`losses in a row (${desk.lossStreak})`] : []),
    ...(desk.rejectStreak > 0 ? [`refusals in a row (${desk.rejectStreak})`] : []),
    ...(desk.trips.has("drawdown") ? ["drawdown, from present equity"] : []),
  ];
}

/** What else keeps entries out when only a part is resumed. */
function stays({ desk }: State, scope: Scope): readonly string[] {
  const whole = desk.paused !== null || [...desk.trips.values()].some(({ product }) => !product);
  return scope !== "all" && whole ? ["The desk as a whole stays stopped until /resume."] : [];
}

/** Orders that do not fit together stay as they are booked once somebody goes on. */
export function toAccept({ state: { desk } }: Turn): readonly string[] {
  const odd = [...desk.closed.values(), ...desk.orders.values()].flatMap(({ plan, quarantine }) =>
    quarantine === null || quarantine === "unknown"
      ? []
      : [`…${plan.id.slice(-6)} (${quarantine.replaceAll("-", " ")})`],
  );
  return odd.length === 0 ? [] : [`Accepts as booked: ${odd.join(", ")}.`];
}

/** The confirmed resume. */
export function resume(turn: Turn, by: Requester, scope: Scope = "all"): void {
  turn.say({
    kind: "trading.resumed",
    by,
    ...(scope === "all" ? {} : { scope }),
    rearmed: tripsOf(turn.state, scope),
    anew: anew(turn.state, scope),
    equity: equity(turn.state) ?? turn.state.desk.peakEquity,
  });
}
