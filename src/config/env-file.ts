/** Reads the text of an environment file into settings and problems. It opens nothing and decides nothing. */
// A ` #` starts a comment, a bare `#` does not; a quoted value may span lines, as a PEM does.
import type { Problem } from "./errors.ts";

export interface Setting {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

export interface EnvFile {
  readonly settings: readonly Setting[];
  readonly problems: readonly Problem[];
}

const HEAD = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=[ \t]*(.*)$/;

/** `name` is how the file is called in problems; a line is never quoted in them, it may hold a secret. */
export function parseEnvFile(text: string, name: string): EnvFile {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  const settings: Setting[] = [];
  const problems: Problem[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (/^\s*(#|$)/.test(line)) continue;
    const where = `${name}:${at + 1}`;
    const [, key, rest] = HEAD.exec(line) ?? [];
    if (key === undefined || rest === undefined) {
      problems.push({
        where,
        what: "not of the form KEY=VALUE",
        fix: "Write KEY=VALUE or start it with #",
      });
      continue;
    }
    const mark = rest[0];
    if (mark !== '"' && mark !== "'") {
      settings.push({ key, value: unquoted(rest), line: at + 1 });
      continue;
    }
    const quoted = closing(lines, at, rest.slice(1), mark);
    if (quoted === null) {
      problems.push({
        where,
        what: `${key} opens a quote that never closes`,
        fix: `Close it with ${mark}`,
      });
      break;
    }
    if (!/^\s*(\s#.*)?$/.test(quoted.after)) {
      problems.push({
        where,
        what: `${key} goes on after its closing quote`,
        fix: "Put the whole value between the quotes; a comment after it starts with ` #`",
      });
    }
    settings.push({ key, value: quoted.value, line: at + 1 });
    at = quoted.last;
  }
  return { settings, problems };
}

const unquoted = (rest: string): string => rest.replace(/(^|\s)#.*$/, "").trim();

/** The value up to the closing quote, on this line or a later one. Only `\"` is an escape; `\n` stays as it is. */
function closing(lines: readonly string[], first: number, head: string, mark: '"' | "'") {
  const parts: string[] = [];
  for (let last = first; last < lines.length; last++) {
    const text = last === first ? head : (lines[last] ?? "");
    const end = mark === "'" ? text.indexOf("'") : text.search(/(?<!\\)"/);
    if (end === -1) {
      parts.push(text);
      continue;
    }
    parts.push(text.slice(0, end));
    const value = parts.join("\n");
    return {
      value: mark === '"' ? value.replaceAll('\\"', '"') : value,
      after: text.slice(end + 1),
      last,
    };
  }
  return null;
}
