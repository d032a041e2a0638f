/** Reads TypeScript with regular expressions alone: comments and strings taken out, import statements found. */
// No compiler stands behind it: TypeScript 7 ships none. It must be right for this code base, not for every program.

export interface Import {
  readonly specifier: string;
  readonly line: number;
  readonly typeOnly: boolean;
  /** `export … from`: what a barrel is made of. */
  readonly reExport: boolean;
}

const TEMPLATE =
  "`(?:\\\\[\\s\\S]|\\$\\{(?:[^{}`]|`[^`]*`|\\{[^{}]*\\})*\\}|[^`\\\\$]|\\$(?!\\{))*`";
const STRING = "\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])*'";
const COMMENT = "/\\*[\\s\\S]*?\\*/|//[^\\n]*";
const PATTERN =
  "(?<=(?:[(=,:;!&|?{}[]|return|^)\\s*)/(?![*/])(?:\\\\.|\\[(?:\\\\.|[^\\]\\\\\\n])*\\]|[^/\\\\\\n[])+/[dgimsuvy]*";
const TOKENS = new RegExp(`${COMMENT}|${STRING}|${TEMPLATE}|${PATTERN}`, "g");
const HOLE = /\$\{((?:[^{}`]|`[^`]*`|\{[^{}]*\})*)\}/g;

/** Only the line breaks of a text, so that what follows keeps its line. */
const blank = (text: string): string => text.replace(/[^\n]/g, " ");

/** The program without comments, strings and patterns. What stands in `${…}` is program and stays. */
export function programOf(text: string): string {
  return text.replace(TOKENS, (token) => {
    if (!token.startsWith("`")) return blank(token);
    const holes = [...token.matchAll(HOLE)].map((hole) => programOf(hole[1] ?? ""));
    return ` ${holes.join(" ")}${"\n".repeat(count(token, "\n") - count(holes.join(""), "\n"))} `;
  });
}

const count = (text: string, part: string): number => text.split(part).length - 1;

const FROM =
  /(?<=^|[;}\n])[ \t]*(import|export)\s+(type\s+)?([\w*$\s{},]*?)\s*from\s*["']([^"'\n]+)["']/g;
const BARE = /(?<=^|[;}\n])[ \t]*import\s*["']([^"'\n]+)["']/g;
const CALLED = /(?<![\w.$])(?:import|require)\s*\(\s*["']([^"'\n]+)["']/g;

/** Every import of a file: named, bare, dynamic and in types. */
export function importsOf(text: string): readonly Import[] {
  const plain = text.replace(TOKENS, (token) => (/^["']/.test(token) ? token : blank(token)));
  const lineAt = (index: number): number => count(plain.slice(0, index), "\n") + 1;
  const found: Import[] = [];
  for (const match of plain.matchAll(FROM)) {
    const [whole, verb, typeWord, names = "", specifier = ""] = match;
    const inner = names
      .replace(/[{}]/g, "")
      .split(",")
      .filter((name) => name.trim() !== "");
    const allTypes = names.includes("{") && inner.every((name) => /^\s*type\s/.test(name));
    found.push({
      specifier,
      line: lineAt(match.index + whole.length),
      typeOnly: typeWord !== undefined || allTypes,
      reExport: verb === "export",
    });
  }
  for (const match of [...plain.matchAll(BARE), ...plain.matchAll(CALLED)]) {
    const line = lineAt(match.index + match[0].length);
    found.push({ specifier: match[1] ?? "", line, typeOnly: false, reExport: false });
  }
  return found;
}
