/** The verb `exchange` on a command line: what it prints, and how it refuses. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { get } from "node:https";
import { createServer } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { exchange } from "../../src/cli/exchange.ts";

afterEach(() => vi.restoreAllMocks());

async function refused(...args: readonly string[]): Promise<string> {
  const lines: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  expect(await exchange(args)).toBe(2);
  expect(lines).toHaveLength(1);
  return lines[0] ?? "";
}

test.each([
  [["--port", "x"], /--port/],
  [["--port", "70000"], /--port/],
  [["--bar-seconds", "0"], /--bar-seconds/],
  [["--from", "2019-01-01T00:00:00Z"], /--from .*2018-04-04/],
  [["--market", "wild"], /--market must be recorded or constant/],
  [["--loud"], /--loud.*flags are --port/],
] as const)("%j is refused in one line that names the flag", async (args, line) => {
  expect(await refused(...args)).toMatch(line);
});

test("a port in use is refused in one line that names it and the way out", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const address = taken.address();
  const port = typeof address === "object" ? address?.port : 0;
  expect(await refused("--port", String(port))).toMatch(
    `port ${port} on 127.0.0.1 is in use; choose`,
  );
  taken.close();
});

async function run(...args: readonly string[]) {
  const script = `import { exchange } from "./src/cli/exchange.ts"; process.exitCode = await exchange(${JSON.stringify(args)});`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    cwd: new URL("../..", import.meta.url),
  });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { child, told: JSON.parse(line.toString()) as Record<string, string> };
}

test("it prints where it listens as one JSON line and ends with 0 on SIGTERM", async () => {
  const { child, told } = await run("--bar-seconds", "1");
  expect(Object.keys(told)).toEqual(["rest", "ws", "wsUser", "keyName", "privateKeyFile"]);
  expect(existsSync(told["privateKeyFile"] ?? "")).toBe(true);
  expect((await fetch(`${told["rest"]}/api/v3/brokerage/time`)).status).toBe(200);
  child.kill("SIGTERM");
  expect((await once(child, "exit"))[0]).toBe(0);
  expect(existsSync(told["privateKeyFile"] ?? "")).toBe(false);
});

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

test.skipIf(!hasOpenssl)("with --tls it serves HTTPS under the certificate it names", async () => {
  const { child, told } = await run("--tls");
  expect(told["rest"]).toMatch(/^https:/);
  expect(told["wsUser"]).toMatch(/^wss:/);
  const ca = readFileSync(told["caFile"] ?? "", "utf8");
  const status = await new Promise((resolve, reject) => {
    const path = `${told["rest"]}/api/v3/brokerage/time`;
    get(path, { ca }, (response) => resolve(response.statusCode)).on("error", reject);
  });
  expect(status).toBe(200);
  child.kill("SIGINT");
  expect((await once(child, "exit"))[0]).toBe(0);
});
