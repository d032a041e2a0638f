/** One buy by a whole desk, through its gate and its journal, and what came of it. There is no other way in. */
// The order is a limit that is filled at once or not at all, capped by the policy's slippage; asked for, a market order.
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { DatabaseError } from "../../db/fault.ts";
import { SealError } from "../adapters/system/seal.ts";
import { systemTimers } from "../adapters/system/timers.ts";
import type { Loaded } from "../config/load.ts";
import { footingOf, type Profile } from "../config/profiles.ts";
import type { ProductId } from "../core/kernel/ids.ts";
import { decimal, type Quote } from "../core/kernel/money.ts";
import { BY_HAND, type Strategy } from "../core/strategy/strategy.ts";
import type { MarketMode } from "../exchange/options.ts";
import type { Journal } from "../ports/journal.ts";
import type { Query } from "../ports/query.ts";
import { type BuyWatch, buyWatch } from "./buy-watch.ts";
import { UsageError } from "./flags.ts";
import { runDesk } from "./run-desk.ts";
import { rungMode } from "./rung-mode.ts";
import { StartError } from "./start-error.ts";

const PATIENCE_MS = 30_000;
const LOOK_MS = 50;
/** A wish that came to nothing, for want of a price, is made again after so long. */
const AGAIN_MS = 2000;
/** The desk decides when a bar closes: with bars this short or shorter, soon. */
const BAR_MS = 1000;

export interface Wish {
  readonly product: ProductId;
  /** Of the quote currency. */
  readonly worth: Quote;
}

export interface BuyRun extends Loaded, Wish {
  /** A market order for the sum, instead of a limit that is capped by the policy. */
  readonly atMarket?: boolean;
  /** Asks nothing first; live asks all the same. */
  readonly yes: boolean;
  readonly input: Readable;
  readonly output: Writable;
  /** Resolves when whoever sits there has had enough. */
  readonly until: Promise<string>;
  /** What an exchange of our own replays. */
  readonly market?: MarketMode;
}

/**
 * @returns 0 when something was bought, 1 when nothing was, 2 when that is not known.
 * @throws UsageError, StartError, and what a start of a desk throws
 */
export async function runBuy(run: BuyRun): Promise<number> {
  const { config, product, worth, output, market } = run;
  allowed(run);
  const mode = await rungMode(run);
  if (!(await confirmed(run, mode))) {
    output.write("not bought: nobody said yes\n");
    return 1;
  }
  const watch = buyWatch(product);
  const trigger = { armed: false, askedAt: null as number | null };
  const over = new AbortController();
  const finished = new Promise<string>((resolve) => {
    over.signal.addEventListener("abort", () => resolve(String(over.signal.reason)));
  });
  const closers: (() => void)[] = [];
  try {
    const { fatal } = await runDesk({
      ...run,
      // The pages of a desk stay where they are wanted; a buy is over before anybody looks.
      config: {
        ...config,
        barMs: Math.min(BAR_MS, config.barMs),
        entry: {
          ...config.entry,
          worth,
          sizing: null,
          execution: { kind: run.atMarket ? "market" : "taker" },
        },
        http: anyPort(config),
      },
      headless: true,
      keep: true,
      until: Promise.race([run.until, finished]),
      strategy: onceOf(product, trigger),
      decorate: (ports) => ({ ...ports, journal: watched(ports.journal, watch) }),
      ready: (desk) => closers.push(attend({ desk, mode, product, watch, trigger, over })),
      ...(market === undefined ? {} : { market }),
    }).catch(foreseen);
    if (fatal !== null) output.write(`the desk stopped itself: ${fatal}\n`);
  } finally {
    for (const close of closers) close();
  }
  const { lines, code } = watch.told();
  const why =
    over.signal.reason === undefined || watch.isDecided() ? [] : [String(over.signal.reason)];
  output.write([...lines, ...why].map((line) => `${line}\n`).join(""));
  return code;
}

const anyPort = ({ http }: Loaded["config"]) => ({ ...http, port: 0 });

interface Trigger {
  armed: boolean;
  askedAt: number | null;
}

/** Wants one entry, once it may, and says so once. */
function onceOf(product: ProductId, trigger: Trigger): Strategy {
  return {
    name: BY_HAND,
    warmUpBars: 1,
    decide(_bars, of) {
      if (of !== product || !trigger.armed || trigger.askedAt !== null) return null;
      trigger.askedAt = performance.now();
      return { want: "long", because: "asked for by hand" };
    },
  };
}

interface Attended {
  readonly desk: Query;
  /** As what it was said to buy. */
  readonly mode: Profile;
  readonly product: ProductId;
  readonly watch: BuyWatch;
  readonly trigger: Trigger;
  readonly over: AbortController;
}

/** Lets the wish out when the desk agrees with the venue, and ends the run when the wish has come to something. */
function attend({ desk, mode, product, watch, trigger, over }: Attended): () => void {
  const before = desk.view().counts;
  const began = performance.now();
  const look = (): void => {
    const { mode: opened, reconciled, positions, counts, feeds } = desk.view();
    if (opened !== mode) {
      return over.abort(`the desk opened as ${opened} and not as ${mode}: ask again`);
    }
    const isDecided = counts.orders !== before.orders || counts.vetoes !== before.vetoes;
    if (watch.isOver()) return over.abort("the buy is over");
    if (performance.now() - began > PATIENCE_MS) {
      return over.abort(`${PATIENCE_MS / 1000} s are over`);
    }
    if (!isDecided && positions.some((held) => held.product === product)) {
      return over.abort(
        `${product} is held already: a desk enters once and then waits for its exit`,
      );
    }
    const { askedAt } = trigger;
    const heard = feeds.every(({ ageMs }) => ageMs !== null);
    trigger.armed = reconciled && heard && !isDecided;
    if (askedAt !== null && !isDecided && performance.now() - askedAt > AGAIN_MS) {
      trigger.askedAt = null;
    }
  };
  return systemTimers.every(LOOK_MS, look);
}

/** The journal as it is, with somebody looking over its shoulder. */
const watched = (journal: Journal, watch: BuyWatch): Journal => ({
  async append(events) {
    const done = await journal.append(events);
    if (done.ok) watch.see(events);
    return done;
  },
  read: (after, limit) => journal.read(after, limit),
  latestCheckpoint: () => journal.latestCheckpoint(),
  writeCheckpoint: (checkpoint) => journal.writeCheckpoint(checkpoint),
});

/** @throws UsageError */
export function allowed({ config, product, worth }: Wish & Pick<Loaded, "config">): void {
  if (!config.products.includes(product)) {
    throw new UsageError(
      `this desk trades ${config.products.join(", ")}: add ${product} to PRODUCTS and to its policy`,
    );
  }
  if (worth < config.entry.minWorth) {
    throw new UsageError(
      `--quote ${decimal(worth)} is below ORDER_MIN_USD, which is ${decimal(config.entry.minWorth)}`,
    );
  }
}

/** As the desk opens, not as the profile says: on a rung of paper nothing is real. Live wants the product's name typed, whatever the flags. */
async function confirmed(run: BuyRun, mode: Profile): Promise<boolean> {
  const { config, product, worth, yes, output } = run;
  const live = footingOf(mode) === "live";
  if (yes && !live) return true;
  const how = run.atMarket ? "at the market, whatever the price" : "now";
  const what = `${mode} ${config.name}: buy ${product} for about ${decimal(worth)} ${config.quoteCurrency}, ${how}, through the gate.`;
  output.write(
    `${what}\n${live ? `Type ${product} to buy: ` : "y to buy, anything else not to: "}`,
  );
  const answer = await firstLine(run);
  return live ? answer === product : /^y(es)?$/i.test(answer);
}

/** Empty at the end of the input, and for whoever has had enough. */
function firstLine({ input, until }: Pick<BuyRun, "input" | "until">): Promise<string> {
  return new Promise((resolve) => {
    const reader = createInterface({ input, terminal: false });
    reader.once("line", (line) => {
      resolve(line.trim());
      reader.close();
    });
    reader.once("close", () => resolve(""));
    void until.then(() => reader.close());
  });
}

/** One line with the fix for what a start is known to fail of. */
function foreseen(error: unknown): never {
  if (error instanceof DatabaseError || error instanceof SealError) {
    throw new StartError(error.message, { cause: error });
  }
  throw error;
}
