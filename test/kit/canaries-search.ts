/** Searches all that was kept during a test run for the secrets that tests use; one find fails the run. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Every token and secret of the kit has one of these in it, and nothing else has. For JavaScript and for SQL. */
export const CANARIES = "canary|ca4a9[ -]{0,3}ca4a9";
const CANARY = new RegExp(CANARIES, "i");

export const folderOf = (run: string): string => join(run, "heard");

export interface Searched {
  readonly bytes: number;
  readonly rows: number;
  /** Where a secret was found, without the secret. */
  readonly finds: readonly string[];
}

export type Kept =
  | { readonly kind: "text"; readonly source: string; readonly text: string }
  | {
      readonly kind: "rows";
      readonly source: string;
      readonly rows: number;
      readonly found: number;
    };

/** @param run the run's own folder */
export function search(run: string): Searched {
  let [bytes, rows] = [0, 0];
  const finds: string[] = [];
  for (const file of list(folderOf(run))) {
    for (const line of readFileSync(file, "utf8").split("\n")) {
      if (line === "") continue;
      const kept = JSON.parse(line) as Kept;
      if (kept.kind === "rows") {
        rows += kept.rows;
        if (kept.found > 0) finds.push(`${kept.found} rows of ${kept.source}`);
      } else {
        bytes += kept.text.length;
        if (CANARY.test(kept.text)) finds.push(`${kept.source}: ${around(kept.text)}`);
      }
    }
  }
  return { bytes, rows, finds };
}

/** The words before a find; the find itself is not said again. */
function around(text: string): string {
  const at = text.search(CANARY);
  return `…${text.slice(Math.max(0, at - 80), at)}[secret]`;
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}
