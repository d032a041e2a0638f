/** The verb `exchange`: runs the loopback exchange until it is told to stop. */
// It reads its flags, starts the exchange and prints one JSON line; no rule of trading lives here.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startExchange } from "../exchange/exchange.ts";
import { PortError } from "../exchange/listen.ts";
import type { ExchangeOptions, MarketMode } from "../exchange/options.ts";

const FLAGS = {
  port: { type: "string" },
  "bar-seconds": { type: "string" },
  seed: { type: "string" },
  from: { type: "string" },
  tls: { type: "boolean" },
  "ledger-file": { type: "string" },
  market: { type: "string" },
} as const;
const CONSTANT: Readonly<Record<string, string>> = { "BTC-USD": "7070", "ETH-USD": "386.80" };
const USAGE = 2;

/**
 * @returns 0 after SIGINT or SIGTERM, 2 with one line on stderr when the flags or a port are wrong.
 */
export async function exchange(args: readonly string[]): Promise<number> {
  const keyFolder = mkdtempSync(join(tmpdir(), "claudbot-exchange-"));
  try {
    const { options, caFile } = optionsFrom(args, keyFolder);
    await using running = await startExchange(options);
    const { rest, ws, wsUser, keyName, privateKeyFile } = running;
    const line = { rest, ws, wsUser, keyName, privateKeyFile, ...(caFile ? { caFile } : {}) };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    await stopSignal();
    return 0;
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof PortError || isFlagError(error))) {
      throw error;
    }
    const hint = isFlagError(error) ? `; flags are --${Object.keys(FLAGS).join(", --")}` : "";
    process.stderr.write(`exchange: ${error.message.split("\n", 1)[0]}${hint}\n`);
    return USAGE;
  } finally {
    rmSync(keyFolder, { recursive: true, force: true });
  }
}

interface Wanted {
  readonly options: ExchangeOptions;
  readonly caFile: string | null;
}

function optionsFrom(args: readonly string[], keyFolder: string): Wanted {
  const { values } = parseArgs({ args: [...args], options: FLAGS, strict: true });
  const port = number("--port", values.port);
  const barSeconds = number("--bar-seconds", values["bar-seconds"]);
  const tls = values.tls === true ? selfSigned(keyFolder) : null;
  const ledgerFile = values["ledger-file"];
  const options: ExchangeOptions = {
    keyFolder,
    market: marketFrom(values.market),
    ...(port === undefined ? {} : { port }),
    ...(barSeconds === undefined ? {} : { barSeconds }),
    ...(values.seed === undefined ? {} : { seed: values.seed }),
    ...(values.from === undefined ? {} : { from: values.from }),
    ...(ledgerFile === undefined ? {} : { ledgerFile }),
    ...(tls === null ? {} : { tls }),
  };
  return { options, caFile: tls?.certFile ?? null };
}

function number(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+(\.\d+)?$/.test(text)) throw new RangeError(`${flag} must be a number, not "${text}"`);
  return Number(text);
}

function marketFrom(text: string | undefined): MarketMode {
  if (text === undefined || text === "recorded") return "recorded";
  if (text === "constant") return { constant: CONSTANT };
  throw new RangeError(`--market must be recorded or constant, not "${text}"`);
}

const isFlagError = (error: unknown): error is Error =>
  error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");

/** A certificate for 127.0.0.1 and localhost, made by the openssl program, good for a month. */
function selfSigned(folder: string): { cert: string; key: string; certFile: string } {
  const certFile = join(folder, "cert.pem");
  const keyFile = join(folder, "tls-key.pem");
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"];
  const files = ["-keyout", keyFile, "-out", certFile, "-days", "30"];
  try {
    execFileSync("openssl", ["req", "-x509", ...curve, ...names, ...files], { stdio: "pipe" });
  } catch (cause) {
    throw new RangeError("--tls needs the openssl program; install it or leave --tls out", {
      cause,
    });
  }
  return { cert: readFileSync(certFile, "utf8"), key: readFileSync(keyFile, "utf8"), certFile };
}

const stopSignal = (): Promise<void> =>
  new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
