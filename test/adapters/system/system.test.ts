/** The machine itself: its clock, its timers, its randomness. */
import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../../../src/adapters/system/clock.ts";
import { systemEntropy } from "../../../src/adapters/system/entropy.ts";
import { systemTimers } from "../../../src/adapters/system/timers.ts";

test("the clock gives the present in milliseconds", () => {
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
});

test("randomness is hex of the asked length, and never twice the same", () => {
  expect(systemEntropy.hex(8)).toMatch(/^[0-9a-f]{16}$/);
  expect(systemEntropy.hex(16)).not.toBe(systemEntropy.hex(16));
});

describe("timers", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("run once after their time, or not at all once cancelled", () => {
    const run = vi.fn();
    systemTimers.after(100, run);
    const cancel = systemTimers.after(100, run);
    cancel();
    cancel();
    vi.advanceTimersByTime(1000);
    expect(run).toHaveBeenCalledTimes(1);
  });

  test("that wait for longer than Node can wait do wait", () => {
    const run = vi.fn();
    const month = 30 * 86_400_000;
    systemTimers.after(month, run);
    systemTimers.after(month, run)();
    vi.advanceTimersByTime(month - 1);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(1);
  });

  test("that repeat go on until cancelled, also from within", () => {
    let runs = 0;
    const cancel = systemTimers.every(10, () => {
      runs += 1;
      if (runs === 3) cancel();
    });
    vi.advanceTimersByTime(100);
    expect(runs).toBe(3);
  });
});

test("soon comes after the present callback, in the order asked", async () => {
  const heard: string[] = [];
  await new Promise<void>((done) => {
    systemTimers.soon(() => heard.push("first"));
    systemTimers.soon(() => {
      heard.push("second");
      done();
    });
    void Promise.resolve().then(() => heard.push("promise"));
    heard.push("now");
  });
  expect(heard).toEqual(["now", "promise", "first", "second"]);
});

test("work that always asks for more does not keep a timer or a socket waiting", async () => {
  let going = true;
  let turns = 0;
  const again = (): void => {
    turns += 1;
    if (going && turns < 1_000_000) systemTimers.soon(again);
  };
  systemTimers.soon(again);
  await Promise.all([
    new Promise<void>((done) => systemTimers.after(5, done)),
    readFile(new URL(import.meta.url)),
  ]);
  going = false;
  expect(turns).toBeLessThan(1_000_000);
});
