/** The parts of an exchange put together, whatever carries its bytes. */
// It opens no door: exchange.ts serves it on ports, in-process.ts within this process.
import { price as priceFrom } from "../core/kernel/money.ts";
import { Gatekeeper } from "./auth.ts";
import { books, catalog as catalogOf, type Product } from "./catalog.ts";
import { ownTimers } from "./clock.ts";
import type { Control } from "./control.ts";
import { controlRoutes } from "./control-route.ts";
import { Faults, type Stream } from "./faults.ts";
import { type ApiKey, makeKeys } from "./keys.ts";
import { Ledger } from "./ledger.ts";
import { type LedgerView, ledgerRoute, ledgerView } from "./ledger-view.ts";
import { Limits } from "./limits.ts";
import { constantRecording, originOf, play } from "./market/drive.ts";
import { Market } from "./market/market.ts";
import { openRecording, type Recording } from "./market/recording.ts";
import { Engine } from "./matching/engine.ts";
import { identity } from "./names.ts";
import type { Settings } from "./options.ts";
import type { RestParts } from "./requests.ts";
import { apiRoutes } from "./rest/api.ts";
import { routeName } from "./route.ts";
import { controlOf } from "./steer.ts";
import { Feed } from "./stream/feed.ts";
import { FrameFaults } from "./stream/frame-faults.ts";
import type { SessionParts } from "./stream/session.ts";
import type { Venue } from "./venue.ts";

export interface KeyFile {
  readonly keyName: string;
  readonly privateKeyFile: string;
}

export interface Assembly {
  readonly venue: Venue;
  readonly gatekeeper: Gatekeeper;
  readonly rest: RestParts;
  /** For the conversations on one of the two sockets. */
  session(stream: Stream): SessionParts;
  /** What whoever runs the exchange is given, however it is reached. */
  readonly given: KeyFile & {
    readonly keys: readonly KeyFile[];
    readonly ledger: LedgerView;
    readonly control: Control;
  };
  /** Prices begin to move. */
  begin(): void;
  /** Nothing happens any more. */
  stop(): void;
}

const PREFIX = "/api/v3/brokerage";
/** Trade ids begin with the time, so that they also rise across restarts. */
const TRADES_PER_SECOND = 1000;

/** @throws RangeError when an option makes no sense. */
export function assemble(settings: Settings): Assembly {
  const recording = recordingFor(settings, books(catalogOf(settings.products)));
  const venue = makeVenue(settings);
  const { clock } = venue;
  const keys = makeKeys(settings);
  const gatekeeper = new Gatekeeper(keys, clock);
  const faults = new Faults();
  const frameFaults = new FrameFaults();
  const limits = new Limits(clock, settings.limits);
  const counts = new Map<string, number>();
  const ledger = ledgerView({ ledger: venue.ledger, gatekeeper, counts });
  const api = apiRoutes(venue);
  const names = new Set(api.map(routeName));
  const feed = new Feed(venue, frameFaults);
  const parts = { venue, faults, frameFaults, gatekeeper, limits, feed, routes: names };
  const control = controlOf(parts);
  const routes = [...api, ledgerRoute(ledger), ...controlRoutes(control, names)];
  return {
    venue,
    gatekeeper,
    rest: { routes, prefix: PREFIX, gatekeeper, faults, clock, limits, counts },
    session: (stream) => ({ stream, venue, feed, gatekeeper, faults: frameFaults, limits }),
    given: { ...keyFile(keys[0]), keys: keys.map(keyFile), ledger, control },
    begin: () => {
      venue.engine.restore();
      begin(venue, recording);
    },
    stop: () => {
      clock.stop();
      venue.ledger[Symbol.dispose]();
    },
  };
}

const keyFile = ({ name, privateKeyFile }: ApiKey): KeyFile => ({ keyName: name, privateKeyFile });

function makeVenue(settings: Settings): Venue {
  const clock = ownTimers(settings.clock);
  const catalog = catalogOf(settings.products);
  const origin = originOf(clock.now(), settings.barSeconds);
  const market = new Market(books(catalog), Math.floor(origin / 1000) * TRADES_PER_SECOND);
  const ledger = new Ledger();
  const known = settings.ledgerFile !== null && ledger.keepIn(settings.ledgerFile);
  if (!known) fund(ledger, settings);
  const own = { ...settings, clock };
  const engine = new Engine({ settings: own, catalog, ledger, market });
  return {
    settings: own,
    clock,
    catalog,
    ledger,
    market,
    engine,
    identity: identity(settings.seed),
    lags: {
      orderMs: settings.orderLagMs,
      listMs: settings.listLagMs,
      fillsMs: settings.fillsLagMs,
      userMs: settings.userLagMs,
    },
  };
}

function fund(ledger: Ledger, { balances }: Settings): void {
  for (const [currency, text] of Object.entries(balances)) {
    ledger.record({ kind: "funded", currency, amount: priceFrom(text) });
  }
}

function recordingFor({ market, from }: Settings, products: readonly Product[]): Recording | null {
  if (market === "manual") return null;
  const ids = products.map((product) => product.id);
  if (market === "recorded") return openRecording(ids, from);
  const prices = Object.entries(market.constant).map(
    ([id, text]) => [id, priceFrom(text)] as const,
  );
  const recording = constantRecording(Object.fromEntries(prices));
  for (const id of ids) recording.candle(id, 0);
  return recording;
}

function begin(venue: Venue, recording: Recording | null): void {
  if (recording === null) return;
  const { market, engine, clock, settings } = venue;
  const { seed, barSeconds } = settings;
  const still = typeof settings.market === "object";
  const steady = { ...clock, now: () => clock.steady() };
  const stamp = (at: number): number => at + clock.now() - clock.steady();
  play({ recording, market, engine, clock: steady, stamp, seed, barSeconds, still });
}
