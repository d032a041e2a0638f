/** Coinbase clients that we did not write, against our own Coinbase: npm coinbase-api, ccxt, and the official Python SDK. */
// node --import tsx test/peers/coinbase-peer.ts: a PASS or FAIL for each rule, and a failing end when one failed. The SDK
// takes part when COINBASE_PY_SDK names a checkout of coinbase-advanced-py.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type Exchange, startExchange } from "../../src/exchange/exchange.ts";
import type { ExchangeOptions } from "../../src/exchange/options.ts";
import { CCXT, COINBASE_NPM, PYTHON, STEADY } from "./coinbase-expected.ts";
import type { Credentials } from "./coinbase-npm.ts";

const FEWEST_CALLS = 25;
const PATIENCE_MS = 120_000;
const PYTHON_PROGRAM = "/usr/bin/python3";
const MODULES = ["requests", "jwt", "cryptography", "websockets", "backoff"];
const PACKAGES = MODULES.map((name) => `python3-${name}`);
const folder = mkdtempSync(join(tmpdir(), "coinbase-peer-"));

interface Certificate {
  readonly certFile: string;
  readonly cert: string;
  readonly key: string;
}

/** For 127.0.0.1, as `--tls` makes it. */
function certificate(): Certificate {
  const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
  const files = ["-keyout", keyFile, "-out", certFile, "-days", "1"];
  execFileSync("openssl", ["req", "-x509", ...curve, ...names, ...files], { stdio: "pipe" });
  return { certFile, cert: readFileSync(certFile, "utf8"), key: readFileSync(keyFile, "utf8") };
}

interface Going {
  readonly to: Credentials & { readonly viewKey: string; readonly viewSecret: string };
  readonly exchange: Exchange;
  /** Null over plain http. */
  readonly caFile: string | null;
}

/** What a client found, by the name of the call. */
type Found = Readonly<Record<string, unknown>>;

/** A program of its own, told where to go on stdin; each line of JSON it prints is a finding. */
async function alone(
  { to, caFile }: Going,
  [program = "", ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Found> {
  const trust = caFile === null ? {} : { NODE_EXTRA_CA_CERTS: caFile, REQUESTS_CA_BUNDLE: caFile };
  const child = spawn(program, args, {
    cwd: join(import.meta.dirname, "../.."),
    env: { ...process.env, ...trust, ...env },
    stdio: ["pipe", "pipe", "inherit"],
    timeout: PATIENCE_MS,
  });
  child.stdin.end(JSON.stringify(to));
  let out = "";
  child.stdout.on("data", (chunk) => {
    out += String(chunk);
  });
  await once(child, "close");
  const lines = out.split("\n").filter((line) => line.startsWith("["));
  return Object.fromEntries(lines.map((line) => JSON.parse(line) as [string, unknown]));
}

const node =
  (file: string, calls: readonly string[]) =>
  (going: Going): Promise<Found> => {
    const script = `import * as peer from "./test/peers/${file}";
      let text = ""; for await (const chunk of process.stdin) text += chunk;
      for (const call of ${JSON.stringify(calls)}) {
        process.stdout.write(JSON.stringify([call, await peer[call](JSON.parse(text))]) + "\\n");
      }
      process.exit(0);`;
    const run = ["--import", "tsx", "--input-type=module", "-e", script];
    return alone(going, [process.execPath, ...run], {});
  };

const python =
  (sdk: string) =>
  (going: Going): Promise<Found> => {
    const script = join(import.meta.dirname, "coinbase_sdk.py");
    const quiet = { PYTHONPATH: sdk, PYTHONDONTWRITEBYTECODE: "1" };
    return alone(going, [PYTHON_PROGRAM, "-W", "ignore", script], quiet);
  };

/** What is missing to run the SDK, as a sentence, or null. */
function missing(sdk: string): string | null {
  if (!existsSync(join(sdk, "coinbase/__version__.py"))) {
    return `COINBASE_PY_SDK must be a checkout of coinbase-advanced-py, and ${sdk} is none`;
  }
  const said = spawnSync(PYTHON_PROGRAM, ["-c", `import ${MODULES.join(", ")}`]);
  if (said.status === 0) return null;
  return `the SDK needs ${PYTHON_PROGRAM} with Debian's packages: apt-get install -y --no-install-recommends ${PACKAGES.join(" ")}`;
}

interface Peer {
  readonly name: string;
  readonly options: Partial<ExchangeOptions>;
  readonly wanted: Found;
  run(going: Going): Promise<Found>;
}

const npm = { wanted: COINBASE_NPM, run: node("coinbase-npm.ts", Object.keys(COINBASE_NPM)) };
const PEERS: readonly Peer[] = [
  { name: "coinbase-api, EC key", options: {}, ...npm },
  { name: "coinbase-api, Ed25519 key", options: { keyKind: "ed25519" }, ...npm },
  {
    ...{ name: "ccxt", options: {}, wanted: CCXT },
    run: node("coinbase-ccxt.ts", Object.keys(CCXT)),
  },
];

const sdkPeers = (sdk: string): readonly Peer[] =>
  (["ec", "ed25519"] as const).map((keyKind) => ({
    name: `coinbase-advanced-py, ${keyKind} key`,
    // Its typed parser knows no frame without a client id.
    options: { keyKind, frames: { clientIdAlways: true } },
    wanted: PYTHON,
    run: python(sdk),
  }));

let passed = 0;
let failed = 0;

function judge(rule: string, seen: unknown, wanted: unknown): void {
  const holds = isDeepStrictEqual(seen, wanted);
  if (holds) passed += 1;
  else failed += 1;
  const why = holds ? "" : `: saw ${JSON.stringify(seen)}, wanted ${JSON.stringify(wanted)}`;
  console.log(`${holds ? "PASS" : "FAIL"} ${rule}${why}`);
}

async function meet(peer: Peer, tls: Certificate | null): Promise<void> {
  const name = `${peer.name}, ${tls === null ? "plain" : "TLS"}`;
  await using exchange = await startExchange({
    ...STEADY,
    ...peer.options,
    keyFolder: mkdtempSync(join(folder, "keys-")),
    keys: [{ permissions: ["view"] }],
    ...(tls === null ? {} : { tls }),
  });
  const [own, view] = exchange.keys.map(({ keyName, privateKeyFile }) => ({
    name: keyName,
    secret: readFileSync(privateKeyFile, "utf8"),
  }));
  const { rest, ws, wsUser } = exchange;
  const keys = { apiKey: own?.name ?? "", apiSecret: own?.secret ?? "" };
  const viewKeys = { viewKey: view?.name ?? "", viewSecret: view?.secret ?? "" };
  const to = { ...{ rest, ws, wsUser }, ...keys, ...viewKeys };
  const found = await peer.run({ to, exchange, caFile: tls?.certFile ?? null });
  for (const [call, wanted] of Object.entries(peer.wanted)) {
    const parts = typeof wanted === "object" && wanted !== null && !Array.isArray(wanted);
    if (!parts) judge(`${name}: ${call}`, found[call], wanted);
    else
      for (const [part, each] of Object.entries(wanted))
        judge(`${name}: ${part}`, (found[call] as Found | undefined)?.[part], each);
  }
  const { creates, cancels, ...routes } = exchange.ledger.requests;
  const calls = Object.values(routes).reduce((sum, count) => sum + count, 0);
  const statuses = new Set(exchange.ledger.orders.map(({ status }) => status));
  judge(
    `${name}: orders were filled and cancelled`,
    [statuses.has("FILLED"), statuses.has("CANCELLED")],
    [true, true],
  );
  judge(`${name}: at least ${FEWEST_CALLS} calls`, calls >= FEWEST_CALLS, true);
  console.log(
    `COUNT ${name}: ${calls} calls, ${creates} creates, ${cancels} cancels, ${exchange.ledger.fills.length} fills`,
  );
}

async function main(): Promise<void> {
  const sdk = process.env["COINBASE_PY_SDK"] ?? "";
  const lacking = sdk === "" ? null : missing(sdk);
  if (sdk === "")
    console.log("SKIPPED coinbase-advanced-py: COINBASE_PY_SDK names no checkout of it");
  if (lacking !== null) judge(`coinbase-advanced-py: ${lacking}`, false, true);
  const peers = [...PEERS, ...(sdk === "" || lacking !== null ? [] : sdkPeers(sdk))];
  try {
    for (const tls of [null, certificate()]) for (const peer of peers) await meet(peer, tls);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

await main();
