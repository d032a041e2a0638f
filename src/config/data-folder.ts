/** Where the data folder is, or would be made. It makes nothing. */
import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Problem } from "./errors.ts";

/** The path itself, or the nearest above it that is there. */
export function nearestThere(path: string): string {
  let there = path;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  return there;
}

/** Null unless something that is no folder stands where the folder is to be. */
export function dataFolderProblem(path: string, where: string): Problem | null {
  const there = nearestThere(path);
  if (statSync(there).isDirectory()) return null;
  return { where, what: `${there} is no folder`, fix: "Set DATA_DIR to a folder" };
}
