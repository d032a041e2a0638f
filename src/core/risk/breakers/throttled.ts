/** The venue answered "too many requests" too often within a minute. */
import { type Breaker, counted } from "../breaker.ts";

export const throttled: Breaker = {
  name: "throttled",
  forgiven: false,
  read: ({ policy, throttledLastMinute }) =>
    counted(throttledLastMinute, policy.circuit_breakers.api_429_per_minute),
};
