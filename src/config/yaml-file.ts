/** A YAML file as sections and entries that know their line, so that every problem can name file, line and key. */
// It checks form (known keys, sections, lists); what a value must be is for policy.ts.
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from "yaml";
import { type Problem, suggestion } from "./errors.ts";

export interface Entry {
  /** The keys from the top, e.g. `per_symbol.BTC-USD.max_leverage`. */
  readonly path: string;
  readonly node: Node | null;
  /** Where it stands, or where its section begins when it is missing a value. */
  readonly where: string;
}

export interface Section {
  readonly where: string;
  readonly path: string;
  readonly entries: ReadonlyMap<string, Entry>;
}

export class YamlFile {
  readonly problems: Problem[] = [];
  readonly #name: string;
  readonly #lines = new LineCounter();
  readonly #root: Node | null;

  constructor(text: string, name: string) {
    this.#name = name;
    const document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    for (const error of [...document.errors, ...document.warnings]) {
      const line = this.#lines.linePos(error.pos[0]).line;
      this.refuse(`${name}:${line}`, error.message.replace(/\.$/, ""), "Correct the YAML");
    }
    this.#root = document.errors.length > 0 ? null : document.contents;
  }

  refuse(where: string, what: string, fix: string): void {
    this.problems.push({ where, what, fix });
  }

  /** The whole file as a section, or null when it is not one. */
  root(known: readonly string[] | null): Section | null {
    if (this.#root === null && this.problems.length > 0) return null;
    return this.section({ path: "", node: this.#root, where: `${this.#name}:1` }, known);
  }

  /** `known` null: any key. Unknown keys are problems and left out. */
  section(of: Entry, known: readonly string[] | null): Section | null {
    if (!isMap(of.node)) {
      this.refuse(of.where, "not a section", "Write `key: value` lines, indented, below it");
      return null;
    }
    const entries = new Map<string, Entry>();
    for (const [key, entry] of this.#entries(of.node, of.path)) {
      if (known !== null && !known.includes(key)) {
        const near = suggestion(key, known);
        const fix = near === "" ? `Known here: ${known.join(", ")}` : `Did you mean ${near}?`;
        this.refuse(entry.where, "unknown key", fix);
      } else {
        entries.set(key, entry);
      }
    }
    return { where: of.where, path: of.path, entries };
  }

  /** The entry of a required key. */
  need(section: Section, key: string, example: string): Entry | null {
    const entry = section.entries.get(key);
    if (entry !== undefined) return entry;
    const path = section.path === "" ? key : `${section.path}.${key}`;
    const head = section.where.split(" ")[0] ?? section.where;
    this.refuse(`${head} ${path}`, "missing", `Add \`${key}: ${example}\``);
    return null;
  }

  list(of: Entry): readonly Entry[] | null {
    if (!isSeq(of.node)) {
      this.refuse(of.where, "not a list", "Write `[first, second]` or one `- …` line each");
      return null;
    }
    return of.node.items.map((item, index) => {
      const path = `${of.path}[${index}]`;
      const node = isMap(item) || isSeq(item) || isScalar(item) ? item : null;
      return { path, node, where: this.#where(path, node?.range?.[0] ?? of.node?.range?.[0]) };
    });
  }

  *#entries(map: YAMLMap, above: string): Generator<[string, Entry]> {
    for (const pair of map.items) {
      const name = isScalar(pair.key) ? pair.key : null;
      const key = String(name?.value ?? "?");
      const path = above === "" ? key : `${above}.${key}`;
      const value = pair.value;
      const node = isMap(value) || isSeq(value) || isScalar(value) ? value : null;
      yield [key, { path, node, where: this.#where(path, name?.range?.[0] ?? map.range?.[0]) }];
    }
  }

  #where(path: string, offset: number | undefined): string {
    return `${this.#name}:${this.#lines.linePos(offset ?? 0).line} ${path}`;
  }
}

/** A scalar as it is written, exactly: `0.10` stays `0.10`. Null when it is `null`, undefined when not a scalar. */
export function written(node: Node | null): string | null | undefined {
  if (!isScalar(node)) return undefined;
  if (node.value === null) return null;
  return typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
}
