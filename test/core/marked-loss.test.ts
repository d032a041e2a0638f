/** A loss that rests on prices of several holdings: which of them it rests on, and what an old price may not hide. */
import { expect, test } from "vitest";
import { productId, venueOrderId } from "../../src/core/kernel/ids.ts";
import { price, quote, size } from "../../src/core/kernel/money.ts";
import type { Policy } from "../../src/core/risk/limits.ts";
import { BTC, DeskScript, listing, POLICY, PRODUCT } from "../kit/desk-script.ts";

const RARE = productId("RARE-USD");
const DAY: Policy = {
  ...POLICY,
  portfolio: { ...POLICY.portfolio, max_daily_loss_usd: quote("10"), max_drawdown_usd: null },
};
const FALL: Policy = {
  ...POLICY,
  portfolio: { ...POLICY.portfolio, max_daily_loss_usd: null, max_drawdown_usd: quote("10") },
};

/** Holds one of each for 100, and hears a price of each. */
function both(policy: Policy): DeskScript {
  const desk = DeskScript.ready(policy, { rules: [], products: [BTC, RARE] });
  desk.listed({ products: listing().products.concat({ ...PRODUCT, id: RARE }) });
  for (const product of [BTC, RARE]) {
    const id = `buy-${product}` as never;
    const plan = desk.want("long").lastPlan();
    desk.plan({ ...plan, id, product, size: size("1"), limit: price("101") });
    desk.put({
      kind: "order.observed",
      observation: {
        order: id,
        venueId: venueOrderId(`v-${id}`),
        progress: "filled",
        executed: { size: size("1"), value: quote("100"), fees: quote("0") },
        detail: "",
        source: "stream",
      },
    });
  }
  expect([...desk.state.desk.positions.keys()]).toEqual([BTC, RARE]);
  heard(desk, RARE, "100");
  desk.quote("100.00", "100.02").tick().tick();
  return desk;
}
function heard(desk: DeskScript, product: typeof BTC, bid: string): DeskScript {
  const ask = price((Number(bid) + 0.02).toFixed(2));
  const shown = { bidSize: size("10"), askSize: size("10") };
  return desk.put({ kind: "market.quote", product, bid: price(bid), ask, ...shown });
}
/** Seconds in which one of them is quoted every second, and the other every so many. */
function seconds(desk: DeskScript, count: number, btc: string, rareEvery = 0, rare = "100"): void {
  for (let i = 1; i <= count; i += 1) {
    if (i % 5 === 0) desk.alive();
    if (rareEvery > 0 && i % rareEvery === 0) heard(desk, RARE, rare);
    desk.quote(btc, (Number(btc) + 0.02).toFixed(2)).tick(1000);
  }
}
const tripped = (desk: DeskScript): string[] => [...desk.state.desk.trips.keys()];

test.each([
  ["daily-loss", DAY],
  ["drawdown", FALL],
])("%s latches beside a holding that is seldom quoted, as soon as without it", (name, policy) => {
  for (const every of [0, 40, 25]) {
    const desk = both(policy);
    seconds(desk, 60, "100.00", every);
    expect(tripped(desk)).toEqual([]);
    seconds(desk, 10, "80.00", every);
    expect(tripped(desk), `quoted every ${every} s`).toEqual([]);
    seconds(desk, 2, "80.00", every);
    expect(tripped(desk), `quoted every ${every} s`).toEqual([name]);
  }
});

test("an odd price of a holding that is seldom quoted is confirmed by no price of another", () => {
  const desk = both(DAY);
  heard(desk, RARE, "50");
  seconds(desk, 200, "99.99");
  expect(tripped(desk)).toEqual([]);
  // Borne out by prices of its own it is, however far apart they are and whatever was silent in between.
  heard(desk, RARE, "50");
  seconds(desk, 60, "99.99");
  expect(tripped(desk)).toEqual([]);
  desk.put({ kind: "feed.broken", stream: "market", cause: "gap" });
  seconds(desk, 60, "99.99");
  heard(desk, RARE, "50");
  seconds(desk, 6, "99.99");
  expect(tripped(desk)).toEqual(["daily-loss"]);
});

test("a price that clears the loss begins the count anew, and one that clears another's does not", () => {
  const desk = both(DAY);
  for (let i = 0; i < 6; i += 1) {
    heard(desk, RARE, i % 2 === 0 ? "50" : "100");
    seconds(desk, 7, "99.99");
  }
  expect(tripped(desk)).toEqual([]);
});

test("what an old price loses counts with what a new one loses", () => {
  const desk = both(DAY);
  for (const bid of ["94", "94", "94"]) {
    heard(desk, RARE, bid);
    seconds(desk, 2, "99.99");
  }
  expect(tripped(desk)).toEqual([]);
  // Six of the one, unheard for a minute, and six of the other.
  seconds(desk, 60, "99.99");
  seconds(desk, 12, "94.00");
  expect(tripped(desk)).toEqual(["daily-loss"]);
});
