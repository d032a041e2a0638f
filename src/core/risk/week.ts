/** Windows of the week taken together, minute by minute: what covers what, and what two sets of windows have in common. */
import type { Lockout } from "./limits.ts";

const DAY = 1440;
const WEEK = 7 * DAY;

/** For each minute of the week, from Sunday 00:00 UTC, whether an enabled window covers it. */
function minutesOf(windows: readonly Lockout[]): readonly boolean[] {
  const covered = new Array<boolean>(WEEK).fill(false);
  for (const { enabled, from, to, days } of windows) {
    if (!enabled) continue;
    const length = from < to ? to - from : DAY - from + to;
    for (const day of days) {
      const start = day * DAY + from;
      for (let minute = start; minute < start + length; minute += 1) covered[minute % WEEK] = true;
    }
  }
  return covered;
}

/** Every minute inside `inner` is inside `outer` too. */
export function covers(outer: readonly Lockout[], inner: readonly Lockout[]): boolean {
  const wide = minutesOf(outer);
  return minutesOf(inner).every((inside, minute) => !inside || wide[minute] === true);
}

/** The minutes that lie inside both, as windows of single days. Without any, one window of no day: nothing is inside it. */
export function common(
  a: readonly Lockout[],
  b: readonly Lockout[],
  name: string,
): readonly Lockout[] {
  const second = minutesOf(b);
  const both = minutesOf(a).map((inside, minute) => inside && second[minute] === true);
  const byTime = new Map<string, { from: number; to: number; days: number[] }>();
  for (let day = 0; day < 7; day += 1) {
    for (const { from, to } of runs(both.slice(day * DAY, (day + 1) * DAY))) {
      const key = `${from} ${to}`;
      const known = byTime.get(key) ?? { from, to: to % DAY, days: [] };
      known.days.push(day);
      byTime.set(key, known);
    }
  }
  if (byTime.size === 0) return [{ name, enabled: true, from: 0, to: 0, days: [] }];
  return [...byTime.values()].map((window) => ({ name, enabled: true, ...window }));
}

/** The stretches of one day, `[from, to)`. */
function runs(day: readonly boolean[]): readonly { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  let from: number | null = null;
  for (let minute = 0; minute <= DAY; minute += 1) {
    const inside = day[minute] === true;
    if (inside && from === null) from = minute;
    if (!inside && from !== null) {
      found.push({ from, to: minute });
      from = null;
    }
  }
  return found;
}
