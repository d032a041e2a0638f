/** The house as it stands, and as it would be with a fault in it: a guard that never barked is no guard. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Files, inspect } from "./check.ts";
import { importsOf, programOf } from "./source.ts";

const ROOT = join(import.meta.dirname, "../..");
const FOLDERS = ["src", "commands", "alerts", "db", "test", "bench"].filter((folder) =>
  existsSync(join(ROOT, folder)),
);

function readHouse(): Files {
  const files = new Map<string, string>();
  for (const folder of FOLDERS) {
    const entries = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (!entry.isFile() || !entry.name.endsWith(".ts")) continue;
      const path = join(entry.parentPath, entry.name);
      const name = path.slice(ROOT.length + 1).replaceAll("\\", "/");
      files.set(name, readFileSync(path, "utf8"));
    }
  }
  return files;
}

const house = readHouse();
const faults = inspect(house);

/** What the inspector says of one planted file. */
const planted = (path: string, text: string): readonly string[] =>
  inspect(new Map([[path, `/** Planted. */\n${text}`]])).get(path) ?? [];

describe("the house", () => {
  test("was read at all", () => {
    const under = (folder: string) => [...house.keys()].filter((path) => path.startsWith(folder));
    expect(under("src/core/").length).toBeGreaterThanOrEqual(20);
    expect(under("src/ports/").length).toBeGreaterThanOrEqual(10);
    expect(under("src/adapters/").length).toBeGreaterThanOrEqual(8);
    expect(under("src/config/").length).toBeGreaterThanOrEqual(8);
    expect(under("test/").length).toBeGreaterThanOrEqual(5);
    const imports = [...house.values()].flatMap(importsOf);
    expect(imports.length).toBeGreaterThan(house.size);
  });

  test.each([...house.keys()].sort())("%s keeps the rules", (path) => {
    expect(faults.get(path) ?? []).toEqual([]);
  });
});

describe("a planted fault is found:", () => {
  test.each([
    [
      "src/core/order/planted.ts",
      "../../ports/clock.ts",
      "src/core/order may not import src/ports",
    ],
    ["src/core/order/planted.ts", "node:fs", "src/core/order may not import packages"],
    ["src/core/order/planted.ts", "../risk/veto.ts", "src/core/order may not import src/core/risk"],
    ["src/core/order/planted.ts", "../market/product.ts", "may not import src/core/market"],
    ["src/core/orders/planted.ts", "../kernel/ids.ts", "src/core/orders is no room of the house"],
    ["src/chat/planted.ts", "../ports/log.ts", "src/chat may not import src/ports"],
    ["src/ports/planted.ts", "../run/loop.ts", "src/ports may not import src/run"],
    ["src/adapters/http/planted.ts", "../paper/venue.ts", "may not import src/adapters/paper"],
    ["src/adapters/http/planted.ts", "../../../db/schema.ts", "may not import db"],
    ["src/adapters/http/planted.ts", "../../config/env.ts", "may not import src/config"],
    ["src/run/planted.ts", "../adapters/http/server.ts", "may not import src/adapters/http"],
    ["src/run/planted.ts", "../../commands/table.ts", "src/run may not import commands"],
    ["src/run/planted.ts", "pino", "src/run may not import packages"],
    ["src/exchange/planted.ts", "../chat/card.ts", "src/exchange may not import src/chat"],
    [
      "src/exchange/planted.ts",
      "../adapters/coinbase/wire.ts",
      "may not import src/adapters/coinb",
    ],
    ["commands/planted.ts", "../src/ports/query.ts", "commands may not import src/ports"],
    ["alerts/planted.ts", "../src/run/loop.ts", "alerts may not import src/run"],
    ["db/planted.ts", "../src/core/kernel/ids.ts", "db may not import src/core/kernel"],
    ["src/cli/planted.ts", "../../test/house/check.ts", "src/cli may not import test"],
  ])("%s importing %s", (path, specifier, fault) => {
    expect(planted(path, `import type { a } from "${specifier}";`)).toEqual([
      expect.stringContaining(fault),
    ]);
  });

  test("a forbidden import is found in every form it can take", () => {
    for (const form of [
      'import type { A } from "zod";',
      'import {\n  a,\n  type B,\n} from "zod";',
      'import * as zod from "zod";',
      'import "zod";',
      'const a = await import("zod");',
      'let a: import("zod").ZodType;',
      'const a = 1; import { z } from "zod";',
    ]) {
      expect(planted("commands/planted.ts", form).join()).toContain("may not import packages");
    }
  });

  test("a circle is found, of types too, and named file by file", () => {
    const pair = new Map([
      ["src/core/order/a.ts", '/** A. */\nimport type { B } from "./b.ts";'],
      ["src/core/order/b.ts", '/** B. */\nimport type { C } from "./c.ts";'],
      ["src/core/order/c.ts", '/** C. */\nimport type { A } from "./a.ts";'],
    ]);
    expect([...inspect(pair)]).toEqual([
      [
        "src/core/order/a.ts",
        [
          "imports in a circle: src/core/order/a.ts -> src/core/order/b.ts -> src/core/order/c.ts -> src/core/order/a.ts",
        ],
      ],
    ]);
  });

  test.each([
    "Date.now()",
    "new Date()",
    "Math.random()",
    "setTimeout(a, 1)",
    "setInterval(a, 1)",
    "performance.now()",
    "process.hrtime()",
    "crypto.randomUUID()",
    "fetch(a)",
    "console.log(a)",
    "`at $" + "{Date.now()}`",
  ])("the world read by %s in core, commands and alerts", (program) => {
    for (const room of ["src/core/risk", "commands", "alerts"]) {
      const found = planted(`${room}/planted.ts`, `\nconst a = ${program};`).join();
      expect(found).toContain("line 3: reads the world");
    }
  });

  test("the world in a comment, a string or a pattern is nobody's reading", () => {
    const text =
      '// Date.now()\n/* fetch(a) */\nconst a = b("Date.now()", `console.log`, /fetch(a)["]/);';
    expect(planted("src/core/risk/planted.ts", text)).toEqual([]);
    const left = programOf(text).replace(/\s+/g, " ").trim();
    expect(left).toBe("const a = b( , , );");
  });

  test("Intl is for src/chat", () => {
    const text = "const a = new Intl.NumberFormat();";
    expect(planted("src/chat/planted.ts", text)).toEqual([]);
    expect(planted("alerts/planted.ts", text)).toEqual(["line 2: reads the world: Intl"]);
  });

  test.each(["parseFloat(a)", "Number.parseFloat(a)", "Number(a)", "quote((a / 3).toFixed(2))"])(
    "money through a float by %s",
    (program) => {
      const found = planted("src/core/risk/planted.ts", `const a = ${program};`);
      expect(found.join()).toContain("money through a float");
    },
  );

  test("asking for a whole number and showing seconds put no money through a float", () => {
    const text = "const a = Number.isInteger(b) ? (ms / 1000).toFixed(1) : asBps(c).toFixed(1);";
    expect(planted("src/core/risk/planted.ts", text)).toEqual([]);
  });

  test.each([
    ["src/run/loop-planted.ts", 'export * from "./loop.ts";', "re-exports like a barrel"],
    ["src/run/loop-planted.ts", 'export { a } from "./loop.ts";', "re-exports like a barrel"],
    ["src/run/index.ts", "const a = 1;", "named for nothing"],
    ["src/run/types.ts", "const a = 1;", "named for nothing"],
    ["src/run/utils.ts", "const a = 1;", "named for nothing"],
    ["src/run/planted.ts", "\n".repeat(300), "has 301 lines"],
    ["src/run/plantedFile.ts", "const a = 1;", "kebab-case"],
    ["src/run/planted.ts", 'import { a } from "./loop.js";', "must end in .ts"],
    ["src/ports/planted.ts", "export const a = 1;", "a port holds no code that runs"],
    ["src/ports/planted.ts", 'import { ok } from "../core/kernel/result.ts";', "types only"],
    ["src/adapters/http/planted.ts", "const a = process.env.PORT;", "only src/config/env.ts"],
    ["src/cli/planted.ts", "const { env } = process;", "only src/config/env.ts"],
  ])("%s with %j", (path, text, fault) => {
    expect(planted(path, text)).toEqual([expect.stringContaining(fault)]);
  });

  test("a file that does not say what it is for", () => {
    const silent = inspect(new Map([["src/run/planted.ts", "const a = 1;"]]));
    expect([...silent.values()]).toEqual([["does not open by saying what it is for"]]);
  });
});
