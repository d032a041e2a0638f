/** What the doctor says, writes and ends with, and when it sends people to venue support. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { admit } from "../../src/cli/doctor/admit.ts";
import { BundleError, bundleText, secretsOf } from "../../src/cli/doctor/bundle.ts";
import { escalation } from "../../src/cli/doctor/escalate.ts";
import { exitCode } from "../../src/cli/doctor/report.ts";
import { type DoctorRun, doctorFlags, runDoctor } from "../../src/cli/doctor.ts";
import { readEnv } from "../../src/config/env.ts";
import { PATIENCE_MS as patienceMs, patient, DOCTORS_TIME as time } from "./doctor-kit.ts";

const run = (settings: Readonly<Record<string, string>>, more: Pick<DoctorRun, "flags" | "say">) =>
  runDoctor({ ...more, env: readEnv({ variables: settings, files: [] }), patienceMs, time });

describe("when to ask venue support", () => {
  const QUIET = {
    ...{ signedCalls: 20, refusedCalls: 0, tokenIsValid: true, discrepancies: [] },
    ...{ visits: 2, brokenVisits: 0, serverErrors: 0 },
  };
  test.each([
    ["nothing is wrong", {}, false],
    ["a valid token is always refused", { signedCalls: 2, refusedCalls: 2 }, true],
    ["a valid token is refused once", { signedCalls: 1, refusedCalls: 1 }, false],
    ["some calls are refused and others not", { refusedCalls: 5 }, false],
    [
      "a token that may be ours to mend is refused",
      { signedCalls: 2, refusedCalls: 2, tokenIsValid: false },
      false,
    ],
    [
      "two sources tell two states of one order",
      { discrepancies: ["order a: OPEN, FILLED"] },
      true,
    ],
    ["sockets break three times", { visits: 4, brokenVisits: 3 }, true],
    ["sockets break twice", { visits: 4, brokenVisits: 2 }, false],
    ["the venue fails three times", { serverErrors: 3 }, true],
  ])("%s", (_what, given, expected) => {
    const { escalate, reasons } = escalation({ ...QUIET, ...given });
    expect(escalate).toBe(expected);
    expect(reasons.length > 0).toBe(expected);
  });
});

describe("what it says and ends with", () => {
  const step = (verdict: "PASS" | "FAIL" | "UNKNOWN") =>
    ({ name: verdict, item: "auth.key", verdict, says: "", fix: null }) as const;

  test("the exit code is the worst verdict", () => {
    expect(exitCode([step("PASS")])).toBe(0);
    expect(exitCode([step("PASS"), step("UNKNOWN")])).toBe(2);
    expect(exitCode([step("UNKNOWN"), step("FAIL"), step("PASS")])).toBe(1);
    expect(exitCode([])).toBe(2);
  });

  test("one group alone shows its questions and whatever else did not pass", async () => {
    await using well = await patient();
    const said: string[] = [];
    const flags = flagsOf("limits");
    expect(await run(well.settings, { flags, say: (text) => said.push(text) })).toBe(0);
    const page = said.join("");
    expect(page).toContain(well.exchange.rest);
    expect(page.match(/^ {2}(PASS|FAIL|UNKNOWN)/gm)).toHaveLength(2);
    expect(page).toMatch(/PASS {4}throttling/);
    expect(page).not.toContain("machine");
  });

  test("all of it answers the eleven questions of venue support and the machine's four", async () => {
    await using well = await patient();
    const said: string[] = [];
    await run(well.settings, { flags: flagsOf("--json"), say: (text) => said.push(text) });
    const { items, verdict } = JSON.parse(said.join("")) as {
      items: { id: string; verdict: string }[];
      verdict: string;
    };
    expect(verdict).toBe("PASS");
    expect(items.map(({ id }) => id)).toEqual([
      ...["auth.key", "auth.token", "auth.address"],
      ...["orders.product", "orders.balances", "orders.history"],
      ...["limits.throttling", "limits.pages"],
      ...["websocket.endpoint", "websocket.messages", "websocket.life"],
      ...["machine.settings", "machine.ports", "machine.data", "machine.chat"],
    ]);
  });

  test("flags that are none, and groups that are none, are refused with those that are", () => {
    expect(() => flagsOf("--nonsense")).toThrow(/flags are --profile/);
    expect(() => flagsOf("accounts")).toThrow(/groups are auth, orders/);
    expect(() => flagsOf("--as", "demigod")).toThrow(/--as cannot be demigod/);
    expect(flagsOf("--bundle", "here.json", "auth")).toMatchObject({ bundle: "here.json" });
    expect(() => flagsOf("nosuch", "--bundle")).toThrow(/no group nosuch/);
    expect(() => flagsOf("--bundle", "here.json", "nosuch")).toThrow(/no group nosuch/);
    const auth = { groups: new Set(["auth"]) };
    expect(flagsOf("auth", "--bundle=limits")).toMatchObject({ ...auth, bundle: "limits" });
    expect(flagsOf("--bundle", "auth")).toMatchObject(auth);
    expect(flagsOf("--bundle", "--json")).toMatchObject({ json: true });
    expect(flagsOf("--bundle").bundle).toMatch(/^claudbot-escalation-.*\.json$/);
  });
});

describe("the bundle for venue support", () => {
  const SECRETS = {
    SLACK_BOT_TOKEN: "xoxb-canary0000-canary0000-canaryslackbottoken",
    SLACK_APP_TOKEN: "xapp-canary1111-canary1111-canaryslackapptoken",
    TELEGRAM_BOT_TOKEN: "12345678:canary2222canary2222canary2222canary",
    DATABASE_URL: "postgresql://desk:canaryhunter2@127.0.0.1:1/desk",
  };

  test("holds what support asks for and no secret, is its owner's alone and never written over another", async () => {
    await using well = await patient();
    const folder = mkdtempSync(join(tmpdir(), "doctor-bundle-"));
    const file = join(folder, "bundle.json");
    const settings = { ...well.settings, ...SECRETS };
    const again = () => run(settings, { flags: flagsOf("--bundle", file), say: () => undefined });
    try {
      well.exchange.control.failNext("GET /accounts", "500-json", 20);
      expect(await again()).toBe(1);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const text = readFileSync(file, "utf8");
      const secret = well.settings["COINBASE_API_SECRET"] ?? "";
      const body = secret
        .split("\n")
        .filter((line) => line.length > 20 && !line.startsWith("-----"));
      expect(body.length).toBeGreaterThan(1);
      for (const canary of [
        ...body,
        ...Object.values(SECRETS),
        "canary",
        "hunter2",
        well.exchange.keyName,
        "eyJ",
      ]) {
        expect(text).not.toContain(canary);
      }
      const bundle = JSON.parse(text);
      expect(bundle).toMatchObject({
        format: "claudbot-escalation-1",
        escalation: { escalate: true },
        versions: { node: process.version },
        setup: { products: ["BTC-USD", "ETH-USD"], algorithm: "ES256", rest: well.exchange.rest },
      });
      expect(well.exchange.keyName.split("/").at(-1)).toMatch(
        new RegExp(`^${bundle.setup.keyPrefix.replace("…", "")}`),
      );
      expect(bundle.setup.portfolio).toMatch(/^[0-9a-f-]{36}$/);
      const failed = bundle.calls.find((each: { status: number }) => each.status === 500);
      expect(failed).toMatchObject({ method: "GET", at: expect.stringMatching(/Z$/) });
      expect(failed.id).toMatch(/\w{8}/);
      expect(failed.sent.authorization).toMatch(/ES256.*nbf \d+ exp \d+ uri GET /);
      expect(failed.received["content-type"]).toMatch(/json/);
      const user = bundle.sockets.find((each: { endpoint: string }) => each.endpoint === "user");
      expect(user).toMatchObject({ channels: ["heartbeats", "user"], url: well.exchange.wsUser });
      expect(user.tokenIssuedAt).toMatch(/Z$/);
      expect(user.messages.join("")).toContain('"channel":"user"');

      await expect(again()).rejects.toThrow(/is there already/);
      expect(readFileSync(file, "utf8")).toBe(text);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    expect(existsSync(file)).toBe(false);
  });
});

test.each(["COINBASE_KEY_FILE", "COINBASE_KEY_COMMAND"])(
  "the key that %s leads to is looked for in the bundle too, and found it is not written",
  async (setting) => {
    await using well = await patient();
    const { COINBASE_API_KEY: name, COINBASE_API_SECRET: secret, ...rest } = well.settings;
    const file = join(well.folder, "key.json");
    writeFileSync(file, JSON.stringify({ name, privateKey: secret }), { mode: 0o600 });
    const where = { [setting]: setting.endsWith("FILE") ? file : `cat ${file}` };
    const env = readEnv({ variables: { ...rest, ...where }, files: [] });
    const { ward, keyText, close } = await admit({ env, profile: null, as: null });
    await close();
    expect(ward.venue?.key?.name).toBe(name);
    const line = secret?.split("\n")[1] ?? "";
    for (const part of [line, name ?? ""]) {
      // Names of fields pass no redactor.
      const leaky = { [`a ${part} b`]: 1 };
      expect(bundleText(leaky, secretsOf(env, null))).toContain(part);
      expect(() => bundleText(leaky, secretsOf(env, keyText))).toThrow(BundleError);
    }
  },
);

function flagsOf(...args: readonly string[]) {
  const flags = doctorFlags(args, () => new Date());
  if (flags === null) throw new Error("these flags ask for help");
  return flags;
}
