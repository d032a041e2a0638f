/** What the doctor tells apart: what stands before the venue, the machine's own troubles, two stories of one order. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { call, limit, orderBody } from "../exchange/caller.ts";
import { answering, closedPort, DOCTORS_TIME, diagnose, patient } from "./doctor-kit.ts";

const PAGE = "<html><body><h1>Sign in to the network</h1></body></html>";

describe("what stands before the venue", () => {
  test.each([
    [200, PAGE, "text/html", /web page instead of JSON/, /Wrong host or path, or a proxy/],
    [401, PAGE, "text/html", /where the API needs none \(401\)/, /gateway or a proxy/],
    [407, PAGE, "text/html", /proxy before .* wants a login/, /reach the venue directly/],
    [403, PAGE, "text/html", /does not let this machine in/, /allowlist.*country.*proxy/],
    [
      404,
      '{"error":"NOT_FOUND","message":"no"}',
      "application/json",
      /refuses the call/,
      /api\.coinbase\.com/,
    ],
  ])("an answer of %i is told from the API's own", async (status, body, type, says, fix) => {
    await using well = await patient();
    await using wall = await answering(status, body, type);
    const settings = {
      ...well.settings,
      COINBASE_API_BASE: wall.url,
      HTTPS_PROXY: "http://10.0.0.1:3128",
    };
    const found = await diagnose(settings, { groups: ["auth"] });
    const step = found.step("path");
    expect([step.verdict, step.says, step.fix]).toEqual([
      "FAIL",
      expect.stringMatching(says),
      expect.stringMatching(fix),
    ]);
    expect(found.step("token").says).toBe("not looked at, because path is FAIL");
    expect(found.code).toBe(1);
  });

  test("a venue that is not there passes nothing that was not looked at", async () => {
    await using well = await patient();
    await well.exchange.close();
    const found = await diagnose(well.settings);
    const passed = found.steps.filter(({ verdict }) => verdict === "PASS").map(({ item }) => item);
    expect(passed.filter((item) => !/^machine|auth\.key/.test(item))).toEqual([]);
    expect(found.step("host").says).toMatch(/TCP failed: ECONNREFUSED/);
    expect(found.step("throttled").verdict).toBe("UNKNOWN");
    expect(found.step("allowance").verdict).toBe("UNKNOWN");
    expect(found.code).toBe(1);
  });

  test("a proxy variable is named where the venue cannot be reached, because nothing uses it", async () => {
    await using well = await patient();
    await well.exchange.close();
    const found = await diagnose(
      { ...well.settings, HTTPS_PROXY: "http://u:p@10.0.0.1:3128" },
      { groups: ["auth"] },
    );
    expect(found.step("host").fix).toMatch(/HTTPS_PROXY is set: claudbot connects directly/);
    expect(JSON.stringify(found.steps)).not.toContain("10.0.0.1");
  });

  test("swapped socket addresses are named before anything is tried", async () => {
    await using well = await patient();
    const settings = {
      ...well.settings,
      PROFILE: "paper",
      COINBASE_WS_URL: "wss://advanced-trade-ws-user.coinbase.com",
    };
    const found = await diagnose(settings, { groups: ["websocket"] });
    expect(found.step("market socket").says).toMatch(/the other endpoint/);
  });
});

describe("the machine's own", () => {
  test("a port that is no port is told with its setting", async () => {
    await using well = await patient();
    const found = await diagnose({ ...well.settings, PORT: "99999" });
    expect(found.step("ports")).toMatchObject({
      verdict: "FAIL",
      says: expect.stringMatching(/PORT/),
    });
    expect(found.step("path").verdict).toBe("UNKNOWN");
    expect(found.code).toBe(1);
  });

  test("a port in use by another program fails, one in use by a desk does not", async () => {
    await using well = await patient();
    await using other = await answering(200, "hello", "text/plain");
    await using desk = await answering(200, "# HELP claudbot_up the desk runs\n", "text/plain");
    const taken = await diagnose(
      { ...well.settings, PORT: String(other.port) },
      { groups: ["machine"] },
    );
    expect(taken.step("ports").fix).toContain(`PORT=${other.port + 1}`);
    expect(taken.code).toBe(1);
    const ours = await diagnose(
      { ...well.settings, PORT: String(desk.port) },
      { groups: ["machine"] },
    );
    expect(ours.step("ports").says).toBe(`${desk.port} is a running desk's`);
    expect(ours.code).toBe(0);
  });

  test("a data folder that is a file is told as such, and nobody else is blamed", async () => {
    await using well = await patient();
    const file = join(well.folder, "data", "file");
    writeFileSync(file, "");
    for (const path of [file, join(file, "below")]) {
      const found = await diagnose({ ...well.settings, DATA_DIR: path }, { groups: ["machine"] });
      expect(found.step("data folder")).toMatchObject({
        verdict: "FAIL",
        says: `DATA_DIR: ${file} is no folder`,
        fix: "Set DATA_DIR to a folder",
      });
      expect(found.step("chat tokens").verdict).not.toBe("FAIL");
      expect(found.step("settings").verdict).not.toBe("FAIL");
    }
  });

  test("everything wrong with one thing is told at once", async () => {
    await using well = await patient();
    const found = await diagnose(
      { ...well.settings, SLACK_BOT_TOKEN: "nope", TELEGRAM_BOT_TOKEN: "nope" },
      { groups: ["machine"] },
    );
    expect(found.step("chat tokens").says).toMatch(/TELEGRAM_BOT_TOKEN.*; SLACK_BOT_TOKEN/);
  });

  test("a database that does not answer is told without its password", async () => {
    await using well = await patient();
    const url = `postgresql://u:hunter2secret@127.0.0.1:${await closedPort()}/desk`;
    const found = await diagnose({ ...well.settings, DATABASE_URL: url }, { groups: ["machine"] });
    expect(found.step("database").verdict).toBe("FAIL");
    expect(JSON.stringify(found.steps)).not.toContain("hunter2secret");
  });

  test("a token of the wrong shape and an unknown profile each have their line", async () => {
    await using well = await patient();
    const found = await diagnose({ ...well.settings, SLACK_BOT_TOKEN: "nope", MA_FAST: "x" });
    expect(found.step("chat tokens").says).toMatch(/SLACK_BOT_TOKEN/);
    expect(found.step("settings").says).toMatch(/MA_FAST/);
  });
});

test("balances longer than our money reads are cut, and odd rows are named", async () => {
  await using well = await patient();
  const wallet = (currency: string, value: string) => ({
    ...{ uuid: currency, currency, type: "ACCOUNT_TYPE_FIAT", available_balance: { value } },
    hold: { value: "0.0000000000000000000000" },
  });
  const accounts = [wallet("USD", "1000.12345678901234567891"), { currency: "DOGE" }];
  const body = { accounts, has_next: false, cursor: "" };
  well.exchange.control.failNext("GET /accounts", { status: 200, body }, 20);
  const { verdict, says } = (await diagnose(well.settings, { groups: ["orders"] })).step("funds");
  expect([verdict, says]).toEqual([
    "PASS",
    expect.stringMatching(
      /^USD 1000\.123456789012345678 free, 0 on hold; could not be read: DOGE account: /,
    ),
  ]);
});

test("/accounts that alone answers 401 fails its own lines and leaves the others", async () => {
  await using well = await patient();
  well.exchange.control.failNext("GET /accounts", "401", 20);
  const found = await diagnose(well.settings);
  expect(found.step("funds")).toMatchObject({
    verdict: "FAIL",
    says: expect.stringMatching(/401/),
  });
  expect(found.step("token").verdict).toBe("PASS");
  expect(found.step("orders").verdict).toBe("PASS");
  expect(found.code).toBe(1);
});

test("without a key a paper desk's market lines pass and the account's stay unknown, with exit code 2", async () => {
  await using well = await patient();
  const { COINBASE_API_KEY: _name, COINBASE_API_SECRET: _secret, ...rest } = well.settings;
  const found = await diagnose({ ...rest, PROFILE: "paper", PRODUCTS: "BTC-USD" });
  expect(found.step("products").verdict).toBe("PASS");
  expect(found.step("market socket").says).toMatch(/without a token/);
  expect(found.step("key").fix).toMatch(/Paper needs none/);
  expect(found.step("funds").says).toBe("not looked at, because token is UNKNOWN");
  expect(found.code).toBe(2);
});

describe("two stories of one order", () => {
  test("a list that disagrees with the order itself, twice, is a reason to ask venue support", async () => {
    await using well = await patient();
    const body = orderBody({ configuration: limit("0.01", "100.00") });
    const now = DOCTORS_TIME.clock.now();
    const to = { rest: well.exchange.rest, key: well.exchange, now };
    const { json } = await call(to, "POST", "/orders", body);
    expect(json["success"]).toBe(true);
    const [order] = well.exchange.ledger.orders;
    const id = order?.orderId ?? "";
    const single = (await call(to, "GET", `/orders/historical/${id}`)).json["order"] as object;
    const other = { status: 200, body: { order: { ...single, status: "FILLED" } } };
    well.exchange.control.failNext("GET /orders/historical/{order_id}", other, 2);
    const found = await diagnose(well.settings, { groups: ["orders"] });
    expect(found.step("orders")).toMatchObject({
      verdict: "FAIL",
      says: `order ${id}: the list says OPEN, itself FILLED`,
    });
    expect(found.ward.seen.discrepancies).toHaveLength(1);
    // A view that was only late is none.
    well.exchange.control.failNext("GET /orders/historical/{order_id}", other, 1);
    const late = await diagnose(well.settings, { groups: ["orders"] });
    expect(late.step("orders").verdict).toBe("PASS");
  });
});

describe("the name of a key, before the venue is asked", () => {
  const UUID = "6d1f4b1e-0d6c-4f0e-9a3b-2f1d7c5e8a90";
  test.each([
    [
      "of a legacy key",
      "0123456789abcdef0123456789abcdef",
      /legacy key \(HMAC\)/,
      /Create a CDP key/,
    ],
    ["that is only the id of an ECDSA key", UUID, /only an id/, /copy its name whole/],
    [
      "cut short",
      `organizations/${UUID}/apiKeys`,
      /not the name of a CDP key/,
      /copy its name whole/,
    ],
  ])("%s is told as such", async (_what, name, says, fix) => {
    await using well = await patient();
    const settings = { ...well.settings, COINBASE_API_KEY: name };
    const {
      verdict,
      says: said,
      fix: cure,
    } = (await diagnose(settings, { groups: ["auth"] })).step("key name");
    expect([verdict, said, cure]).toEqual([
      "FAIL",
      expect.stringMatching(says),
      expect.stringMatching(fix),
    ]);
  });

  test("an Ed25519 key may be named by its bare id", async () => {
    await using well = await patient({ keyKind: "ed25519" });
    const found = await diagnose(well.settings, { groups: ["auth"] });
    expect(found.ills).toEqual([]);
    expect(found.step("key").says).toMatch(/EdDSA, base64 of seed and public half/);
    const bare = { ...well.settings, COINBASE_API_KEY: UUID };
    const unknown = await diagnose(bare, { groups: ["auth"] });
    expect(unknown.step("key name").verdict).toBe("PASS");
    expect(unknown.step("token").fix).toMatch(/create an ECDSA key/);
  });
});
