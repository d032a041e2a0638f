/** Too many closed trades in a row lost money after fees. */
import { type Breaker, counted } from "../breaker.ts";

export const consecutiveLosses: Breaker = {
  name: "consecutive-losses",
  forgiven: true,
  read: ({ policy, lossStreak }) => counted(lossStreak, policy.circuit_breakers.consecutive_losses),
};
