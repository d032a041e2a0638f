/**
 * Our programs, each bundled into one file, so that a test which starts many of them compiles them once. What they do is
 * not changed: the sources are the same, and each still finds what lies beside it.
 */
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

const ROOT = join(import.meta.dirname, "../..");

/** What may be started, by its path below the checkout. */
export const PROGRAMS = [
  "src/main.ts",
  "test/kit/desk-child.ts",
  "test/desk/broken-rule.ts",
  "test/db/holder.ts",
] as const;
export type ProgramFile = (typeof PROGRAMS)[number];

/** Plain data. */
export interface Programs {
  readonly folder: string;
  /** Why there are none: a source that cannot be read spoils only the tests that start a program. */
  readonly fault: string | null;
}

/** @throws when the programs could not be bundled, with why */
export function bundleOf({ folder, fault }: Programs, file: ProgramFile): string {
  if (fault !== null) throw new Error(`the programs could not be bundled: ${fault}`);
  return join(folder, file.replace(/\.ts$/, ".mjs"));
}

/** Packages are written for `require`, which a module does not have. */
const REQUIRE = `import { createRequire as requireFor } from "node:module";
const require = requireFor(${JSON.stringify(pathToFileURL(join(ROOT, "package.json")).href)});
const __dirname = import.meta.dirname, __filename = import.meta.filename;`;

/** A source keeps the place it was written in: recordings, migrations and policies lie beside it. */
const inPlace: Plugin = {
  name: "in-place",
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (relative(ROOT, path).startsWith("node_modules")) return undefined;
      const text = await readFile(path, "utf8");
      const contents = text.replace(/\bimport\.meta\.(url|dirname|filename)\b/g, (_, what) =>
        JSON.stringify(placeOf(path)[what as keyof ReturnType<typeof placeOf>]),
      );
      return { contents, loader: "ts" };
    });
  },
};

const placeOf = (path: string) => ({
  url: pathToFileURL(path).href,
  dirname: join(path, ".."),
  filename: path,
});

/** Takes a fraction of a second. */
export const bundlePrograms = (folder: string): Promise<Programs> =>
  bundle(folder).then(
    () => ({ folder, fault: null }),
    (fault: unknown) => ({ folder, fault: String(fault) }),
  );

const bundle = (folder: string): Promise<unknown> =>
  build({
    absWorkingDir: ROOT,
    entryPoints: [...PROGRAMS],
    outbase: ROOT,
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    banner: { js: REQUIRE },
    // Native helpers that a WebSocket does without.
    external: ["bufferutil", "utf-8-validate"],
    plugins: [inPlace],
    logLevel: "silent",
  });
