/** Too many closed trades in a row lost money after fees. */
import { type Breaker, counted } from "../breaker.ts";

const KEY = "circuit_breakers.consecutive_losses";

export const consecutiveLosses: Breaker = {
  name: "consecutive-losses",
  forgiven: true,
  consequence: "reduce",
  read: ({ policy, lossStreak }) =>
    counted(KEY, lossStreak, policy.circuit_breakers.consecutive_losses),
};
