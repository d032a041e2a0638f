/** Opens where prices come from and where orders go: an exchange of our own, Coinbase, or paper fills on either's prices. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SigningKey, signingKey } from "../adapters/coinbase/keys.ts";
import { type Coinbase, openCoinbase } from "../adapters/coinbase/open-coinbase.ts";
import { netTransport } from "../adapters/net/net-transport.ts";
import { createPaperVenue } from "../adapters/paper/paper-venue.ts";
import { systemEntropy } from "../adapters/system/entropy.ts";
import type { Config } from "../config/config.ts";
import type { Desk } from "../core/engine/desk.ts";
import type { Balance } from "../core/engine/input.ts";
import { NO_SIZE, type Size } from "../core/kernel/money.ts";
import { type Exchange, startExchange } from "../exchange/exchange.ts";
import type { MarketMode } from "../exchange/options.ts";
import type { Clock } from "../ports/clock.ts";
import type { Feed } from "../ports/feed.ts";
import type { Log } from "../ports/log.ts";
import type { Timers } from "../ports/timers.ts";
import type { Venue } from "../ports/venue.ts";

export interface VenueDoor {
  readonly feed: Feed;
  readonly venue: Venue;
  /** One line for people. */
  readonly where: string;
  /** The exchange's own account of us as JSON, or null where the venue gives none. */
  ledger(): Promise<unknown>;
  readonly coinbase: Coinbase;
  close(): Promise<void>;
}

export interface VenueDoorOptions {
  readonly config: Config;
  /** The configured key as it was read; an exchange of our own gives out another. */
  readonly key: SigningKey | null;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** The desk as the journal has it: paper's memory. */
  readonly desk: Desk;
  /** Where an exchange of our own keeps its ledger between runs, or null to begin anew. */
  readonly ledgerFile: string | null;
  /** What an exchange of our own replays. */
  readonly market?: MarketMode;
  readonly throttled: (endpoint: string) => void;
  readonly disconnected: (endpoint: string) => void;
}

interface Addresses {
  readonly rest: string;
  readonly market: string;
  readonly user: string;
  readonly key: SigningKey | null;
}

/** @throws RangeError or PortError, each with one line for whoever starts the desk */
export async function openVenueDoor(options: VenueDoorOptions): Promise<VenueDoor> {
  const { config, clock, timers, log } = options;
  const made = config.venue.kind === "loopback" ? await ownExchange(options) : null;
  const own = made?.exchange;
  const at = made?.at ?? given(options);
  const transport = netTransport();
  const coinbase = openCoinbase({
    restUrl: at.rest,
    wsUrl: at.market,
    wsUserUrl: at.user,
    key: at.key,
    products: config.products,
    clock,
    timers,
    log,
    entropy: systemEntropy,
    transport,
    namespace: config.deployId,
    quoteCurrency: config.quoteCurrency,
    onThrottle: options.throttled,
    onDisconnect: options.disconnected,
  });
  const paper = config.profile === "paper" || coinbase.venue === null;
  const doors = paper
    ? paperDoors(options, coinbase)
    : { feed: coinbase.feed, venue: coinbase.venue ?? paperDoors(options, coinbase).venue };
  return {
    ...doors,
    coinbase,
    where: `${own ? "an exchange of its own" : "Coinbase"} at ${at.rest}${paper ? ", fills on paper" : ""}`,
    ledger: () => askLedger(paper ? null : at.rest),
    async close() {
      await coinbase.close();
      await transport.close();
      await own?.close();
    },
  };
}

/** Just before BTC and ETH lose 4 % within the hour; a recorded minute passes in a second. */
const REPLAY_FROM = "2017-09-04T14:10:00Z";

/** Its key is read once; the file is gone before anything else happens, a crash included. */
async function ownExchange({ config, ledgerFile, market }: VenueDoorOptions) {
  const keyFolder = mkdtempSync(join(tmpdir(), "claudbot-key-"));
  try {
    const exchange = await startExchange({
      keyFolder,
      barSeconds: config.barMs / 1000,
      from: REPLAY_FROM,
      ...(ledgerFile === null ? {} : { ledgerFile }),
      ...(market === undefined ? {} : { market }),
    });
    return { exchange, at: addressesOf(exchange) };
  } finally {
    rmSync(keyFolder, { recursive: true, force: true });
  }
}

const addressesOf = (own: Exchange): Addresses => ({
  rest: own.rest,
  market: own.ws,
  user: own.wsUser,
  key: signingKey({ name: own.keyName, secret: readFileSync(own.privateKeyFile, "utf8") }),
});

function given({ config, key }: VenueDoorOptions): Addresses {
  const { venue } = config;
  if (venue.kind !== "coinbase") throw new RangeError("no venue address is configured");
  return { ...venue, key };
}

/** Prices pass the paper venue before the desk hears them, so that it never fills on older ones than the desk saw. */
function paperDoors(options: VenueDoorOptions, coinbase: Coinbase): { feed: Feed; venue: Venue } {
  const { config, desk, clock, timers } = options;
  const venue = createPaperVenue({
    clock,
    timers,
    products: () => coinbase.products(),
    takerRate: config.fees.taker,
    makerRate: config.fees.maker,
    balances: paperBalances(config, desk),
    orders: [...desk.orders.values()],
  });
  const { feed } = coinbase;
  return {
    venue,
    feed: {
      ...feed,
      start: (hear) =>
        feed.start((input) => {
          venue.onMarket(input);
          hear(input);
        }),
    },
  };
}

/** What the journal says is owned, or the configured cash on a first start. */
function paperBalances({ quoteCurrency, paperCash }: Config, desk: Desk): readonly Balance[] {
  if (desk.balances.size === 0) {
    // Cash counts 1e-18 of its currency, like every size.
    return [{ currency: quoteCurrency, available: paperCash as bigint as Size, hold: NO_SIZE }];
  }
  return [...desk.balances].map(([currency, { available, hold }]) => ({
    currency,
    available,
    hold,
  }));
}

/** Only an exchange of ours answers here; Coinbase has no such page and is not asked. */
async function askLedger(rest: string | null): Promise<unknown> {
  if (rest === null || new URL(rest).hostname !== "127.0.0.1") return null;
  const transport = netTransport();
  const reply = await transport.request({
    method: "GET",
    url: `${rest}/ledger`,
    headers: {},
    body: null,
    timeoutMs: 10_000,
  });
  await transport.close();
  return "status" in reply && reply.status === 200 ? (JSON.parse(reply.body) as unknown) : null;
}
