/** The house inspector: files in, faults out, each a sentence with its line. It opens no file. */
// Give it a map from path to text; the real tree and a planted violation are the same to it.
import { posix } from "node:path";
import { circles } from "./circles.ts";
import { roomOf, shut } from "./rooms.ts";
import { type Import, importsOf, programOf } from "./source.ts";

/** Path from the project's root, with slashes, to the text of the file. */
export type Files = ReadonlyMap<string, string>;

const MAX_LINES = 300;
const PURE = /^(src\/core|src\/chat|commands|alerts)\//;

/** What reads the world instead of being told. `but`: paths on which it is allowed. */
const AMBIENT: readonly { readonly word: RegExp; readonly but?: RegExp }[] = [
  { word: /(?<![.\w])Date\.now\b/g },
  { word: /(?<![.\w])new\s+Date\b/g },
  { word: /(?<![.\w])Math\.random\b/g },
  { word: /(?<![.\w])(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/g },
  { word: /(?<![.\w])performance\s*\./g },
  { word: /(?<![.\w])process\s*\./g },
  { word: /(?<![.\w])crypto\s*\./g },
  { word: /(?<![.\w])fetch\s*\(/g },
  { word: /(?<![.\w])console\s*\./g },
  { word: /(?<![.\w])globalThis\b/g },
  { word: /(?<![.\w])Intl\b/g, but: /^src\/chat\// },
];

/** Ways of putting money through a float. Seconds and basis points are floats and may be rounded to be shown. */
const FLOATS: readonly { readonly word: RegExp; readonly but?: RegExp }[] = [
  { word: /(?<![.\w])(?:Number\.)?parseFloat\b/g },
  // A letter picked by a remainder; the order of a book's levels; a cap that is a count, seconds or basis points, as a person typed it.
  {
    word: /(?<![.\w])Number\s*\(/g,
    but: /^src\/core\/(control\/code|market\/book|risk\/policy)\.ts$/,
  },
  { word: /(?<![.\w])(?:price|size|quote|rate|parse)\s*\([^;{}]*?\.to(?:Fixed|Precision)\b/g },
  { word: /(?<![.\w])approximate\s*\([^;{}]*?\.to(?:Fixed|Precision)\b/g },
];
/** Its `approximate` and `asBps` are the one way out. */
const MONEY = "src/core/kernel/money.ts";

/** Faults by path; a path without faults is left out. */
export function inspect(files: Files): ReadonlyMap<string, readonly string[]> {
  const faults = new Map<string, readonly string[]>();
  const graph = new Map<string, readonly string[]>();
  const circular = new Map<string, string[]>();
  for (const [path, text] of files) {
    const imports = importsOf(text);
    graph.set(
      path,
      imports.flatMap((each) => targetOf(path, each.specifier) ?? []),
    );
    circular.set(path, [
      ...doors(path, imports),
      ...shape(path, text, imports),
      ...words(path, text),
    ]);
  }
  for (const circle of circles(graph)) {
    circular
      .get(circle[0] ?? "")
      ?.push(`imports in a circle: ${[...circle, circle[0]].join(" -> ")}`);
  }
  for (const [path, found] of circular) if (found.length > 0) faults.set(path, found);
  return faults;
}

/** The path a relative import leads to, or null for a package. */
const targetOf = (path: string, specifier: string): string | null =>
  specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : null;

function doors(path: string, imports: readonly Import[]): readonly string[] {
  if (!path.includes("/")) return [];
  return imports.flatMap(({ specifier, line }) => {
    const target = targetOf(path, specifier);
    const why = shut(path, target ?? "npm");
    if (why !== null) return [`line ${line}: ${why} (${specifier})`];
    const ended = target === null || /\.(ts|json)$/.test(target);
    return ended ? [] : [`line ${line}: ${specifier} must end in .ts`];
  });
}

function shape(path: string, text: string, imports: readonly Import[]): readonly string[] {
  const faults: string[] = [];
  const lines = text.replace(/\n$/, "").split("\n").length;
  if (lines > MAX_LINES) faults.push(`has ${lines} lines; ${MAX_LINES} is the most`);
  if (/(^|\/)(index|utils|types)\.ts$/.test(path) || /(^|\/)utils\//.test(path)) {
    faults.push("is named for nothing: no index.ts, types.ts or utils");
  }
  if (!/^[a-z0-9./-]+$/.test(path)) faults.push("is not named in kebab-case");
  for (const { line } of imports.filter((each) => each.reExport)) {
    faults.push(`line ${line}: re-exports like a barrel; import it where it is made`);
  }
  if (!/^(test|bench)\//.test(path) && path.includes("/") && !/^\/[*/]/.test(text)) {
    faults.push("does not open by saying what it is for");
  }
  if (roomOf(path) === "src/ports") faults.push(...running(text, imports));
  return faults;
}

/** A door is an interface: nothing in it runs. */
function running(text: string, imports: readonly Import[]): readonly string[] {
  const program = programOf(text);
  const values = program.matchAll(
    /(?<=^|\n)[ \t]*(?:export[ \t]+)?(?:async[ \t]+)?(?:const|let|var|function|class|enum)\b/g,
  );
  return [
    ...[...values].map((at) => `line ${lineAt(program, at)}: a port holds no code that runs`),
    ...imports
      .filter((each) => !each.typeOnly)
      .map(({ line, specifier }) => `line ${line}: a port imports types only (${specifier})`),
  ];
}

function words(path: string, text: string): readonly string[] {
  const program = programOf(text);
  const faults: string[] = [];
  const look = (say: string, list: typeof AMBIENT): void => {
    for (const { word, but } of list) {
      if (but?.test(path)) continue;
      for (const at of program.matchAll(word)) {
        faults.push(`line ${lineAt(program, at)}: ${say}: ${at[0].trim().replace(/\s+/g, " ")}`);
      }
    }
  };
  if (PURE.test(path)) look("reads the world", AMBIENT);
  if (path.startsWith("src/core/") && path !== MONEY) look("money through a float", FLOATS);
  if (!path.startsWith("test/") && path !== "src/config/env.ts") {
    look("only src/config/env.ts reads process.env", [
      { word: /(?<![.\w])process\s*(?:\.\s*|\?\.\s*|\[\s*)env\b/g },
      { word: /\{[^{}=]*\benv\b[^{}=]*\}\s*=\s*process\b/g },
    ]);
  }
  return faults;
}

const lineAt = (text: string, at: RegExpExecArray): number =>
  text.slice(0, at.index).split("\n").length;
