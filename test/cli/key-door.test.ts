/** What a desk is told of its key at the start, when it does not start on it, and what a hang-up does. */
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { keyTag, signingKey } from "../../src/adapters/coinbase/keys.ts";
import type { Permissions } from "../../src/adapters/coinbase/rest/key-permissions.ts";
import { keyAfterWait, openKeyDoor } from "../../src/cli/key-door.ts";
import type { Config } from "../../src/config/config.ts";
import type { Profile } from "../../src/config/profiles.ts";
import { Secret } from "../../src/config/secret.ts";
import type { VenueKey } from "../../src/config/venue-key.ts";
import { fail, ok, type Result } from "../../src/core/kernel/result.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { VenueFault } from "../../src/ports/venue.ts";
import { memoryLog, vectorJson } from "../adapters/coinbase/world.ts";
import { LADDER } from "../kit/ladder-desk.ts";
import { manualTime } from "../kit/manual-time.ts";

const { key_name: NAME, ec } = vectorJson("auth/test-keys.json");
const KEY = signingKey({ name: NAME, secret: ec.sec1_pem });
const DAY = 86_400_000;
const GOOD: Permissions = { canView: true, canTrade: true, canTransfer: false, portfolio: "p-1" };

type Says = Result<Permissions, VenueFault>;

function door(
  profile: Profile,
  says: Says | Promise<Says> = ok(GOOD),
  over: Partial<VenueKey> = {},
  ladder: Config["ladder"] = [],
) {
  const time = manualTime(instant(100 * DAY));
  const venue = { asked: 0 };
  const venueKey: VenueKey = {
    source: {
      from: "environment",
      setting: "COINBASE_API_SECRET",
      name: null,
      secret: new Secret("s"),
    },
    created: null,
    ...over,
  };
  const opened = openKeyDoor({
    config: { profile, ladder, venue: { kind: "coinbase", rest: "r", market: "m", user: "u" } },
    secrets: { venueKey },
    key: KEY,
    coinbase: {
      permissions: async () => {
        venue.asked += 1;
        return says;
      },
      rotate: async () => fail({ kind: "refused", detail: "not here" }),
    },
    clock: time.clock,
    timers: time.timers,
    log: memoryLog(),
  });
  return { opened, time, venue };
}

test("the start shows which key it is, what it may do and its portfolio, and no more of it", async () => {
  const { rows, notes } = await door("live").opened;
  expect(rows).toEqual([
    [
      "API key",
      `${keyTag(NAME)} (ES256, from COINBASE_API_SECRET), may view, trade, portfolio p-1`,
    ],
  ]);
  expect(notes).toEqual([]);
  expect(NAME.split("/").at(-1)?.startsWith(keyTag(NAME).slice(0, -1))).toBe(true);
  expect(keyTag(NAME)).toHaveLength(9);
});

test("the way down a ladder does not hang on the venue: it opens below live on a key that cannot be read", async () => {
  const down = fail({ kind: "unavailable", detail: "HTTP 503" } as const);
  for (const rung of ["paper", "shadow"] as const) {
    const { notes } = await door(rung, down, {}, LADDER).opened;
    expect(notes).toEqual([expect.stringMatching(/could not be read: HTTP 503/)]);
  }
  await expect(door("live", down, {}, LADDER).opened).rejects.toThrow(/could not be read/);
  await expect(door("shadow", down).opened).rejects.toThrow(/could not be read/);
});

test.each<[string, Says, RegExp, number]>([
  [
    "may move money out",
    ok({ ...GOOD, canTransfer: true }),
    /^COINBASE_API_SECRET: the API key may move money out: make/,
    2,
  ],
  ["may not trade", ok({ ...GOOD, canTrade: false }), /may not trade: give it/, 0],
  ["may not view", ok({ ...GOOD, canView: false }), /may not view/, 2],
  [
    "the venue refuses",
    fail({ kind: "refused", detail: "HTTP 401 (allowlist)" }),
    /could not be read: HTTP 401 \(allowlist\)/,
    1,
  ],
])(
  "live does not start on a key that %s; paper does, with its notes",
  async (_what, says, why, notes) => {
    await expect(door("live", says).opened).rejects.toThrow(why);
    expect((await door("paper", says).opened).notes).toHaveLength(notes);
  },
);

test("no answer within fifteen seconds is no answer: live does not start", async () => {
  const { opened, time } = door("live", new Promise(() => undefined));
  const end = expect(opened).rejects.toThrow(/could not be read: no answer within 15000 ms/);
  await time.pass(15_000);
  await end;
});

test("live without a key does not start; paper and demo have nothing to say", async () => {
  const none = { key: null, secrets: { venueKey: null }, coinbase: {} as never };
  const time = manualTime(instant(0));
  const open = (profile: Profile) =>
    openKeyDoor({
      ...none,
      config: { profile, venue: { kind: "loopback" } },
      clock: time.clock,
      timers: time.timers,
      log: memoryLog(),
    });
  await expect(open("live")).rejects.toThrow(/Live needs an API key/);
  expect(await open("paper")).toMatchObject({ rows: [], notes: [] });
});

test("in the demo nobody is asked what the key may do", async () => {
  const { opened, venue } = door("demo", ok({ ...GOOD, canTransfer: true }));
  expect((await opened).notes).toEqual([]);
  expect(venue.asked).toBe(0);
});

test("a key that is old is a note at the start and tells everybody once the desk runs", async () => {
  const { notes, open } = await door("paper", ok({ ...GOOD, canTrade: false }), {
    created: instant(2 * DAY),
  }).opened;
  expect(notes).toEqual([expect.stringMatching(/^the API key is 98 days old.*replace it now/)]);
  const noticed: unknown[] = [];
  const { stop } = open({
    notices: { note: (notice) => noticed.push(notice) },
    hangups: () => () => undefined,
    output: new PassThrough(),
  });
  expect(noticed).toMatchObject([{ kind: "security", platform: "coinbase", what: "key-old" }]);
  stop();
});

test("after waiting for its turn a desk has the key as it stands now, and the early one when it cannot be read", async () => {
  const source = (secret: string): VenueKey["source"] => ({
    from: "environment",
    setting: "COINBASE_API_SECRET",
    name: new Secret("organizations/o/apiKeys/next"),
    secret: new Secret(secret),
  });
  const log = memoryLog();
  const after = (secret: string) =>
    keyAfterWait({
      secrets: { venueKey: { source: source(secret), created: null } },
      key: KEY,
      log,
    });
  expect((await after(ec.sec1_pem))?.name).toBe("organizations/o/apiKeys/next");
  expect(log.lines).toEqual([]);
  expect(await after("no key at all")).toBe(KEY);
  expect(JSON.stringify(log.lines)).toMatch(/cannot be read again.*COINBASE_API_SECRET/);
});

test("a hang-up makes it look at once and say what came of it, until the desk stops", async () => {
  const { opened, time } = door("live");
  const listeners = new Set<() => void>();
  const output = new PassThrough({ encoding: "utf8" });
  const { stop } = (await opened).open({
    notices: { note: () => undefined },
    hangups: (run) => {
      listeners.add(run);
      return () => listeners.delete(run);
    },
    output,
  });
  for (const run of listeners) run();
  await time.settle();
  expect(output.read()).toMatch(/^SIGHUP: the API key stands in the environment/);
  stop();
  expect(listeners.size).toBe(0);
});
