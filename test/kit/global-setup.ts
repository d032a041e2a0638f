/**
 * One database server for a whole test run, with a template that has all migrations. TEST_DATABASE_URL names another
 * server; nothing is skipped where none can start. It leaves no process and no file behind.
 */
import { chmod, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { type ConnectionSpec, connect } from "../../db/connect.ts";
import { openEmbedded } from "../../db/embedded.ts";
import { migrate } from "../../db/migrate.ts";
import { deskOf, offerDeskRole, openRemote } from "../../db/remote.ts";
import { search } from "./canaries-search.ts";
import { bundlePrograms, type Programs } from "./programs.ts";

/** What test files are told; plain data. */
export interface TestServer {
  /** May create and drop databases. */
  readonly admin: ConnectionSpec;
  readonly owner: ConnectionSpec;
  readonly desk: ConnectionSpec;
  /** Name of the database to copy. */
  readonly template: string;
  /** Holds the binaries that root runs; empty when the server is somebody else's. */
  readonly stateFolder: string;
  readonly programs: Programs;
  /** The run's own; whatever is made in it is gone at the end, and a process that still uses it then is an error. */
  readonly folder: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    testServer: TestServer;
  }
}

interface Started {
  readonly server: Omit<TestServer, "programs">;
  readonly stop: () => Promise<void>;
}

const silent = {
  info: () => {},
  warn: (sentence: string) => process.stderr.write(`${sentence}\n`),
};

export default async function setup(
  project: Pick<TestProject, "provide">,
): Promise<() => Promise<void>> {
  const url = process.env["TEST_DATABASE_URL"];
  const folder = await mkdtemp(join(tmpdir(), "claudbot-test-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  await chmod(folder, 0o711);
  try {
    const programs = await bundlePrograms(join(folder, "programs"));
    const { server, stop } = url ? await named(url, folder) : await embedded(folder);
    project.provide("testServer", { ...server, programs });
    return async () => {
      await stop();
      const left = await leftBehind(folder);
      const { bytes, rows, finds } = search(folder);
      await remove();
      process.stdout.write(
        `searched for secrets: ${bytes} characters that desks said or wrote, ${rows} rows, ${finds.length} found\n`,
      );
      if (finds.length > 0) throw new Error(`secrets were told:\n${finds.join("\n")}`);
      if (left.length > 0) throw new Error(`the tests left processes behind:\n${left.join("\n")}`);
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Processes that name the folder on their command line, wherever the system tells. */
async function leftBehind(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of await readdir("/proc").catch(() => [])) {
    if (!/^\d+$/.test(pid)) continue;
    const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (line.includes(`${folder}/`)) found.push(`${pid} ${line.replaceAll("\0", " ")}`);
  }
  return found;
}

async function embedded(folder: string): Promise<Started> {
  const stateFolder = join(folder, "state");
  const template = "claudbot_template";
  const database = await openEmbedded({
    dataFolder: folder,
    stateFolder,
    databaseName: template,
    fresh: false,
    log: silent,
  });
  try {
    await migrate(database.owner);
  } catch (error) {
    await database.close();
    throw error;
  }
  const { admin, owner, desk } = database;
  return {
    server: { admin, owner, desk, template, stateFolder, folder },
    stop: () => database.close(),
  };
}

async function named(url: string, folder: string): Promise<Started> {
  const { owner: admin } = await openRemote(url);
  const template = `claudbot_template_${process.pid}`;
  await statement(admin, `create database ${template}`);
  const stop = (): Promise<void> => statement(admin, `drop database if exists ${template}`);
  try {
    const owner = { ...admin, database: template };
    await offerDeskRole(owner);
    await migrate(owner);
    const desk = await deskOf(owner);
    return { server: { admin, owner, desk, template, stateFolder: "", folder }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function statement(admin: ConnectionSpec, text: string): Promise<void> {
  const client = connect(admin, { name: "test setup" });
  try {
    await client.unsafe(text);
  } finally {
    await client.end({ timeout: 1 });
  }
}
