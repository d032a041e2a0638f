/** The key of a running desk: its rights every hour, its age every day, and where it stands whenever that changes. */
import { expect, test } from "vitest";
import { signingKey } from "../../src/adapters/coinbase/keys.ts";
import type { Permissions } from "../../src/adapters/coinbase/rest/key-permissions.ts";
import { careForKey } from "../../src/cli/key-care.ts";
import { type KeyWatchOptions, watchKey } from "../../src/cli/key-watch.ts";
import type { Profile } from "../../src/config/profiles.ts";
import type { KeySource } from "../../src/config/venue-key.ts";
import type { Notice } from "../../src/core/engine/input.ts";
import { fail, ok, type Result } from "../../src/core/kernel/result.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { VenueFault } from "../../src/ports/venue.ts";
import { memoryLog, vectorJson } from "../adapters/coinbase/world.ts";
import { manualTime } from "../kit/manual-time.ts";

const { key_name: NAME, ec, ed25519 } = vectorJson("auth/test-keys.json");
const DAY = 86_400_000;
const GOOD: Permissions = { canView: true, canTrade: true, canTransfer: false, portfolio: "p-1" };

function told() {
  const notices: Extract<Notice, { kind: "security" }>[] = [];
  return {
    notices,
    what: () => notices.map(({ what }) => what),
    port: { note: (notice: Notice) => void (notice.kind === "security" && notices.push(notice)) },
  };
}

function care(profile: Profile = "live", created: number | null = null) {
  const time = manualTime(instant(100 * DAY));
  const log = memoryLog();
  const heard = told();
  const venue = { says: ok(GOOD) as Result<Permissions, VenueFault>, asked: 0 };
  const watched = careForKey({
    profile,
    coinbase: {
      permissions: async () => {
        venue.asked += 1;
        return venue.says;
      },
    },
    permissions: GOOD,
    created: created === null ? null : instant(created * DAY),
    notices: heard.port,
    clock: time.clock,
    timers: time.timers,
    log,
  });
  return { ...heard, time, log, venue, watched };
}

const HOUR = 3_600_000;

test("rights that change while live runs are told once, and the loss of trading has its own word", async () => {
  const { what, time, venue, watched } = care();
  await time.pass(HOUR);
  expect(what()).toEqual([]);
  venue.says = ok({ ...GOOD, canTransfer: true });
  await time.pass(3 * HOUR);
  expect(what()).toEqual(["key-may-transfer"]);
  venue.says = ok({ ...GOOD, canTrade: false });
  await time.pass(2 * HOUR);
  expect(what()).toEqual(["key-may-transfer", "key-cannot-trade"]);
  expect(watched.known()).toMatchObject({ canTrade: false });
  expect(venue.asked).toBe(6);
});

test("what cannot be read changes nothing and is a line in the log", async () => {
  const { what, time, venue, log, watched } = care();
  venue.says = fail({ kind: "refused", detail: "HTTP 401" });
  await time.pass(HOUR);
  expect(what()).toEqual([]);
  expect(watched.known()).toEqual(GOOD);
  expect(log.lines).toMatchObject([{ level: "warn", fields: { why: "HTTP 401" } }]);
});

test("in paper a change of rights is for the log alone; in the demo nobody is asked", async () => {
  const paper = care("paper");
  paper.venue.says = ok({ ...GOOD, canTransfer: true, canTrade: false });
  await paper.time.pass(HOUR);
  expect(paper.what()).toEqual([]);
  expect(paper.log.lines.map(({ level }) => level)).toEqual(["warn", "warn"]);
  const demo = care("demo");
  await demo.time.pass(3 * HOUR);
  expect(demo.venue.asked).toBe(0);
});

test("from 80 days on the log says once a day that a key should be replaced, from 90 days on everybody hears it", async () => {
  const { notices, what, time, log } = care("paper", 100 - 79);
  await time.pass(23 * HOUR);
  expect(log.lines).toEqual([]);
  await time.pass(10 * 24 * HOUR - 23 * HOUR);
  expect(log.lines.map(({ fields }) => fields)).toEqual(
    [80, 81, 82, 83, 84, 85, 86, 87, 88, 89].map((days) => ({ days })),
  );
  expect(what()).toEqual([]);
  await time.pass(2 * 24 * HOUR);
  expect(what()).toEqual(["key-old", "key-old"]);
  expect(notices[0]?.detail).toMatch(/^The API key is 90 days old/);
});

test("the age of a new key counts from its first day here, and an answer about the one before is not believed", async () => {
  const { what, time, venue, watched } = care("live", 5);
  expect(what()).toEqual(["key-old"]);
  let answer = (_: Result<Permissions, VenueFault>): void => undefined;
  const slow = new Promise<Result<Permissions, VenueFault>>((resolve) => {
    answer = resolve;
  });
  venue.says = slow as never;
  await time.pass(HOUR);
  watched.changed({ ...GOOD, portfolio: "p-9" });
  answer(ok({ ...GOOD, canTrade: false }));
  venue.says = ok({ ...GOOD, portfolio: "p-9" });
  await time.pass(79 * 24 * HOUR);
  expect(what()).toEqual(["key-old"]);
  watched.stop();
  await time.pass(40 * 24 * HOUR);
  expect(what()).toEqual(["key-old"]);
});

const FILE: KeySource = {
  from: "file",
  setting: "COINBASE_KEY_FILE",
  path: "/k",
  shown: "k",
  notIn: "/p",
};
const COMMAND = { from: "command", setting: "COINBASE_KEY_COMMAND" } as KeySource;
const ENVIRONMENT = { from: "environment", setting: "COINBASE_API_SECRET" } as KeySource;
const FIRST = { name: NAME, secret: ec.sec1_pem, hash: "1" };
const SECOND = { name: `${NAME}-b`, secret: ed25519.pkcs8_pem, hash: "2" };

function watching(source: KeySource, over: Partial<KeyWatchOptions> = {}) {
  const time = manualTime(instant(0));
  const log = memoryLog();
  const heard = told();
  const place = {
    holds: ok(FIRST) as Awaited<ReturnType<NonNullable<KeyWatchOptions["read"]>>>,
    reads: 0,
  };
  const venue = { says: ok(GOOD) as Result<Permissions, VenueFault>, given: [] as string[] };
  const watch = watchKey({
    profile: "live",
    source,
    key: signingKey(FIRST),
    coinbase: {
      rotate: async ({ name }) => {
        venue.given.push(name);
        return venue.says;
      },
    },
    known: () => GOOD,
    changed: () => undefined,
    notices: heard.port,
    timers: time.timers,
    log,
    read: async () => {
      place.reads += 1;
      return place.holds;
    },
    ...over,
  });
  return { ...heard, time, log, place, venue, watch };
}

test("a file is looked at every 15 seconds, a command run every ten minutes, the environment left alone", async () => {
  const counts = await Promise.all(
    [FILE, COMMAND, ENVIRONMENT].map(async (source) => {
      const { time, place } = watching(source);
      await time.pass(600_000);
      return place.reads;
    }),
  );
  expect(counts).toEqual([40, 1, 0]);
});

test("a new text with a new key is a change; the same key in other words is none", async () => {
  const { what, time, place, venue, log } = watching(FILE);
  place.holds = ok({ ...FIRST, secret: ec.pkcs8_pem, hash: "1b" });
  await time.pass(15_000);
  expect(venue.given).toEqual([]);
  place.holds = ok(SECOND);
  await time.pass(60_000);
  expect(venue.given).toEqual([SECOND.name]);
  expect(what()).toEqual(["key-changed"]);
  expect(log.lines).toMatchObject([{ level: "info", sentence: "the API key was changed" }]);
});

test("a half-written file is told of only when it is still broken at the next look, and then once", async () => {
  const { what, time, place, venue } = watching(FILE);
  place.holds = ok({ ...SECOND, secret: SECOND.secret.slice(0, 60), hash: "half" });
  await time.pass(15_000);
  expect(what()).toEqual([]);
  place.holds = ok(SECOND);
  await time.pass(15_000);
  expect(what()).toEqual(["key-changed"]);
  place.holds = ok({ ...FIRST, secret: "hunter2!", hash: "broken" });
  await time.pass(120_000);
  expect(what()).toEqual(["key-changed", "key-refused"]);
  expect(venue.given).toHaveLength(1);
});

test("a key that the venue refuses is told at once, one that it gives no answer for at the second look, and both are tried on", async () => {
  const { what, time, place, venue } = watching(FILE);
  place.holds = ok(SECOND);
  venue.says = fail({ kind: "unavailable", detail: "no answer" });
  await time.pass(15_000);
  expect(what()).toEqual([]);
  await time.pass(30_000);
  expect(what()).toEqual(["key-refused"]);
  venue.says = fail({ kind: "refused", detail: "HTTP 401" });
  await time.pass(30_000);
  expect(what()).toEqual(["key-refused", "key-refused"]);
  venue.says = ok(GOOD);
  await time.pass(30_000);
  expect(what()).toEqual(["key-refused", "key-refused", "key-changed"]);
  expect(venue.given).toHaveLength(6);
});

test("asked for it looks at once and says what came of it", async () => {
  const { what, place, watch, log } = watching(COMMAND);
  expect(await watch.look()).toBe("the API key is unchanged");
  place.holds = fail({
    where: "COINBASE_KEY_COMMAND",
    what: "the command ended with exit code 2",
    fix: "Run it",
  });
  expect(await watch.look()).toBe(
    "the new API key was not taken over: COINBASE_KEY_COMMAND: the command ended with exit code 2. Run it",
  );
  expect(what()).toEqual(["key-refused"]);
  expect(log.lines).toHaveLength(1);
  watch.stop();
  place.holds = ok(SECOND);
  expect(await watch.look()).toBe("the API key is unchanged");
});

test("a key in the environment cannot be read anew, and whoever asks is told so", async () => {
  const { place, watch } = watching(ENVIRONMENT);
  expect(await watch.look()).toMatch(/stands in the environment.*COINBASE_KEY_FILE, or restart/);
  expect(place.reads).toBe(0);
});
