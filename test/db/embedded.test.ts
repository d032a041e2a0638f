/** The server that the program starts itself: every way it was found in, and every way it must not be left in. */
import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from "vitest";
import { connect } from "../../db/connect.ts";
import { type Database, type DatabaseOptions, openDatabase } from "../../db/database.ts";
import { defaultDataFolder, serverAccount } from "../../db/embedded-folders.ts";
import { openJournal } from "../../src/adapters/postgres/journal.ts";
import { openLease } from "../../src/adapters/postgres/lease.ts";
import { bundleOf } from "../kit/programs.ts";
import { at, numbered, paused } from "./samples.ts";

const said: string[] = [];
const log = {
  info: (sentence: string) => void said.push(sentence),
  warn: (sentence: string) => void said.push(sentence),
};
const isRoot = process.getuid?.() === 0;
let folder: string;
let dataFolder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "claudbot-embedded-"));
  chmodSync(folder, 0o711);
  dataFolder = join(folder, "data");
});
afterAll(async () => {
  await stopped(dataFolder);
  rmSync(folder, { recursive: true, force: true });
});

/** The run's own copy of the binaries, where there is one. */
const stateFolder = (): string => inject("testServer").stateFolder || join(folder, "state");

const open = (over: Partial<DatabaseOptions> = {}): Promise<Database> =>
  openDatabase({
    dataFolder,
    stateFolder: stateFolder(),
    databaseName: "claudbot_demo",
    log,
    ...over,
  });

const pidFile = (home = dataFolder): string => join(home, "postgres/cluster/postmaster.pid");
const pidOf = (home = dataFolder): number =>
  existsSync(pidFile(home)) ? Number(readFileSync(pidFile(home), "utf8").split("\n")[0]) : 0;

function alive(pid: number): boolean {
  if (pid === 0) return false;
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<void> {
  while (alive(pid)) await sleep(10);
}

/** Only ever a server of this file's own folders. */
async function stopped(home: string): Promise<void> {
  const pid = pidOf(home);
  if (!alive(pid)) return;
  process.kill(pid, "SIGINT");
  await gone(pid);
}

/** A Postgres for each statement: nothing of it stays. */
async function ask(database: Database, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = connect(database.owner, { name: "ask" });
  try {
    return await client.unsafe(text);
  } finally {
    await client.end({ timeout: 1 });
  }
}

async function holder(): Promise<ChildProcess> {
  const script = bundleOf(inject("testServer").programs, "test/db/holder.ts");
  const child = spawn(process.execPath, [script, dataFolder, stateFolder()], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    child.once("exit", () => reject(new Error("the holder ended early")));
  });
  return child;
}

describe.runIf(process.platform === "linux")("the embedded server", () => {
  test("it starts in a new folder, safe to lose power, and stops when it is closed", async () => {
    const database = await open();
    expect(database).toMatchObject({ embedded: true });
    expect(database.where).toContain(join(dataFolder, "postgres"));
    const [row] = await ask(
      database,
      `select current_setting('fsync') as fsync, current_setting('listen_addresses') as listens,
              current_setting('data_checksums') as checksums,
              pg_encoding_to_char(encoding) as encoding, datcollate as locale
       from pg_database where datname = current_database()`,
    );
    expect(row).toEqual({
      fsync: "on",
      listens: "",
      checksums: "on",
      encoding: "UTF8",
      locale: "C",
    });
    const pid = pidOf();
    await database.close();
    expect(alive(pid)).toBe(false);
    expect(existsSync(pidFile())).toBe(false);
  });

  test("its socket, data and passwords are for their owner only", async () => {
    const mode = (path: string): string =>
      (statSync(join(dataFolder, "postgres", path)).mode & 0o777).toString(8);
    expect(["socket", "cluster", "secrets"].map(mode)).toEqual(["700", "700", "700"]);
    const files = ["claudbot_admin", "claudbot_owner", "claudbot_desk"];
    expect(files.map((name) => mode(join("secrets", name)))).toEqual(["600", "600", "600"]);
    const hba = readFileSync(join(dataFolder, "postgres/cluster/pg_hba.conf"), "utf8");
    const methods = hba.split("\n").filter((line) => /^(local|host)/.test(line));
    expect(methods.every((line) => line.endsWith("scram-sha-256"))).toBe(true);
  });

  test.runIf(isRoot)("root's server runs as another account", async () => {
    const database = await open();
    const status = readFileSync(`/proc/${pidOf()}/status`, "utf8");
    expect(status).toMatch(new RegExp(`^Uid:\\s+${serverAccount().uid}\\s`, "m"));
    const environment = readFileSync(`/proc/${pidOf()}/environ`, "utf8");
    expect(environment).not.toContain("HOME=");
    await database.close();
  });

  test("a fresh database is empty, and a kept one is not", async () => {
    const first = await open({ fresh: true });
    await ask(
      first,
      "insert into claudbot.meta (mode, name, created_at) values ('demo', 'x', now())",
    );
    await first.close();
    const kept = await open();
    expect(await ask(kept, "select mode from claudbot.meta")).toEqual([{ mode: "demo" }]);
    await kept.close();
    const fresh = await open({ fresh: true });
    expect(await ask(fresh, "select mode from claudbot.meta")).toEqual([]);
    await fresh.close();
  });

  test("a desk that is running is not wiped by a second that wants a fresh database", async () => {
    const running = await open();
    const client = connect(running.desk, { name: "desk" });
    await client`select 1`;
    await expect(open({ fresh: true })).rejects.toThrow(/in use by another desk.*--keep/);
    await client.end();
    await running.close();
    expect(alive(pidOf())).toBe(false);
  });

  test("a server left running by a killed program is taken over, and stopped at the end", async () => {
    const killed = await holder();
    const pid = pidOf();
    const second = await open();
    expect(pidOf()).toBe(pid);
    await second.close();
    expect(alive(pid)).toBe(true);
    killed.kill("SIGKILL");
    await new Promise((resolve) => killed.once("exit", resolve));
    expect(alive(pid)).toBe(true);
    said.length = 0;
    const adopted = await open({ fresh: true });
    expect(pidOf()).toBe(pid);
    expect(said).toContain("the embedded database was already running");
    await adopted.close();
    expect(alive(pid)).toBe(false);
  });

  test("a killed server is started again, and nothing that was appended is lost", async () => {
    const database = await open({ fresh: true });
    const lease = openLease(database.desk);
    await lease.take("us", at(0), 60_000);
    const journal = openJournal({ connection: database.desk, epoch: 1 });
    const events = numbered(1, [paused("one"), paused("two")]);
    await journal.append(events.slice(0, 1));
    const pid = pidOf();
    process.kill(pid, "SIGKILL");
    await gone(pid);
    expect(await journal.append(events.slice(1))).toMatchObject({ error: { kind: "unavailable" } });
    await Promise.all([database.restart?.(), database.restart?.()]);
    expect(pidOf()).not.toBe(pid);
    expect(await journal.append(events.slice(1))).toMatchObject({ ok: true });
    expect(await journal.read(0, 10)).toEqual(events);
    await Promise.all([journal.close(), lease.close()]);
    await database.close();
  });

  test("a pid file whose number went to another program does not block the start", async () => {
    const account = serverAccount();
    const other = spawn("sleep", ["60"], {
      cwd: "/",
      ...(account.ours ? {} : { uid: account.uid, gid: account.gid }),
    });
    onTestFinished(() => void other.kill());
    writeFileSync(pidFile(), `${other.pid}\n${join(dataFolder, "postgres/cluster")}\n1\n5432\n`);
    const database = await open();
    expect(pidOf()).not.toBe(other.pid);
    expect(other.exitCode).toBeNull();
    await database.close();
  });

  test("a pid file of a dead program does not block the start", async () => {
    writeFileSync(pidFile(), `4194000\n${join(dataFolder, "postgres/cluster")}\n1\n5432\n`);
    const database = await open();
    expect(alive(pidOf())).toBe(true);
    await database.close();
  });

  test("a data folder of another major version is named with the fix", async () => {
    const version = join(dataFolder, "postgres/cluster/PG_VERSION");
    writeFileSync(version, "15\n");
    await expect(open()).rejects.toThrow(
      /made by PostgreSQL 15 and this program brings 18.*DATABASE_URL/,
    );
    writeFileSync(version, "18\n");
  });

  test("a lost password file is named, and nothing is overwritten", async () => {
    const file = join(dataFolder, "postgres/secrets/claudbot_admin");
    const password = readFileSync(file, "utf8");
    rmSync(file);
    await expect(open()).rejects.toThrow(/lost its password file .*claudbot_admin/);
    writeFileSync(file, password, { mode: 0o600 });
  });

  test("a file in the place of the data folder is named with the fix", async () => {
    const file = join(folder, "a-file");
    writeFileSync(file, "");
    await expect(open({ dataFolder: file })).rejects.toThrow(/a-file.*DATABASE_URL/);
  });
});

describe.runIf(process.platform === "linux")("folders", () => {
  test("in a folder that the server's account cannot enter, or whose path is too long for a socket, it still starts", async () => {
    const closed = join(folder, "closed");
    mkdirSync(closed, { mode: 0o700 });
    chmodSync(closed, 0o700);
    const long = join(folder, "long", "x".repeat(80));
    mkdirSync(long, { recursive: true });
    const project = isRoot ? closed : long;
    const database = await open({ dataFolder: join(project, "data"), stateFolder: long });
    expect(database.where).toContain("x".repeat(80));
    if (isRoot) {
      expect(database.where).toContain(
        `not below DATA_DIR because the account nobody that Postgres runs as cannot enter ${closed}`,
      );
    } else expect(database.where).not.toContain("DATA_DIR");
    expect(Buffer.byteLength(database.desk.host)).toBeLessThanOrEqual(90);
    expect(statSync(database.desk.host).mode & 0o777).toBe(0o700);
    expect(await ask(database, "select 1 as one")).toEqual([{ one: 1 }]);
    await database.close();
    rmSync(database.desk.host, { recursive: true });
  });

  test("the default folder is the project's own, for root one below /var/lib/claudbot", () => {
    const project = join(folder, "project");
    const found = defaultDataFolder(project);
    if (isRoot) expect(found).toMatch(/^\/var\/lib\/claudbot\/[0-9a-f]{12}$/);
    else expect(found).toBe(join(project, "data"));
    expect(defaultDataFolder(project)).toBe(found);
  });
});
