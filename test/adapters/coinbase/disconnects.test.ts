/** A thousand connections that end in every way at any moment: in the end the desk believes what the market is, once. */
// Virtual time and a seeded script: a failure names its seed and comes again.
import { expect, test } from "vitest";
import { decimal } from "../../../src/core/kernel/money.ts";
import { seeded } from "../../../src/core/kernel/random.ts";
import { ENDINGS, ScriptedMarket, SPOILS } from "../../kit/scripted-market.ts";
import { openStreams } from "./stream-rig.ts";

const DISCONNECTS = 1000;

test.each(["first"])(
  "after a thousand disconnects nothing is wrong, lost or said twice: %s seed",
  async (seed) => {
    const random = seeded(seed);
    const market = new ScriptedMarket(random);
    const ended: string[] = [];
    let spoilt = 0;
    const world = await openStreams(["BTC-USD"], {
      onDisconnect: (endpoint) => ended.push(endpoint),
    });
    world.coinbase.feed.start((input) => world.heard.push(input));
    const nextSocket = async (count: number) => {
      for (let tries = 0; world.sockets.length < count && tries < 100; tries += 1) {
        await world.time.advance(400);
      }
      expect(world.sockets).toHaveLength(count);
    };
    for (let round = 1; round <= DISCONNECTS; round += 1) {
      await nextSocket(round);
      world.latest().handlers.open();
      const whole = random.next() < 0.7;
      market.greet(world.latest(), whole ? undefined : random.between(1, 4));
      for (let i = whole ? random.between(0, 10) : 0; i > 0; i -= 1) market.happen();
      const spoil = whole ? SPOILS[random.between(0, 5)] : undefined;
      if (spoil) {
        await world.time.advance(0);
        world.latest().sent.length = 0;
        market.spoil(spoil);
        market.happen();
        await world.time.advance(0);
        expect(market.answer(), `round ${round}: ${spoil}`).toBe(true);
        spoilt += 1;
        for (let i = random.between(0, 10); i > 0; i -= 1) market.happen();
      }
      const how = ENDINGS[random.between(0, ENDINGS.length - 1)] ?? "closed";
      market.end(how);
      const { closedByUs } = world.latest();
      expect(closedByUs, `round ${round}: ${how}`).toBe(true);
      for (let i = random.between(0, 3); i > 0; i -= 1) market.happen();
    }
    await nextSocket(DISCONNECTS + 1);
    world.latest().handlers.open();
    market.greet(world.latest());
    for (let i = 0; i < 50; i += 1) market.happen();
    await world.time.advance(500);

    const last = (kind: string) => world.of(kind).at(-1);
    const depth = last("market.depth");
    if (depth?.kind !== "market.depth") throw new Error("depth");
    const shown = [depth.depth.bids, depth.depth.asks].map((side) =>
      side.map(({ price, size }) => [decimal(price), decimal(size)]),
    );
    expect(shown).toEqual([market.side("bid").slice(0, 10), market.side("offer").slice(0, 10)]);
    const [bid, offer] = [market.side("bid")[0], market.side("offer")[0]];
    const quote = last("market.quote");
    if (quote?.kind !== "market.quote") throw new Error("a quote");
    expect([quote.bid, quote.bidSize, quote.ask, quote.askSize].map(decimal)).toEqual([
      ...(bid ?? []),
      ...(offer ?? []),
    ]);
    const trades = world.heard.flatMap((input) =>
      input.kind === "market.trade" ? [Number(input.tradeId)] : [],
    );
    expect(trades).toEqual([...Array(market.trades).keys()].map((i) => i + 1));
    expect(ended).toHaveLength(DISCONNECTS);
    const inputs = world.heard.filter((input) => input.kind === "feed.broken").length;
    expect(inputs).toBe(DISCONNECTS);
    expect(spoilt).toBeGreaterThan(100);
    await world.coinbase.close();
  },
);
