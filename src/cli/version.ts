/** The version of this program, as package.json has it. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder with our package.json, whether this runs from src or from dist. */
function root(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "package.json")) && dirname(folder) !== folder)
    folder = dirname(folder);
  return folder;
}

function read(): string {
  const found: unknown = JSON.parse(readFileSync(join(root(), "package.json"), "utf8"));
  return found !== null && typeof found === "object" && "version" in found
    ? String(found.version)
    : "0";
}

export const VERSION = read();
