/** The venue refused too many orders in a row. */
import { type Breaker, counted } from "../breaker.ts";

export const consecutiveRejects: Breaker = {
  name: "consecutive-rejects",
  forgiven: true,
  read: ({ policy, rejectStreak }) =>
    counted(rejectStreak, policy.circuit_breakers.consecutive_rejects),
};
