/** The verb `exchange` on a command line: what it prints, and how it refuses. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { get } from "node:https";
import { createServer } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { exchange } from "../../src/cli/exchange.ts";
import { exchangeFlags, FLAGS } from "../../src/cli/exchange-flags.ts";
import { decimal } from "../../src/core/kernel/money.ts";
import { settle } from "../../src/exchange/options.ts";

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
  [["--products", "BTC-USD,DOGE-USD"], /DOGE-USD is not offered; choose among/],
  [["--balance", "USD"], /--balance cannot be "USD"; give .*USD=10000/],
  [["--fees", "taker=2"], /--fees taker must be a number from 0 to 0.5 .*not "2"/],
  [["--key", "rsa"], /--key must be ec or ed25519, not "rsa"/],
  [["--limits", "loud"], /--limits has no "loud"; it has private, public, .*answer/],
  [["--limits", "private=0"], /--limits private must be a whole number from 1/],
  [["--limits", "answer=418"], /answer must be 429-json, 429-html or 401/],
  [["--lag", "order=-1"], /--lag order must be a whole number from 0 .*milliseconds.*"-1"/],
  [["--lag", "order=1,order=2"], /--lag names "order" twice/],
  [["--cancel-ms", "1.5"], /--cancel-ms must be a whole number/],
  [["--doubts", "fok=maybe"], /--doubts fok must be cancel or refuse, not "maybe"/],
  [["--frames", "ack-first=1"], /--frames ack-first takes no value/],
  [["--leave-out", "all"], /--leave-out has no "all"; it has pending/],
] as const)("%j is refused in one line that names the flag", async (args, line) => {
  expect(await refused(...args)).toMatch(line);
});

test("every flag reaches the exchange as the option it stands for", () => {
  const words = `--port 0 --host 127.0.0.1 --tls --market constant --from 2018-04-04T13:50:00Z
    --bar-seconds 2 --seed s --products BTC-USD --balance USD=5 --balance BTC=0.25
    --fees taker=0.004 --key ed25519 --ledger-file l.jsonl --limits private=5,answer=401
    --lag order=1,list=2,fills=3,user=4 --pending-ms 5 --cancel-ms 6 --most-open-orders 7
    --subscribe-ms 8 --idle-close-ms 9 --public-cache-ms 10 --sandbox
    --doubts duplicate=refuse,post-only=cancel,fok=refuse,gtd-end=CANCELLED,edit-errors=object
    --frames ack-first,client-id,numeric-heartbeats,level2-ms=50,trades-ms=250
    --leave-out pending,cancel-queued,filled-twice`.split(/\s+/);
  expect(words.filter((word) => word.startsWith("--")).length).toBeGreaterThan(23);
  const named = Object.keys(FLAGS).filter((flag) => !words.includes(`--${flag}`));
  expect(named).toEqual(["help"]);
  expect(exchangeFlags(words)).toEqual({
    tls: true,
    options: {
      ...{ port: 0, host: "127.0.0.1", from: "2018-04-04T13:50:00Z", barSeconds: 2, seed: "s" },
      market: { constant: { "BTC-USD": "7070", "ETH-USD": "386.80" } },
      ...{ products: ["BTC-USD"], balances: { USD: "5", BTC: "0.25" }, keyKind: "ed25519" },
      tiers: [{ name: "Intro 1", volume: "0", taker: "0.004", maker: "0.006" }],
      ...{ ledgerFile: "l.jsonl", limits: { private: 5, answer: "401" }, sandbox: true },
      ...{ orderLagMs: 1, listLagMs: 2, fillsLagMs: 3, userLagMs: 4, pendingMs: 5 },
      ...{ cancelDelayMs: 6, mostOpenOrders: 7, subscribeWithinMs: 8, idleCloseMs: 9 },
      publicCacheMs: 10,
      doubts: {
        ...{ duplicate: "refuse", postOnly: "cancel", fok: "refuse" },
        ...{ gtdEnd: "CANCELLED", editErrors: "object" },
      },
      frames: {
        ...{ ackFirst: true, clientIdAlways: true, numericHeartbeats: true },
        ...{ level2BatchMs: 50, tradesBatchMs: 250 },
      },
      userUpdates: { pending: false, cancelQueued: false, filledTwice: false },
    },
  });
  expect(exchangeFlags(["--limits", "off"])?.options.limits).toBe(false);
  expect(exchangeFlags([])).toEqual({ tls: false, options: { market: "recorded" } });
});

test("help names every flag, and the defaults it names are the exchange's", async () => {
  const out = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  expect(await exchange(["--help"])).toBe(0);
  const help = out.mock.calls.map(([text]) => String(text)).join("");
  for (const flag of Object.keys(FLAGS)) {
    if (flag !== "help") expect(help).toMatch(new RegExp(`^ +--${flag} ?`, "m"));
  }
  const is = settle({ keyFolder: "" });
  const { limits: rates, doubts } = is;
  const said = [
    `--from ${is.from}`,
    `--bar-seconds ${is.barSeconds} `,
    `--seed ${is.seed} `,
    `--host ${is.host} `,
    `--key ${is.keyKind} `,
    `--market ${String(is.market)} `,
    `--products ${is.products.join(",")} `,
    `--balance USD=${is.balances["USD"]} `,
    `--pending-ms ${is.pendingMs} `,
    `--cancel-ms ${is.cancelDelayMs} `,
    `--most-open-orders ${is.mostOpenOrders} `,
    `--subscribe-ms ${is.subscribeWithinMs} `,
    `--idle-close-ms ${is.idleCloseMs} `,
    `--public-cache-ms ${is.publicCacheMs} `,
    `--lag order=${is.orderLagMs},list=${is.listLagMs},fills=${is.fillsLagMs},user=${is.userLagMs}`,
    `--limits ${Object.entries(rates ?? {})
      .map((each) => each.join("="))
      .join(",")}`,
    `duplicate=${doubts.duplicate}|`,
    `post-only=${doubts.postOnly}|`,
    `fok=${doubts.fok}|`,
    `gtd-end=${doubts.gtdEnd}|`,
    `edit-errors=${doubts.editErrors}|`,
    `level2-ms=${is.frames.level2BatchMs},trades-ms=${is.frames.tradesBatchMs}`,
  ];
  for (const one of said) expect(help).toContain(one);
  const [tier] = is.tiers;
  if (tier === undefined) throw new Error("there is a tier");
  expect(help).toContain(`--fees taker=${decimal(tier.taker)},maker=${decimal(tier.maker)} `);
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
