/** How a desk is started and stopped from outside: through npm, and beside another one in the same folder. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { deskFolder } from "../kit/desk-market.ts";
import { program, summaryIn } from "../kit/desk-process.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Programs whose environment names the folder. */
function programsOf(folder: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, "utf8").includes(folder);
    } catch {
      return false;
    }
  });
}

describe.runIf(process.platform === "linux").concurrent("a desk started as the README says", () => {
  test("a signal to npm reaches the desk, which stops as it should and leaves nothing running", async () => {
    const folder = deskFolder();
    const npm = spawn("npm", ["start", "--", "--headless"], {
      cwd: ROOT,
      env: { ...process.env, DATA_DIR: join(folder, "data"), PORT: "0", LOG_LEVEL: "error" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    let out = "";
    const closed = new Promise<void>((resolve) => {
      npm.stdout.once("close", () => resolve());
    });
    await new Promise<void>((resolve) => {
      npm.stdout.on("data", (data: Buffer) => {
        out += data.toString();
        if (out.includes("In agreement with the venue")) resolve();
      });
    });
    npm.kill("SIGTERM");
    await closed;
    expect(summaryIn(out)).toMatchObject({ stopped: "SIGTERM", duplicateOrders: 0 });
    expect(programsOf(folder)).toEqual([]);
  });

  test("a second desk in the same folder is refused, and takes nothing from the one that runs", async () => {
    const folder = deskFolder();
    const env = { DATA_DIR: join(folder, "data"), PORT: "0", LOG_LEVEL: "error" };
    await using first = program("src/main.ts", ["start", "--headless"], env);
    await first.says(/In agreement with the venue/);
    const ledger = join(folder, "data/demo/exchange-ledger.jsonl");
    const before = statSync(ledger);
    for (const keep of [[], ["--keep"]]) {
      await using second = program("src/main.ts", ["start", "--headless", ...keep], env);
      expect((await second.ended).code).toBe(1);
      expect(second.errors.trim().split("\n")).toHaveLength(1);
      expect(second.errors).toMatch(/another desk/i);
    }
    expect(statSync(ledger).ino).toBe(before.ino);
    expect(statSync(ledger).size).toBeGreaterThanOrEqual(before.size);
    expect(await first.stop()).toEqual({ code: 0, signal: null });
    expect(summaryIn(first.out)).toMatchObject({ duplicateOrders: 0 });
  });
});
