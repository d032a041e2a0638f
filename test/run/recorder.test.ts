/** A recorded run played again gives the same events, from any part; what does not follow from the inputs is caught. */
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { storableJson } from "../../src/adapters/postgres/storable.ts";
import { partsAt } from "../../src/adapters/recorder/read.ts";
import type { Event } from "../../src/core/engine/event.ts";
import { newState, type Settings } from "../../src/core/engine/state.ts";
import { NO_QUOTE } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { GATE } from "../../src/core/risk/gate.ts";
import type { Finding } from "../../src/core/risk/rule.ts";
import { maCross } from "../../src/core/strategy/ma-cross.ts";
import { createLoop } from "../../src/run/loop.ts";
import {
  aDay,
  altered,
  CROSS,
  forgetRecordings,
  isWhole,
  pieces,
  recorded,
  replayed,
} from "../kit/recorded.ts";

const day = aDay();
afterAll(forgetRecordings);

const stored = (kept: readonly Event[]) => ({
  asStored: storableJson,
  async *from(after: number) {
    yield* kept.filter(({ seq }) => seq > after);
  },
});

const kinds = (events: readonly Event[]) => events.map(({ body }) => body.kind);

describe("a recording", () => {
  test("played again gives every event again", async () => {
    const { folder, events } = await recorded(day);
    expect(kinds(events)).toEqual(
      expect.arrayContaining([
        "order.filled",
        "intent.vetoed",
        "breaker.tripped",
        "confirmation.opened",
        "limit.changed",
      ]),
    );
    const again = await replayed(folder);
    expect(again).toMatchObject({ inputs: day.length, events: events.length, parts: 1 });
    expect(isWhole(again)).toBe(true);
  });

  test("in many parts is played from any of them, and each begins with the state that the one before leads to", async () => {
    const { folder, events } = await pieces(day);
    const parts = await partsAt(folder);
    expect(parts.length).toBeGreaterThan(2);
    const whole = await replayed(folder);
    expect(whole).toMatchObject({ inputs: day.length, events: events.length, parts: parts.length });
    expect(isWhole(whole)).toBe(true);
    for (const from of parts.keys()) expect(isWhole(await replayed(folder, { from }))).toBe(true);
    for (const part of parts) expect(isWhole(await replayed(part))).toBe(true);
  });

  test("whose part begins with another state than the one before leads to is found out", async () => {
    const { folder } = await pieces(day);
    const second = (await partsAt(folder))[1] ?? "";
    altered(second, (text) => text.replace(/"peakEquity":{"\$n":"\d+/, '"peakEquity":{"$n":"7'));
    const again = await replayed(folder);
    expect(again.difference).toMatchObject({ of: "state" });
    expect(again.difference?.where).toMatch(/^\.desk\.peakEquity\.\$n: "7/);
  });

  test("is compared with the journal too, which may lack what was not yet stored", async () => {
    const { folder, events } = await recorded(day);
    const short = await replayed(folder, { stored: stored(events.slice(0, -2)) });
    expect(short).toMatchObject({ unstored: 2, difference: null });
    const forged = events.map((event) =>
      event.body.kind === "risk.measured"
        ? { ...event, body: { ...event.body, peak: NO_QUOTE } }
        : event,
    );
    const { difference } = await replayed(folder, { stored: stored(forged) });
    expect(difference).toMatchObject({ of: "journal" });
    expect(difference?.where).toContain('.body.peak.$n: "0" and');
  });

  test("of a run that died before all was stored ends where the journal goes on with the next run", async () => {
    const { folder, events } = await pieces(day);
    const parts = await partsAt(folder);
    const next = events.map(({ seq, at, body }) => ({
      ...{ seq, at },
      body: body.kind === "desk.started" ? { ...body, run: "cd34" } : body,
    }));
    /** The next run begins anew after so many events. */
    const diedAfter = (count: number, kept = events) =>
      stored([
        ...kept.slice(0, count),
        ...next.map((event) => ({ ...event, seq: event.seq + count })),
      ]);
    for (const count of [0, 5]) {
      const again = await replayed(folder, { stored: diedAfter(count) });
      expect(again).toMatchObject({ difference: null, unstored: events.length - count });
    }
    // A part that begins after the last stored event meets the next run in its middle.
    const from = parts.length - 1;
    const tail = await replayed(folder, { stored: diedAfter(5), from });
    expect(tail).toMatchObject({ difference: null, unstored: tail.events });
    expect(tail.events).toBeGreaterThan(0);
    // What it did store itself must still be the same.
    const forged = events.map((event) => (event.seq === 4 ? { ...event, at: instant(7) } : event));
    const { difference } = await replayed(folder, { stored: diedAfter(5, forged) });
    expect(difference).toMatchObject({ of: "journal" });
    expect(difference?.where).toMatch(/^\.at: /);
  });
});

describe("what does not follow from the inputs is caught", () => {
  const withRule = (check: () => Finding | null): Settings => ({
    ...CROSS,
    rules: [...GATE, { name: "spread", binds: "entries", needs: [], check }],
  });
  const found = (observed: string): Finding => ({
    observed,
    limit: "",
    unit: "state",
    missing: null,
  });

  test("a rule that asks for the time", async () => {
    let now = 0;
    const clocky = withRule(() => {
      now += 1;
      return found(String(Date.now() + now));
    });
    const { folder } = await recorded(aDay(clocky), { settings: clocky });
    const { difference } = await replayed(folder, { settings: clocky });
    expect(difference?.of).toBe("events");
    expect(difference?.where).toMatch(/vetoes\[0\]\.observed: "\d+" and "\d+"$/);
    expect(difference?.recorded).not.toBe(difference?.replayed);
  });

  test("a rule that says what a map holds in the order it happened to be filled", async () => {
    const seen = new Map<string, boolean>();
    let runs = 0;
    const forgetful = withRule(() => {
      runs += 1;
      for (const key of runs % 2 ? ["a", "b"] : ["b", "a"]) if (!seen.has(key)) seen.set(key, true);
      return found([...seen.keys()].join());
    });
    const inputs = aDay();
    const { folder } = await recorded(inputs, { settings: forgetful });
    seen.clear();
    runs = 1;
    const { difference } = await replayed(folder, { settings: forgetful });
    expect(difference?.where).toMatch(/observed: "a,b" and "b,a"$/);
  });

  test("another strategy than the one that ran", async () => {
    const { folder } = await recorded(day);
    const other = { ...CROSS, strategy: maCross(2, 5) };
    expect((await replayed(folder, { settings: other })).difference).not.toBeNull();
  });

  test("an event more than was recorded, and one less", async () => {
    const { folder } = await recorded(day);
    const [part = ""] = await partsAt(folder);
    const whole = readFileSync(part);
    const isFirst = (line: string): boolean => line.includes('"kind":"order.planned"');
    altered(part, (text) => {
      const lines = text.split("\n");
      lines.splice(lines.findIndex(isFirst), 1);
      return lines.slice(0, -2).join("\n");
    });
    expect((await replayed(folder)).difference?.where).toMatch(/^: nothing and \d events/);
    writeFileSync(part, whole);
    altered(part, (text) => {
      const lines = text.split("\n");
      const at = lines.findIndex(isFirst);
      lines[at] = lines[at]?.replace("]}", `,${lines[at]?.slice(11, -2)}]}`) ?? "";
      return lines.slice(0, -2).join("\n");
    });
    expect((await replayed(folder)).difference).toMatchObject({ of: "events" });
  });
});

test("the loop records an input before the engine takes it, so that a bug is in the recording and comes up again", async () => {
  const broken: Settings = {
    ...CROSS,
    strategy: {
      ...CROSS.strategy,
      decide() {
        throw new Error("an impossible average");
      },
    },
  };
  const { folder, time, log, recorder } = await recorded([], { leaveOpen: true, settings: broken });
  const fatal: string[] = [];
  const loop = createLoop(newState(broken), {
    ...time,
    log,
    recorder,
    writer: {
      write: (_, durable) => durable?.(),
      flush: async () => true,
      stop() {},
      unwrittenMs: () => 0,
      seq: 0,
    },
    decided: () => undefined,
    fatal: (why) => fatal.push(why),
  });
  for (const { body } of day.slice(0, 60)) {
    loop.put(body);
    await time.pass(100);
  }
  expect(fatal).toHaveLength(1);
  await recorder.close();
  const again = await replayed(folder, { settings: broken });
  expect(again).toMatchObject({ difference: null, bug: "Error: an impossible average" });
  const mended = await replayed(folder, { settings: CROSS });
  expect(mended.bug).toBeNull();
});
