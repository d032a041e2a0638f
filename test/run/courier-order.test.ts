/** What may overtake what, and how long a room keeps quiet. */
import { expect, test } from "vitest";
import { card } from "../../src/chat/compose.ts";
import type { Delivery } from "../../src/ports/deliveries.ts";
import type { Found, Sent } from "../../src/ports/messenger.ts";
import { courierScene, row } from "../kit/courier-scene.ts";
import { CONSOLE } from "../kit/sample-desk.ts";

const down: Sent = { kind: "not-sent", why: "ECONNREFUSED", afterMs: 0 };
const slowDown = (afterMs: number): Sent => ({ kind: "not-sent", why: "429", afterMs });
const lost: Sent = { kind: "ambiguous", why: "timeout" };

/** Answers to sending, one after the other; what comes after them is sent. */
const answers =
  (...given: readonly Sent[]) =>
  ({ id }: Delivery): Sent => {
    const [next, ...rest] = given;
    given = rest;
    return next ?? { kind: "sent", messageId: `m${id}` };
  };

test.each(["shown", "absent"] as const)(
  "while a message is in doubt nothing overtakes it, whatever its lane, and it is %s",
  async (kind) => {
    const find = (): Found => ({ kind, messageId: "m77" });
    const { time, open, put, heard, mouth } = courierScene([], { find });
    mouth.answer = answers(lost);
    const courier = open();
    await put(courier, row("a"), row("b"), row("c"));
    await time.pass(1000);
    await put(courier, row("d", { lane: "reply" }), row("e", { lane: "critical" }));
    await time.pass(900);
    expect(heard(CONSOLE)).toEqual(["a"]);
    await time.pass(60_000);
    const again = kind === "absent" ? ["a"] : [];
    expect(heard(CONSOLE)).toEqual(["a", "e", "d", ...again, "b", "c"]);
  },
);

test("what must be heard overtakes news that certainly was not sent; nothing else of its lane does", async () => {
  const { time, open, put, times, mouth } = courierScene();
  mouth.answer = answers(down, down, down);
  const courier = open();
  await put(courier, row("a"), row("b"));
  await time.pass(4000);
  await put(courier, row("c", { lane: "critical" }), row("d"));
  await time.pass(10_000);
  expect(times).toEqual(["0 a", "1000 a", "3000 a", "4000 c", "4000 a", "4000 b", "4000 d"]);
});

test("a critical message that could not be sent is not overtaken by anything", async () => {
  const { time, open, put, times, mouth } = courierScene();
  mouth.answer = answers(down, down);
  const courier = open();
  await put(courier, row("a", { lane: "critical" }));
  await time.pass(100);
  await put(courier, row("b", { lane: "critical" }), row("c", { lane: "reply" }), row("d"));
  await time.pass(10_000);
  expect(times).toEqual(["0 a", "1000 a", "3000 a", "3000 b", "3000 c", "3000 d"]);
});

test("when the platform names a time the whole room is silent until then, to the millisecond", async () => {
  const { time, open, put, times, mouth } = courierScene();
  mouth.answer = answers(slowDown(7345));
  const courier = open();
  await put(courier, row("a"), row("b"));
  await time.pass(1000);
  await put(courier, row("c", { lane: "critical" }), row("d", { lane: "reply" }));
  courier.reachable("console");
  await time.pass(60_000);
  expect(times).toEqual(["0 a", "7345 c", "7345 d", "7345 a", "7345 b"]);
});

test("what was refused with a time leaves exactly then, when it has not been refused often", async () => {
  const { time, open, put, times, mouth } = courierScene();
  mouth.answer = answers(slowDown(7345), slowDown(2100));
  await put(open(), row("a"));
  await time.pass(60_000);
  expect(times).toEqual(["0 a", "7345 a", "9445 a"]);
});

test("that silence holds for what is said without a row, and after a restart", async () => {
  const { time, open, put, times, mouth, deliveries } = courierScene();
  mouth.answer = answers(slowDown(7345));
  const courier = open();
  await put(courier, row("a"));
  deliveries.fault = () => "throws";
  void courier.answer(CONSOLE, card({ headline: "answer" }), "x");
  await time.pass(1000);
  await courier[Symbol.asyncDispose]();
  expect(times).toEqual(["0 a"]);
  deliveries.fault = () => "none";
  const second = courierScene([], { deliveries, fromMs: 2000 });
  await second.put(second.open(), row("c", { lane: "critical" }));
  await second.time.pass(5344);
  expect(second.times).toEqual([]);
  await second.time.pass(5000);
  expect(second.heard(CONSOLE)).toEqual(["c", "a"]);
});

test("waiting for a platform never grows beyond half a minute", async () => {
  const { time, open, put, times, mouth } = courierScene();
  mouth.answer = () => down;
  await put(open(), row("a"));
  await time.pass(121_000);
  const at = times.map((one) => Number(one.split(" ")[0]));
  expect(at).toEqual([0, 1000, 3000, 7000, 15_000, 31_000, 61_000, 91_000, 121_000]);
});

test("when a platform comes back what waited for it leaves at once, and other platforms are left alone", async () => {
  const { time, open, put, times, mouth } = courierScene();
  mouth.answer = () => slowDown(1000);
  const courier = open();
  await put(courier, row("a"), row("b"));
  await time.pass(32_000);
  times.length = 0;
  mouth.answer = answers();
  courier.reachable("telegram");
  await time.pass(1000);
  expect(times).toEqual([]);
  courier.reachable("console");
  await time.pass(1000);
  expect(times).toEqual(["33000 a", "33000 b"]);
});

test("an attempt that cannot be noted is not made, and leaves no doubt behind", async () => {
  const { time, open, put, times, deliveries } = courierScene();
  let failures = 2;
  deliveries.fault = (call) => {
    if (call !== "attempted" || failures === 0) return "none";
    failures -= 1;
    return "loses-answer";
  };
  await put(open(), row("a"));
  await time.pass(10_000);
  expect(times).toEqual(["2000 a"]);
});

test("an answer is shown under what it answers, with its row and without", async () => {
  const { time, open, mouth, deliveries } = courierScene();
  const roots: (string | null)[] = [];
  mouth.answer = ({ rootId }) => {
    roots.push(rootId);
    return { kind: "sent", messageId: "m1" };
  };
  const courier = open();
  await courier.answer(CONSOLE, card({ headline: "a" }), "a", "message:4711");
  await courier.answer(CONSOLE, card({ headline: "b" }), "b");
  await time.pass(10);
  deliveries.fault = () => "throws";
  await courier.answer(CONSOLE, card({ headline: "c" }), "c", "message:4712");
  await time.pass(10);
  expect(roots).toEqual(["4711", null, "4712"]);
});

test("an outcome is shown under the message of its key, once that is there", async () => {
  const { time, open, put, mouth } = courierScene();
  const roots: string[] = [];
  mouth.answer = ({ id, rootId, card: { headline } }) => {
    roots.push(`${headline} under ${rootId}`);
    return { kind: "sent", messageId: `m${id}` };
  };
  await put(
    open(),
    row("early", { under: "kill", lane: "critical" }),
    row("root", { key: "kill" }),
  );
  await time.pass(10);
  await put(open(), row("outcome", { under: "kill" }));
  await time.pass(10);
  expect(roots).toEqual(["early under null", "root under null", "outcome under m2"]);
});
