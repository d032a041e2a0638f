/** A whole desk and a whole exchange in one process and one virtual time: the real client between them, no socket open. */

import type { Settings } from "../../src/core/engine/state.ts";
import { quote } from "../../src/core/kernel/money.ts";
import type { Policy } from "../../src/core/risk/limits.ts";
import type { Strategy } from "../../src/core/strategy/strategy.ts";
import type { InProcessExchange } from "../../src/exchange/in-process.ts";
import type { Emergency } from "../../src/ports/emergency.ts";
import type { MarketInput } from "../../src/ports/feed.ts";
import type { Log } from "../../src/ports/log.ts";
import { openDesk, type RunningDesk } from "../../src/run/desk.ts";
import { recover } from "../../src/run/recover.ts";
import { POLICY, settings } from "./desk-script.ts";
import { exchangeClient } from "./exchange-client.ts";
import type { ExchangeTime } from "./exchange-time.ts";
import { type MemoryJournal, memoryJournal } from "./memory-journal.ts";
import { quietLog } from "./quiet-log.ts";

export interface ExchangeDesk {
  readonly time: ExchangeTime;
  readonly exchange: InProcessExchange;
  readonly desk: RunningDesk;
  readonly journal: MemoryJournal;
  /** What the feed said last, by kind; null before. */
  readonly heard: { quote: Extract<MarketInput, { kind: "market.quote" }> | null };
  /** Why the desk stopped itself; null while it has not. */
  readonly fatal: string | null;
  close(): Promise<void>;
}

const BAR_MS = 1000;

/** Caps that a long run never meets: what is tested is not when the desk stops. */
const WIDE: Policy = {
  ...POLICY,
  portfolio: {
    max_gross_notional_usd: quote("100000"),
    max_net_notional_usd: quote("100000"),
    max_daily_loss_usd: quote("100000"),
    max_drawdown_usd: quote("100000"),
    max_orders_per_minute: 1000,
  },
  per_symbol: new Map(
    [...POLICY.per_symbol].map(([product, caps]) => [
      product,
      { ...caps, max_slippage_bps: 50, cooldown_seconds: 0 },
    ]),
  ),
  circuit_breakers: {
    consecutive_rejects: 1_000_000,
    consecutive_losses: 1_000_000,
    websocket_disconnect_seconds: 3600,
    api_429_per_minute: 1_000_000,
    spread_widening_bps: 10_000,
    stale_price_seconds: 3600,
    confirm_seconds: 5,
  },
};

/** In for two bars, out for two: it always has something to do. */
const restless: Strategy = {
  name: "restless",
  warmUpBars: 1,
  decide: (bars) => {
    const nth = Math.floor((bars.at(-1)?.start ?? 0) / BAR_MS);
    return { want: nth % 4 < 2 ? "long" : "flat", because: "its turn" };
  },
};

/** @param seed of the latencies, and of every nonce; @param over settings of its own */
export async function exchangeDesk(
  seed: string,
  keyFolder: string,
  log: Log = quietLog(),
  over: Partial<Settings> = {},
): Promise<ExchangeDesk> {
  const client = exchangeClient(seed, keyFolder, log);
  const { time, exchange, coinbase, venue, entropy } = client;
  const { clock, timers } = time;
  const heard: ExchangeDesk["heard"] = { quote: null };
  const journal = memoryJournal();
  let fatal: string | null = null;
  const desk = await openDesk(
    {
      ...{ clock, timers, entropy, log, journal, venue },
      emergency: memoryEmergency(),
      feed: {
        ...coinbase.feed,
        start: (hear) =>
          coinbase.feed.start((input) => {
            if (input.kind === "market.quote") heard.quote = input;
            hear(input);
          }),
      },
    },
    { ...settings(restless, WIDE), barMs: BAR_MS, stopBps: null, takeBps: null, ...over },
    { mode: "demo", name: "desk", version: "test", run: "r1" },
    await recover(journal),
    {
      committed: () => undefined,
      decided: () => undefined,
      unavailable: () => undefined,
      fatal: (why) => {
        fatal = why;
      },
    },
  );
  return {
    ...{ time, exchange, desk, journal, heard },
    get fatal() {
      return fatal;
    },
    close: async () => {
      await time.ended(desk.close("the test is over"));
      await exchange.close();
      await coinbase.close();
    },
  };
}

function memoryEmergency(): Emergency {
  let lines: string[] = [];
  return {
    append: async (line) => void lines.push(line),
    read: async () => lines,
    clear: async () => {
      lines = [];
    },
  };
}
