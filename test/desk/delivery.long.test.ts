/** Every crash point times every fault times both platforms: one visible copy of each message, in order. */
import { describe, test } from "vitest";
import {
  FAULTS,
  type MatrixCase,
  oneCopyOfAKill,
  oneCopyOfEach,
  POINTS,
  titleOf,
} from "../kit/delivery-matrix.ts";

const CASES: readonly MatrixCase[] = (["telegram", "slack"] as const).flatMap((platform) =>
  POINTS.flatMap((point) => FAULTS.map((fault) => ({ platform, point, fault }))),
);

describe.concurrent(`${CASES.length} cases: each message is seen once, in order`, () => {
  for (const one of CASES) test(titleOf(one), () => oneCopyOfEach(one), 120_000);

  test("slack: a KILL, killed as it is sent, answer lost", () => oneCopyOfAKill("slack"), 120_000);
});
