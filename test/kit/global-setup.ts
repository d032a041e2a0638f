/**
 * One database server for a whole test run, with a template that has all migrations. TEST_DATABASE_URL names another
 * server; nothing is skipped where none can start. It leaves no process and no file behind.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { type ConnectionSpec, connect } from "../../db/connect.ts";
import { openEmbedded } from "../../db/embedded.ts";
import { migrate } from "../../db/migrate.ts";
import { deskOf, offerDeskRole, openRemote } from "../../db/remote.ts";

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
}

declare module "vitest" {
  export interface ProvidedContext {
    testServer: TestServer;
  }
}

interface Started {
  readonly server: TestServer;
  readonly stop: () => Promise<void>;
}

const silent = {
  info: () => {},
  warn: (sentence: string) => process.stderr.write(`${sentence}\n`),
};

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env["TEST_DATABASE_URL"];
  const { server, stop } = url ? await named(url) : await embedded();
  project.provide("testServer", server);
  return stop;
}

async function embedded(): Promise<Started> {
  const folder = await mkdtemp(join(tmpdir(), "claudbot-test-"));
  await chmod(folder, 0o711);
  const stateFolder = join(folder, "state");
  const template = "claudbot_template";
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const database = await openEmbedded({
      dataFolder: folder,
      stateFolder,
      databaseName: template,
      fresh: false,
      log: silent,
    });
    await migrate(database.owner);
    const { admin, owner, desk } = database;
    return {
      server: { admin, owner, desk, template, stateFolder },
      async stop() {
        await database.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function named(url: string): Promise<Started> {
  const { owner: admin } = await openRemote(url);
  const template = `claudbot_template_${process.pid}`;
  await statement(admin, `create database ${template}`);
  const stop = (): Promise<void> => statement(admin, `drop database if exists ${template}`);
  try {
    const owner = { ...admin, database: template };
    await offerDeskRole(owner);
    await migrate(owner);
    const desk = await deskOf(owner);
    return { server: { admin, owner, desk, template, stateFolder: "" }, stop };
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
