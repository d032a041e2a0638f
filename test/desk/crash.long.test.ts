/** The whole matrix of crashes, each point on both legs; the short form takes each point once. */
import { describe, test } from "vitest";
import {
  type CrashCase,
  crash,
  crashesAroundALatch,
  crashesAroundAnOrder,
  titleOf,
} from "../kit/desk-crash.ts";

const KINDS = ["order.planned", "order.acknowledged", "order.filled", "order.closed"] as const;

const CASES: readonly CrashCase[] = (["entry", "exit"] as const).flatMap((leg) =>
  (["before", "after"] as const).flatMap((when) => [
    { leg, at: crash(when, "place"), orders: 1 } as const,
    ...KINDS.map((kind) => {
      const orders = when === "before" && kind === "order.planned" ? 0 : 1;
      return { leg, at: crash(when, "append", kind), orders } as const;
    }),
  ]),
);

describe.concurrent("after SIGKILL and a restart the exchange has one order, and everybody agrees", () => {
  for (const one of CASES) test(titleOf(one), () => crashesAroundAnOrder(one));

  test.each([
    ["kill", "before"],
    ["kill", "after"],
    ["pause", "before"],
    ["pause", "after"],
  ] as const)(
    "a %s is in force once its line is on disk, and not promised before (%s)",
    (word, when) => crashesAroundALatch(word, when),
  );
});
