import { expect, test } from "vitest";
import { card } from "../../src/chat/compose.ts";
import type { Sent } from "../../src/ports/messenger.ts";
import { courierScene, row } from "../kit/courier-scene.ts";
import {
  BY_ANA,
  CONSOLE,
  filled,
  NOW,
  numbered,
  OTHER_ROOM,
  paused,
  vetoed,
} from "../kit/sample-desk.ts";

test("a committed event becomes a row in each room that hears it, and is sent from there", async () => {
  const { time, open, heard, deliveries } = courierScene(numbered([paused(), filled("0.00152")]));
  const courier = open();
  courier.start();
  await time.pass(10);
  expect(heard(CONSOLE)).toEqual(["PAUSED by Ana", "BUY filled 0.00152 BTC @ 65,084.10"]);
  expect(heard(OTHER_ROOM)).toEqual(["PAUSED by Ana"]);
  expect(deliveries.stored()).toBe(2);
  expect(await courier.counts()).toEqual({ delivered: 3, waiting: 0, failed: 0, oldestMs: 0 });
});

test("answers keep their place behind what the room was told before", async () => {
  const { time, open, heard } = courierScene(
    numbered([{ kind: "request.answered", verb: "resume", by: BY_ANA, refused: true, why: "No." }]),
  );
  const courier = open();
  courier.start();
  await courier.derivedThrough(1);
  await courier.answer(CONSOLE, card({ headline: "status" }), "a1");
  await courier.answer(CONSOLE, card({ headline: "status" }), "a1");
  await time.pass(10);
  expect(heard(CONSOLE)).toEqual(["/resume refused", "status"]);
});

test("edits that wait behind one another leave as one, with the newest text", async () => {
  const { time, open, spoken, deliveries, journal } = courierScene(numbered([vetoed()]), {
    pace: { pace: null, editEveryMs: 5000 },
  });
  const courier = open();
  courier.start();
  await time.pass(10);
  for (let seq = 2; seq <= 9; seq += 1) {
    journal.events.push(...numbered([vetoed()], seq));
    courier.nudge();
    await time.pass(10);
  }
  expect(spoken).toHaveLength(2);
  await time.pass(5000);
  expect(spoken.map(({ text, edited }) => [text.slice(0, 8), edited])).toEqual([
    ["1 veto ·", false],
    ["2 vetoes", true],
    ["9 vetoes", true],
  ]);
  expect(deliveries.rows.every(({ state }) => state === "delivered")).toBe(true);
});

test("a dead messenger of one room holds up no other room", async () => {
  const { time, open, mouth, heard } = courierScene(numbered([paused()]));
  mouth.answer = (delivery) =>
    delivery.room === CONSOLE ? new Promise(() => {}) : { kind: "sent", messageId: "1" };
  open().start();
  await time.pass(100);
  expect(heard(OTHER_ROOM)).toEqual(["PAUSED by Ana"]);
});

test("what was certainly not sent is tried again later, unlabelled, until it gets through", async () => {
  const { time, open, mouth, heard, deliveries } = courierScene(numbered([filled("0.00152")]));
  let refusals = 2;
  mouth.answer = () => {
    refusals -= 1;
    return refusals >= 0
      ? { kind: "not-sent", why: "429", afterMs: 3000 }
      : { kind: "sent", messageId: "1" };
  };
  open().start();
  await time.pass(2900);
  expect(heard(CONSOLE)).toHaveLength(1);
  await time.pass(10_000);
  expect(heard(CONSOLE)).toEqual(Array(3).fill("BUY filled 0.00152 BTC @ 65,084.10"));
  expect(deliveries.rows[0]?.state).toBe("delivered");
});

test("what was perhaps shown is repeated with a label when it is critical, and not at all when it informs", async () => {
  const { time, open, mouth, heard, deliveries } = courierScene(
    numbered([
      { kind: "trading.halted", latch: { at: NOW, by: null, reason: "x" } },
      filled("0.00152"),
    ]),
  );
  const tried = new Set<number>();
  mouth.answer = ({ id }) => {
    if (tried.has(id)) return { kind: "sent", messageId: "1" };
    tried.add(id);
    return { kind: "ambiguous", why: "timeout" };
  };
  open().start();
  await time.pass(20_000);
  expect(heard(CONSOLE)).toEqual([
    "HALTED: x",
    "HALTED: x (possibly repeated)",
    "BUY filled 0.00152 BTC @ 65,084.10",
  ]);
  expect(deliveries.rows.filter(({ state }) => state === "failed")).toHaveLength(1);
});

test("a room that refuses for good is given up without further attempts", async () => {
  const { time, open, mouth, heard, deliveries } = courierScene(numbered([paused()]));
  mouth.answer = () => ({ kind: "refused", why: "gone" });
  open().start();
  await time.pass(60_000);
  expect(heard(CONSOLE)).toHaveLength(1);
  expect(deliveries.rows.every(({ state }) => state === "failed")).toBe(true);
});

test("a room that refuses message after message is logged once, and again after it spoke", async () => {
  const { time, open, mouth, log, deliveries } = courierScene();
  mouth.answer = () => ({ kind: "refused", why: "EPIPE" });
  const courier = open();
  const say = async (name: string): Promise<void> => {
    await courier.answer(CONSOLE, card({ headline: name }), name);
    await time.pass(10);
  };
  for (const name of ["a", "b", "c"]) await say(name);
  expect(deliveries.rows.every(({ state }) => state === "failed")).toBe(true);
  expect(log.sentences).toEqual(["a message was given up"]);
  mouth.answer = () => ({ kind: "sent", messageId: "1" });
  await say("d");
  mouth.answer = () => ({ kind: "refused", why: "EPIPE" });
  await say("e");
  expect(log.sentences).toHaveLength(2);
});

test("after a crash between attempt and outcome the critical is said again, labelled, and the rest once at most", async () => {
  const first = courierScene(numbered([paused(), filled("0.00152")]));
  first.mouth.answer = () => new Promise(() => {});
  const crashed = first.open();
  crashed.start();
  await first.time.pass(10);
  await crashed[Symbol.asyncDispose]();
  for (const row of first.deliveries.rows) {
    if (row.attempts === 0) await first.deliveries.attempted(row.id, NOW, null);
  }
  const second = courierScene(first.journal.events, { deliveries: first.deliveries });
  second.open().start();
  await second.time.pass(1000);
  expect(second.heard(CONSOLE)).toEqual(["PAUSED by Ana (possibly repeated)"]);
  expect(first.deliveries.rows.filter(({ state }) => state === "waiting")).toEqual([]);
});

test("a message that got through is not repeated because its row could not be written", async () => {
  const { time, open, heard, deliveries } = courierScene(numbered([paused()]));
  let failures = 3;
  deliveries.fault = (call) => {
    if (call !== "delivered" || failures === 0) return "none";
    failures -= 1;
    return "throws";
  };
  open().start();
  await time.pass(20_000);
  expect(heard(CONSOLE)).toEqual(["PAUSED by Ana"]);
  expect(deliveries.rows.every(({ state }) => state === "delivered")).toBe(true);
});

test("a full bucket holds back what informs and lets through what must be heard", async () => {
  const events = numbered([filled("0.00152"), filled("0.00152"), filled("0.00152")]);
  const { time, open, heard, journal } = courierScene(events, {
    pace: { pace: { burst: 3, perMinute: 20, keep: { reply: 0, info: 1 } }, editEveryMs: 0 },
  });
  const courier = open();
  courier.start();
  await time.pass(100);
  expect(heard(CONSOLE)).toHaveLength(2);
  journal.events.push(
    ...numbered([{ kind: "trading.halted", latch: { at: NOW, by: null, reason: "x" } }], 4),
  );
  courier.nudge();
  await time.pass(100);
  expect(heard(CONSOLE)[2]).toBe("HALTED: x");
  await time.pass(10_000);
  expect(heard(CONSOLE)).toHaveLength(4);
});

test("an answer does not wait for a database that does not answer", async () => {
  const { time, open, heard, deliveries } = courierScene();
  deliveries.fault = () => "hangs";
  const courier = open();
  void courier.answer(CONSOLE, card({ headline: "status" }), "a1");
  await time.pass(1600);
  expect(heard(CONSOLE)).toEqual(["status"]);
});

test("draining sends what waits, sparing no edits, and stops when its time is over", async () => {
  const { time, open, spoken, mouth } = courierScene(numbered([vetoed(), vetoed(), vetoed()]), {
    pace: { pace: null, editEveryMs: 60_000 },
  });
  const courier = open();
  let drained = false;
  void courier.drain(1000).then(() => {
    drained = true;
  });
  await time.pass(100);
  expect(drained).toBe(true);
  expect(spoken.at(-1)?.text).toContain("3 vetoes");
  mouth.answer = () => new Promise(() => {});
  drained = false;
  void courier.answer(CONSOLE, card({ headline: "x" }), "x");
  void courier.drain(1000).then(() => {
    drained = true;
  });
  await time.pass(1100);
  expect(drained).toBe(true);
});

test("settling says what may be said now, leaves edits their time and waits for none of them", async () => {
  const pace = { pace: null, editEveryMs: 60_000 };
  const { time, open, spoken, journal } = courierScene(numbered([vetoed(), vetoed()]), { pace });
  const courier = open();
  await courier.settle(1000);
  const tell = async (seq: number): Promise<void> => {
    journal.events.push(...numbered([vetoed()], seq));
    let settled = false;
    void courier.settle(1000).then(() => {
      settled = true;
    });
    await time.pass(10);
    expect(settled).toBe(true);
  };
  for (const seq of [3, 4, 5]) await tell(seq);
  const before = spoken.length;
  expect(spoken.at(-1)?.text).toContain("2 vetoes");
  await time.pass(60_000);
  expect(spoken.slice(before).map(({ text }) => text)).toEqual(["5 vetoes · BTC-USD spread"]);
});

test("edits that wait never keep a new message from being seen", async () => {
  const pace = { pace: null, editEveryMs: 600_000 };
  const { time, open, heard, journal } = courierScene(numbered([vetoed(), vetoed()]), { pace });
  const courier = open();
  courier.start();
  await time.pass(10);
  journal.events.push(...numbered(Array.from({ length: 400 }, vetoed), 3));
  journal.events.push(...numbered([filled("0.00152")], 403));
  courier.nudge();
  await time.pass(1000);
  expect(heard(CONSOLE).at(-1)).toBe("BUY filled 0.00152 BTC @ 65,084.10");
});

test("an answer never overtakes an earlier one that has to be tried again", async () => {
  const { time, open, mouth, heard } = courierScene();
  let first = true;
  mouth.answer = () => {
    const sent: Sent = first ? { kind: "ambiguous", why: "x" } : { kind: "sent", messageId: "1" };
    first = false;
    return sent;
  };
  const courier = open();
  await courier.answer(CONSOLE, card({ headline: "one" }), "1");
  await courier.answer(CONSOLE, card({ headline: "two" }), "2");
  await time.pass(10_000);
  expect(heard(CONSOLE)).toEqual(["one", "one (possibly repeated)", "two"]);
});

test("while a desk may send nothing it marks no row as attempted, and says it once when it may", async () => {
  let why: string | null = "this desk stood still for too long";
  const { time, open, put, heard, deliveries } = courierScene([], {
    standing: { anything: () => why },
  });
  await put(open(), row("a"));
  await time.pass(1500);
  expect(deliveries.rows).toMatchObject([{ attempts: 0, uncertain: false }]);
  why = null;
  await time.pass(10_000);
  expect(heard(CONSOLE)).toEqual(["a"]);
  expect(deliveries.rows).toMatchObject([{ attempts: 1, state: "delivered" }]);
});
