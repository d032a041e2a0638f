/** One frame of a recorded session lost, doubled or swapped: the book ends right, or its connection was given up. */
import { expect, test } from "vitest";
import { FAULTS, LAST, playFault, undisturbed } from "../../kit/capture-faults.ts";

const POSITIONS = Array.from({ length: 60 }, (_, i) => Math.round((i * LAST) / 59));
const reference = undisturbed(new Set(POSITIONS));

test.each(FAULTS)("%s one frame at 60 positions: equal or renewed, never wrong", async (fault) => {
  const ends: Record<string, number> = {};
  for (const position of POSITIONS) {
    const end = await playFault(position, fault, reference);
    expect(end, `position ${position}`).toMatch(/^(equal|renewed)$/);
    ends[end] = (ends[end] ?? 0) + 1;
  }
  const harmless = { remove: 0, duplicate: 60, swap: 0 }[fault];
  expect(ends["equal"] ?? 0).toBe(harmless);
});
