/** Time runs one way, whatever is done to the machine's clock. */
import { expect, test } from "vitest";
import { oneWayClock } from "../../../src/adapters/system/clock.ts";

const START = Date.UTC(2026, 10, 18, 18, 7, 5);
const HOUR = 3_600_000;

function machine() {
  const at = { wall: START, steady: 17.25 };
  const clock = oneWayClock({ wall: () => at.wall, steady: () => at.steady });
  const pass = (ms: number): void => {
    at.wall += ms;
    at.steady += ms;
  };
  return { at, pass, now: () => clock.now() - START };
}

test("it counts whole milliseconds from the wall clock's start", () => {
  const { pass, now } = machine();
  expect(now()).toBe(0);
  pass(1234.75);
  expect(now()).toBe(1234);
});

test("a wall clock set back by an hour changes nothing", () => {
  const { at, pass, now } = machine();
  pass(1000);
  at.wall -= HOUR;
  expect(now()).toBe(1000);
  pass(500);
  expect(now()).toBe(1500);
});

test("a wall clock set forward by no more than five seconds changes nothing", () => {
  const { at, pass, now } = machine();
  at.wall += 5000;
  pass(100);
  expect(now()).toBe(100);
});

test("a machine that slept goes on at the time it woke up", () => {
  const { at, pass, now } = machine();
  pass(1000);
  at.wall += HOUR;
  expect(now()).toBe(HOUR + 1000);
  pass(1000);
  expect(now()).toBe(HOUR + 2000);
});

test("time never falls, in whatever order the wall clock is set", () => {
  const { at, pass, now } = machine();
  let last = now();
  for (const step of [-HOUR, HOUR, 4000, 4000, -9000, 20_000, -20_000, 1]) {
    at.wall += step;
    pass(1);
    const next = now();
    expect(next).toBeGreaterThanOrEqual(last);
    last = next;
  }
});
