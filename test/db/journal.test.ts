/** The journal: what it takes, what it refuses, and that nothing it took is lost or changed. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Client, connect } from "../../db/connect.ts";
import { parseDatabaseUrl } from "../../db/url.ts";
import { openJournal } from "../../src/adapters/postgres/journal.ts";
import { openLease } from "../../src/adapters/postgres/lease.ts";
import type { Event } from "../../src/core/engine/event.ts";
import { type TestDatabase, testDatabase } from "../kit/database.ts";
import { hangingProxy } from "../kit/hanging-proxy.ts";
import { aRun, at, numbered, paused } from "./samples.ts";

const MINUTE = 60_000;
let made: TestDatabase;
let journal: ReturnType<typeof openJournal>;
let lease: ReturnType<typeof openLease>;
let spy: Client;

beforeAll(async () => {
  made = await testDatabase();
  spy = connect(made.database.owner, { name: "spy" });
});
afterAll(async () => {
  await spy.end();
  await made.close();
});

async function opened(): Promise<number> {
  lease = openLease(made.database.desk);
  const taken = await lease.take("test", at(0), MINUTE);
  if (!taken.ok) throw new Error("the lease is free");
  journal = openJournal({ connection: made.database.desk, epoch: taken.value.epoch });
  return taken.value.epoch;
}

const one = (seq: number, reason: string): readonly Event[] => numbered(seq, [paused(reason)]);

describe("appending", () => {
  beforeEach(async () => {
    await spy`alter table claudbot.events disable trigger events_append_only`;
    await spy`truncate claudbot.events, claudbot.checkpoints`;
    await spy`update claudbot.lease set epoch = 0, expires_at = to_timestamp(0)`;
    await spy`alter table claudbot.events enable trigger events_append_only`;
    await opened();
    return async () => {
      await journal.close();
      await lease.close();
    };
  });

  test("events come back exactly as they went in", async () => {
    const events = numbered(1, aRun);
    expect(await journal.append(events)).toEqual({ ok: true, value: undefined });
    expect(await journal.read(0, 1000)).toEqual(events);
    expect(await journal.read(3, 2)).toEqual(events.slice(3, 5));
  });

  test("amounts stand in the database as decimals", async () => {
    await journal.append(numbered(1, aRun));
    const [row] = await spy`
      select body->'value'->>'$n' as value from claudbot.events where kind = 'order.filled' limit 1`;
    expect(row?.["value"]).toBe("98.927832000000000001");
  });

  test("an append that is repeated after its answer was lost is taken once", async () => {
    const events = numbered(1, aRun);
    await journal.append(events);
    expect(await journal.append(events)).toEqual({ ok: true, value: undefined });
    expect(await journal.read(0, 1000)).toHaveLength(events.length);
  });

  test("a repetition that has grown adds only what is new", async () => {
    const events = numbered(1, aRun);
    await journal.append(events.slice(0, 3));
    expect(await journal.append(events)).toEqual({ ok: true, value: undefined });
    expect(await journal.read(0, 1000)).toEqual(events);
  });

  test("other events under stored numbers are refused, and change nothing", async () => {
    await journal.append(one(1, "first"));
    const answer = await journal.append(one(1, "second"));
    expect(answer).toMatchObject({ ok: false, error: { kind: "out-of-order" } });
    expect(await journal.read(0, 10)).toEqual(one(1, "first"));
  });

  test("a gap after what is stored is refused", async () => {
    await journal.append(one(1, "first"));
    const answer = await journal.append(one(3, "third"));
    expect(answer).toMatchObject({ ok: false, error: { kind: "out-of-order" } });
  });

  test("a gap inside an append is refused as a whole", async () => {
    const answer = await journal.append([...one(1, "first"), ...one(3, "third")]);
    expect(answer).toMatchObject({ ok: false, error: { kind: "out-of-order" } });
    expect(await journal.read(0, 10)).toEqual([]);
  });

  test("after a takeover the older epoch appends nothing, not even a repetition", async () => {
    await journal.append(one(1, "ours"));
    const other = openLease(made.database.desk);
    await lease.release();
    expect(await other.take("other", at(1), MINUTE)).toMatchObject({ ok: true });
    expect(await journal.append(one(2, "late"))).toEqual({ ok: false, error: { kind: "fenced" } });
    expect(await journal.append(one(1, "ours"))).toEqual({ ok: false, error: { kind: "fenced" } });
    expect(await journal.read(0, 10)).toHaveLength(1);
    await other.close();
  });

  test("a takeover waits for an append in flight, and a renewal does not", async () => {
    const inFlight = connect(made.database.owner, { name: "in flight" });
    const order: string[] = [];
    const other = openLease(made.database.desk);
    const seen = await other.look();
    let takeover: Promise<unknown> = Promise.resolve();
    await inFlight.begin(async (turn) => {
      await turn`select from claudbot.lease for key share`;
      takeover = other.take("other", at(0), MINUTE, seen).then(() => order.push("taken"));
      expect(await lease.renew(at(0), MINUTE)).toMatchObject({ ok: true });
      await turn`select pg_sleep(0.1)`;
      order.push("appended");
    });
    await takeover;
    expect(order).toEqual(["appended", "taken"]);
    await inFlight.end();
    await other.close();
  });

  test("text that Postgres cannot hold does not stop the desk", async () => {
    const reason = "a\0b \ud800 c\\u0000 \u0007 🔴";
    expect(await journal.append(one(1, reason))).toMatchObject({ ok: true });
    expect(await journal.append(one(1, reason))).toMatchObject({ ok: true });
    const [event] = await journal.read(0, 1);
    expect(event?.body).toMatchObject({ latch: { reason: "a\ufffdb \ufffd c\\u0000 \u0007 🔴" } });
  });

  test("an append that cannot finish in time is unavailable, and may be repeated", async () => {
    const slow = openJournal({ connection: made.database.desk, epoch: 1, timeoutMs: 100 });
    await spy.begin(async (turn) => {
      await turn`lock table claudbot.events in exclusive mode`;
      expect(await slow.append(one(1, "first"))).toMatchObject({
        ok: false,
        error: { kind: "unavailable" },
      });
    });
    expect(await slow.append(one(1, "first"))).toMatchObject({ ok: true });
    await slow.close();
  });

  test("an append after its connection was cut works on a new one", async () => {
    await journal.append(one(1, "first"));
    await spy`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name like '% journal'`;
    const cut = await journal.append(one(2, "second"));
    if (!cut.ok) expect(cut.error.kind).toBe("unavailable");
    expect(await journal.append(one(2, "second"))).toMatchObject({ ok: true });
    expect(await journal.read(0, 10)).toHaveLength(2);
  });

  test("an append whose acknowledgement was lost on the way back is stored, and known again when it is repeated", async () => {
    await using proxy = await hangingProxy(made.url);
    const { host, port, ssl } = parseDatabaseUrl(proxy.url);
    const { epoch } = await lease.look();
    const far = openJournal({ connection: { ...made.database.desk, host, port, ssl }, epoch });
    expect(await far.append(one(1, "first"))).toMatchObject({ ok: true });
    proxy.loseNextAnswer();
    const unheard = await far.append(one(2, "second"));
    expect(unheard).toMatchObject({ ok: false, error: { kind: "unavailable" } });
    expect(await journal.read(0, 10)).toHaveLength(2);
    const grown = [...one(2, "second"), ...one(3, "third")];
    expect(await far.append(grown)).toMatchObject({ ok: true });
    expect(await journal.read(0, 10)).toEqual([...one(1, "first"), ...grown]);
    await far.close();
  });

  test("a full disk of the database is unavailable, said so, and over as soon as there is room", async () => {
    await spy.unsafe(`
      create function claudbot.no_room() returns trigger language plpgsql as $$ begin
        raise exception 'could not extend file "base/5/1259"' using errcode = '53100';
      end $$;
      create trigger no_room before insert on claudbot.events execute function claudbot.no_room()`);
    try {
      expect(await journal.append(one(1, "first"))).toEqual({
        ok: false,
        error: {
          kind: "unavailable",
          detail: expect.stringMatching(/^the disk of the database is full: free some space/),
        },
      });
    } finally {
      await spy.unsafe("drop function claudbot.no_room() cascade");
    }
    expect(await journal.append(one(1, "first"))).toMatchObject({ ok: true });
    expect(await journal.read(0, 10)).toHaveLength(1);
  });

  test("the newest three checkpoints are kept, and the newest is read", async () => {
    await journal.append(numbered(1, aRun));
    for (const seq of [2, 4, 6, 8]) {
      await journal.writeCheckpoint({ seq, at: at(seq), body: `{"seq":${seq}}` });
    }
    expect(await journal.latestCheckpoint()).toEqual({ seq: 8, at: at(8), body: '{"seq":8}' });
    const kept = await spy<{ seq: string }[]>`select seq from claudbot.checkpoints order by seq`;
    expect(kept.map((row) => row.seq)).toEqual(["4", "6", "8"]);
  });

  test("a checkpoint ahead of the events is refused", async () => {
    await expect(journal.writeCheckpoint({ seq: 99, at: at(0), body: "{}" })).rejects.toThrow(
      /99 was refused/,
    );
    expect(await journal.latestCheckpoint()).toBeNull();
  });
});

describe("rights", () => {
  const changes = [
    "update claudbot.events set kind = 'x'",
    "delete from claudbot.events",
    "truncate claudbot.events",
  ];

  test.each(changes)("the desk's role may not %s", async (text) => {
    const desk = connect(made.database.desk, { name: "desk" });
    await expect(desk.unsafe(text)).rejects.toThrow(/permission denied for table events/);
    await desk.end();
  });

  test.each(changes)("even the owner may not %s", async (text) => {
    await expect(spy.unsafe(text)).rejects.toThrow(/append only/);
  });

  test("the desk's role owns no table and cannot change a table's shape", async () => {
    const desk = connect(made.database.desk, { name: "desk" });
    await expect(desk`drop table claudbot.orders`).rejects.toThrow(/must be owner/);
    await expect(desk`alter table claudbot.events disable trigger all`).rejects.toThrow(
      /must be owner/,
    );
    await desk.end();
  });
});
