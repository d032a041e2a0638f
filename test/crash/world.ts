/** What stands around the desks of one round: an exchange, a database, perhaps a proxy between, and what was found odd. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "../../db/connect.ts";
import type { TestDatabase } from "../kit/database.ts";
import { testDatabase } from "../kit/database.ts";
import { type DeskMarket, openMarket, type Variables } from "../kit/desk-market.ts";
import { pause } from "../kit/desk-process.ts";
import { type CuttingProxy, cuttingProxy } from "./cutting-proxy.ts";
import type { Round } from "./draw.ts";
import type { Ground } from "./ground.ts";
import { type Hearing, hear } from "./hearing.ts";
import { openPeople, type People } from "./people.ts";
import type { Finding } from "./truth.ts";

export interface World {
  readonly round: Round;
  readonly market: DeskMarket;
  readonly made: TestDatabase;
  readonly ground: Ground | null;
  readonly proxy: CuttingProxy | null;
  /** What reaches the exchange. */
  readonly hearing: Hearing;
  readonly people: People | null;
  /** Of an undisturbed desk. */
  readonly env: Variables;
  /** Everything that was said, by whichever desk. */
  readonly said: string[];
  readonly odd: Finding[];
}

const OF_ITS_OWN = { permissions: ["view", "trade"] } as const;
/** Of the desk that is to be overtaken; outside of tests it is 20 s. */
const LEASE_MS = 3_000;
const SHORT_LEASE_MS = 2_000;

/** @param grounds where a server is that may be killed; asked only when the round kills one */
export async function within<T>(
  round: Round,
  grounds: () => Promise<Ground>,
  play: (world: World) => Promise<T>,
): Promise<T> {
  await using market = await openMarket({ ...round.exchange, keys: [OF_ITS_OWN] });
  using hearing = hear(market.exchange.rest);
  const ground = round.strike.kind === "postgres" ? await grounds() : null;
  const made = await (ground ? ground.database() : testDatabase());
  const proxy =
    round.strike.kind === "wire" ? await cuttingProxy(made.url, round.strike.cut) : null;
  const people = round.beside.includes("telegram") ? await openPeople(market) : null;
  const env = {
    ...{ ...market.env, DATABASE_URL: made.url, ...people?.env },
    ...(round.beside.includes("previews") && { ORDER_PREVIEW_ENABLED: "true" }),
  };
  const outside = { market, made, ground, proxy, hearing, people };
  try {
    return await play({ round, ...outside, env, said: [], odd: [] });
  } finally {
    await people?.[Symbol.asyncDispose]();
    await proxy?.[Symbol.asyncDispose]();
    await ground?.restart();
    await made.close();
  }
}

/** For a desk that is to be struck. */
export function doomedEnv({ env, round: { beside } }: World): Variables {
  return {
    ...env,
    // Where nothing keeps a pace no news is put into one message.
    ...(beside.includes("telegram") && !beside.includes("old news") && { DESK_HURRY: "4" }),
    ...(beside.includes("recording") && { DESK_RECORDS: "1" }),
    ...(beside.includes("short lease") && { DESK_LEASE_MS: String(SHORT_LEASE_MS) }),
  };
}

/** For a desk that is to be stopped and overtaken: a key by which it is told apart, a lease that is soon over. */
export function overtakable(world: World): Variables {
  const { keyName, privateKeyFile } = keyOfItsOwn(world.market);
  return {
    ...doomedEnv(world),
    COINBASE_API_KEY: keyName,
    COINBASE_API_SECRET: readFileSync(privateKeyFile, "utf8"),
    DESK_LEASE_MS: String(LEASE_MS),
  };
}

/** @throws when the exchange has but one key */
export function keyOfItsOwn({ exchange }: DeskMarket): { keyName: string; privateKeyFile: string } {
  const key = exchange.keys[1];
  if (key === undefined) throw new Error("the exchange has no second key");
  return key;
}

/** For a desk beside the first one: it has files of its own. */
export function elsewhere({ market, env }: World): Variables {
  const folder = join(market.folder, "elsewhere");
  mkdirSync(folder, { recursive: true });
  return { ...env, DATA_DIR: folder };
}

/** Latches that stand in the emergency file, whatever the journal has of them. */
export function latchesOnDisk({ env }: World): readonly ("killed" | "paused")[] {
  const path = join(env["DATA_DIR"] ?? "", "demo/emergency.jsonl");
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  return (["killed", "paused"] as const).filter((latch) =>
    text.split("\n").some((line) => line.endsWith("}") && line.includes(`"latch":"${latch}"`)),
  );
}

/**
 * Another desk has taken the lease and given it back. Nobody may take one sooner: a desk trusts its own for half of its
 * time, and what it sends in that half is no fault.
 */
export async function loseLease({ made }: World): Promise<void> {
  await pause(LEASE_MS);
  const client = connect(made.database.owner, { name: "test expiry" });
  try {
    await client`
      update claudbot.lease set epoch = epoch + 1, holder = 'another desk', expires_at = 'epoch'`;
  } finally {
    await client.end({ timeout: 1 });
  }
}

/** Events of which a message has begun to be sent, or was put into one with others. */
export async function triedToTell({ made }: World): Promise<ReadonlySet<number>> {
  const client = connect(made.database.owner, { name: "test deliveries" });
  try {
    const rows = await client<{ seq: string }[]>`
      select event_seq as seq from claudbot.deliveries where (attempts > 0 or state = 'superseded') and event_seq is not null`;
    return new Set(rows.map(({ seq }) => Number(seq)));
  } finally {
    await client.end({ timeout: 1 });
  }
}

/** False when it does not come true in time. */
export async function comesTrue(
  holds: () => boolean | Promise<boolean>,
  ms: number,
): Promise<boolean> {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) return false;
    await pause(20);
  }
  return true;
}
