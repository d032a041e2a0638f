/** Bid and ask of one product have drifted too far apart, and stayed so: that product gets no entries. */
import { type Breaker, stretched } from "../breaker.ts";

const KEY = "circuit_breakers.spread_widening_bps";

export const spreadWidening: Breaker = {
  name: "spread",
  forgiven: false,
  consequence: "reduce",
  read: (figures) =>
    stretched(
      KEY,
      figures,
      figures.policy.circuit_breakers.spread_widening_bps,
      ({ spreadBps }) => spreadBps,
    ),
};
