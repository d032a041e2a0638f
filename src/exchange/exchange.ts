/**
 * A Coinbase Advanced Trade on loopback: REST and both WebSockets over a replayed market, with
 * books of its own.
 */
// It only puts the parts together. It shares no code with the client that trades against it.
import { price as priceFrom } from "../core/kernel/money.ts";
import { Gatekeeper } from "./auth.ts";
import { books, catalog as catalogOf, type Product } from "./catalog.ts";
import { ownTimers } from "./clock.ts";
import type { Control } from "./control.ts";
import { controlRoutes } from "./control-route.ts";
import { Faults } from "./faults.ts";
import { restListener } from "./http.ts";
import { type ApiKey, makeKeys } from "./keys.ts";
import { Ledger } from "./ledger.ts";
import { type LedgerView, ledgerRoute, ledgerView } from "./ledger-view.ts";
import { Limits } from "./limits.ts";
import { addressOf, closeDoors, makeDoors, openDoors } from "./listen.ts";
import { constantRecording, originOf, play } from "./market/drive.ts";
import { Market } from "./market/market.ts";
import { openRecording, type Recording } from "./market/recording.ts";
import { Engine } from "./matching/engine.ts";
import { identity } from "./names.ts";
import { type ExchangeOptions, type Settings, settle } from "./options.ts";
import { apiRoutes } from "./rest/api.ts";
import { type Route, routeName } from "./route.ts";
import { controlOf } from "./steer.ts";
import { Feed } from "./stream/feed.ts";
import { FrameFaults } from "./stream/frame-faults.ts";
import { serveSockets } from "./stream/socket-server.ts";
import type { Venue } from "./venue.ts";

export interface KeyFile {
  readonly keyName: string;
  readonly privateKeyFile: string;
}

export interface Exchange extends AsyncDisposable {
  /**
   * `http://127.0.0.1:PORT`; the API lives below `/api/v3/brokerage`, the ledger at `/ledger`, the
   * control at `/control`.
   */
  readonly rest: string;
  readonly ws: string;
  readonly wsUser: string;
  readonly keyName: string;
  readonly privateKeyFile: string;
  /** Every key, in the order of the options; the first is the one above. */
  readonly keys: readonly KeyFile[];
  readonly ledger: LedgerView;
  readonly control: Control;
  close(): Promise<void>;
}

const PREFIX = "/api/v3/brokerage";
/** Trade ids begin with the time, so that they also rise across restarts. */
const TRADES_PER_SECOND = 1000;

/**
 * Opens an exchange.
 * @throws RangeError when an option makes no sense; PortError when a port is taken.
 */
export async function startExchange(options: ExchangeOptions): Promise<Exchange> {
  const settings = settle(options);
  const recording = recordingFor(settings, books(catalogOf(settings.products)));
  const venue = makeVenue(settings);
  const keys = makeKeys(settings);
  const gatekeeper = new Gatekeeper(keys, venue.clock);
  const faults = new Faults();
  const frameFaults = new FrameFaults();
  const limits = new Limits(venue.clock, settings.limits);
  const counts = new Map<string, number>();
  const view = ledgerView({ ledger: venue.ledger, gatekeeper, counts });
  const api = apiRoutes(venue);
  const names = new Set(api.map(routeName));
  const doors = makeDoors(settings);
  const feed = new Feed(venue, frameFaults);
  const parts = { venue, faults, frameFaults, gatekeeper, limits, feed, routes: names };
  const control = controlOf(parts);
  const routes: readonly Route[] = [...api, ledgerRoute(view), ...controlRoutes(control, names)];
  try {
    await openDoors(doors, settings);
  } catch (error) {
    venue.clock.stop();
    venue.ledger[Symbol.dispose]();
    throw error;
  }
  const { clock } = venue;
  const rest = { routes, prefix: PREFIX, gatekeeper, faults, clock, limits, counts };
  doors.rest.on("request", restListener(rest));
  const streams = { venue, feed, gatekeeper, faults: frameFaults, limits };
  const sockets = (["market", "user"] as const).map((stream) =>
    serveSockets({ ...streams, server: doors[stream], stream }),
  );
  venue.engine.restore();
  begin(venue, recording);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= (async () => {
      venue.clock.stop();
      for (const each of sockets) {
        for (const socket of each.clients) socket.terminate();
        each.close();
      }
      await closeDoors(doors);
      venue.ledger[Symbol.dispose]();
    })();
    return closing;
  };
  const secure = settings.tls === null ? "" : "s";
  return {
    rest: addressOf(doors.rest, `http${secure}`),
    ws: addressOf(doors.market, `ws${secure}`),
    wsUser: addressOf(doors.user, `ws${secure}`),
    ...keyFile(keys[0]),
    keys: keys.map(keyFile),
    ledger: view,
    control,
    close,
    [Symbol.asyncDispose]: close,
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
