/** Sales that rest at the exchange and stand in the journal, as if an earlier run of the desk had left them, and a state to find them in. */
import type { ConnectionSpec } from "../../db/connect.ts";
import { openJournal } from "../../src/adapters/postgres/journal.ts";
import { openLease } from "../../src/adapters/postgres/lease.ts";
import type { EventBody } from "../../src/core/engine/event.ts";
import { intentId, orderId, productId, venueOrderId } from "../../src/core/kernel/ids.ts";
import { price, size } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Plan } from "../../src/core/order/state.ts";
import { call, limit, orderBody } from "../exchange/caller.ts";
import type { DeskMarket } from "./desk-market.ts";

/** `killed` is reached by killing: nothing would rest in it. */
export type Beforehand = "active" | "paused" | "halted";

const LIMIT = "9000.00";
const SIZE = "0.001";
const HOUR_MS = 3_600_000;

interface Resting {
  readonly market: DeskMarket;
  readonly connection: ConnectionSpec;
  readonly count: number;
  readonly state?: Beforehand;
}

/** @returns the client ids of the orders */
export async function restingOrders({
  market,
  connection,
  count,
  state = "active",
}: Resting): Promise<readonly string[]> {
  const { exchange, env } = market;
  exchange.control.transfer("BTC", "1");
  const now = Date.now();
  const ids = Array.from({ length: count }, (_, nth) => `${env["DEPLOY_ID"]}-rests-${nth}`);
  const to = { rest: exchange.rest, key: exchange };
  const rows = await Promise.all(
    ids.map((id) => {
      const body = orderBody({ id, side: "SELL", configuration: limit(SIZE, LIMIT) });
      return call(to, "POST", "/orders", body);
    }),
  );
  const venueIds = rows.map(({ json, text }) => {
    const { order_id: id } = (json["success_response"] ?? {}) as { order_id?: string };
    if (id === undefined) throw new Error(`the exchange took no order: ${text}`);
    return venueOrderId(id);
  });
  const bodies = ids.flatMap((id, nth): EventBody[] => [
    { kind: "order.planned", plan: planOf(id, now), because: "left by the test", by: null },
    {
      kind: "order.acknowledged",
      order: orderId(id),
      venueId: venueIds[nth] ?? venueOrderId("none"),
    },
  ]);
  await append(connection, [...bodies, ...latched(state, now)], now);
  return ids;
}

const planOf = (id: string, now: number): Plan => ({
  id: orderId(id),
  intent: intentId(`ma-cross|BTC-USD|${id}`),
  strategy: "ma-cross",
  product: productId("BTC-USD"),
  side: "sell",
  purpose: "take",
  size: size(SIZE),
  limit: price(LIMIT),
  timeInForce: "gtc",
  reference: price("4000.00"),
  plannedAt: instant(now),
  validUntil: instant(now + HOUR_MS),
  stopBps: null,
  takeBps: null,
});

function latched(state: Beforehand, now: number): readonly EventBody[] {
  const latch = { at: instant(now), by: null, reason: "left so by the test" };
  if (state === "active") return [];
  return [{ kind: state === "paused" ? "trading.paused" : "trading.halted", latch }];
}

async function append(
  connection: ConnectionSpec,
  bodies: readonly EventBody[],
  now: number,
): Promise<void> {
  const lease = openLease(connection);
  const taken = await lease.take("the test", instant(now), HOUR_MS);
  if (!taken.ok) throw new Error("somebody has the lease");
  const journal = openJournal({ connection, epoch: taken.value.epoch });
  const events = bodies.map((body, index) => ({ seq: index + 1, at: instant(now), body }));
  const stored = await journal.append(events);
  await Promise.all([journal.close(), lease.release()]);
  await lease.close();
  if (!stored.ok) throw new Error(`the journal took nothing: ${JSON.stringify(stored.error)}`);
}

/** How many of the orders the exchange's own ledger calls cancelled. */
export const cancelledOf = (market: DeskMarket, ids: readonly string[]): number =>
  market.exchange.ledger.orders.filter(
    ({ clientOrderId, status }) => ids.includes(clientOrderId) && status === "CANCELLED",
  ).length;
