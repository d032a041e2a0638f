/** A patient for the doctor: a loopback exchange with quick heartbeats, and settings that point at it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { admit } from "../../src/cli/doctor/admit.ts";
import { examine, type Step } from "../../src/cli/doctor/examine.ts";
import { GROUPS, type GroupName } from "../../src/cli/doctor/finding.ts";
import { exitCode } from "../../src/cli/doctor/report.ts";
import type { Ward } from "../../src/cli/doctor/ward.ts";
import { readEnv } from "../../src/config/env.ts";
import type { Profile } from "../../src/config/profiles.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Clock } from "../../src/exchange/clock.ts";
import { type Exchange, startExchange } from "../../src/exchange/exchange.ts";
import type { ExchangeOptions } from "../../src/exchange/options.ts";

export interface Patient extends AsyncDisposable {
  readonly exchange: Exchange;
  readonly folder: string;
  /** Settings of a demo desk at this exchange, with its key. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Time runs so much faster, for the doctor and for the exchange alike: waiting costs little, and both agree on what time it is. */
const QUICK = 5;
/** Heartbeats come this much faster: two of them are soon there. */
const HEARTBEATS = 20;

function quickTime() {
  let began = Date.now();
  let ran = performance.now();
  const now = (): number => Math.floor(began + (performance.now() - ran) * QUICK);
  const after = (ms: number, run: () => void): (() => void) => {
    const timer = setTimeout(run, ms / QUICK);
    return () => clearTimeout(timer);
  };
  const every = (ms: number, run: () => void): (() => void) => {
    const timer = setInterval(run, ms / HEARTBEATS);
    return () => clearInterval(timer);
  };
  const soon = (run: () => void): void => void setImmediate(run);
  const exchange: Clock = { now, after, every, soon };
  return {
    /** From the present again: what goes by the machine's own clock is not left behind by more than one test takes. */
    begin: () => {
      began = Date.now();
      ran = performance.now();
    },
    exchange,
    doctor: { clock: { now: () => instant(now()) }, timers: { after, every, soon } },
  };
}

const TIME = quickTime();
export const DOCTORS_TIME = TIME.doctor;
const DAY_MS = 86_400_000;
/** Five seconds of ours. */
export const PATIENCE_MS = 25_000;
export const TODAY = new Date().toISOString().slice(0, 10);
export const daysAgo = (days: number): string =>
  new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

export async function patient(options: Partial<ExchangeOptions> = {}): Promise<Patient> {
  TIME.begin();
  const folder = mkdtempSync(join(tmpdir(), "doctor-test-"));
  const exchange = await startExchange({
    keyFolder: join(folder, "keys"),
    market: "manual",
    // With them comes the word on what is left, as from the live service.
    limits: true,
    clock: TIME.exchange,
    ...options,
  });
  exchange.control.trade("BTC-USD", "7000");
  exchange.control.trade("ETH-USD", "300");
  mkdirSync(join(folder, "data"));
  return {
    exchange,
    folder,
    settings: {
      PROFILE: "demo",
      DATA_DIR: join(folder, "data"),
      PORT: "0",
      COINBASE_API_BASE: exchange.rest,
      COINBASE_WS_URL: exchange.ws,
      COINBASE_WS_USER_URL: exchange.wsUser,
      COINBASE_API_KEY: exchange.keyName,
      COINBASE_API_SECRET: readFileSync(exchange.privateKeyFile, "utf8"),
      COINBASE_KEY_CREATED: TODAY,
    },
    async [Symbol.asyncDispose]() {
      await exchange.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Diagnosis {
  readonly steps: readonly Step[];
  readonly code: 0 | 1 | 2;
  readonly ward: Ward;
  step(name: string): Step;
  /** `name: verdict` of all that did not pass. */
  readonly ills: readonly string[];
}

export interface Complaint {
  readonly groups?: readonly GroupName[];
  readonly as?: Profile;
  readonly patienceMs?: number;
}

export async function diagnose(
  settings: Readonly<Record<string, string>>,
  { groups = GROUPS, as, patienceMs = PATIENCE_MS }: Complaint = {},
): Promise<Diagnosis> {
  const env = readEnv({ variables: settings, files: [] });
  const { ward, close } = await admit({
    env,
    profile: null,
    as: as ?? null,
    patienceMs,
    time: TIME.doctor,
  });
  try {
    const steps = await examine(ward, new Set(groups));
    return {
      steps,
      ward,
      code: exitCode(steps),
      ills: steps
        .filter(({ verdict }) => verdict !== "PASS")
        .map((of) => `${of.name}: ${of.verdict}`),
      step(name) {
        const found = steps.find((each) => each.name === name);
        if (found === undefined) throw new Error(`nothing is called ${name}`);
        return found;
      },
    };
  } finally {
    await close();
  }
}

/** A server that answers everything alike, closed at the end of the test. */
export async function answering(status: number, body: string, type = "text/html") {
  const server = createServer((_request, response) => {
    response.writeHead(status, { "content-type": type });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function closedPort(): Promise<number> {
  await using gone = await answering(200, "");
  return gone.port;
}
