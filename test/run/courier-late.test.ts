/** What is sent long after it happened. */
import { expect, test } from "vitest";
import { courierScene, row } from "../kit/courier-scene.ts";
import { CONSOLE } from "../kit/sample-desk.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Rows of an earlier run, sent so long afterwards. */
const after = async (ms: number): Promise<ReturnType<typeof courierScene>> => {
  const made = courierScene([], { fromMs: ms });
  const rows = [row("KILL", { lane: "critical" }), row("fill"), row("status", { lane: "reply" })];
  await made.put(made.open(), ...rows);
  await made.time.pass(1000);
  return made;
};

test("within ten minutes nothing is called late", async () => {
  const { heard } = await after(10 * MINUTE);
  expect(heard(CONSOLE)).toEqual(["KILL", "status", "fill"]);
});

test("after ten minutes news and alarms say from when they are, and answers are still answers", async () => {
  const { heard } = await after(11 * MINUTE);
  const late = "(late, from 13:07 EST)";
  expect(heard(CONSOLE)).toEqual([`KILL ${late}`, "status", `fill ${late}`]);
});

test("on another day they say of which day they are, and an answer of more than an hour ago is not given", async () => {
  const { heard, deliveries } = await after(12 * HOUR);
  const late = "(late, from Nov 18 13:07 EST)";
  expect(heard(CONSOLE)).toEqual([`KILL ${late}`, `fill ${late}`]);
  expect(deliveries.rows[2]).toMatchObject({ state: "failed", why: "too old" });
});

test("an old answer that was perhaps shown is looked for and never repeated", async () => {
  const { time, open, put, deliveries, heard } = courierScene([], { fromMs: 2 * HOUR });
  await deliveries.add([row("status", { lane: "reply" })], null);
  await deliveries.attempted(1, row("x").at, null);
  await put(open());
  await time.pass(MINUTE);
  expect(heard(CONSOLE)).toEqual([]);
  expect(deliveries.rows[0]?.state).toBe("failed");
});

test("a late edit of a message that is there rings nobody and is left as it is", async () => {
  const { time, open, put, heard, deliveries } = courierScene([], { fromMs: HOUR });
  await deliveries.add([row("root", { key: "k" })], null);
  await deliveries.delivered(1, "m1", row("x").at);
  await put(open(), row("progress", { key: "k", edit: true }));
  await time.pass(1000);
  expect(heard(CONSOLE)).toEqual(["progress"]);
});
