/** The whole matrix of crashes, each point on both legs; the short form takes each class once. `npm run crash` draws rounds. */
import { afterAll, describe, expect, test } from "vitest";
import { draw, titleOf } from "../crash/draw.ts";
import { type Ground, openGround } from "../crash/ground.ts";
import { play } from "../crash/round.ts";
import {
  type CrashCase,
  crash,
  crashesAroundALatch,
  crashesAroundAnOrder,
  crashesAroundATrip,
  titleOf as titleOfCase,
} from "../kit/desk-crash.ts";

const KINDS = ["order.planned", "order.acknowledged", "order.filled", "order.closed"] as const;

const CASES: readonly CrashCase[] = (["entry", "exit"] as const).flatMap((leg) =>
  (["before", "after"] as const).flatMap((when) => [
    { leg, at: crash(when, "venue.place"), orders: 1 } as const,
    ...KINDS.map((kind) => {
      const orders = when === "before" && kind === "order.planned" ? 0 : 1;
      return { leg, at: crash(when, "journal.append", kind), orders } as const;
    }),
  ]),
);

describe.concurrent("after SIGKILL and a restart the exchange has one order, and everybody agrees", () => {
  for (const one of CASES) test(titleOfCase(one), () => crashesAroundAnOrder(one));

  test.each([
    ["kill", "before"],
    ["kill", "after"],
    ["pause", "before"],
    ["pause", "after"],
  ] as const)(
    "a %s is in force once its line is on disk, and not promised before (%s)",
    (word, when) => crashesAroundALatch(word, when),
  );

  test("a tripped breaker that only its line on disk knows of stays tripped", () =>
    crashesAroundATrip());
});

/** Twenty in a row have every kind of strike in them. */
const ROUNDS = Array.from({ length: 20 }, (_, index) => draw("matrix", index + 1));

/** An order that the overtaken desk never sent is given up only when the venue can no longer take it. */
const LONGEST_MS = 360_000;

describe("twenty drawn rounds", () => {
  const opened: Promise<Ground>[] = [];
  const grounds = (): Promise<Ground> => {
    const [ground = openGround()] = opened;
    opened[0] = ground;
    return ground;
  };
  afterAll(async () => {
    for (const ground of opened) await (await ground)[Symbol.asyncDispose]();
  });

  for (const round of ROUNDS) {
    test(
      `nothing is lost, doubled or left open: ${titleOf(round)}`,
      async () => {
        expect((await play(round, grounds)).findings).toEqual([]);
      },
      LONGEST_MS,
    );
  }
});
