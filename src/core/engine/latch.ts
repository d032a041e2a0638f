/** Latches that the desk throws by itself. It never takes one back by itself. */
import type { Turn } from "./turn.ts";

/** What cannot be explained stops the desk, once: nothing but cancels and a confirmed flatten until somebody rearms. */
export function halt(turn: Turn, reason: string): void {
  if (turn.state.desk.halted) return;
  turn.say({ kind: "trading.halted", latch: { at: turn.at, by: null, reason } });
}

/** What is odd but not dangerous in itself keeps entries out until somebody resumes; exits go on. */
export function pauseItself(turn: Turn, reason: string): void {
  if (turn.state.desk.paused) return;
  turn.say({ kind: "trading.paused", latch: { at: turn.at, by: null, reason } });
}
