/** A live profile on an exchange of its own, two people with two platforms and an authenticator each, all in one scaled time. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { openStepUpVault } from "../../src/adapters/system/step-up-vault.ts";
import { systemTimers } from "../../src/adapters/system/timers.ts";
import { SEED_BYTES, stepAt, totp } from "../../src/adapters/system/totp.ts";
import type { RunEnd, RunOptions } from "../../src/cli/run-desk.ts";
import { runLadder } from "../../src/cli/run-ladder.ts";
import { readEnv } from "../../src/config/env.ts";
import { loadConfig } from "../../src/config/load.ts";
import { personId } from "../../src/core/kernel/ids.ts";
import { type Exchange, startExchange } from "../../src/exchange/exchange.ts";
import { ANA, BO, CHANNEL, GROUP } from "./chat-scene.ts";
import { quietLog } from "./quiet-log.ts";
import { scaledTime } from "./scaled-time.ts";
import { SLACK_APP_TOKEN, SLACK_BOT_TOKEN, type SlackFake, slackFake, TEAM } from "./slack-fake.ts";
import { privateChat, type TelegramFake, telegramFake } from "./telegram-fake.ts";

/** So much faster than the machine's. */
export const TIMES = 20;
const BAR_MS = 4000;
const SEED = Buffer.alloc(SEED_BYTES, 7);

const PEOPLE = `people:
  ana: { name: Ana, role: risk, console: true, telegram: 1001 }
  bo: { name: Bo, role: risk, slack: ${TEAM}/U0BO }
rooms:
  ops: { telegram: ${GROUP.id}, hears: [incidents, activity] }
  desk: { slack: ${CHANNEL}, hears: [incidents, activity] }
`;

const POLICY = `mode: live
portfolio: { max_gross_notional_usd: 1000, max_net_notional_usd: 1000, max_daily_loss_usd: 150, max_daily_loss_pct: 1, max_drawdown_usd: 300, max_orders_per_minute: 60 }
per_symbol:
  BTC-USD: { max_position_notional_usd: 500, max_position_units: null, max_order_notional_usd: 250, max_leverage: 1, cooldown_seconds: 0, max_slippage_bps: 40 }
circuit_breakers: { consecutive_rejects: 5, consecutive_losses: 50, websocket_disconnect_seconds: 60, api_429_per_minute: 20, spread_widening_bps: 60, confirm_seconds: 1 }
event_lockouts: []
allowlist: { products: [BTC-USD], order_types: [market_ioc, limit_gtc] }
stages:
  - { name: paper, venue: paper }
  - { name: shadow, venue: shadow, needs: { days: 0.002, fills: 2, reconciled: true } }
  - name: first
    venue: live
    caps: { portfolio: { max_gross_notional_usd: 100, max_daily_loss_usd: 10 } }
    needs: { days: 0.002, fills: 2, reject_pct: 5, reconciled: true, kill_drilled: true, routes_rung: true }
  - name: small
    venue: live
    caps: { portfolio: { max_gross_notional_usd: 250, max_daily_loss_usd: 25 } }
    needs: { days: 0.003, fills: 2, reject_pct: 5, calm_hours: 0.05, reconciled: true, kill_drilled: true, routes_rung: true }
`;

export interface GoliveScene extends AsyncDisposable {
  readonly telegram: TelegramFake;
  readonly slack: SlackFake;
  readonly exchange: Exchange;
  readonly now: () => number;
  /** Prices swing on their own; this stills them and lets them go on. */
  swing(on: boolean): void;
  /** The six digits that Ana's authenticator shows now. */
  code(): string;
  readonly ended: Promise<RunEnd>;
  readonly output: () => string;
}

export async function goliveScene(): Promise<GoliveScene> {
  const folder = mkdtempSync(join(tmpdir(), "claudbot-golive-"));
  const dataDir = join(folder, "data");
  mkdirSync(dataDir);
  for (const path of [folder, dataDir]) chmodSync(path, 0o711);
  const time = scaledTime(TIMES);
  const { now } = time;
  const exchange = await startExchange({
    ...{ market: "manual", keyFolder: join(folder, "keys"), clock: time.exchange },
  });
  const [telegram, slack] = await Promise.all([telegramFake({ now }), slackFake({ now })]);
  for (const chat of [privateChat(ANA.telegram), GROUP]) telegram.introduce(chat);
  slack.addUser(BO.slack, {});
  slack.addChannel(CHANNEL, { member: true });
  writeFileSync(join(folder, "people.yaml"), PEOPLE, { mode: 0o600 });
  writeFileSync(join(folder, "policy.yaml"), POLICY);
  const vault = openStepUpVault({ dataDir, key: null, log: quietLog() });
  await vault.enroll(personId("ana"), { seed: SEED, step: stepAt(now()) - 2, at: now() });
  const market = swinging(exchange);
  const loaded = loadConfig(
    readEnv({
      files: [],
      variables: {
        ...{ PROFILE: "live", DRY_RUN: "false", DESK_NAME: "nyc1", PRODUCTS: "BTC-USD", PORT: "0" },
        ...{ MA_FAST: "1", MA_SLOW: "2", STOP_LOSS_PCT: "none", TAKE_PROFIT_PCT: "none" },
        ...{ DATA_DIR: dataDir, DEPLOY_ID: "nyc1live", LOG_LEVEL: "error", TIME_ZONE: "UTC" },
        POLICY_FILE: join(folder, "policy.yaml"),
        PEOPLE_FILE: join(folder, "people.yaml"),
        COINBASE_API_BASE: exchange.rest,
        COINBASE_WS_URL: exchange.ws,
        COINBASE_WS_USER_URL: exchange.wsUser,
        COINBASE_API_KEY: exchange.keyName,
        COINBASE_API_SECRET: readFileSync(exchange.privateKeyFile, "utf8"),
        ...{ TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url },
        ...{ SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_API_URL: slack.url },
      },
    }),
    { profile: null },
  );
  let stop = (_why: string): void => undefined;
  let said = "";
  const output = new PassThrough().on("data", (data: Buffer) => {
    said += data.toString();
  });
  const options: RunOptions = {
    ...loaded,
    config: { ...loaded.config, barMs: BAR_MS },
    ...{ headless: true, keep: true, input: new PassThrough(), output },
    until: new Promise((resolve) => {
      stop = resolve;
    }),
    // A database that answers in the machine's time is given the machine's patience.
    leaseMs: 30_000 * TIMES,
    ...{ time: { clock: time.clock, timers: time.timers }, chatTimers: systemTimers },
  };
  const ended = runLadder(options);
  ended.catch(() => undefined);
  return {
    ...{ telegram, slack, exchange, now, ended, swing: market.swing },
    code: () => totp(SEED, stepAt(now() as never)),
    output: () => said,
    async [Symbol.asyncDispose]() {
      stop("the demonstration is over");
      await ended.catch(() => undefined);
      market.end();
      await Promise.all([telegram[Symbol.asyncDispose](), slack[Symbol.asyncDispose]()]);
      await exchange.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const [LOW, HIGH] = ["4000.00", "4040.00"] as const;
const TRADE_MS = 40;

function swinging(exchange: Exchange): { swing(on: boolean): void; end(): void } {
  let isOn = true;
  let ticks = 0;
  let price: string = LOW;
  const timer = setInterval(() => {
    ticks += 1;
    // Twenty trades at one price, twenty at the other: some bars each.
    if (isOn) price = Math.floor(ticks / 20) % 2 === 0 ? LOW : HIGH;
    exchange.control.trade("BTC-USD", price);
  }, TRADE_MS);
  return {
    swing(on) {
      isOn = on;
      if (!on) price = LOW;
    },
    end: () => clearInterval(timer),
  };
}
