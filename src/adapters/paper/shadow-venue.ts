/**
 * Like live in all but the last step: the account, the fees, the products and the prices are the real venue's; what the gate
 * lets through is filled as on paper. Of the real venue it only listens and lists: its `place` and `cancel` are not within reach.
 * What the real account has on hold is spoken for: a shadow begins with what is available.
 */
import { orderId } from "../../core/kernel/ids.ts";
import { NO_SIZE } from "../../core/kernel/money.ts";
import { ok } from "../../core/kernel/result.ts";
import type { Observation } from "../../core/order/state.ts";
import type { AccountInput, Venue } from "../../ports/venue.ts";
import { createPaperVenue, type PaperOptions, type PaperVenue } from "./paper-venue.ts";

export interface ShadowOptions extends Omit<PaperOptions, "label" | "outside" | "latencyMs"> {
  readonly real: Pick<Venue, "start" | "list" | "trades" | "stop">;
}

/** About what a create takes to the market: a shadow must not fill on the very price that made it decide. */
const LATENCY_MS = 100;

export function createShadowVenue({ real, ...options }: ShadowOptions): PaperVenue {
  const paper = createPaperVenue({
    ...options,
    label: "shadow",
    latencyMs: LATENCY_MS,
    outside: async (since) => {
      const listed = await real.list(since);
      if (!listed.ok) return listed;
      const { products, orders, foreign, takerRate, makerRate } = listed.value;
      const balances = listed.value.balances.map((each) => ({ ...each, hold: NO_SIZE }));
      const rates = { taker: takerRate, maker: makerRate };
      return ok({ products, balances, orders: orders.map(stranger), foreign, rates });
    },
  });
  return {
    ...paper,
    // Life and breaks are those of the real account's stream: a shadow is deaf when live would be.
    start(hear) {
      const own = (input: AccountInput): void => {
        if (input.kind === "order.observed") hear(input);
      };
      paper.start(own);
      real.start((input) => {
        if (input.kind !== "order.observed") return hear(input);
        hear({ ...input, observation: stranger(input.observation) });
      });
    },
    /** The real account's are somebody else's here, whatever name they are under. */
    async trades(since) {
      const [own, theirs] = await Promise.all([paper.trades(since), real.trades(since)]);
      if (!own.ok || !theirs.ok) return own.ok ? theirs : own;
      return ok([...own.value, ...theirs.value.map((trade) => ({ ...trade, order: null }))]);
    },
    async stop() {
      await Promise.all([paper.stop(), real.stop()]);
    },
  };
}

/**
 * An order that really stands at the venue under our name: a shadow never sent it, so it is told under a name that no order
 * of ours has, even if its id is one of ours. The next listing halts the desk on it.
 */
const stranger = (said: Observation): Observation => ({
  ...said,
  order: orderId(`${said.order.slice(0, 123)}-real`),
});
