/** Too much news for one room becomes one message; nothing else is ever put into one. */
import { expect, test } from "vitest";
import { later } from "../../src/core/kernel/time.ts";
import type { NewDelivery } from "../../src/ports/deliveries.ts";
import type { Sent } from "../../src/ports/messenger.ts";
import type { RoomPace } from "../../src/run/room-sender.ts";
import { courierScene, row } from "../kit/courier-scene.ts";
import { memoryDeliveries } from "../kit/memory-deliveries.ts";
import { CONSOLE, NOW } from "../kit/sample-desk.ts";

const PACE: RoomPace = {
  pace: { burst: 3, perMinute: 57, keep: { reply: 0, info: 1 } },
  editEveryMs: 5000,
};
const down: Sent = { kind: "not-sent", why: "ECONNREFUSED", afterMs: 0 };

const news = (many: number, everyMs: number, over: Partial<NewDelivery> = {}) =>
  Array.from({ length: many }, (_, n) =>
    row(`news ${n}`, { at: later(NOW, n * everyMs), ...over }),
  );

test("after an outage the news is one message, what must be heard and answers are told one by one, and nothing vanishes", async () => {
  const { time, open, put, heard, mouth, deliveries } = courierScene([], { pace: PACE });
  mouth.answer = () => down;
  const courier = open();
  await put(courier, ...news(38, 10_000));
  await put(courier, row("P1", { lane: "critical" }), row("answer", { lane: "reply" }));
  await time.pass(600_000);
  mouth.answer = ({ id }) => ({ kind: "sent", messageId: `m${id}` });
  const before = heard(CONSOLE).length;
  courier.reachable("console");
  await time.pass(60_000);
  expect(heard(CONSOLE).slice(before)).toEqual([
    "P1",
    "answer",
    "38 messages were not sent one by one",
  ]);
  const states = deliveries.rows.map(({ state }) => state);
  expect(states.filter((state) => state === "superseded")).toHaveLength(38);
  expect(states.filter((state) => state === "delivered")).toHaveLength(3);
  expect(deliveries.rows.at(-1)?.card.lines[0]).toBe("They are about 13:07:05 to 13:13:15 EST");
});

test("more than fifty that wait are one message however young, and however many they are", async () => {
  const { time, open, put, heard, deliveries } = courierScene([], { pace: PACE });
  await put(open(), ...news(260, 0));
  await time.pass(10_000);
  expect(heard(CONSOLE)).toEqual(["news 0", "259 messages were not sent one by one"]);
  expect(deliveries.rows.filter(({ state }) => state === "waiting")).toEqual([]);
});

test("a few are told one by one however late, and so is everything in a room without a limit", async () => {
  const late = { at: later(NOW, -3_600_000) };
  const few = courierScene([], { pace: PACE });
  await few.put(few.open(), ...news(4, 0, late));
  await few.time.pass(10_000);
  expect(few.heard(CONSOLE)).toHaveLength(4);
  const unlimited = courierScene();
  await unlimited.put(unlimited.open(), ...news(120, 0, late));
  await unlimited.time.pass(10_000);
  expect(unlimited.heard(CONSOLE)).toHaveLength(120);
});

test.each(["loses-answer", "throws"] as const)(
  "when the database %s over it, or the desk crashes there, there is still one message",
  async (fault) => {
    const deliveries = memoryDeliveries();
    const first = courierScene([], { pace: PACE, deliveries });
    deliveries.fault = (call) => (call === "merge" ? fault : "none");
    const crashed = first.open();
    await first.put(crashed, ...news(60, 0));
    await first.time.pass(500);
    await crashed[Symbol.asyncDispose]();
    deliveries.fault = () => "none";
    const second = courierScene([], { pace: PACE, deliveries, fromMs: 1000 });
    second.open().start();
    await second.time.pass(30_000);
    const said = [...first.heard(CONSOLE), ...second.heard(CONSOLE)];
    expect(said.filter((text) => text.includes("not sent one by one"))).toHaveLength(1);
    expect(deliveries.rows.filter(({ state }) => state === "waiting")).toEqual([]);
  },
);

test("a message in doubt and edits of what is there are not part of it", async () => {
  const { time, open, put, heard, mouth } = courierScene([], {
    pace: PACE,
    find: () => ({ kind: "shown", messageId: "m77" }),
  });
  const courier = open();
  await put(courier, row("root", { key: "k" }));
  mouth.answer = () => ({ kind: "ambiguous", why: "timeout" });
  await put(courier, row("doubted"));
  mouth.answer = ({ id }) => ({ kind: "sent", messageId: `m${id}` });
  await put(courier, ...news(60, 0), row("edit", { key: "k", edit: true }));
  await time.pass(30_000);
  const said = ["root", "doubted", "news 0", "edit", "59 messages were not sent one by one"];
  expect(heard(CONSOLE)).toEqual(said);
});
