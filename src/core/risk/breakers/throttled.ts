/** The venue answered "too many requests" too often within a minute. */
import { type Breaker, counted } from "../breaker.ts";

const KEY = "circuit_breakers.api_429_per_minute";

export const throttled: Breaker = {
  name: "throttled",
  forgiven: false,
  consequence: "reduce",
  read: ({ policy, throttledLastMinute }) =>
    counted(KEY, throttledLastMinute, policy.circuit_breakers.api_429_per_minute),
};
