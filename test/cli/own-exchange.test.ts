/** The exchange of our own that a desk or a command starts: what it gives out, and what it leaves behind. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { netTransport } from "../../src/adapters/net/net-transport.ts";
import { startOwnExchange } from "../../src/cli/own-exchange.ts";
import { memoryLog } from "../adapters/coinbase/world.ts";
import { openLoopback } from "../kit/loopback-coinbase.ts";

afterEach(() => vi.unstubAllEnvs());

test("its key is taken, and no file holds it once it has started, nor when it could not start", async () => {
  const folder = mkdtempSync(join(tmpdir(), "own-exchange-"));
  vi.stubEnv("TMPDIR", folder);
  const own = await startOwnExchange({ market: "manual" });
  expect(readdirSync(folder)).toEqual([]);
  await expect(startOwnExchange({ barSeconds: 0 })).rejects.toThrow(/barSeconds/);
  const port = Number(new URL(own.rest).port);
  await expect(startOwnExchange({ port })).rejects.toThrow(String(port));
  expect(readdirSync(folder)).toEqual([]);
  const net = netTransport();
  const coinbase = openLoopback(
    { rest: own.rest, ws: own.market, wsUser: own.user },
    { key: own.key, log: memoryLog(), transport: net },
  );
  expect(await coinbase.permissions()).toMatchObject({ ok: true, value: { canTrade: true } });
  await coinbase.close();
  await net.close();
  await own.close();
  rmSync(folder, { recursive: true, force: true });
});
