/** A journal with one event of each audited kind and its chain, and somebody with the rights to spoil it. */
import { type Client, connect, orm } from "../../db/connect.ts";
import { openAuditBook, type PostgresAuditBook } from "../../src/adapters/postgres/audit/book.ts";
import type { Sealed } from "../../src/adapters/postgres/audit/chain.ts";
import { rowsAfter } from "../../src/adapters/postgres/audit/rows.ts";
import { openJournal } from "../../src/adapters/postgres/journal.ts";
import { openLease } from "../../src/adapters/postgres/lease.ts";
import { startProjector } from "../../src/adapters/postgres/projector.ts";
import { at, numbered } from "../db/samples.ts";
import { AUDITED_EVENTS } from "./audited-events.ts";
import { type TestDatabase, testDatabase } from "./database.ts";
import { quietLog } from "./quiet-log.ts";

export const EVENTS = numbered(1, AUDITED_EVENTS);
export const LAST = EVENTS.length;

export interface AuditChain {
  readonly made: TestDatabase;
  /** Of the tables; `desk` has the rights of a desk. */
  readonly owner: Client;
  readonly desk: Client;
  readonly book: PostgresAuditBook;
  rows(): Promise<readonly Sealed[]>;
  /** Lets a projector derive everything. @returns where the chain then ends */
  derive(): Promise<string | null>;
  /** What only the owner of the tables can do, undone afterwards. */
  tampered(
    spoil: (owner: Client) => PromiseLike<unknown>,
    then: () => Promise<void>,
  ): Promise<void>;
  close(): Promise<void>;
}

export async function auditChain(): Promise<AuditChain> {
  const made = await testDatabase();
  const connection = made.database.desk;
  const owner = connect(made.database.owner, { name: "spy" });
  const desk = connect(connection, { name: "reader" });
  const reader = connect(connection, { name: "orm" });
  const book = openAuditBook(connection);
  const derive: AuditChain["derive"] = async () => {
    const projector = startProjector({ connection, log: quietLog() });
    await projector.caughtUp(LAST);
    await projector.stop();
    return projector.auditHead()?.hash ?? null;
  };
  const lease = openLease(connection);
  await lease.take("test", at(0), 60_000);
  await lease.close();
  const journal = openJournal({ connection, epoch: 1 });
  await journal.append(EVENTS);
  await journal.close();
  await derive();
  return {
    ...{ made, owner, desk, book, derive },
    rows: () => rowsAfter(orm(reader), 0, 10_000),
    async tampered(spoil, then) {
      await owner`create temp table kept as select * from claudbot.audit`;
      await owner`alter table claudbot.audit disable trigger audit_append_only`;
      try {
        await spoil(owner);
        await then();
      } finally {
        await owner`delete from claudbot.audit`;
        await owner`insert into claudbot.audit select * from kept`;
        await owner`alter table claudbot.audit enable trigger audit_append_only`;
        await owner`drop table kept`;
      }
    },
    async close() {
      await book.close();
      await Promise.all([owner.end(), desk.end(), reader.end()]);
      await made.close();
    },
  };
}
