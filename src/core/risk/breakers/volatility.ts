/** The price of one product went too far within a minute: that product gets no entries. */
import { type Breaker, stretched } from "../breaker.ts";

const KEY = "circuit_breakers.volatility_bps_per_minute";

export const volatility: Breaker = {
  name: "volatility",
  forgiven: false,
  consequence: "reduce",
  read: (figures) =>
    stretched(
      KEY,
      figures,
      figures.policy.circuit_breakers.volatility_bps_per_minute,
      ({ moveBps }) => moveBps,
    ),
};
