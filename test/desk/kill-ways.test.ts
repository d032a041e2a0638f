/** Each way to kill beside chat: every open order is cancelled at the exchange, and the next start is killed still. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { systemTimers } from "../../src/adapters/system/timers.ts";
import { kill } from "../../src/cli/kill.ts";
import { readEnv } from "../../src/config/env.ts";
import { type TestDatabase, testDatabase } from "../kit/database.ts";
import { type DeskMarket, HIGH, openMarket, type Variables } from "../kit/desk-market.ts";
import { hasOpinion, until } from "../kit/desk-process.ts";
import { type DeskHere, deskHere } from "../kit/desk-run.ts";
import { bodies, record } from "../kit/desk-truth.ts";
import { hangingProxy } from "../kit/hanging-proxy.ts";
import { cancelledOf, restingOrders } from "../kit/resting-orders.ts";

const MANY = 50;

interface Ground extends AsyncDisposable {
  readonly market: DeskMarket;
  readonly made: TestDatabase;
  readonly env: Variables;
  readonly data: string;
  readonly ids: readonly string[];
}

async function ground(count = MANY): Promise<Ground> {
  const market = await openMarket();
  const made = await testDatabase();
  const ids = await restingOrders({ market, connection: made.database.desk, count });
  return {
    market,
    made,
    ids,
    env: { ...market.env, DATABASE_URL: made.url },
    data: join(market.folder, "data"),
    async [Symbol.asyncDispose]() {
      await made.close();
      await market[Symbol.asyncDispose]();
    },
  };
}

const admin = (desk: DeskHere, { data }: Ground, verb: string, body: object = {}) => {
  const page = /pages: (http\S+)\/healthz/.exec(desk.out)?.[1] ?? "";
  const token = readFileSync(join(data, "admin.token"), "utf8").trim();
  return fetch(`${page}/admin/${verb}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
};

interface Way {
  readonly name: string;
  readonly before?: (on: Ground) => void;
  readonly act?: (desk: DeskHere, on: Ground) => unknown;
  readonly reason: RegExp;
}

const WAYS: readonly Way[] = [
  {
    name: "POST /admin/kill",
    act: (desk, on) => admin(desk, on, "kill", { reason: "by HTTP" }),
    reason: /^by HTTP$/,
  },
  {
    name: "a file named KILL",
    act: (_, { data }) => writeFileSync(join(data, "KILL"), "smoke in the room\nand more\n"),
    reason: /^smoke in the room$/,
  },
  {
    name: "a file named KILL that is there at the start",
    before: ({ data }) => writeFileSync(join(data, "KILL"), ""),
    reason: /^the KILL file$/,
  },
  {
    name: "SIGUSR2",
    act: () => process.kill(process.pid, "SIGUSR2"),
    reason: /^the signal SIGUSR2$/,
  },
  {
    name: "claudbot kill beside it",
    act: (_, { env }) =>
      kill(["--reason", "from the host"], {
        env: () => readEnv({ variables: env, files: [] }),
        out: () => undefined,
        err: () => undefined,
        input: Readable.from([]),
        timers: systemTimers,
      }),
    reason: /^from the host$/,
  },
];

test.each(WAYS)("$name cancels fifty open orders, and the next start is killed", async (way) => {
  await using on = await ground();
  way.before?.(on);
  {
    await using desk = deskHere({ env: on.env });
    await desk.says(/In agreement with the venue/);
    await way.act?.(desk, on);
    const done = () => cancelledOf(on.market, on.ids) === MANY;
    await until(done, `${MANY} orders to be cancelled`, () => desk.out);
  }
  await using second = deskHere({ env: on.env });
  await second.says(/In agreement with the venue/);
  const kept = await record(on.made.database.desk);
  expect(kept.desk.killed?.reason).toMatch(way.reason);
  expect(kept.desk.killed?.by).not.toBeNull();
  expect(on.market.exchange.ledger.requests.creates).toBe(MANY);
  const names = readdirSync(on.data);
  expect(names.filter((name) => name === "KILL")).toEqual([]);
  const taken = names.filter((name) => name.startsWith("KILL.taken."));
  expect(taken).toHaveLength(/KILL/.test(way.name) ? 1 : 0);
});

test("POST /admin/kill and a KILL file work while the database hangs, and say that it does", async () => {
  await using on = await ground();
  await using proxy = await hangingProxy(on.made.url);
  {
    await using desk = deskHere({ env: { ...on.env, DATABASE_URL: proxy.url } });
    await desk.says(/In agreement with the venue/);
    proxy.hang();
    const reply = await admin(desk, on, "pause", { reason: "first" });
    expect([reply.status, await reply.json()]).toEqual([
      202,
      expect.objectContaining({ outcome: "done", state: "reducing", recorded: false }),
    ]);
    mkdirSync(join(on.data, "KILL"));
    await until(() => cancelledOf(on.market, on.ids) === MANY, "the cancels");
    const again = await admin(desk, on, "kill");
    expect(again.status).toBe(202);
    const text = readFileSync(join(on.data, "demo/emergency.jsonl"), "utf8");
    expect(text).toMatch(/"latch":"killed"/);
    proxy.goOn();
  }
  const kept = await record(on.made.database.desk);
  expect(kept.desk.killed?.reason).toBe("the KILL file");
});

test("--reduce-only begins paused, durably: an entry is refused", async () => {
  await using on = await ground(0);
  {
    await using desk = deskHere({ env: on.env, reduceOnly: true });
    await hasOpinion(desk);
    on.market.price(HIGH);
    await desk.says(/desk is paused/);
  }
  const kept = await record(on.made.database.desk);
  const by = { name: "the command line" };
  expect(kept.desk.paused).toMatchObject({ reason: "--reduce-only", by });
  expect(bodies(kept, "order.planned")).toEqual([]);
});

test("the token's file is for this account alone, and is kept; exits that rest stay under --reduce-only", async () => {
  await using on = await ground();
  const path = join(on.data, "admin.token");
  const read = async () => {
    await using desk = deskHere({ env: on.env, reduceOnly: true });
    await desk.says(/In agreement with the venue/);
    expect(desk.out).not.toContain(readFileSync(path, "utf8").trim());
    return readFileSync(path, "utf8");
  };
  const first = await read();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await read()).toBe(first);
  expect(cancelledOf(on.market, on.ids)).toBe(0);
});
