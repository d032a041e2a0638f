/** What must be heard while the database fails, and who waits for whom then. */
import { describe, expect, test } from "vitest";
import { ALERTS } from "../../alerts/table.ts";
import { card } from "../../src/chat/compose.ts";
import type { Delivery } from "../../src/ports/deliveries.ts";
import type { Found, Sent } from "../../src/ports/messenger.ts";
import type { Pace } from "../../src/run/pace.ts";
import { courierScene, row } from "../kit/courier-scene.ts";
import { CONSOLE, filled, NOW, numbered, vetoed } from "../kit/sample-desk.ts";

const GROUP: Pace = { burst: 8, perMinute: 12, keep: { reply: 2, info: 4 } };
const ONE = [{ id: CONSOLE, owner: null, hears: ["incidents", "activity"] }] as const;
const HALT = { kind: "trading.halted", latch: { at: NOW, by: null, reason: "x" } } as const;
const HALTED = "HALTED: x";
const EARLY = `${HALTED} (not in the journal yet)`;
const lost: Sent = { kind: "ambiguous", why: "timeout" };
const down: Sent = { kind: "not-sent", why: "ECONNREFUSED", afterMs: 0 };
const unknown: Found = { kind: "unknown", why: "x", afterMs: null };

const answers =
  (...given: readonly Sent[]) =>
  ({ id }: Delivery): Sent => {
    const [next, ...rest] = given;
    given = rest;
    return next ?? { kind: "sent", messageId: `m${id}` };
  };

/** A desk that trips while its database throws. */
const tripped = async (find: () => Found, ...given: readonly Sent[]) => {
  const made = courierScene([], { find, rooms: ONE });
  made.deliveries.fault = () => "throws";
  made.mouth.answer = answers(...given);
  const courier = made.open();
  courier.start();
  const events = numbered([HALT]);
  courier.hear(events);
  const back = (): void => {
    made.deliveries.fault = () => "none";
    made.journal.events.push(...events);
    courier.nudge();
  };
  return { ...made, courier, back };
};

describe("an alarm without a row", () => {
  test("that certainly did not leave is tried again until it is said, and only once then", async () => {
    const { time, times, back, deliveries } = await tripped(() => unknown, down, down);
    await time.pass(120_000);
    expect(times).toEqual([`2000 ${EARLY}`, `3000 ${EARLY}`, `5000 ${EARLY}`]);
    back();
    await time.pass(60_000);
    expect(times).toHaveLength(3);
    expect(deliveries.rows.map(({ state }) => state)).toEqual(["delivered"]);
  });

  test("is repeated with a label when nobody can tell whether it was shown, and not for ever", async () => {
    const { time, times } = await tripped(() => unknown, lost, lost, lost, lost, lost);
    await time.pass(600_000);
    const again = `${EARLY} (possibly repeated)`;
    expect(times.map((one) => one.replace(/^\d+ /, ""))).toEqual([EARLY, again, again, again]);
  });

  test("is looked for before it is repeated: found, it is said once; proven absent, once more without a label", async () => {
    const shown = await tripped(() => ({ kind: "shown", messageId: "m77" }), lost);
    await shown.time.pass(120_000);
    shown.back();
    await shown.time.pass(60_000);
    expect(shown.heard(CONSOLE)).toEqual([EARLY]);
    expect(shown.deliveries.rows[0]).toMatchObject({ state: "delivered", messageId: "m77" });
    const absent = await tripped(() => ({ kind: "absent" }), lost);
    await absent.time.pass(120_000);
    expect(absent.heard(CONSOLE)).toEqual([EARLY, EARLY]);
  });

  test("leaves it to its row as soon as that can be read", async () => {
    const { time, heard, back } = await tripped(() => unknown, down, down, down);
    await time.pass(5500);
    back();
    await time.pass(60_000);
    expect(heard(CONSOLE)).toEqual([EARLY, EARLY, EARLY, HALTED]);
  });
});

describe("an alarm whose row exists", () => {
  const scene = async (call: string, fault: "throws" | "hangs" | "loses-answer") => {
    const made = courierScene([], { rooms: ONE });
    const courier = made.open();
    courier.start();
    await made.time.pass(100);
    made.deliveries.fault = (name) => (name === call ? fault : "none");
    const events = numbered([HALT]);
    courier.hear(events);
    made.journal.events.push(...events);
    courier.nudge();
    await made.time.pass(20_000);
    return made;
  };

  test.each([
    ["due", "throws"],
    ["due", "hangs"],
    ["attempted", "throws"],
    ["attempted", "hangs"],
    ["attempted", "loses-answer"],
  ] as const)(
    "is said when %s %s, and is known as said when the database comes back",
    async (call, fault) => {
      const { time, heard, deliveries } = await scene(call, fault);
      const said = [`${HALTED} (the database does not answer)`];
      expect(heard(CONSOLE)).toEqual(said);
      deliveries.fault = () => "none";
      await time.pass(60_000);
      expect(heard(CONSOLE)).toEqual(said);
      expect(deliveries.rows.map(({ state }) => state)).toEqual(["delivered"]);
    },
  );

  test("is not said beside itself when only its outcome cannot be written", async () => {
    const { time, heard } = await scene("delivered", "throws");
    await time.pass(60_000);
    expect(heard(CONSOLE)).toEqual([HALTED]);
  });

  test("is tried without its row when it was not sent and the database fails after that", async () => {
    const made = courierScene([], { rooms: ONE });
    made.mouth.answer = answers(down);
    made.deliveries.fault = (name) => (name === "failed" ? "throws" : "none");
    made.journal.events.push(...numbered([HALT]));
    made.open().start();
    await made.time.pass(1);
    made.deliveries.fault = () => "throws";
    await made.time.pass(20_000);
    expect(made.heard(CONSOLE)).toEqual([HALTED, `${HALTED} (the database does not answer)`]);
    made.deliveries.fault = () => "none";
    await made.time.pass(60_000);
    expect(made.heard(CONSOLE)).toHaveLength(2);
  });
});

test("with the database down an alarm leaves before the answers that wait for their pace", async () => {
  const { time, open, times, deliveries } = courierScene([], {
    pace: { pace: GROUP, editEveryMs: 5000 },
    rooms: ONE,
  });
  deliveries.fault = () => "throws";
  const courier = open();
  courier.start();
  for (let n = 0; n < 40; n += 1) {
    await courier.answer(CONSOLE, card({ headline: `answer ${n}` }), `a${n}`);
  }
  courier.hear(numbered([HALT]));
  await time.pass(10_000);
  expect(times).toContain(`2000 ${EARLY}`);
});

test("answers that still wait when the database is back hold up no row of it", async () => {
  const { time, open, times, deliveries, journal } = courierScene([], {
    pace: { pace: GROUP, editEveryMs: 5000 },
    rooms: ONE,
  });
  deliveries.fault = (call) => (call === "add" ? "loses-answer" : "throws");
  const courier = open();
  courier.start();
  for (let n = 0; n < 30; n += 1) {
    await courier.answer(CONSOLE, card({ headline: `answer ${n}` }), `a${n}`);
  }
  await time.pass(10_000);
  deliveries.fault = () => "none";
  await time.pass(1000);
  journal.events.push(...numbered([HALT]));
  courier.nudge();
  await time.pass(10);
  expect(times.at(-1)).toBe(`11000 ${HALTED}`);
  await time.pass(400_000);
  const said = times.map((one) => one.replace(/^\d+ /, ""));
  expect(new Set(said).size).toBe(said.length);
  expect(said).toHaveLength(31);
});

test("a messenger that throws when asked where to look silences no room", async () => {
  const made = courierScene([], { find: () => unknown, rooms: ONE });
  made.mouth.mark = () => {
    throw new Error("no mark");
  };
  await made.put(made.open(), row("a"), row("b"));
  await made.time.pass(1000);
  expect(made.heard(CONSOLE)).toEqual(["a", "b"]);
});

test("a voice that fails stops neither rows nor what is said without them, and is told in the log", async () => {
  const alerts = {
    ...ALERTS,
    "intent.vetoed": () => {
      throw new Error("no words");
    },
  };
  const made = courierScene([], { rooms: ONE, alerts });
  const events = numbered([vetoed(), HALT]);
  made.deliveries.fault = () => "throws";
  const courier = made.open();
  courier.start();
  courier.hear(events);
  await made.time.pass(3000);
  expect(made.heard(CONSOLE)).toEqual([EARLY]);
  made.deliveries.fault = () => "none";
  made.journal.events.push(...events, ...numbered([filled("0.00152")], 3));
  courier.nudge();
  await made.time.pass(10_000);
  expect(made.deliveries.stored()).toBe(3);
  expect(made.heard(CONSOLE)).toContain("BUY filled 0.00152 BTC @ 65,084.10");
  expect(made.log.sentences).toContain("an event could not be told");
});

test("an alarm that was perhaps shown is not said as new because the database fails before its repeat", async () => {
  const made = courierScene([], { rooms: ONE });
  made.mouth.answer = answers(lost, down);
  made.journal.events.push(...numbered([HALT]));
  made.open().start();
  await made.time.pass(2001);
  expect(made.heard(CONSOLE)).toEqual([HALTED, `${HALTED} (possibly repeated)`]);
  made.deliveries.fault = () => "throws";
  await made.time.pass(20_000);
  expect(made.heard(CONSOLE)).toHaveLength(2);
});

test("an alarm that left from a row whose writing was not confirmed is not said beside it", async () => {
  const made = courierScene([], { rooms: ONE });
  made.deliveries.fault = (call) => (call === "add" ? "loses-answer" : "none");
  const courier = made.open();
  courier.start();
  await made.time.pass(4000);
  const events = numbered([HALT]);
  courier.hear(events);
  made.journal.events.push(...events);
  courier.nudge();
  await made.time.pass(20_000);
  expect(made.times).toEqual([`5000 ${HALTED}`]);
});

test("of two alarms without rows that are both in doubt neither is looked for", async () => {
  const made = courierScene([], { rooms: ONE, find: () => ({ kind: "absent" }) });
  made.deliveries.fault = () => "throws";
  made.mouth.answer = answers(lost, lost);
  const courier = made.open();
  courier.start();
  courier.hear(numbered([HALT, HALT]));
  await made.time.pass(20_000);
  expect(made.looked).toEqual([]);
  const again = `${EARLY} (possibly repeated)`;
  expect(made.heard(CONSOLE)).toEqual([EARLY, EARLY, again, again]);
});
