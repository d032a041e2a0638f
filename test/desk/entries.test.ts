/** Desks that execute their entries in other ways than at once, against a whole exchange in virtual time. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Event, EventKind } from "../../src/core/engine/event.ts";
import { decimal } from "../../src/core/kernel/money.ts";
import type { Strategy } from "../../src/core/strategy/strategy.ts";
import { BTC, POLICY } from "../kit/desk-script.ts";
import { type ExchangeDesk, exchangeDesk } from "../kit/exchange-desk.ts";
import { quietLog } from "../kit/quiet-log.ts";
import { followsThePrice } from "./following.ts";

test("over many moves no decision has two orders at the exchange at once, nor buys more than was decided", () =>
  followsThePrice(150, "d"));

/** Wants in at the first bar and stays. */
const once: Strategy = {
  name: "once",
  warmUpBars: 1,
  decide: () => ({ want: "long", because: "its turn" }),
};

async function desk(name: string, over: Parameters<typeof exchangeDesk>[3]): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  const on = await exchangeDesk(name, folder, quietLog(), { strategy: once, ...over });
  const said = (kind: EventKind) => on.journal.events.filter(({ body }) => body.kind === kind);
  /** Prices stand and trades come, so that bars close. */
  const live = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 500) {
      on.exchange.control.trade("BTC-USD", "65000", "0.001");
      await on.time.pass(500);
    }
  };
  await on.time.until("the desk to read the venue", () => on.desk.view().reconciled);
  return {
    ...{ on, said, live },
    [Symbol.asyncDispose]: async () => {
      await on.close();
      await on.exchange.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Opened extends AsyncDisposable {
  readonly on: ExchangeDesk;
  said(kind: EventKind): readonly Event[];
  live(ms: number): Promise<void>;
}

test("an entry in parts is one order whose fills over a minute are booked like any, and proven", async () => {
  const execution = { kind: "twap", lastsMs: 60_000, buckets: 6 } as const;
  const allowed = { products: [BTC], order_types: ["twap_limit_gtd"] } as const;
  await using opened = await desk("twap", { execution, policy: { ...POLICY, allowed } });
  const { on, said, live } = opened;
  await live(30_000);
  const [order] = on.exchange.ledger.orders;
  expect(order).toMatchObject({ type: "twap_limit_gtd", status: "OPEN" });
  const half = said("order.filled").length;
  expect(half).toBeGreaterThan(1);
  await live(60_000);
  expect(on.exchange.ledger.orders).toMatchObject([{ status: "FILLED", numberOfFills: 6 }]);
  expect(said("order.filled")).toHaveLength(6);
  expect(said("order.settled")).toHaveLength(1);
  const [held] = on.desk.view().positions;
  expect(held && decimal(held.size)).toBe(on.exchange.ledger.orders[0]?.filledSize);
});

test("an entry is previewed by the exchange before it leaves; one that fails or hangs holds it up for two seconds at most", async () => {
  for (const trouble of ["none", "failed", "hangs"] as const) {
    await using opened = await desk(`preview-${trouble}`, { preview: true });
    const { on, said, live } = opened;
    const { control, ledger } = on.exchange;
    if (trouble === "failed") control.failNext("POST /orders/preview", "500-json", 9);
    if (trouble === "hangs") control.hang("POST /orders/preview");
    await live(6000);
    const [planned] = said("order.planned");
    const [seen] = said("order.previewed");
    const [known] = said("order.acknowledged");
    expect(ledger.orders).toHaveLength(1);
    const shown = trouble === "none" ? { failure: null } : { total: null, refusals: [] };
    expect(seen?.body).toMatchObject(shown);
    expect(seen && "failure" in seen.body && seen.body.failure === null).toBe(trouble === "none");
    expect((known?.at ?? Number.NaN) - (planned?.at ?? 0)).toBeLessThan(2300);
  }
});
