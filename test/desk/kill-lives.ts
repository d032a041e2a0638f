/** The ways to kill beside chat, and the life of a desk that is killed by one of them: counted at the exchange. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect } from "vitest";
import { systemTimers } from "../../src/adapters/system/timers.ts";
import { kill } from "../../src/cli/kill.ts";
import { readEnv } from "../../src/config/env.ts";
import { type TestDatabase, testDatabase } from "../kit/database.ts";
import { type DeskMarket, openMarket, type Variables } from "../kit/desk-market.ts";
import { until } from "../kit/desk-process.ts";
import { type DeskHere, deskHere } from "../kit/desk-run.ts";
import { record } from "../kit/desk-truth.ts";
import { cancelledOf, restingOrders } from "../kit/resting-orders.ts";

export interface Ground extends AsyncDisposable {
  readonly market: DeskMarket;
  readonly made: TestDatabase;
  readonly env: Variables;
  readonly data: string;
  readonly ids: readonly string[];
}

/** @param count of sales that rest at the exchange */
export async function ground(count: number): Promise<Ground> {
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

export const admin = (desk: DeskHere, { data }: Ground, verb: string, body: object = {}) => {
  const page = /pages: (http\S+)\/healthz/.exec(desk.out)?.[1] ?? "";
  const token = readFileSync(join(data, "admin.token"), "utf8").trim();
  return fetch(`${page}/admin/${verb}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
};

export interface Way {
  readonly name: string;
  readonly before?: (on: Ground) => void;
  readonly act?: (desk: DeskHere, on: Ground) => unknown;
  readonly reason: RegExp;
}

export const WAYS: readonly Way[] = [
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

/** Every order is cancelled; the next start is killed still, and sent nothing; the file is taken. */
export async function killedBy(way: Way, count: number): Promise<void> {
  await using on = await ground(count);
  way.before?.(on);
  {
    await using desk = deskHere({ env: on.env });
    await desk.says(/In agreement with the venue/);
    await way.act?.(desk, on);
    const done = () => cancelledOf(on.market, on.ids) === count;
    await until(done, `${count} orders to be cancelled`, () => desk.out);
  }
  await using second = deskHere({ env: on.env });
  await second.says(/In agreement with the venue/);
  const kept = await record(on.made.database.desk);
  expect(kept.desk.killed?.reason).toMatch(way.reason);
  expect(kept.desk.killed?.by).not.toBeNull();
  expect(on.market.exchange.ledger.requests.creates).toBe(count);
  const names = readdirSync(on.data);
  expect(names.filter((name) => name === "KILL")).toEqual([]);
  const taken = names.filter((name) => name.startsWith("KILL.taken."));
  expect(taken).toHaveLength(/KILL/.test(way.name) ? 1 : 0);
}
