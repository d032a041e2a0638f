/** A market feed over scripted sockets, and what it said of books in short. */
import { decimal } from "../../../src/core/kernel/money.ts";
import { CHANNELS, openStreams } from "./stream-rig.ts";
import { frame } from "./world.ts";

export async function feedUp(products?: string[], over?: Parameters<typeof openStreams>[1]) {
  const world = await openStreams(products, over);
  world.coinbase.feed.start((input) => world.heard.push(input));
  await world.up();
  const quotes = () =>
    world.heard.flatMap((input) =>
      input.kind === "market.quote"
        ? [[input.bid, input.bidSize, input.ask, input.askSize].map(decimal).join(" ")]
        : [],
    );
  const depths = () =>
    world.heard.flatMap((input) =>
      input.kind === "market.depth"
        ? [
            [input.depth.bids, input.depth.asks].map((side) =>
              side.map((level) => `${decimal(level.price)}:${decimal(level.size)}`).join(" "),
            ),
          ]
        : [],
    );
  const broken = () =>
    world.heard.flatMap((input) => (input.kind === "feed.broken" ? [input.cause] : []));
  return { ...world, quotes, depths, broken };
}

export const ticker = (sequence: number, bid: string, ask: string) =>
  frame(sequence, "ticker", {
    tickers: [
      {
        product_id: "BTC-USD",
        best_bid: bid,
        best_ask: ask,
        best_bid_quantity: "7",
        best_ask_quantity: "8",
      },
    ],
  });

/** What was sent after the greeting. */
export const asked = (sent: readonly string[]) =>
  sent.slice(CHANNELS.length).map((text) => {
    const { type, channel, product_ids: products } = JSON.parse(text);
    return `${type} ${channel} ${products}`;
  });
