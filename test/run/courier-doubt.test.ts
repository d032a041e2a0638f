/** What was perhaps shown is looked for before anything is repeated. */
import { describe, expect, test } from "vitest";
import type { Delivery } from "../../src/ports/deliveries.ts";
import type { Found, Sent } from "../../src/ports/messenger.ts";
import { courierScene, row } from "../kit/courier-scene.ts";
import { CONSOLE, numbered, OTHER_ROOM, paused } from "../kit/sample-desk.ts";

const lost: Sent = { kind: "ambiguous", why: "timeout" };
const sent = ({ id }: Delivery): Sent => ({ kind: "sent", messageId: `m${id}` });
const unknown = (afterMs: number | null): Found => ({ kind: "unknown", why: "x", afterMs });

/** Answers to sending, one after the other; what comes after them is sent. */
const answers =
  (...given: readonly Sent[]) =>
  (delivery: Delivery): Sent => {
    const [next, ...rest] = given;
    given = rest;
    return next ?? sent(delivery);
  };

test("a message whose answer was lost is found after two seconds, and is there once", async () => {
  const find = (): Found => ({ kind: "shown", messageId: "m77" });
  const { time, open, put, times, looked, mouth, deliveries } = courierScene([], { find });
  mouth.answer = answers(lost);
  await put(open(), row("a"));
  await time.pass(1999);
  expect(looked).toEqual([]);
  await time.pass(1);
  expect(looked).toEqual([{ text: "a", mark: "after 0", ms: 2000 }]);
  await time.pass(60_000);
  expect(times).toEqual(["0 a"]);
  expect(deliveries.rows[0]).toMatchObject({ state: "delivered", messageId: "m77" });
});

test("a message whose request was lost is sent once more, without a label", async () => {
  const { time, open, put, times, looked, mouth } = courierScene([], {
    find: () => ({ kind: "absent" }),
  });
  mouth.answer = answers(lost);
  await put(open(), row("a"));
  await time.pass(60_000);
  expect(times).toEqual(["0 a", "2000 a"]);
  expect(looked).toHaveLength(1);
});

test("a platform that swallows every request is tried less and less often, each time after looking", async () => {
  const { time, open, put, times, mouth } = courierScene([], { find: () => ({ kind: "absent" }) });
  mouth.answer = () => lost;
  await put(open(), row("a"));
  await time.pass(40_000);
  expect(times).toEqual(["0 a", "2000 a", "4000 a", "8000 a", "16000 a", "32000 a"]);
});

test.each([
  ["critical", ["0 a", "2000 a (possibly repeated)"]],
  ["reply", ["0 a", "2000 a (possibly repeated)"]],
  ["info", ["0 a"]],
] as const)("without evidence for ever, %s is said %j", async (lane, said) => {
  const { time, open, put, times, mouth } = courierScene([], { find: () => unknown(null) });
  mouth.answer = answers(lost);
  await put(open(), row("a", { lane }));
  await time.pass(120_000);
  expect(times).toEqual(said);
});

test("without evidence for now what wakes people is looked for four times, then repeated with a label", async () => {
  const { time, open, put, times, looked, mouth } = courierScene([], { find: () => unknown(3000) });
  mouth.answer = answers(lost);
  await put(open(), row("a", { lane: "critical" }), row("b"));
  await time.pass(120_000);
  expect(looked.map(({ ms }) => ms)).toEqual([2000, 5000, 8000, 11_000]);
  expect(times).toEqual(["0 a", "11000 a (possibly repeated)", "11000 b"]);
});

test("news is looked for a whole minute, and only what is more urgent leaves before that", async () => {
  const patient = courierScene([], { find: () => unknown(7000) });
  patient.mouth.answer = answers(lost);
  await patient.put(patient.open(), row("a"), row("b"));
  await patient.time.pass(120_000);
  expect(patient.times).toEqual(["0 a", "60000 b"]);
  const pressed = courierScene([], { find: () => unknown(7000) });
  pressed.mouth.answer = answers(lost);
  const courier = pressed.open();
  await pressed.put(courier, row("a"), row("b"));
  await pressed.time.pass(10_000);
  await pressed.put(courier, row("c", { lane: "critical" }));
  await pressed.time.pass(10_000);
  expect(pressed.times).toEqual(["0 a", "10000 c"]);
  await pressed.time.pass(100_000);
  expect(pressed.times).toEqual(["0 a", "10000 c", "60000 b"]);
});

test.each(["info", "reply"] as const)(
  "an alarm that comes while %s is in doubt waits for one look at it, and the doubt is settled afterwards",
  async (lane) => {
    const { time, open, put, times, looked, mouth } = courierScene([], {
      find: () => unknown(60_000),
    });
    mouth.answer = answers(lost);
    const courier = open();
    await put(courier, row("a", { lane }));
    await time.pass(100);
    await put(courier, row("P0", { lane: "critical" }));
    await time.pass(200_000);
    const again = lane === "reply" ? ["60000 a (possibly repeated)"] : [];
    expect(times).toEqual(["0 a", "2000 P0", ...again]);
    expect(looked.map(({ ms }) => ms)).toEqual([2000]);
  },
);

test.each([
  ["hangs", () => new Promise<Sent>(() => {})],
  ["is not sent", (): Sent => ({ kind: "not-sent", why: "400", afterMs: 0 })],
])("an alarm does not wait for the repeats of an answer when the repeat %s", async (_, repeat) => {
  const { time, open, put, times, mouth } = courierScene([], { find: () => unknown(null) });
  mouth.answer = (delivery) => {
    if (delivery.lane === "critical") return sent(delivery);
    return delivery.card.headline === "a" ? lost : repeat();
  };
  const courier = open();
  await put(courier, row("a", { lane: "reply" }));
  await time.pass(3000);
  await put(courier, row("P0", { lane: "critical" }));
  await time.pass(25_000);
  const at = Number(times.find((one) => one.endsWith("P0"))?.split(" ")[0]);
  expect(at).toBeLessThanOrEqual(22_000);
});

test("of two messages in doubt there is no evidence: the one could be taken for the other", async () => {
  const { time, open, put, times, looked, mouth } = courierScene([], { find: () => unknown(1000) });
  mouth.answer = answers(lost, lost);
  const courier = open();
  await put(courier, row("a", { lane: "reply" }));
  await time.pass(100);
  await put(courier, row("P0", { lane: "critical" }));
  await time.pass(60_000);
  expect(looked.map(({ text }) => text)).toEqual(["a"]);
  expect(times).toEqual([
    "0 a",
    "2000 P0",
    "3000 P0 (possibly repeated)",
    "3000 a (possibly repeated)",
  ]);
});

test("a repeat that certainly did not leave keeps its doubt: the platform is asked again, and may know by then", async () => {
  let back = false;
  const find = (): Found => (back ? { kind: "shown", messageId: "m77" } : unknown(1000));
  const { time, open, put, times, mouth, deliveries } = courierScene([], { find });
  const down: Sent = { kind: "not-sent", why: "ECONNREFUSED", afterMs: 0 };
  mouth.answer = answers(lost, down, down, down, down, down);
  await put(open(), row("a", { lane: "critical" }));
  await time.pass(15_000);
  expect(times.slice(0, 2)).toEqual(["0 a", "5000 a (possibly repeated)"]);
  expect(deliveries.rows[0]).toMatchObject({ state: "waiting", uncertain: true });
  back = true;
  const before = times.length;
  await time.pass(60_000);
  expect(times).toHaveLength(before);
  expect(deliveries.rows[0]).toMatchObject({ state: "delivered", messageId: "m77" });
});

test("a repeat that is proven absent proves nothing of the first message: the label stays", async () => {
  const found = [unknown(null), { kind: "absent" } as const];
  const { time, open, put, times, mouth } = courierScene([], {
    find: () => found.shift() ?? unknown(null),
  });
  mouth.answer = answers(lost, lost);
  await put(open(), row("a", { lane: "critical" }));
  await time.pass(60_000);
  expect(times).toEqual(["0 a", "2000 a (possibly repeated)", "6000 a (possibly repeated)"]);
});

test("an edit of a message that is there is simply made again, and nothing waits for it", async () => {
  const { time, open, put, looked, spoken, mouth } = courierScene([], {
    find: () => ({ kind: "absent" }),
  });
  const courier = open();
  await put(courier, row("root", { key: "k", lane: "critical" }));
  mouth.answer = answers(lost);
  await put(courier, row("progress", { key: "k", edit: true, lane: "critical" }), row("b"));
  await time.pass(10_000);
  expect(spoken.map(({ text }) => text)).toEqual(["root", "progress", "b", "progress"]);
  expect(looked).toEqual([]);
});

test("an edit that perhaps became a message of its own is looked for as one, and repeated with a label", async () => {
  const { time, open, put, spoken, mouth } = courierScene([], { find: () => unknown(null) });
  const courier = open();
  await put(courier, row("root", { key: "k", lane: "critical" }));
  const ids: (string | null)[] = [];
  mouth.answer = (delivery) => {
    ids.push(delivery.messageId);
    return ids.length === 1 ? { ...lost, anew: true } : sent(delivery);
  };
  await put(courier, row("progress", { key: "k", edit: true, lane: "critical" }), row("b"));
  await time.pass(60_000);
  expect(spoken.map(({ text }) => text)).toEqual([
    "root",
    "progress",
    "progress (possibly repeated)",
    "b",
  ]);
  expect(ids).toEqual(["m1", null, null]);
});

test("an edit that perhaps became a message of its own is there once when it is found", async () => {
  const asked: (string | null)[] = [];
  const { time, open, put, heard, mouth, deliveries } = courierScene([], {
    find: ({ messageId }) => {
      asked.push(messageId);
      return { kind: "shown", messageId: "m77" };
    },
  });
  const courier = open();
  await put(courier, row("root", { key: "k" }));
  mouth.answer = () => ({ ...lost, anew: true });
  await put(courier, row("progress", { key: "k", edit: true }));
  await time.pass(60_000);
  expect(heard(CONSOLE)).toEqual(["root", "progress"]);
  expect(asked).toEqual([null]);
  expect(deliveries.rows[1]).toMatchObject({ state: "delivered", messageId: "m77" });
});

describe("a message that was said without a row", () => {
  const scene = async (found: Found) => {
    const events = numbered([paused()]);
    const made = courierScene([], { find: () => found });
    const { time, deliveries, journal, open, mouth } = made;
    deliveries.fault = () => "throws";
    mouth.answer = answers(lost, lost);
    const courier = open();
    courier.start();
    courier.hear(events);
    await time.pass(3000);
    journal.events.push(...events);
    deliveries.fault = () => "none";
    courier.nudge();
    await time.pass(60_000);
    return made;
  };

  test("is looked for as it was sent when its row comes, and found", async () => {
    const { heard, looked, deliveries } = await scene({ kind: "shown", messageId: "m77" });
    const said = "PAUSED by Ana (not in the journal yet)";
    expect(heard(CONSOLE)).toEqual([said]);
    expect(heard(OTHER_ROOM)).toEqual([said]);
    expect(looked.map(({ text, mark }) => [text, mark])).toEqual([
      [said, "after 0"],
      [said, "after 1"],
    ]);
    expect(deliveries.rows.every(({ messageId }) => messageId === "m77")).toBe(true);
  });

  test("and is not there is sent as if for the first time", async () => {
    const { heard } = await scene({ kind: "absent" });
    expect(heard(CONSOLE)).toEqual(["PAUSED by Ana (not in the journal yet)", "PAUSED by Ana"]);
  });
});
