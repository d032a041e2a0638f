/** Writes the schemas of the platforms' payloads into `test/fixtures/schemas`, from the types their packages publish. */
// node --import tsx test/kit/make-schemas.ts [platform…] [--check]: with --check it writes nothing and fails on a difference.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SCHEMAS, type Schema, type Schemas } from "./schemas.ts";
import { PLATFORMS, type Platform, recordOrigin } from "./schemas-origin.ts";

/** Each made anew from the installed types; that takes seconds. */
export const MAKERS: Readonly<Record<Platform, () => Promise<Schemas>>> = {
  telegram: async () => (await import("./make-schemas-telegram.ts")).telegramSchemas(),
  "telegram-answers": async () => (await import("./make-schemas-telegram.ts")).answerSchemas(),
  slack: async () => (await import("./make-schemas-slack.ts")).slackSchemas(),
};

const written = (schema: Schema): string => `${JSON.stringify(schema)}\n`;
const fileOf = (platform: string, name: string): string => join(SCHEMAS, platform, `${name}.json`);

/** The names of the files that are not what `fresh` says: other, missing, or of no use any more. */
export function stale(platform: string, fresh: Schemas): readonly string[] {
  const folder = join(SCHEMAS, platform);
  const there = existsSync(folder) ? readdirSync(folder) : [];
  const unused = there.filter((file) => !fresh.has(file.replace(/\.json$/, "")));
  const other = [...fresh].filter(([name, schema]) => {
    const path = fileOf(platform, name);
    return !existsSync(path) || readFileSync(path, "utf8") !== written(schema);
  });
  return [...unused, ...other.map(([name]) => `${name}.json`)].sort();
}

function write(platform: Platform, fresh: Schemas): void {
  mkdirSync(join(SCHEMAS, platform), { recursive: true });
  for (const file of stale(platform, fresh)) {
    rmSync(join(SCHEMAS, platform, file), { force: true });
  }
  for (const [name, schema] of fresh) writeFileSync(fileOf(platform, name), written(schema));
  recordOrigin(platform);
}

if (process.argv[1] === import.meta.filename) {
  const asked = process.argv.slice(2);
  const only = asked.filter((word) => !word.startsWith("-"));
  for (const platform of PLATFORMS) {
    if (only.length > 0 && !only.includes(platform)) continue;
    const fresh = await MAKERS[platform]();
    const differing = stale(platform, fresh);
    if (!asked.includes("--check")) write(platform, fresh);
    else if (differing.length > 0) process.exitCode = 1;
    console.log(`${platform}: ${fresh.size} schemas, ${differing.length} differ`, ...differing);
  }
}
