/** The flags of `exchange`. Whatever is not one of them, or makes no sense, is refused with the way out. */
import { parseArgs } from "node:util";
import type { ExchangeOptions, LimitRates, MarketMode } from "../exchange/options.ts";
import { bounded, listed, number, oneOf, type Pair, pairs } from "./exchange-values.ts";
import { UsageError } from "./flags.ts";

export const FLAGS = {
  port: { type: "string" },
  host: { type: "string" },
  tls: { type: "boolean" },
  market: { type: "string" },
  from: { type: "string" },
  "bar-seconds": { type: "string" },
  seed: { type: "string" },
  products: { type: "string" },
  balance: { type: "string", multiple: true },
  fees: { type: "string" },
  key: { type: "string" },
  "ledger-file": { type: "string" },
  limits: { type: "string" },
  lag: { type: "string" },
  "pending-ms": { type: "string" },
  "cancel-ms": { type: "string" },
  "most-open-orders": { type: "string" },
  "subscribe-ms": { type: "string" },
  "idle-close-ms": { type: "string" },
  "public-cache-ms": { type: "string" },
  doubts: { type: "string" },
  frames: { type: "string" },
  "leave-out": { type: "string" },
  sandbox: { type: "boolean" },
  help: { type: "boolean" },
} as const;

export const EXCHANGE_HELP = `npm run claudbot -- exchange [flags]
  Runs a loopback Coinbase Advanced Trade until it is told to stop. Prints one JSON line: its addresses and a key.
Where
  --port 8443              REST here, market socket one above, user socket two above; 0 (default) takes any three
  --host 127.0.0.1         the address to listen on
  --tls                    HTTPS and WSS under a certificate of its own (needs the openssl program)
  --key ec                 kind of the API key: ec or ed25519
  --ledger-file FILE       orders and money are kept there and read back at the next start
  --sandbox                canned replies without keys and sockets, as the sandbox host gives them
Market
  --market recorded        recorded: plays recorded minutes; constant: prices never move
  --from 2018-04-04T13:50:00Z   the recorded minute to begin with, UTC
  --bar-seconds 60         seconds that one recorded minute takes, 0.05 to 3600
  --seed claudbot          the same seed gives the same prices and ids
  --products BTC-USD,ETH-USD,BTC-USDC,ETH-USDC   what is traded
  --balance USD=10000      money at the start, once for each currency; USD and USDC begin with 10000, others with 0
  --fees taker=0.012,maker=0.006   rates, as parts of one
Limits and lags; counts are per second, times in milliseconds
  --limits private=30,public=10,sockets=8,messages=8,answer=429-json
                           or on, or off; answer: 429-json, 429-html or 401. On by default only with --market recorded
  --lag order=0,list=0,fills=0,user=0
                           how far reads of an order, lists, fills and the user channel stay behind
  --pending-ms 0           how long an accepted order is PENDING
  --cancel-ms 20           from an accepted cancel to CANCELLED
  --most-open-orders 500   an order beyond these is accepted and then FAILED
  --subscribe-ms 5000      a socket that has not subscribed by then is closed
  --idle-close-ms 75000    a socket that was sent nothing for so long is closed
  --public-cache-ms 1000   how long public answers are kept
Where the public record leaves it open; the first of each is the default
  --doubts duplicate=echo|refuse,post-only=refuse|cancel,fok=cancel|refuse,gtd-end=EXPIRED|CANCELLED,edit-errors=list|object
  --frames ack-first,client-id,numeric-heartbeats,level2-ms=0,trades-ms=0
                           acknowledgement before snapshot; client_id on every frame; counter as a number;
                           book changes and trades gathered for so many milliseconds. Nothing of it by default
  --leave-out pending,cancel-queued,filled-twice   user frames that reality sometimes leaves out; all come by default
`;

export interface ExchangeFlags {
  readonly options: Omit<ExchangeOptions, "keyFolder" | "tls">;
  readonly tls: boolean;
}

const CONSTANT: Readonly<Record<string, string>> = { "BTC-USD": "7070", "ETH-USD": "386.80" };
const MARKETS: Readonly<Record<"recorded" | "constant", MarketMode>> = {
  recorded: "recorded",
  constant: { constant: CONSTANT },
};
const DAY_MS = 86_400_000;
const ms = bounded({ least: 0, most: DAY_MS, unit: "milliseconds", whole: true });
const count = bounded({ least: 1, most: 1_000_000, unit: "a count", whole: true });
const ON_OFF = ["on", "off"] as const;

/** Null when help was asked for. @throws UsageError */
export function exchangeFlags(args: readonly string[]): ExchangeFlags | null {
  const { values } = parsed(args);
  if (values.help) return null;
  const text = <T>(flag: keyof typeof values, read: (flag: string, text: string) => T) => {
    const given = values[flag];
    return typeof given === "string" ? read(`--${flag}`, given) : undefined;
  };
  const lag = text("lag", (flag, of) =>
    pairs(flag, of, { order: ms, list: ms, fills: ms, user: ms }),
  );
  const options = {
    port: text("port", number),
    host: values.host,
    barSeconds: text("bar-seconds", number),
    seed: values.seed,
    from: values.from,
    products: text("products", listed),
    balances: values.balance && balances(values.balance),
    tiers: text("fees", fees),
    keyKind: text("key", oneOf("ec", "ed25519")),
    ledgerFile: values["ledger-file"],
    market: MARKETS[text("market", oneOf("recorded", "constant")) ?? "recorded"],
    limits: text("limits", limits),
    orderLagMs: lag?.order,
    listLagMs: lag?.list,
    fillsLagMs: lag?.fills,
    userLagMs: lag?.user,
    pendingMs: text("pending-ms", ms),
    cancelDelayMs: text("cancel-ms", ms),
    mostOpenOrders: text("most-open-orders", count),
    subscribeWithinMs: text("subscribe-ms", ms),
    idleCloseMs: text("idle-close-ms", ms),
    publicCacheMs: text("public-cache-ms", ms),
    doubts: text("doubts", doubts),
    frames: text("frames", frames),
    userUpdates: text("leave-out", leftOut),
    sandbox: values.sandbox,
  };
  return { options: told(options), tls: values.tls ?? false };
}

type Told<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Without what was not said: defaults are the exchange's own. */
const told = <T extends object>(of: T): Told<T> =>
  Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as Told<T>;

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, strict: true });
  } catch (error) {
    const what = error instanceof Error ? error.message.split(/[.\n]/, 1)[0] : String(error);
    throw new UsageError(`${what}; flags are --${Object.keys(FLAGS).join(", --")}`);
  }
}

function balances(given: readonly string[]): Readonly<Record<string, string>> {
  const rows = given.map((text) => {
    const [, currency, amount] = /^([A-Z0-9]+)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
    if (currency !== undefined && amount !== undefined) return [currency, amount] as const;
    throw new UsageError(`--balance cannot be "${text}"; give a currency and an amount, USD=10000`);
  });
  return Object.fromEntries(rows);
}

const part = bounded({ least: 0, most: 0.5, unit: "a part of one, e.g. 0.006", whole: false });
const rate: Pair<string> = (flag, text) => {
  part(flag, text);
  return text;
};

function fees(flag: string, text: string): ExchangeOptions["tiers"] {
  const { taker = "0.012", maker = "0.006" } = pairs(flag, text, { taker: rate, maker: rate });
  return [{ name: "Intro 1", volume: "0", taker, maker }];
}

function limits(flag: string, text: string): boolean | Partial<LimitRates> {
  const word = ON_OFF.find((one) => one === text);
  if (word !== undefined) return word === "on";
  const rates = { private: count, public: count, sockets: count, messages: count };
  return pairs(flag, text, { ...rates, answer: oneOf("429-json", "429-html", "401") });
}

function doubts(flag: string, text: string): ExchangeOptions["doubts"] {
  const said = pairs(flag, text, {
    duplicate: oneOf("echo", "refuse"),
    "post-only": oneOf("refuse", "cancel"),
    fok: oneOf("cancel", "refuse"),
    "gtd-end": oneOf("EXPIRED", "CANCELLED"),
    "edit-errors": oneOf("list", "object"),
  });
  const { duplicate, fok } = said;
  const rest = { postOnly: said["post-only"], gtdEnd: said["gtd-end"] };
  return told({ duplicate, fok, ...rest, editErrors: said["edit-errors"] });
}

const yes: Pair<true> = (flag, text) => {
  if (text === "") return true;
  throw new UsageError(`${flag} takes no value, not "${text}"`);
};

function frames(flag: string, text: string): ExchangeOptions["frames"] {
  const words = { "ack-first": yes, "client-id": yes, "numeric-heartbeats": yes };
  const said = pairs(flag, text, { ...words, "level2-ms": ms, "trades-ms": ms });
  return told({
    ackFirst: said["ack-first"],
    clientIdAlways: said["client-id"],
    numericHeartbeats: said["numeric-heartbeats"],
    level2BatchMs: said["level2-ms"],
    tradesBatchMs: said["trades-ms"],
  });
}

function leftOut(flag: string, text: string): ExchangeOptions["userUpdates"] {
  const words = { pending: yes, "cancel-queued": yes, "filled-twice": yes };
  const said = pairs(flag, text, words);
  return {
    pending: said.pending === undefined,
    cancelQueued: said["cancel-queued"] === undefined,
    filledTwice: said["filled-twice"] === undefined,
  };
}
