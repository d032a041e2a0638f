/** The venue refused too many orders in a row. */
import { type Breaker, counted } from "../breaker.ts";

const KEY = "circuit_breakers.consecutive_rejects";

export const consecutiveRejects: Breaker = {
  name: "consecutive-rejects",
  forgiven: true,
  consequence: "reduce",
  read: ({ policy, rejectStreak }) =>
    counted(KEY, rejectStreak, policy.circuit_breakers.consecutive_rejects),
};
