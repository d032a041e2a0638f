/** The short form of the matrix: for each platform, each crash point and each fault once. */
import { describe, test } from "vitest";
import { type MatrixCase, oneCopyOfAKill, oneCopyOfEach, titleOf } from "../kit/delivery-matrix.ts";

const CASES: readonly MatrixCase[] = [
  { platform: "telegram", point: "before-send", fault: "429" },
  { platform: "telegram", point: "after-send", fault: "answer lost" },
  { platform: "telegram", point: "never", fault: "request lost" },
  { platform: "telegram", point: "after-queue", fault: "hang" },
  { platform: "slack", point: "after-record", fault: "none" },
  { platform: "slack", point: "after-send", fault: "500" },
  { platform: "slack", point: "before-send", fault: "request lost" },
  { platform: "slack", point: "never", fault: "answer lost" },
];

describe.concurrent("whatever dies or fails while a desk answers, each message is seen once, in order", () => {
  for (const one of CASES) test(titleOf(one), () => oneCopyOfEach(one), 60_000);

  test.each(["telegram", "slack"] as const)(
    "%s: a KILL, killed as it is sent, answer lost",
    (platform) => oneCopyOfAKill(platform),
    60_000,
  );
});
