/** The outbox and the inbox: order, nothing twice, nothing lost. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../../db/connect.ts";
import { openDeliveries, type PostgresDeliveries } from "../../src/adapters/postgres/deliveries.ts";
import { openInbound } from "../../src/adapters/postgres/inbound.ts";
import { inboundId, roomId } from "../../src/core/kernel/ids.ts";
import type { NewDelivery } from "../../src/ports/deliveries.ts";
import { type TestDatabase, testDatabase } from "../kit/database.ts";
import { at } from "./samples.ts";

const room = roomId("console:local");
const other = roomId("telegram:-100:5");
let made: TestDatabase;
let outbox: PostgresDeliveries;

beforeAll(async () => {
  made = await testDatabase();
  outbox = openDeliveries(made.database.desk);
});
afterAll(async () => {
  await outbox.close();
  await made.close();
});
beforeEach(async () => {
  const owner = connect(made.database.owner, { name: "reset" });
  await owner`truncate claudbot.deliveries, claudbot.cursors, claudbot.inbound`;
  await owner.end();
});

const row = (dedupe: string, over: Partial<NewDelivery> = {}): NewDelivery => ({
  room,
  lane: "info",
  eventSeq: 7,
  dedupe,
  key: null,
  edit: false,
  under: null,
  card: { headline: dedupe, lines: ["one", "two"], mark: "🔴", buttons: [], event: "F7A3" },
  at: at(0),
  ...over,
});

const names = async (of = room, ms = 0): Promise<readonly string[]> =>
  (await outbox.due(of, at(ms), 100)).map((delivery) => delivery.dedupe);

const only = async () => {
  const [delivery, ...rest] = await outbox.due(room, at(0), 10);
  expect(rest).toEqual([]);
  if (!delivery) throw new Error("one row waits");
  return delivery;
};

describe("deliveries", () => {
  test("a row comes back as it was added", async () => {
    await outbox.add([row("a", { eventSeq: null })], null);
    expect(await only()).toEqual({
      ...row("a", { eventSeq: null }),
      id: expect.any(Number),
      attempts: 0,
      uncertain: false,
      attemptedAt: null,
      mark: null,
      messageId: null,
      rootId: null,
    });
  });

  test("critical goes before reply before info, then the oldest first", async () => {
    const lanes = ["info", "reply", "critical", "info", "critical"] as const;
    await outbox.add(
      lanes.map((lane, n) => row(`${lane} ${n}`, { lane })),
      null,
    );
    expect(await names()).toEqual(["critical 2", "critical 4", "reply 1", "info 0", "info 3"]);
  });

  test("rows and cursor move together, and the cursor never goes back", async () => {
    expect(await outbox.cursor()).toBe(0);
    await outbox.add([row("a")], 7);
    await outbox.add([], 5);
    expect(await outbox.cursor()).toBe(7);
    const bad = { ...row("b"), card: undefined } as unknown as NewDelivery;
    await expect(outbox.add([bad], 9)).rejects.toThrow();
    expect(await outbox.cursor()).toBe(7);
  });

  test("the same fact is never said twice in one room, and is said in each room", async () => {
    await outbox.add([row("a"), row("a", { room: other }), row("a")], null);
    await outbox.add([row("a"), row("b")], null);
    expect(await names()).toEqual(["a", "b"]);
    expect(await names(other)).toEqual(["a"]);
    await outbox.delivered((await outbox.due(room, at(0), 1))[0]?.id ?? 0, "m1", at(1));
    await outbox.add([row("a")], null);
    expect(await names()).toEqual(["b"]);
  });

  test("an edit waits for the message it edits, and then knows it", async () => {
    await outbox.add(
      [row("root", { key: "kill" }), row("31/50", { key: "kill", edit: true })],
      null,
    );
    expect(await names()).toEqual(["root"]);
    await outbox.delivered((await only()).id, "m-42", at(1));
    expect(await only()).toMatchObject({ dedupe: "31/50", edit: true, messageId: "m-42" });
  });

  test("of edits of one message that wait, only the newest is sent", async () => {
    await outbox.add([row("10/50", { key: "kill", edit: true })], null);
    await outbox.add(
      [
        row("20/50", { key: "kill", edit: true }),
        row("30/50", { key: "kill", edit: true }),
        row("other", { key: "fill", edit: true }),
        row("there", { key: "kill", edit: true, room: other }),
      ],
      null,
    );
    expect(await names()).toEqual(["30/50", "other"]);
    expect(await names(other)).toEqual(["there"]);
    expect(await outbox.counts()).toEqual({ delivered: 0, waiting: 3, failed: 0 });
  });

  test("an outcome is not swallowed by the edits around it", async () => {
    await outbox.add(
      [
        row("31/50", { key: "kill", edit: true }),
        row("KILLED", { key: "kill" }),
        row("flattened", { key: "kill", edit: true }),
      ],
      null,
    );
    expect(await names()).toContain("KILLED");
  });

  test("an attempt without an outcome is seen as uncertain, and a new edit does not hide it", async () => {
    await outbox.add([row("a", { key: "kill", edit: true })], null);
    await outbox.attempted((await only()).id, at(1), "after 41 \0");
    await outbox.add([row("b", { key: "kill", edit: true })], null);
    const [first, second] = await outbox.due(room, at(2), 10);
    expect(first).toMatchObject({
      dedupe: "a",
      attempts: 1,
      uncertain: true,
      attemptedAt: at(1),
      mark: "after 41 \ufffd",
    });
    expect(second).toMatchObject({ dedupe: "b", uncertain: false });
    await outbox.failed(first?.id ?? 0, "timeout", at(3));
    expect((await outbox.due(room, at(3), 1))[0]).toMatchObject({ attempts: 1, uncertain: false });
  });

  test("a failed row is due again at its moment, or never", async () => {
    await outbox.add([row("a"), row("b")], null);
    const [a, b] = await outbox.due(room, at(0), 2);
    await outbox.failed(a?.id ?? 0, "429", at(5_000));
    await outbox.failed(b?.id ?? 0, "blocked", null);
    expect(await names(room, 4_999)).toEqual([]);
    expect(await names(room, 5_000)).toEqual(["a"]);
    expect(await outbox.counts()).toEqual({ delivered: 0, waiting: 1, failed: 1 });
  });

  test("while one row waits for its moment the whole room is silent, and no other room", async () => {
    await outbox.add([row("a"), row("b", { lane: "critical" }), row("c", { room: other })], null);
    const [, a] = await outbox.due(room, at(0), 2);
    await outbox.failed(a?.id ?? 0, "429", at(7_000));
    expect(await names(room, 6_999)).toEqual([]);
    expect(await names(room, 7_000)).toEqual(["b", "a"]);
    expect(await names(other, 0)).toEqual(["c"]);
  });

  test("what is shown as a reply knows the newest message of its key in its room, or the id it was given", async () => {
    const under = { under: "kill" };
    await outbox.add(
      [
        row("root", { key: "kill" }),
        row("there", { key: "kill", room: other }),
        row("answer", { under: "message:1700.0042" }),
        row("outcome", under),
        row("none", { under: "nothing" }),
      ],
      null,
    );
    const roots = async () =>
      (await outbox.due(room, at(0), 9)).map(({ dedupe, rootId }) => `${dedupe} ${rootId}`);
    const waiting = await outbox.due(room, at(0), 9);
    const [there] = await outbox.due(other, at(0), 1);
    await outbox.delivered(there?.id ?? 0, "m-9", at(1));
    expect(await roots()).toEqual(["root null", "answer 1700.0042", "outcome null", "none null"]);
    await outbox.delivered(waiting[0]?.id ?? 0, "m-1", at(1));
    expect(await roots()).toContain("outcome m-1");
    await outbox.add([row("again", { key: "kill" })], null);
    const again = (await outbox.due(room, at(0), 9)).find(({ dedupe }) => dedupe === "again");
    await outbox.delivered(again?.id ?? 0, "m-2", at(2));
    expect(await roots()).toContain("outcome m-2");
  });

  test("what was said last in a room is recalled, newest last, each message once and from when it was first there", async () => {
    await outbox.add(
      [row("a"), row("b"), row("c"), row("d"), row("e"), row("f", { room: other })],
      null,
    );
    const ids = (await outbox.due(room, at(0), 9)).map(({ id }) => id);
    const said = ["m-1", "m-3", "m-2", "m-1"];
    for (const [n, message] of said.entries()) {
      await outbox.delivered(ids[n] ?? 0, message, at(n === 1 ? 9 : n));
    }
    expect(await outbox.recent(room, 9)).toEqual(["m-1", "m-2", "m-3"]);
    expect(await outbox.recent(room, 2)).toEqual(["m-2", "m-3"]);
    expect(await outbox.recent(other, 9)).toEqual([]);
  });

  test("one row takes the place of many that wait, once, and leaves alone what is in doubt or was said", async () => {
    await outbox.add([row("a"), row("b"), row("c"), row("d")], null);
    const ids = (await outbox.due(room, at(0), 9)).map(({ id }) => id);
    await outbox.delivered(ids[0] ?? 0, "m-1", at(1));
    await outbox.attempted(ids[1] ?? 0, at(1), null);
    await outbox.merge(ids, row("two of them"));
    await outbox.merge(ids, row("two of them"));
    expect(await names()).toEqual(["b", "two of them"]);
    expect(await outbox.counts()).toEqual({ delivered: 1, waiting: 2, failed: 0 });
  });
});

describe("inbound", () => {
  const arrival = (id: string, ms: number) => ({
    id: inboundId(id),
    room,
    account: "telegram:42",
    text: "/pause \0 now",
    sentAt: at(ms),
    receivedAt: at(ms + 5),
  });

  test("a message is stored once, and what a crash left is found, oldest first", async () => {
    const inbox = openInbound(made.database.desk);
    expect(await inbox.store({ ...arrival("t:2", 2), pressed: true })).toBe(true);
    expect(await inbox.store(arrival("t:1", 1))).toBe(true);
    expect(await inbox.store(arrival("t:2", 2))).toBe(false);
    const left = await inbox.unfinished();
    expect(left).toEqual([
      { ...arrival("t:1", 1), text: "/pause \ufffd now" },
      { ...arrival("t:2", 2), text: "/pause \ufffd now", pressed: true },
    ]);
    await inbox.done(inboundId("t:1"), "requested", at(9));
    expect((await inbox.unfinished()).map(({ id }) => id)).toEqual(["t:2"]);
    expect(await inbox.store(arrival("t:1", 1))).toBe(false);
    await inbox.close();
  });
});
