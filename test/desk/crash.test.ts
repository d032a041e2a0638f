/** A desk killed before and after every call between decision and acknowledgement, started again: counted at the exchange. */
import { describe, test } from "vitest";
import {
  type CrashCase,
  crash,
  crashesAroundALatch,
  crashesAroundAnOrder,
  titleOf,
} from "../kit/desk-crash.ts";

const CASES: readonly CrashCase[] = [
  { leg: "entry", at: crash("before", "append", "order.planned"), orders: 0 },
  { leg: "exit", at: crash("after", "append", "order.planned"), orders: 1 },
  { leg: "entry", at: crash("before", "place"), orders: 1 },
  { leg: "exit", at: crash("after", "place"), orders: 1 },
  { leg: "entry", at: crash("before", "append", "order.acknowledged"), orders: 1 },
  { leg: "exit", at: crash("after", "append", "order.acknowledged"), orders: 1 },
  { leg: "exit", at: crash("before", "append", "order.filled"), orders: 1 },
  { leg: "entry", at: crash("after", "append", "order.filled"), orders: 1 },
];

describe.concurrent("after SIGKILL and a restart the exchange has one order, and everybody agrees", () => {
  for (const one of CASES) test(titleOf(one), () => crashesAroundAnOrder(one));

  test.each(["kill", "pause"] as const)(
    "a %s that only its line on disk knows of is still in force",
    (word) => crashesAroundALatch(word, "after"),
  );
});
