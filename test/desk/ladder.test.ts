/** A whole desk on the go-live ladder, driven by words: orders arrive at the exchange only while its rung is a live one. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { golive } from "../../src/cli/golive.ts";
import { readEnv } from "../../src/config/env.ts";
import { PLAY_STEPS, USUAL_AUTHORITY } from "../../src/core/control/authority.ts";
import { testDatabase } from "../kit/database.ts";
import {
  type DeskMarket,
  HIGH,
  LOW,
  openMarket,
  QUICK_POLICY,
  type Variables,
} from "../kit/desk-market.ts";
import { pause, until } from "../kit/desk-process.ts";
import { type DeskHere, deskHere } from "../kit/desk-run.ts";

const POLICY = `${QUICK_POLICY.replace("mode: dev", "mode: live").replace(
  "max_daily_loss_usd: 150",
  "max_daily_loss_usd: 150, max_daily_loss_pct: 1",
)}stages:
  - { name: paper, venue: paper }
  - { name: shadow, venue: shadow, needs: { fills: 1, reconciled: true } }
  - name: tiny
    venue: live
    caps: { portfolio: { max_gross_notional_usd: 200, max_daily_loss_usd: 10 } }
    needs: { kill_drilled: true, routes_rung: true, reconciled: true }
`;

/** What was said since a moment. */
class Talk {
  #from = 0;
  readonly desk: DeskHere;
  constructor(desk: DeskHere) {
    this.desk = desk;
  }
  /** Types and waits for an answer that fits, said after it. */
  async asks(line: string, answer: RegExp): Promise<string> {
    this.#from = this.desk.out.length;
    this.desk.type(line);
    return this.hears(answer);
  }
  async hears(what: RegExp): Promise<string> {
    const since = (): string => this.desk.out.slice(this.#from);
    await until(
      () => what.test(since()),
      `${what}`,
      () => since() || this.desk.out,
    );
    return since();
  }
  /** Prices swing until the desk has said so. */
  async trades(market: DeskMarket, what: RegExp): Promise<void> {
    const from = this.desk.out.length;
    const said = (): boolean => what.test(this.desk.out.slice(from));
    for (let swings = 0; swings < 60 && !said(); swings += 1) {
      market.price(swings % 2 === 0 ? LOW : HIGH);
      for (let looks = 0; looks < 25 && !said(); looks += 1) await pause(40);
    }
    this.#from = from;
    await this.hears(what);
  }
  /** Asks for the next rung until nothing is missing any more, and says yes. */
  async raises(asked: RegExp, done: RegExp): Promise<void> {
    for (let tries = 0; tries < 60; tries += 1) {
      const said = await this.asks("/stage raise", new RegExp(`${asked.source}|Not yet`));
      const [, code] = /\/confirm ([A-Z0-9]{4})/.exec(said) ?? [];
      if (code !== undefined) return void (await this.asks(`/confirm ${code}`, done));
      await pause(300);
    }
    throw new Error(this.desk.out.slice(this.#from));
  }
  async confirms(line: string, asked: RegExp, done: RegExp): Promise<string> {
    const said = await this.asks(line, asked);
    const [, code = ""] = /\/confirm ([A-Z0-9]{4})/.exec(said) ?? [];
    return this.asks(`/confirm ${code}`, done);
  }
}

test("paper → shadow → live by chat, and down again: the exchange gets orders on the live rung alone", async () => {
  await using market = await openMarket();
  const made = await testDatabase();
  const policy = join(market.folder, "ladder.yaml");
  writeFileSync(policy, POLICY);
  const env = {
    ...market.env,
    ...{ PROFILE: "live", DRY_RUN: "false", POLICY_FILE: policy, DATABASE_URL: made.url },
  };
  const check = async (): Promise<{ code: number; out: string }> => {
    let out = "";
    const say = (text: string): void => {
      out += text;
    };
    const shell = { env: () => readEnv({ variables: env, files: [] }), out: say, err: say };
    return { code: await golive(["--check", "--json"], shell), out };
  };
  const { ledger } = market.exchange;
  try {
    await using desk = deskHere({
      env,
      config: { authority: { ...USUAL_AUTHORITY, real: PLAY_STEPS } },
    });
    const talk = new Talk(desk);
    await talk.hears(/PAPER desk · In agreement with the venue/);
    await talk.trades(market, /PAPER desk · SELL filled/);
    market.price(LOW);
    await talk.asks("/stage raise", /Not yet paper → shadow: .*not paused/);
    await talk.asks("/pause up", /PAUSED by/);
    await talk.raises(/STAGE paper → shadow asked/, /SHADOW desk · In agreement/);
    expect(ledger.requests.creates).toBe(0);

    // Red as long as nobody drilled the kill switch and heard the alarm here.
    await talk.asks("/stage raise", /kill switch drilled no of yes/);
    expect((await check()).code).toBe(1);
    await talk.asks("/kill drill", /KILLED · /);
    await talk.confirms("/rearm", /REARM asked/, /REARMED by/);
    const alarm = await talk.asks("/testalarm", /TEST ALARM/);
    const [, id = ""] = /\/heard ([0-9a-f]{8})/.exec(alarm) ?? [];
    await talk.asks(`/heard ${id}`, /Heard here by/);
    const checked = await check();
    expect(checked.out).toContain('"green":true');
    expect(checked.code).toBe(0);
    await talk.raises(/STAGE shadow → tiny asked/, /LIVE desk · In agreement/);
    expect(ledger.requests.creates).toBe(0);
    await talk.confirms("/resume", /RESUME asked/, /RESUMED by/);
    await talk.trades(market, /LIVE desk · BUY filled/);
    expect(ledger.requests.creates).toBeGreaterThan(0);

    // Down while it is held: what is sold still is sold at the exchange, and then nothing goes there any more.
    await talk.asks("/stage paper", /STAGE DOWN tiny → paper/);
    await talk.confirms("/flatten", /FLATTEN asked/, /LIVE desk · SELL filled/);
    await talk.hears(/PAPER desk · In agreement/);
    const creates = ledger.requests.creates;
    await talk.confirms("/resume", /RESUME asked/, /RESUMED by/);
    await talk.trades(market, /PAPER desk · BUY filled/);
    expect(ledger.requests.creates).toBe(creates);
  } finally {
    await made.close();
  }
});

test("on paper an armed desk starts while nobody says what its key may do, and without a key it climbs no further", async () => {
  await using market = await openMarket();
  const made = await testDatabase();
  const policy = join(market.folder, "ladder.yaml");
  writeFileSync(policy, POLICY);
  const env: Variables = {
    ...market.env,
    ...{ PROFILE: "live", DRY_RUN: "false", POLICY_FILE: policy, DATABASE_URL: made.url },
  };
  try {
    {
      await using desk = deskHere({
        env,
        decorateNet: (inner) => ({
          ...inner,
          request: (asked) =>
            inner.request(
              asked.url.includes("key_permissions") ? { ...asked, url: `${asked.url}x` } : asked,
            ),
        }),
      });
      await desk.says(/what the API key may do could not be read/);
      await desk.says(/PAPER desk · In agreement/);
    }
    const { COINBASE_API_KEY: _, COINBASE_API_SECRET: __, ...keyless } = env;
    await using desk = deskHere({ env: { ...keyless, DRY_RUN: "true" } });
    await desk.says(/PAPER desk · In agreement/);
    desk.type("/stage raise");
    await desk.says(/Not yet paper → shadow: .*no API key/);
  } finally {
    await made.close();
  }
});
