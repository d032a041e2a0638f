/** From settings to Config: the defaults of each profile, and every refusal with its reason. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { printable } from "../../src/config/config.ts";
import { parseEnvFile } from "../../src/config/env-file.ts";
import { isSecret, KEYS, type Key } from "../../src/config/keys.ts";
import { DEFAULTS } from "../../src/config/profiles.ts";
import { productId } from "../../src/core/kernel/ids.ts";
import { quote } from "../../src/core/kernel/money.ts";
import { load, problemsOf, type Variables } from "./kit.ts";

const ROOT = join(import.meta.dirname, "../..");

describe("without any setting", () => {
  test("the desk is a demo on an exchange and a database of its own", () => {
    const { config, secrets } = load({ USER: "ana" });
    expect(config).toMatchObject({
      profile: "demo",
      name: "desk",
      products: ["BTC-USD", "ETH-USD"],
      quoteCurrency: "USD",
      barMs: 1000,
      strategy: { name: "ma-cross", fast: 3, slow: 8 },
      entry: { worth: quote("100"), minWorth: quote("5"), stopBps: 40, takeBps: 80 },
      dryRun: true,
      venue: { kind: "loopback" },
      openingCash: quote("1000"),
      database: "own",
      http: { host: "127.0.0.1", port: 8080 },
      people: [{ id: "console", name: "ana", role: "risk", accounts: ["console:local"] }],
      rooms: [{ id: "console:local", owner: null, hears: ["incidents", "activity"] }],
      logLevel: "info",
      notes: [],
    });
    expect(config.policy.circuit_breakers.consecutive_losses).toBe(2);
    expect(config.deployId).toMatch(/^[0-9a-f]{8}$/);
    expect(secrets).toMatchObject({
      venueKey: null,
      databaseUrl: null,
      stepUpKey: null,
      telegram: null,
      slack: null,
    });
  });

  test("paper takes real prices by the minute and the policy of the template", () => {
    const { config } = load({}, "paper");
    expect(config.barMs).toBe(60_000);
    expect(config.venue).toEqual({
      kind: "coinbase",
      rest: "https://api.coinbase.com",
      market: "wss://advanced-trade-ws.coinbase.com",
      user: "wss://advanced-trade-ws-user.coinbase.com",
    });
    expect(config.policy.per_symbol.get(productId("BTC-USD"))?.cooldown_seconds).toBe(120);
    expect(config.people[0]?.name).toBe("you");
  });
});

test("shadow is set up as live is, but for its name and its opening cash: what the account holds, unless told", () => {
  const { config } = load({}, "shadow");
  expect(config).toMatchObject({
    profile: "shadow",
    barMs: 60_000,
    openingCash: null,
    venue: { kind: "coinbase", rest: "https://api.coinbase.com" },
  });
  expect(config.policyFile).toMatch(/shadow\.yaml$/);
  expect({ ...DEFAULTS.shadow, policyFile: "", openingCash: null }).toEqual({
    ...DEFAULTS.live,
    policyFile: "",
    openingCash: null,
  });
  expect(load({ USD_EQUITY: "500" }, "shadow").config.openingCash).toBe(quote("500"));
});

test("the flag wins over PROFILE", () => {
  expect(load({ PROFILE: "demo" }, "paper").config.profile).toBe("paper");
  expect(problemsOf(() => load({}, "prod"))[0]).toEqual({
    where: "--profile",
    what: 'cannot be "prod"',
    fix: "Allowed: demo, dev, paper, shadow, canary, live",
  });
});

test("live and shadow do not take a sandbox for the venue", () => {
  const sandbox = {
    COINBASE_API_BASE: "https://api-sandbox.coinbase.com",
    TAKE_PROFIT_PCT: "3",
  };
  expect(problemsOf(() => load(sandbox, "live"))).toMatchObject([
    { where: "COINBASE_API_BASE", what: expect.stringContaining("is a sandbox") },
  ]);
  expect(problemsOf(() => load(sandbox, "shadow"))).toMatchObject([{ where: "COINBASE_API_BASE" }]);
  expect(problemsOf(() => load(sandbox, "paper"))).toEqual([]);
});

test("all problems are listed at once, each with key, value and what is allowed", () => {
  const problems = problemsOf(() =>
    load({
      PORT: "80a",
      MA_FAST: "30",
      LOG_LEVEL: "loud",
      ORDER_USD: "-5",
      TIME_ZONE: "Mars/Olympus",
    }),
  );
  expect(problems.map(({ where, what }) => `${where} ${what}`)).toEqual(
    [
      'ORDER_USD cannot be "-5"',
      'PORT cannot be "80a"',
      "MA_FAST 30 is not below MA_SLOW, which is 8",
      'TIME_ZONE cannot be "Mars/Olympus"',
      'LOG_LEVEL cannot be "loud"',
    ].sort((a, b) => order(problems, a) - order(problems, b)),
  );
  expect(problems[0]?.fix).toContain("Allowed: an amount such as 25 or 25.50");
});

const order = (problems: readonly { where: string }[], line: string): number =>
  problems.findIndex(({ where }) => line.startsWith(where));

test.each<[Key, string, string]>([
  ["PROFILE", "prod", "demo, dev, paper, shadow, canary, live"],
  ["DESK_NAME", "my desk", "letters, digits"],
  ["DEPLOY_ID", "short", "8 letters or digits"],
  ["PRODUCTS", "btc-usd", "products such as"],
  ["PRODUCT_ID", "BTC", "products such as"],
  ["BAR_SECONDS", "0", "a whole number from 1"],
  ["STRATEGY", "hodl", "ma-cross"],
  ["MA_FAST", "0", "a whole number from 1"],
  ["MA_SLOW", "1e2", "a whole number from 2"],
  ["ORDER_USD", "25 USD", "an amount such as"],
  ["ORDER_MIN_USD", "1e3", "an amount such as"],
  ["STOP_LOSS_PCT", "0.4%", "a percentage"],
  ["TAKE_PROFIT_PCT", "0", "a percentage"],
  ["LONG_ONLY", "false", "true"],
  ["EXECUTION", "market", "taker, maker, twap"],
  ["MAKER_REPRICE_BPS", "0", "a whole number from 1 to 1000"],
  ["MAKER_PATIENCE_SECONDS", "4", "a whole number from 5 to 3600"],
  ["TWAP_MINUTES", "0", "a whole number from 1 to 1440"],
  ["TWAP_BUCKETS", "1", "a whole number from 2 to 500"],
  ["ORDER_PREVIEW_ENABLED", "sometimes", "true or false"],
  ["DRY_RUN", "maybe", "true or false"],
  ["USD_EQUITY", "much", "an amount such as"],
  ["PORT", "65536", "a whole number from 0 to 65535"],
  ["BIND_HOST", "a b", "an address"],
  ["TIME_ZONE", "EST5EDT7", "IANA"],
  ["LOG_LEVEL", "trace", "debug, info, warn, error"],
  ["COINBASE_API_BASE", "http://api.coinbase.com", "https://"],
  ["COINBASE_WS_URL", "wss://example.com/path", "wss://"],
  ["COINBASE_WS_USER_URL", "nonsense", "wss://"],
])("%s=%s is refused, and its line says what is allowed", (key, value, allowed) => {
  const problems = problemsOf(() => load({ [key]: value }));
  expect(problems.find(({ where }) => where === key)?.fix).toContain(allowed);
});

test.each<[Variables, string]>([
  [{ PRODUCTS: "BTC-USD,ETH-EUR" }, "mixes the quote currencies USD and EUR"],
  [{ PRODUCTS: "SOL-USD" }, "the policy does not allow SOL-USD"],
  [{ PRODUCTS: "BTC-USD", PRODUCT_ID: "BTC-USD" }, "set beside PRODUCTS"],
  [{ ORDER_USD: "4" }, "4 is below ORDER_MIN_USD, which is 5"],
  [{ EXECUTION: "twap" }, "twap sends twap_limit_gtd, which the policy does not allow"],
  [{ MAKER_REPRICE_BPS: "5" }, "has no effect with EXECUTION=taker"],
  [{ EXECUTION: "maker", TWAP_BUCKETS: "10" }, "has no effect with EXECUTION=maker"],
  [{ EXECUTION: "twap", TWAP_MINUTES: "1", TWAP_BUCKETS: "7" }, "do not last whole seconds"],
  [{ POLICY_FILE: "/nowhere.yaml" }, "nowhere.yaml cannot be read"],
  [{ COINBASE_API_BASE: "http://127.0.0.1:1" }, "missing beside COINBASE_API_BASE"],
  [{ COINBASE_API_BASE: "https://api.coinbase.com" }, "is not this machine"],
])("%j is refused: %s", (variables, what) => {
  expect(
    problemsOf(() => load(variables))
      .map((problem) => problem.what)
      .join(),
  ).toContain(what);
});

test("paper bars are those Coinbase keeps history of", () => {
  expect(load({ BAR_SECONDS: "300" }, "paper").config.barMs).toBe(300_000);
  const [problem] = problemsOf(() => load({ BAR_SECONDS: "45" }, "paper"));
  expect(problem?.fix).toContain("60, 300, 900");
});

test("a demo may use an exchange that already runs on this machine", () => {
  const { config } = load({
    COINBASE_API_BASE: "http://127.0.0.1:9000/",
    COINBASE_WS_URL: "ws://localhost:9001",
    COINBASE_WS_USER_URL: "ws://[::1]:9002",
  });
  expect(config.venue).toEqual({
    kind: "coinbase",
    rest: "http://127.0.0.1:9000",
    market: "ws://localhost:9001",
    user: "ws://[::1]:9002",
  });
});

test("none takes a stop or a take away, and a position without a stop is pointed out", () => {
  const { config } = load({ STOP_LOSS_PCT: "none", TAKE_PROFIT_PCT: "none" });
  expect(config.entry).toMatchObject({ stopBps: null, takeBps: null });
  expect(config.notes).toEqual(["STOP_LOSS_PCT is none: positions have no stop"]);
});

test("an entry larger than the policy's cap is pointed out before it is refused all day", () => {
  expect(load({ ORDER_USD: "300", PRODUCTS: "BTC-USD" }).config.notes).toEqual([
    "BTC-USD: ORDER_USD 300 is above the cap of one order, 250; every entry will be refused",
  ]);
});

test("an address open to other machines, and DRY_RUN=false in paper, are pointed out", () => {
  const notes = load({ BIND_HOST: "0.0.0.0", DRY_RUN: "no" }, "paper").config.notes.join("\n");
  expect(notes).toContain("BIND_HOST lets other machines reach /healthz and /metrics");
  expect(notes).toContain("DRY_RUN=false changes nothing in paper");
});

test("the same desk has the same deploy id, another desk another one", () => {
  const id = (variables: Variables) => load({ DATA_DIR: "/d", ...variables }).config.deployId;
  expect(id({ PORT: "1" })).toBe(id({ PORT: "2" }));
  expect(id({ DESK_NAME: "other" })).not.toBe(id({}));
  expect(id({ DEPLOY_ID: "nyc1nyc1" })).toBe("nyc1nyc1");
});

test("a person's name carries nothing that could disguise it", () => {
  expect(load({ USER: "a\u202Ena\n<b>" }).config.people[0]?.name).toBe("anab");
});

test("a printed configuration has exact amounts, the keys of the policy file and no secret", () => {
  const text = printable(load({ DATABASE_URL: "postgres://u:hunter2@h/d" }).config);
  const body: unknown = JSON.parse(text);
  expect(body).toMatchObject({
    entry: { worth: "100" },
    database: "given",
    policy: { per_symbol: { "BTC-USD": { max_position_notional_usd: "500" } } },
  });
  expect(text).not.toContain("hunter2");
});

describe(".env.example", () => {
  const text = readFileSync(join(ROOT, ".env.example"), "utf8");
  const { settings, problems } = parseEnvFile(text, ".env.example");

  test("names every setting once, and nothing that is none", () => {
    expect(problems).toEqual([]);
    expect(settings.map(({ key }) => key).sort()).toEqual(Object.keys(KEYS).sort());
  });

  test("holds no value for a secret", () => {
    const secret = settings.filter(({ key }) => isSecret(key as Key));
    expect(secret.length).toBe(15);
    expect(secret.map(({ value }) => value).join("")).toBe("");
  });

  test("copied as it stands changes nothing", () => {
    const variables = Object.fromEntries(settings.map(({ key, value }) => [key, value]));
    expect(load(variables)).toEqual(load());
    for (const profile of ["paper", "shadow"]) {
      expect(load(variables, profile)).toEqual(load({}, profile));
    }
  });
});

test("entries are taken at once unless it is said otherwise, and a maker waits as long as it is told", () => {
  const of = (variables: Variables) => load(variables).config.entry;
  expect(of({})).toMatchObject({ execution: { kind: "taker" }, preview: false });
  expect(of({ EXECUTION: "maker" }).execution).toEqual({
    ...{ kind: "maker", repriceBps: 5, patienceMs: 60_000 },
  });
  const own = { EXECUTION: "maker", MAKER_REPRICE_BPS: "20", MAKER_PATIENCE_SECONDS: "90" };
  expect(of(own).execution).toEqual({ kind: "maker", repriceBps: 20, patienceMs: 90_000 });
  expect(of({ ORDER_PREVIEW_ENABLED: "1" }).preview).toBe(true);
  expect(load({ ORDER_PREVIEW_ENABLED: "1" }, "paper").config.notes.join()).toContain(
    "ORDER_PREVIEW_ENABLED finds nobody to ask in paper",
  );
});

test("an entry in parts is for a policy that names it", () => {
  const folder = mkdtempSync(join(tmpdir(), "claudbot-twap-"));
  const path = join(folder, "twap.yaml");
  const demo = readFileSync("src/config/policies/demo.yaml", "utf8");
  writeFileSync(path, demo.replace("[market_ioc, limit_gtc]", "[market_ioc, twap_limit_gtd]"));
  const { config } = load({ POLICY_FILE: path, EXECUTION: "twap", TWAP_MINUTES: "5" });
  expect(config.entry.execution).toEqual({ kind: "twap", lastsMs: 300_000, buckets: 10 });
  rmSync(folder, { recursive: true });
});
