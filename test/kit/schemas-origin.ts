/** What the schemas on disk were made from and came to, in one number: making them anew takes seconds, this takes none. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SCHEMAS } from "./schemas.ts";
import { METHODS } from "./telegram-fake-payload.ts";

const MODULES = join(import.meta.dirname, "../../node_modules");
const FILE = join(SCHEMAS, "origin.json");

interface Origin {
  /** Their published types, and who reads them. */
  readonly packages: readonly string[];
  /** The programs in this folder that make the schemas. */
  readonly makers: readonly string[];
  /** What else decides which schemas there are. */
  readonly names: readonly string[];
}

const READER = "ts-json-schema-generator";
const TELEGRAM = ["make-schemas.ts", "make-schemas-telegram.ts"];

const ORIGINS = {
  telegram: { packages: ["@gramio/types", READER], makers: TELEGRAM, names: METHODS },
  "telegram-answers": { packages: ["@gramio/types", READER], makers: TELEGRAM, names: [] },
  slack: {
    packages: ["@slack/types", "@slack/web-api", READER],
    makers: ["make-schemas.ts", "make-schemas-slack.ts", "make-schemas-slack-limits.ts"],
    names: [],
  },
} satisfies Readonly<Record<string, Origin>>;

export type Platform = keyof typeof ORIGINS;
export const PLATFORMS = Object.keys(ORIGINS) as readonly Platform[];

/** Of a platform's schemas as they are now. When it is not the recorded one, `npm run schemas` makes them anew. */
export function originOf(platform: Platform): string {
  const { packages, makers, names }: Origin = ORIGINS[platform];
  const folder = join(SCHEMAS, platform);
  const hash = createHash("sha256");
  for (const name of packages) hash.update(versionOf(name));
  for (const file of makers) hash.update(readFileSync(join(import.meta.dirname, file)));
  for (const name of names) hash.update(name);
  for (const file of existsSync(folder) ? readdirSync(folder).sort() : []) {
    hash.update(file).update(readFileSync(join(folder, file)));
  }
  return hash.digest("hex");
}

function versionOf(name: string): string {
  const manifest = JSON.parse(readFileSync(join(MODULES, name, "package.json"), "utf8"));
  return `${name}@${(manifest as { readonly version: string }).version}`;
}

/** What was written when the schemas were made. */
export const recorded = (): Readonly<Record<string, string>> =>
  existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Record<string, string>) : {};

/** Writes down that the schemas of this platform were just made. */
export function recordOrigin(platform: Platform): void {
  const all = { ...recorded(), [platform]: originOf(platform) };
  writeFileSync(FILE, `${JSON.stringify(all, null, 2)}\n`);
}
