/** The verb `exchange`: runs the loopback exchange until it is told to stop. */
// It reads its flags, starts the exchange and prints one JSON line; no rule of trading lives here.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startExchange } from "../exchange/exchange.ts";
import { PortError } from "../exchange/listen.ts";
import { EXCHANGE_HELP, exchangeFlags } from "./exchange-flags.ts";
import { UsageError } from "./flags.ts";
import { stopSignal } from "./stop-signal.ts";

const USAGE = 2;

/**
 * @returns 0 after help, SIGINT, SIGTERM or SIGHUP; 2 with one line on stderr when the flags or a port are wrong.
 */
export async function exchange(args: readonly string[]): Promise<number> {
  const keyFolder = mkdtempSync(join(tmpdir(), "claudbot-exchange-"));
  try {
    const flags = exchangeFlags(args);
    if (flags === null) {
      process.stdout.write(EXCHANGE_HELP);
      return 0;
    }
    const tls = flags.tls ? selfSigned(keyFolder) : null;
    const options = { ...flags.options, keyFolder, ...(tls === null ? {} : { tls }) };
    await using running = await startExchange(options);
    const { rest, ws, wsUser, keyName, privateKeyFile } = running;
    const caFile = tls === null ? {} : { caFile: tls.certFile };
    const line = { rest, ws, wsUser, keyName, privateKeyFile, ...caFile };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    await stopSignal();
    return 0;
  } catch (error) {
    const wrong = [RangeError, PortError, UsageError].some((kind) => error instanceof kind);
    if (!wrong || !(error instanceof Error)) throw error;
    process.stderr.write(`exchange: ${error.message.split("\n", 1)[0]}\n`);
    return USAGE;
  } finally {
    rmSync(keyFolder, { recursive: true, force: true });
  }
}

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
