/** Opens where prices come from and where orders go: an exchange of our own, Coinbase, or fills on paper, in the open or in its shadow. */
import { cancelOnlyTransport } from "../adapters/coinbase/cancel-only-transport.ts";
import type { SigningKey } from "../adapters/coinbase/keys.ts";
import { type Coinbase, openCoinbase } from "../adapters/coinbase/open-coinbase.ts";
import { fenced } from "../adapters/net/fenced.ts";
import { netTransport } from "../adapters/net/net-transport.ts";
import {
  createPaperVenue,
  type PaperOptions,
  type PaperVenue,
} from "../adapters/paper/paper-venue.ts";
import { readOnlyTransport } from "../adapters/paper/read-only-transport.ts";
import { createShadowVenue } from "../adapters/paper/shadow-venue.ts";
import { systemEntropy } from "../adapters/system/entropy.ts";
import type { Config } from "../config/config.ts";
import { type Footing, footingOf } from "../config/profiles.ts";
import type { Desk } from "../core/engine/desk.ts";
import type { Balance } from "../core/engine/input.ts";
import { NO_SIZE, type Size } from "../core/kernel/money.ts";
import { ok } from "../core/kernel/result.ts";
import type { MarketMode } from "../exchange/options.ts";
import type { Clock } from "../ports/clock.ts";
import type { Feed } from "../ports/feed.ts";
import type { Standing } from "../ports/lease.ts";
import type { Log } from "../ports/log.ts";
import type { Timers } from "../ports/timers.ts";
import type { Transport } from "../ports/transport.ts";
import type { Venue } from "../ports/venue.ts";
import { DRY, isDry, standDown } from "./dry-run.ts";
import { leaveNote } from "./kill-demo.ts";
import { type OwnExchange, startOwnExchange } from "./own-exchange.ts";
import { StartError } from "./start-error.ts";

export interface VenueDoor {
  readonly feed: Feed;
  readonly venue: Venue;
  /** One line for people. */
  readonly where: string;
  /** More lines for them: what was done at the venue before the desk runs. */
  readonly notes: readonly string[];
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
  /** Of the lease: what may leave. */
  readonly standing: Standing;
  /** The desk as the journal has it: the memory of paper and shadow. */
  readonly desk: Desk;
  /** Where an exchange of our own keeps its ledger between runs, or null to begin anew. */
  readonly ledgerFile: string | null;
  /** What an exchange of our own replays. */
  readonly market?: MarketMode;
  readonly throttled: (endpoint: string) => void;
  readonly disconnected: (endpoint: string) => void;
  /** Tests stand in the door to the network here. */
  readonly decorateNet?: ((transport: Transport) => Transport) | undefined;
}

interface Addresses {
  readonly rest: string;
  readonly market: string;
  readonly user: string;
  readonly key: SigningKey | null;
}

type Fills = "real" | "paper" | "shadow";

/** Where orders are filled, and how that is said. */
const FILLS: { readonly [F in Footing]: Fills } = {
  demo: "real",
  paper: "paper",
  shadow: "shadow",
  live: "real",
};
const SAID: { readonly [F in Fills]: string } = {
  real: "",
  paper: ", fills on paper",
  shadow: ", which is only read: nothing is sent",
};

/** @throws RangeError, PortError or StartError, each with one line for whoever starts the desk */
export async function openVenueDoor(options: VenueDoorOptions): Promise<VenueDoor> {
  const { config, clock, timers, log } = options;
  if (config.profile === "shadow" && options.key === null) {
    throw new StartError(
      "Shadow reads the real account and needs an API key: set COINBASE_KEY_FILE to the file of a key that may only view.",
    );
  }
  const own = config.venue.kind === "loopback" ? await ownExchange(options) : null;
  const at = own ?? given(options);
  const takeNote = own && options.ledgerFile ? leaveNote(options.ledgerFile, own) : null;
  const net = fenced(netTransport(), options.standing.anything);
  const outward = options.decorateNet?.(net) ?? net;
  const wanted = FILLS[footingOf(config.profile)];
  const dry = isDry(config);
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
    transport: narrowed(outward, { dry, reads: wanted !== "real", log }),
    mayOrder: dry ? () => DRY : options.standing.order,
    namespace: config.deployId,
    quoteCurrency: config.quoteCurrency,
    onThrottle: options.throttled,
    onDisconnect: options.disconnected,
  });
  const { venue } = coinbase;
  const fills = venue === null ? "paper" : wanted;
  const notes = dry ? await standDown({ ...options, rest: at.rest, key: at.key }) : [];
  return {
    notes,
    ...doorsOf(options, coinbase, fills),
    coinbase,
    where: `${own ? "an exchange of its own" : "Coinbase"} at ${at.rest}${SAID[fills]}${dry ? ", where nothing is sent but cancels" : ""}`,
    ledger: () => askLedger(fills === "real" ? at.rest : null),
    async close() {
      await coinbase.close();
      await net.close();
      takeNote?.();
      await own?.close();
    },
  };
}

/** No more can leave than the desk is for. */
function narrowed(
  transport: Transport,
  { dry, reads, log }: { readonly dry: boolean; readonly reads: boolean; readonly log: Log },
): Transport {
  if (reads) return readOnlyTransport(transport, log);
  return dry ? cancelOnlyTransport(transport, log) : transport;
}

/** Just before BTC and ETH lose 4 % within the hour; a recorded minute passes in a second. */
const REPLAY_FROM = "2017-09-04T14:10:00Z";

const ownExchange = ({ config, ledgerFile, market }: VenueDoorOptions): Promise<OwnExchange> =>
  startOwnExchange({
    barSeconds: config.barMs / 1000,
    from: REPLAY_FROM,
    ...(ledgerFile === null ? {} : { ledgerFile }),
    ...(market === undefined ? {} : { market }),
  });

function given({ config, key }: VenueDoorOptions): Addresses {
  const { venue } = config;
  if (venue.kind !== "coinbase") throw new RangeError("no venue address is configured");
  return { ...venue, key };
}

function doorsOf(
  options: VenueDoorOptions,
  coinbase: Coinbase,
  fills: Fills,
): { feed: Feed; venue: Venue } {
  const { feed, venue: real } = coinbase;
  if (real === null || fills === "paper") return hearingFirst(paper(options, coinbase), feed);
  if (fills === "real") return { feed, venue: real };
  return hearingFirst(createShadowVenue({ ...memory(options), real }), feed);
}

/** Prices pass the venue before the desk hears them, so that it never fills on older ones than the desk saw. */
const hearingFirst = (venue: PaperVenue, feed: Feed): { feed: Feed; venue: Venue } => ({
  venue,
  feed: {
    ...feed,
    start: (hear) =>
      feed.start((input) => {
        venue.onMarket(input);
        hear(input);
      }),
  },
});

function paper(options: VenueDoorOptions, coinbase: Coinbase): PaperVenue {
  const nothing = { orders: [], foreign: [], balances: null, rates: null };
  return createPaperVenue({
    ...memory(options),
    outside: async () => {
      const products = await coinbase.products();
      return products.ok ? ok({ ...nothing, products: products.value }) : products;
    },
  });
}

/** What a venue inside the program begins with, as far as the journal and the settings know. */
function memory({ config, desk, clock, timers }: VenueDoorOptions): Omit<PaperOptions, "outside"> {
  return {
    clock,
    timers,
    takerRate: config.fees.taker,
    makerRate: config.fees.maker,
    balances: knownBalances(config, desk),
    orders: [...desk.orders.values(), ...desk.closed.values()],
  };
}

/** What the journal says is owned, or the configured cash on a first start; null: what the account holds. */
function knownBalances(
  { quoteCurrency, openingCash }: Config,
  desk: Desk,
): PaperOptions["balances"] {
  if (desk.balances.size > 0) {
    return [...desk.balances].map(([currency, amounts]): Balance => ({ currency, ...amounts }));
  }
  if (openingCash === null) return null;
  // Cash counts 1e-18 of its currency, like every size.
  return [{ currency: quoteCurrency, available: openingCash as bigint as Size, hold: NO_SIZE }];
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
