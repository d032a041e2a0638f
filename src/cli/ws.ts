/** The verb `ws`: listens to one channel for a while, prints what it hears, unsubscribes and closes. */
import { z } from "zod";
import { systemTimers } from "../adapters/system/timers.ts";
import { productOf } from "./fills.ts";
import { UsageError } from "./flags.ts";
import {
  flagsOf,
  type Look,
  looking,
  needsKey,
  SHELL,
  told,
  VenueError,
  wholeNumber,
} from "./look.ts";
import { subscribed, type TalkFrame, talk } from "./stream-talk.ts";

const FLAGS = {
  profile: { type: "string" },
  product: { type: "string", multiple: true },
  seconds: { type: "string" },
  raw: { type: "boolean" },
} as const;
const CHANNELS = ["ticker", "level2", "market_trades", "candles", "status", "user"] as const;
type Channel = (typeof CHANNELS)[number];
const LONGEST_SECONDS = 86_400;

export const ws = (args: readonly string[], shell = SHELL): Promise<number> =>
  told("ws", shell, async () => {
    const { values, positionals } = flagsOf(args, FLAGS);
    const channel = CHANNELS.find((each) => each === positionals[0]);
    if (channel === undefined || positionals.length !== 1) {
      throw new UsageError(`name one channel: ${CHANNELS.join(", ")}`);
    }
    const seconds = wholeNumber("--seconds", values.seconds ?? "10", LONGEST_SECONDS);
    const products = (values.product ?? []).map((each) => productOf(each, "--product"));
    return looking(shell, values.profile, async (look) => {
      if (channel === "user") needsKey(look);
      const wanted = products.length > 0 ? products : look.loaded.config.products;
      const ended = await listened(look, {
        ...{ channel, seconds, products: wanted },
        raw: values.raw ?? false,
      });
      if (ended !== null)
        throw new VenueError(`${ended}; npm run claudbot -- doctor websocket finds the cause`);
      return 0;
    });
  });

interface Listening {
  readonly channel: Channel;
  readonly products: readonly string[];
  readonly seconds: number;
  readonly raw: boolean;
}

/** Why it ended before its time or was in vain, or null. */
async function listened(look: Look, { channel, products, seconds, raw }: Listening) {
  const { at, calls, say } = look;
  const { signer } = calls;
  let ended: string | null = null;
  let served: readonly string[] | null = null;
  let isHeard = false;
  await new Promise<void>((done) => {
    const finish = (): void => {
      cancel();
      void conversation.leave().then(done, done);
    };
    const cancel = systemTimers.after(seconds * 1000, finish);
    const conversation = talk(
      {
        url: channel === "user" ? at.user : at.market,
        channels: ["heartbeats", channel],
        products,
        token: signer && (() => signer.stream()),
        hear: (frame) => {
          if (frame.error !== null) {
            ended = `the venue says: ${frame.error}`;
            return finish();
          }
          if (frame.channel === "subscriptions")
            served = subscribed([frame]).get(channel) ?? served ?? [];
          if (frame.channel === (channel === "level2" ? "l2_data" : channel)) isHeard = true;
          if (raw) return say(`${frame.text}\n`);
          for (const line of linesOf(frame)) say(`${line}\n`);
        },
        over: (cause) => {
          ended = cause;
          finish();
        },
      },
      { transport: calls.transport, timers: systemTimers },
    );
  });
  return ended ?? inVain({ channel, products, seconds, served, isHeard });
}

/** An unknown product is left out of the acknowledgement without a word; a `-USDC` one may come as its `-USD` twin. */
function inVain(of: Omit<Listening, "raw"> & Heard): string | null {
  const { channel, products, seconds, served, isHeard } = of;
  if (served === null || (channel === "user" && served.length === 0)) {
    return `${channel} was not acknowledged within ${seconds} s`;
  }
  const alike = (id: string): string => id.replace(/-USDC$/, "-USD");
  const left = products.filter((id) => !served.some((each) => alike(each) === alike(id)));
  // The account's channel is acknowledged by the account.
  if (channel !== "user" && left.length > 0)
    return `the venue has no ${channel} of ${left.join(", ")}`;
  return isHeard ? null : `nothing was heard on ${channel} within ${seconds} s`;
}

interface Heard {
  /** What the venue acknowledged; null for nothing. */
  readonly served: readonly string[] | null;
  readonly isHeard: boolean;
}

const Row = z.record(z.string(), z.unknown());
const word = z.union([z.string(), z.number()]).transform(String).catch("");
const Book = z.object({
  type: z.string(),
  product_id: z.string(),
  updates: z.array(z.object({ side: z.string(), price_level: word, new_quantity: word })),
});
/** What is shown of a row, in this order. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  ticker: ["product_id", "price", "best_bid", "best_ask", "volume_24_h"],
  market_trades: ["product_id", "time", "side", "price", "size"],
  candles: ["product_id", "start", "open", "high", "low", "close", "volume"],
  status: ["id", "status", "status_message"],
  user: [
    "product_id",
    "order_side",
    "status",
    "cumulative_quantity",
    "leaves_quantity",
    "order_id",
  ],
};
const ROWS: Readonly<Record<string, string>> = {
  ticker: "tickers",
  market_trades: "trades",
  candles: "candles",
  status: "products",
  user: "orders",
};

/** One line for each row; heartbeats and acknowledgements say nothing. */
function linesOf({ channel, events }: TalkFrame): readonly string[] {
  if (channel === "l2_data") return events.flatMap(bookLine);
  const fields = SHOWN[channel ?? ""] ?? [];
  const name = ROWS[channel ?? ""] ?? "";
  return events.flatMap((event) => {
    const rows = z.object({ [name]: z.array(Row) }).safeParse(event);
    return (rows.data?.[name] ?? []).map((row) =>
      [channel, ...fields.map((field) => word.parse(row[field]))].filter(Boolean).join(" "),
    );
  });
}

/** Of a book its best levels, of a change the first ones. */
function bookLine(event: unknown): readonly string[] {
  const read = Book.safeParse(event);
  if (!read.success) return [];
  const { type, product_id, updates } = read.data;
  if (type !== "snapshot") {
    const changes = updates.map((each) => `${each.side} ${each.price_level} ${each.new_quantity}`);
    return [`level2 ${product_id} ${changes.slice(0, 3).join(", ")}`];
  }
  const best = (side: RegExp, sign: 1 | -1): string => {
    const levels = updates.filter((each) => side.test(each.side));
    levels.sort((a, b) => sign * (Number(a.price_level) - Number(b.price_level)));
    return levels[0] ? `${levels[0].price_level} x ${levels[0].new_quantity}` : "none";
  };
  const count = `${updates.length} levels`;
  return [
    `level2 ${product_id} snapshot, ${count}, bid ${best(/^(bid|buy)$/, -1)}, ask ${best(/^(offer|ask|sell)$/, 1)}`,
  ];
}
