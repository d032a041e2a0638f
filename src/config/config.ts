/** What a desk runs with, settled before it starts. A Config may be shown to anybody: secrets stand apart. */

import type { Person, Room } from "../chat/person.ts";
import type { Authority } from "../core/control/authority.ts";
import type { Rung } from "../core/control/stage.ts";
import type { Execution } from "../core/engine/execution.ts";
import type { ProductId } from "../core/kernel/ids.ts";
import { decimal, type Quote, type Rate } from "../core/kernel/money.ts";
import type { Policy } from "../core/risk/limits.ts";
import type { Region } from "../core/risk/region.ts";
import type { Sizing } from "../core/risk/sizing.ts";
import type { Profile } from "./profiles.ts";

export type VenueAddress =
  /** An exchange of our own, started with the desk on a port of its choice. */
  | { readonly kind: "loopback" }
  | {
      readonly kind: "coinbase";
      /** Origins without a trailing slash. */
      readonly rest: string;
      readonly market: string;
      readonly user: string;
    };

export interface ChatConfig {
  /** Null: no token was given. */
  readonly telegram: {
    /** Origin without a trailing slash. */
    readonly apiRoot: string;
    /** Public https address that Telegram is told to send updates to; null: the desk polls. */
    readonly webhookUrl: string | null;
  } | null;
  readonly slack: {
    /** Ends with a slash. */
    readonly apiUrl: string;
    /** `socket` when there is an app token, else `http`. */
    readonly mode: "socket" | "http";
    /** `/claudbot` */
    readonly command: string;
  } | null;
  /** Where requests of the platforms are taken, behind a proxy that ends TLS; null when neither platform sends any. */
  readonly hooks: { readonly host: string; readonly port: number } | null;
  /** Who may speak and where; absolute, perhaps not there. */
  readonly peopleFile: string;
}

export type LogLevel = "debug" | "info" | "warn" | "error";

export interface Config {
  readonly profile: Profile;
  readonly name: string;
  /** 8 characters at the head of our order ids; the same for the same desk, whenever it starts. */
  readonly deployId: string;
  /** At least one, all quoted in `quoteCurrency`, each with a row in the policy. */
  readonly products: readonly ProductId[];
  readonly quoteCurrency: string;
  readonly barMs: number;
  readonly strategy: { readonly name: "ma-cross"; readonly fast: number; readonly slow: number };
  readonly entry: {
    /** Of every entry, where no `sizing` reckons it from equity. */
    readonly worth: Quote;
    readonly minWorth: Quote;
    readonly sizing: Sizing | null;
    /** From the average price; null for none. */
    readonly stopBps: number | null;
    readonly takeBps: number | null;
    readonly longOnly: true;
    readonly execution: Execution;
    /** The venue is asked what it would make of an entry before it leaves. */
    readonly preview: boolean;
  };
  /** What may be traded is bounded by where the account's holder lives; null for no such bound. */
  readonly region: Region | null;
  /** False only where it was said in so many words. Outside live nothing real is sent either way. */
  readonly dryRun: boolean;
  /** Who must say yes to what. */
  readonly authority: Authority;
  readonly policy: Policy;
  /** The rungs from paper to full size; empty where the profile says what the desk is. */
  readonly ladder: readonly Rung[];
  /** Where the policy was read from. */
  readonly policyFile: string;
  readonly venue: VenueAddress;
  /** Cash with which a desk begins that is filled inside the program; null: with what the account holds. */
  readonly openingCash: Quote | null;
  /** Taken where the venue cannot be asked for the real ones. */
  readonly fees: { readonly taker: Rate; readonly maker: Rate };
  /** Absolute; not created yet. */
  readonly dataDir: string;
  /** `own`: the desk starts a Postgres below `dataDir`. `given`: the address is `Secrets.databaseUrl`. */
  readonly database: "own" | "given";
  readonly http: { readonly host: string; readonly port: number };
  readonly timeZone: string;
  readonly chat: ChatConfig;
  readonly people: readonly Person[];
  readonly rooms: readonly Room[];
  readonly logLevel: LogLevel;
  readonly staleness: {
    /** Our clock against the venue's. */
    readonly skewWarnMs: number;
  };
  /** Sentences for whoever starts the desk: ignored settings, open permissions, sums that do not add up. */
  readonly notes: readonly string[];
}

/** The configuration as JSON text: amounts as exact decimals, the policy in the keys of its file. */
export function printable(config: Config): string {
  return JSON.stringify(
    config,
    (_key, value: unknown) => {
      if (typeof value === "bigint") return decimal(value);
      return value instanceof Map ? Object.fromEntries(value) : value;
    },
    2,
  );
}
