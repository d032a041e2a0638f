/** The short form of the matrix: each crash point, and each fault but a hang, once. */
import { describe, test } from "vitest";
import { type MatrixCase, oneCopyOfAKill, oneCopyOfEach, titleOf } from "../kit/delivery-matrix.ts";

const CASES: readonly MatrixCase[] = [
  { platform: "telegram", point: "before-send", fault: "429" },
  { platform: "telegram", point: "after-send", fault: "answer lost" },
  { platform: "telegram", point: "never", fault: "request lost" },
  { platform: "slack", point: "after-queue", fault: "500" },
  { platform: "slack", point: "after-record", fault: "none" },
];

describe.concurrent("whatever dies or fails while a desk answers, each message is seen once, in order", () => {
  for (const one of CASES) test(titleOf(one), () => oneCopyOfEach(one));

  test("telegram: a KILL, killed as it is sent, answer lost", () => oneCopyOfAKill("telegram"));
});
