/** A desk killed around the calls between decision and end, cut off, or stopped and overtaken: counted at the exchange. Breakers: breaker.test.ts. */
import { describe, expect, test } from "vitest";
import type { Round } from "../crash/draw.ts";
import { titleOf } from "../crash/draw.ts";
import { play } from "../crash/round.ts";
import {
  type CrashCase,
  crash,
  crashesAroundALatch,
  crashesAroundAnOrder,
  titleOf as titleOfCase,
} from "../kit/desk-crash.ts";

const CASES: readonly CrashCase[] = [
  { leg: "entry", at: crash("before", "journal.append", "order.planned"), orders: 0 },
  { leg: "entry", at: crash("before", "venue.place"), orders: 1 },
  { leg: "exit", at: crash("after", "venue.place"), orders: 1 },
  { leg: "entry", at: crash("before", "journal.append", "order.filled"), orders: 1 },
];

const calm = { nth: 0, again: [], beside: [], troubles: [], exchange: {}, partly: false } as const;
/** One of each class that needs no server of its own; a killed database is in postgres.test.ts. */
const ROUNDS: readonly Round[] = [
  {
    ...calm,
    leg: "entry",
    word: "none",
    strike: { kind: "wire", cut: { how: "answer", kind: "order.planned", nth: 1 } },
    troubles: ["create: 503 after it was accepted"],
  },
  {
    ...calm,
    leg: "resting",
    word: "kill",
    partly: true,
    strike: { kind: "desk", at: crash("after", "venue.cancel") },
  },
  {
    ...calm,
    leg: "resting",
    word: "kill",
    strike: { kind: "zombie", at: crash("before", "venue.cancel"), goesOn: "early" },
  },
];

const noServer = (): never => {
  throw new Error("no round here kills a database");
};

describe.concurrent("after SIGKILL and a restart the exchange has one order, and everybody agrees", () => {
  for (const one of CASES) test(titleOfCase(one), () => crashesAroundAnOrder(one));

  test("a kill that only its line on disk knows of is still in force", () =>
    crashesAroundALatch("kill", "after"));

  for (const round of ROUNDS) {
    test(`nothing is lost, doubled or left open: ${titleOf(round)}`, async () => {
      const { findings, reached } = await play(round, noServer);
      expect(findings).toEqual([]);
      expect(reached.strike).toBe(true);
    });
  }
});
