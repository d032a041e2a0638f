/** Latches that the desk throws by itself. It never takes one back by itself. */
import type { Turn } from "./turn.ts";

const MAX_REASON = 300;

/** What cannot be explained stops the desk, once: nothing but cancels and a confirmed flatten until somebody rearms. */
export function halt(turn: Turn, reason: string): void {
  if (turn.state.desk.halted) return;
  turn.say({ kind: "trading.halted", latch: { at: turn.at, by: null, reason } });
}

/**
 * What is odd but not dangerous in itself keeps entries out until somebody resumes; exits go on. A pause that stands already
 * takes the reason on: who resumes must see it.
 */
export function pauseItself(turn: Turn, reason: string): void {
  const { paused } = turn.state.desk;
  if (paused?.reason.includes(reason)) return;
  const both = paused ? `${paused.reason}; ${reason}` : reason;
  const latch = { at: turn.at, by: paused?.by ?? null, reason: both.slice(0, MAX_REASON) };
  turn.say({ kind: "trading.paused", latch });
}
