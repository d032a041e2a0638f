/** Planted faults: each is found by its own line, with its own fix; a healthy patient is told so. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { call, limit, orderBody } from "../exchange/caller.ts";
import {
  closedPort,
  DOCTORS_TIME,
  daysAgo,
  diagnose,
  type Patient,
  patient,
} from "./doctor-kit.ts";

const OTHER_NAME =
  "organizations/00000000-0000-4000-8000-000000000001/apiKeys/00000000-0000-4000-8000-000000000002";

const secretOf = (file: string): string => readFileSync(file, "utf8");

test("a healthy patient passes every look, and the exit code is 0", async () => {
  await using well = await patient();
  const found = await diagnose(well.settings);
  expect(found.ills).toEqual([]);
  expect(found.code).toBe(0);
  expect(found.steps.length).toBeGreaterThan(25);
  expect(well.exchange.ledger.orders).toEqual([]);
});

interface Planted {
  readonly fault: string;
  readonly plant: (patient: Patient) => Record<string, string> | Promise<Record<string, string>>;
  readonly line: string;
  readonly says: RegExp;
  readonly fix: RegExp;
  readonly as?: "live" | "paper";
  readonly options?: Parameters<typeof patient>[0];
  readonly patienceMs?: number;
}

const PLANTED: readonly Planted[] = [
  {
    fault: "the name of another key",
    plant: () => ({ COINBASE_API_KEY: OTHER_NAME }),
    line: "token",
    says: /refused \(401\), a new one too.*proves itself.*dated by the venue's own clock/,
    fix: /does this name belong to this private key/,
  },
  {
    fault: "a wrong key on a clock that is an hour off, which is not what it is refused for",
    plant: ({ exchange }) => {
      exchange.control.skewClock(3_600_000);
      return { COINBASE_API_KEY: OTHER_NAME };
    },
    line: "token",
    says: /refused \(401\), a new one too.*dated by the venue's own clock/,
    fix: /does this name belong to this private key/,
  },
  {
    fault: "a wallet that cannot be read",
    plant: ({ exchange }) => {
      const body = { accounts: [{ currency: "USD", type: "A" }], has_next: false, cursor: "" };
      exchange.control.failNext("GET /accounts", { status: 200, body }, 20);
      return {};
    },
    line: "funds",
    says: /the USD wallet cannot be read: USD account: available_balance/,
    fix: /Look for a newer claudbot/,
  },
  {
    fault: "a private key of another name",
    options: { keys: [{ permissions: ["view", "trade"] }] },
    plant: ({ exchange }) => ({
      COINBASE_API_SECRET: secretOf(exchange.keys[1]?.privateKeyFile ?? ""),
    }),
    line: "token",
    says: /refused \(401\), a new one too/,
    fix: /download the key file again.*allowlist/,
  },
  {
    fault: "a PEM cut short",
    plant: ({ settings }) => ({
      COINBASE_API_SECRET: (settings["COINBASE_API_SECRET"] ?? "").slice(0, 90),
    }),
    line: "key",
    says: /COINBASE_API_SECRET/,
    fix: /\w/,
  },
  {
    fault: "a key that may not trade, where live is meant",
    options: { keys: [{ permissions: ["view"] }] },
    plant: secondKey,
    as: "live",
    line: "rights",
    says: /may view, which is not what live needs/,
    fix: /may not trade.*CDP portal/,
  },
  {
    fault: "a key that may transfer, where live is meant",
    options: { keys: [{ permissions: ["view", "trade", "transfer"] }] },
    plant: secondKey,
    as: "live",
    line: "rights",
    says: /transfer/,
    fix: /without the right to transfer/,
  },
  {
    fault: "a clock 45 s behind the venue's",
    plant: ({ exchange }) => {
      exchange.control.skewClock(45_000);
      return {};
    },
    line: "clock",
    says: /45\.\d s behind the venue's: a live desk does not start so/,
    fix: /set-ntp/,
  },
  {
    fault: "throttling",
    plant: ({ exchange }) => {
      exchange.control.failNext("GET /key_permissions", "429-html", 20);
      return {};
    },
    line: "throttled",
    says: /of \d+ calls were refused with 429/,
    fix: /Stop other programs/,
  },
  {
    fault: "an allowance that is used up",
    plant: ({ exchange }) => {
      const headers = {
        "x-ratelimit-limit": "30",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": "1",
      };
      const body = { fills: [], cursor: "" };
      exchange.control.failNext("GET /orders/historical/fills", { status: 200, headers, body });
      exchange.control.failNext(
        "GET /accounts",
        { status: 401, headers, body: "Unauthorized\n" },
        9,
      );
      return {};
    },
    line: "allowance",
    says: /signed 0 of 30 left/,
    fix: /key of its own/,
  },
  {
    fault: "all cash on hold",
    options: { balances: { USD: "1012" } },
    plant: async ({ exchange }) => {
      // 1000 and the taker fee of 1.2 % on it.
      const body = orderBody({ configuration: limit("1", "1000.00") });
      const now = DOCTORS_TIME.clock.now();
      const to = { rest: exchange.rest, key: exchange, now };
      expect((await call(to, "POST", "/orders", body)).json["success"]).toBe(true);
      return {};
    },
    line: "funds",
    says: /all USD is on hold by open orders: USD 0 free, 1012 on hold/,
    fix: /Cancel open orders/,
  },
  {
    fault: "a product that is closed",
    plant: ({ exchange }) => {
      exchange.control.setFlags("ETH-USD", { trading_disabled: true });
      return {};
    },
    line: "products",
    says: /ETH-USD is closed: trading_disabled/,
    fix: /take it out of PRODUCTS/,
  },
  {
    fault: "a region where a product may only be looked at",
    plant: ({ exchange }) => {
      exchange.control.setFlags("BTC-USD", { view_only: true });
      return {};
    },
    line: "products",
    says: /BTC-USD is closed: view_only/,
    fix: /region/,
  },
  {
    fault: "a user socket that cannot be reached",
    plant: async () => ({ COINBASE_WS_USER_URL: `ws://127.0.0.1:${await closedPort()}` }),
    line: "user socket",
    says: /ECONNREFUSED/,
    fix: /advanced-trade-ws-user\.coinbase\.com/,
  },
  {
    fault: "a market socket without heartbeats",
    plant: ({ exchange }) => {
      exchange.control.silence(["market"], "heartbeats");
      return {};
    },
    patienceMs: 2500,
    line: "heartbeats",
    says: /no heartbeat from the market socket/,
    fix: /Look again/,
  },
  {
    fault: "a market socket that loses a frame",
    plant: ({ exchange }) => {
      exchange.control.dropFrames(1, ["market"], "heartbeats");
      return {};
    },
    line: "sequence",
    says: /1 of \d+ frames were lost/,
    fix: /reconnects on a gap/,
  },
  {
    fault: "a key of 95 days",
    plant: () => ({ COINBASE_KEY_CREATED: daysAgo(95) }),
    line: "key age",
    says: /95 days old/,
    fix: /Create a key in the CDP portal/,
  },
];

function secondKey({ exchange }: Patient): Record<string, string> {
  const key = exchange.keys[1];
  if (key === undefined) throw new Error("there is no second key");
  return { COINBASE_API_KEY: key.keyName, COINBASE_API_SECRET: secretOf(key.privateKeyFile) };
}

describe.concurrent("a planted fault is found by its own line, with its own fix", () => {
  test.each(PLANTED)("$fault", async ({ plant, line, says, fix, as, options, patienceMs }) => {
    await using ill = await patient(options);
    const settings = { ...ill.settings, ...(await plant(ill)) };
    const found = await diagnose(settings, {
      ...(as === undefined ? {} : { as }),
      ...(patienceMs === undefined ? {} : { patienceMs }),
    });
    const { verdict, says: said, fix: cure } = found.step(line);
    expect([verdict, said, cure]).toEqual([
      "FAIL",
      expect.stringMatching(says),
      expect.stringMatching(fix),
    ]);
    expect(found.code).toBe(1);
  });
});
