/**
 * What the desk's role may do with each table. It owns none of them and can only add to the events. It must be run by
 * the owner, after every migration: a role that appears later gets its rights too.
 */
import { getTableName, isTable, type Table } from "drizzle-orm";
import type { Client } from "./connect.ts";
import * as projections from "./projections.ts";
import * as schema from "./schema.ts";

/** The role that the desk acts as. */
export const DESK_ROLE = "claudbot_desk";

type Tables = typeof schema & typeof projections;

const WORK = "select, insert, update, delete";
const DERIVED = "select, insert, update, delete, truncate";

const RIGHTS: { readonly [T in keyof Tables]: string } = {
  events: "select, insert",
  lease: "select, update",
  meta: "select, insert, update (name)",
  checkpoints: WORK,
  cursors: WORK,
  deliveries: WORK,
  inbound: WORK,
  intents: DERIVED,
  orders: DERIVED,
  fills: DERIVED,
  trades: DERIVED,
  adjustments: DERIVED,
  externalOrders: DERIVED,
  positions: DERIVED,
  balances: DERIVED,
  riskSnapshots: DERIVED,
  confirmations: DERIVED,
  audit: "select, insert",
};

/** Does nothing when the role does not exist. `client` must be the tables' owner. */
export async function grantDesk(client: Client): Promise<void> {
  const known = await client`select from pg_roles where rolname = ${DESK_ROLE}`;
  if (known.length === 0) return;
  const tables: Readonly<Record<string, Table>> = { ...schema, ...projections };
  const grants = Object.entries(RIGHTS).flatMap(([key, rights]) => {
    const table = tables[key];
    if (!isTable(table)) return [];
    const name = `claudbot."${getTableName(table)}"`;
    return [
      `revoke all on ${name} from ${DESK_ROLE}`,
      `grant ${rights} on ${name} to ${DESK_ROLE}`,
    ];
  });
  const all = [`grant usage on schema claudbot to ${DESK_ROLE}`, ...grants].join("; ");
  await client.begin((turn) => turn.unsafe(all).simple());
}
