/** However a desk ends, it says what it came to and leaves no process behind. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { concluded } from "../../src/cli/start.ts";
import { deskFolder } from "../kit/desk-market.ts";
import { program, summaryIn } from "../kit/desk-process.ts";

/** Command lines that name the folder: the servers of this desk. */
function serversIn(folder: string): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      const file = `/proc/${pid}/cmdline`;
      return existsSync(file) ? readFileSync(file, "utf8").replaceAll("\0", " ") : "";
    })
    .filter((line) => line.includes(`${folder}/`));
}

describe.runIf(process.platform === "linux")("the end of a desk with a database of its own", () => {
  test("SIGTERM, SIGINT, SIGHUP and --for end it with 0 and a summary, and its server with it", async () => {
    const folder = deskFolder();
    const env = { DATA_DIR: join(folder, "data"), PORT: "0", LOG_LEVEL: "error" };
    const ends = [
      { args: [], signal: "SIGTERM", stopped: "SIGTERM" },
      { args: [], signal: "SIGINT", stopped: "SIGINT" },
      { args: [], signal: "SIGHUP", stopped: "SIGHUP" },
      { args: ["--for", "1500ms"], signal: null, stopped: "its time is over" },
    ] as const;
    for (const { args, signal, stopped } of ends) {
      await using desk = program("src/main.ts", ["start", "--headless", ...args], env);
      if (signal) {
        await desk.says(/In agreement with the venue/);
        expect(serversIn(folder).length).toBeGreaterThan(0);
      }
      // Started by npm in a group that is told as a whole, it hears the same wish twice.
      if (signal === "SIGTERM") {
        desk.child.kill(signal);
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      expect(await (signal ? desk.stop(signal) : desk.ended)).toEqual({ code: 0, signal: null });
      expect(summaryIn(desk.out)).toMatchObject({
        stopped,
        duplicateOrders: 0,
        counted: "exchange",
      });
      expect(serversIn(folder)).toEqual([]);
      expect(desk.errors).toBe("");
    }
  });
});

test("each way of stopping itself has an exit code of its own", () => {
  const end = {
    summary: null,
    fatal: "why",
    isOvertaken: false,
    isEmergency: false,
    isMoving: false,
  };
  expect(concluded({ ...end, fatal: null })).toBe(0);
  expect(concluded(end)).toBe(1);
  expect(concluded({ ...end, isOvertaken: true })).toBe(3);
  expect(concluded({ ...end, isEmergency: true })).toBe(4);
});
