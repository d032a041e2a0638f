/** No line of the audit can be changed unseen, and the chain comes out the same when it is derived anew. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Client } from "../../db/connect.ts";
import { hashOf, type Sealed } from "../../src/adapters/postgres/audit/chain.ts";
import { rebuildProjections } from "../../src/adapters/postgres/projector.ts";
import { checkProjections } from "../../src/adapters/postgres/rebuilt.ts";
import { shortHash } from "../../src/core/control/audit.ts";
import { type AuditChain, auditChain, LAST } from "../kit/audit-chain.ts";

let chain: AuditChain;
beforeAll(async () => {
  chain = await auditChain();
});
afterAll(() => chain.close());

describe("verify", () => {
  test("a chain that nobody touched is whole", async () => {
    const verdict = await chain.book.verify();
    expect(verdict).toEqual({
      rows: LAST,
      head: await chain.book.auditHead().then((head) => head && { seq: head.seq, hash: head.hash }),
      upTo: LAST,
      behind: 0,
      broken: null,
    });
  });

  test.each([
    ["event_seq", "event_seq + 1000"],
    ["at", "at + interval '1 ms'"],
    ...["kind", "platform", "person", "name", "account", "room", "inbound", "words", "action"].map(
      (column) => [column, `overlay(${column} placing 'X' from 1 for 1)`],
    ),
    ["decision", "'done'"],
    ["reason", "'x'"],
    ["snapshot", "null"],
    ["before", "before || ' '"],
    ["after", "'2000'"],
    ["approvals", "replace(approvals, '\"bo\"', '\"ann\"')"],
    ["request", "null"],
    ["count", "count + 1"],
    ["previous", "overlay(previous placing 'x' from 64 for 1)"],
    ["hash", "overlay(hash placing 'x' from 64 for 1)"],
  ])("one byte of %s is seen, and its row named", async (column, value) => {
    const row = (await chain.rows()).find(({ kind }) => kind === "confirmation.closed")?.seq ?? 0;
    const spoil = `update claudbot.audit set ${column} = ${value} where seq = ${row}`;
    await chain.tampered(
      (client) => client.unsafe(spoil),
      async () => {
        expect((await chain.book.verify()).broken?.row).toBe(row);
      },
    );
  });

  test("columns that are hashed are all that there are", async () => {
    const [row] = await chain.owner`select * from claudbot.audit limit 1`;
    expect(Object.keys(row ?? {})).toHaveLength(22);
  });

  test("a row that is missing in the middle is named, and so is one at the end while the journal has its event", async () => {
    await chain.tampered(
      (client) => client`delete from claudbot.audit where seq in (7, 8)`,
      async () => {
        const { broken, rows } = await chain.book.verify();
        expect([rows, broken]).toEqual([6, { row: 7, why: "it and 1 after it are missing" }]);
      },
    );
    await chain.tampered(
      (client) => client`delete from claudbot.audit where seq = ${LAST}`,
      async () => {
        const { broken } = await chain.book.verify();
        expect(broken).toMatchObject({ row: LAST, why: expect.stringContaining("desk.stopped") });
      },
    );
  });

  test("an end that was cut off is told by the journal, though the cursor was moved back with it", async () => {
    await chain.tampered(
      (client) => client`delete from claudbot.audit where seq > ${LAST - 3}`,
      async () => {
        await chain.desk`update claudbot.cursors set seq = ${LAST - 3} where name = 'audit'`;
        expect(await chain.book.verify()).toMatchObject({
          broken: null,
          upTo: LAST - 3,
          behind: 3,
        });
        await chain.desk`update claudbot.cursors set seq = ${LAST} where name = 'audit'`;
      },
    );
  });

  /** All rows from one on sealed anew, as somebody with the owner's rights and this program could. */
  async function resealed(client: Client, from: number, change: Partial<Sealed>): Promise<void> {
    let previous = "";
    for (const row of await chain.rows()) {
      const next =
        row.seq < from
          ? row
          : {
              ...row,
              ...(row.seq === from ? change : {}),
              ...(row.seq > from ? { previous } : {}),
            };
      previous = hashOf(next);
      await client`
        update claudbot.audit set reason = ${next.reason}, previous = ${next.previous}, hash = ${previous}
        where seq = ${row.seq}`;
    }
  }

  test("a chain that was sealed anew is seen by the journal; with the journal rewritten too, only by a head kept elsewhere", async () => {
    const row = (await chain.rows()).find(({ kind }) => kind === "trading.paused")?.seq ?? 0;
    const kept = (await chain.book.auditHead())?.hash ?? "";
    expect(await chain.book.verify(kept)).toMatchObject({ broken: null, anchored: LAST });
    expect(await chain.book.verify(shortHash(kept))).toMatchObject({ anchored: LAST });
    await chain.tampered(
      (client) => resealed(client, row, { reason: "nothing was odd" }),
      async () => {
        const { broken } = await chain.book.verify();
        expect(broken).toMatchObject({ row, why: expect.stringContaining("reason") });
        await chain.owner`alter table claudbot.events disable trigger events_append_only`;
        const swap = async (reason: string): Promise<void> => {
          await chain.owner`
            update claudbot.events
            set body = jsonb_set(body, '{latch,reason}', to_jsonb(${reason}::text))
            where kind = 'trading.paused'`;
        };
        await swap("nothing was odd");
        expect(await chain.book.verify()).toMatchObject({ broken: null });
        expect(await chain.book.verify(kept)).toMatchObject({ broken: null, anchored: null });
        await swap("spread is odd");
        await chain.owner`alter table claudbot.events enable trigger events_append_only`;
      },
    );
  });
});

describe("derived again", () => {
  test("it is equal byte for byte, and what was changed is shown but never put right", async () => {
    const whole = await checkProjections(chain.made.database.desk);
    const of = ({ tables }: typeof whole) => tables.find(({ name }) => name === "audit");
    expect(of(whole)).toMatchObject({ difference: null, stored: { rows: LAST } });
    await chain.tampered(
      (client) => client`update claudbot.audit set reason = 'x' where seq = 3`,
      async () => {
        await rebuildProjections(chain.made.database.desk);
        expect(of(await checkProjections(chain.made.database.desk))?.difference).not.toBeNull();
        expect((await chain.book.verify()).broken?.row).toBe(3);
      },
    );
  });

  test("a page that is repeated repeats no line, and lines that another program left out are made up for", async () => {
    const before = await chain.rows();
    await chain.owner`update claudbot.cursors set seq = 4 where name = 'projector'`;
    expect(await chain.derive()).toBe(before.at(-1)?.hash);
    expect(await chain.rows()).toEqual(before);
    await chain.tampered(
      (client) => client`delete from claudbot.audit where seq > 5`,
      async () => {
        await chain.owner`update claudbot.cursors set seq = 5 where name = 'audit'`;
        await chain.derive();
        await expect.poll(async () => (await chain.rows()).length).toBe(LAST);
        expect(await chain.rows()).toEqual(before);
      },
    );
  });
});
