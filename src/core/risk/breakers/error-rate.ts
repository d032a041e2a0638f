/** More calls to the venue failed within five minutes than can be bad luck: everything is cancelled, and the process ends. */
import { type Breaker, counted } from "../breaker.ts";

const KEY = "circuit_breakers.errors_per_5_minutes";

export const errorRate: Breaker = {
  name: "error-rate",
  forgiven: false,
  consequence: "shut-down",
  read: ({ policy, errorsLately }) =>
    counted(KEY, errorsLately, policy.circuit_breakers.errors_per_5_minutes, "more"),
};
