/** Secrets that tests use are canaries: whatever a desk says, writes or stores is kept here for the search at the end of the run. */
import { appendFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ConnectionSpec, connect } from "../../db/connect.ts";
import { CANARIES, folderOf, type Kept } from "./canaries-search.ts";
import type { TestServer } from "./global-setup.ts";
import { testServer } from "./test-server.ts";

/** Keeps what a program said, for the search at the end. */
export function heard(source: string, text: string): void {
  if (text !== "") keep({ kind: "text", source, text });
}

function keep(kept: Kept): void {
  // Without the setup there is no search at the end, and no folder to keep things in.
  const run: TestServer | undefined = testServer();
  if (!run) return;
  const folder = folderOf(run.folder);
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, `${process.pid}.jsonl`), `${JSON.stringify(kept)}\n`);
}

/** Searches every table of a desk before its database goes. */
export async function searchDatabase(database: ConnectionSpec): Promise<void> {
  const client = connect(database, { name: "test search" });
  try {
    const tables = await client<{ name: string }[]>`
      select table_schema || '.' || table_name as name from information_schema.tables
      where table_schema = 'claudbot' and table_type = 'BASE TABLE'`;
    for (const { name } of tables) {
      const [row] = await client.unsafe<{ rows: number; found: number }[]>(
        `select count(*)::int as rows, count(*) filter (where t::text ~* '${CANARIES}')::int as found from ${name} as t`,
      );
      keep({ kind: "rows", source: name, rows: row?.rows ?? 0, found: row?.found ?? 0 });
    }
  } finally {
    await client.end({ timeout: 1 });
  }
}

/** Searches the files that a desk wrote, all but the keys it was given. */
export function searchFolder(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || /\/(keys|postgres)\//.test(path) || /\.(key|pem)$/.test(path)) continue;
    heard(`file ${entry.name}`, readFileSync(path, "utf8"));
  }
}
