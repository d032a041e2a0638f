/** A whole demo desk is recorded: played again it decides the same, its journal holds up, and no secret is in the files. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { systemTimers } from "../../src/adapters/system/timers.ts";
import { replay } from "../../src/cli/replay.ts";
import { readEnv } from "../../src/config/env.ts";
import { heard } from "../kit/canaries.ts";
import { hurried } from "../kit/chat-faults.ts";
import { testDatabase } from "../kit/database.ts";
import { deskFolder, QUICK_POLICY } from "../kit/desk-market.ts";
import { deskHere } from "../kit/desk-run.ts";
import { bodies, record } from "../kit/desk-truth.ts";
import { TELEGRAM_TOKEN } from "../kit/telegram-fake.ts";

const LIMITS = { partBytes: 10_000, allBytes: 2 ** 26, waitingBytes: 2 ** 25 };
const POLICY = QUICK_POLICY.replace("cooldown_seconds: 0", "cooldown_seconds: 1").replace(
  "consecutive_losses: 3",
  "consecutive_losses: 2",
);

test("a demo with fills, vetoes and a trip, played again from its recording, decides what its journal has", async () => {
  const folder = deskFolder();
  const made = await testDatabase();
  const recordings = join(folder, "recordings");
  const policy = join(folder, "policy.yaml");
  writeFileSync(policy, POLICY);
  const env = {
    ...{ DATABASE_URL: made.url, DATA_DIR: join(folder, "data"), POLICY_FILE: policy },
    ...{ DEPLOY_ID: "testdesk", PRODUCTS: "BTC-USD", PORT: "0", LOG_LEVEL: "error" },
    // A platform that cannot be reached: every failed call has the token in its address.
    ...{ TELEGRAM_BOT_TOKEN: TELEGRAM_TOKEN, TELEGRAM_API_ROOT: "http://127.0.0.1:9" },
  };
  const run = async (line: string) => {
    let out = "";
    const say = (text: string): void => {
      out += text;
    };
    const shell = { env: () => readEnv({ variables: env, files: [] }), out: say, err: say };
    return { code: await replay(line.split(" "), shell), out };
  };
  try {
    await using desk = deskHere({
      env,
      barMs: 100,
      chatTimers: hurried(systemTimers, 20),
      record: { folder: recordings, limits: LIMITS },
    });
    await desk.says(/SELL filled[\s\S]*TRIPPED consecutive losses/);
    await desk.says(/\d veto/);
    await desk.says(/Telegram .*silent/i);
    desk.type("/limits set portfolio.max_gross_notional_usd 2000");
    await desk.says(/[Cc]onfirm/);
    desk.type("/pause lunch");
    await desk.says(/PAUSED|paused/);
    // Beside the desk that runs: neither is in the other's way.
    const beside = await run("--profile demo");
    expect(beside.out).toMatch(/projections up to event \d+ of \d+/);
    expect(beside).toMatchObject({ code: 0 });
    expect((await desk.stop()).fatal).toBeNull();

    const kept = await record(made.database.desk);
    const counts = (["order.filled", "intent.vetoed", "breaker.tripped"] as const).map(
      (kind) => bodies(kept, kind).length,
    );
    expect(Math.min(...counts)).toBeGreaterThan(0);
    const again = await run(`--run ${recordings} --journal`);
    expect(again.out).toContain(`${kept.events.length} events: all equal`);
    expect(again.out).toContain(`the journal has ${kept.events.length} of them, all equal`);
    expect(again.code).toBe(0);
    const parts = readdirSync(recordings);
    expect(parts.length).toBeGreaterThan(1);
    const last = await run(`--run ${join(recordings, parts.sort().at(-1) ?? "")}`);
    expect(last).toMatchObject({ code: 0 });

    const told = parts.map((name) => gunzipSync(readFileSync(join(recordings, name))).toString());
    heard("recording", told.join("\n"));
    expect(told.some((text) => text.includes('"kind":"chat.noticed"'))).toBe(true);
    const { password } = made.database.owner;
    for (const secret of [TELEGRAM_TOKEN, password, "PRIVATE KEY", "Bearer ", env.DATABASE_URL]) {
      expect(secret.length).toBeGreaterThan(5);
      expect(told.some((text) => text.includes(secret))).toBe(false);
    }
  } finally {
    await made.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
