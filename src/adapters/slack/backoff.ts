/** How long to wait before asking Slack again: at once, then 0.25 s doubling to 30 s. One desk needs no jitter. */

export const LONGEST_MS = 30_000;
const FIRST_MS = 250;

/** `failures` in a row so far; 0 for the first try. */
export const backoffMs = (failures: number): number =>
  failures <= 0 ? 0 : Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 20));
