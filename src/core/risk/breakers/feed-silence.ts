/** A stream that had spoken has said nothing, not even a heartbeat, for too long. */
import type { Breaker } from "../breaker.ts";

export const feedSilence: Breaker = {
  name: "feed-silence",
  forgiven: false,
  consequence: "reduce",
  read({ policy, silenceMs }) {
    const limit = policy.circuit_breakers.websocket_disconnect_seconds;
    if (limit === null) return [];
    return [
      {
        observed: (silenceMs / 1000).toFixed(1),
        limit: String(limit),
        unit: "s",
        of: "circuit_breakers.websocket_disconnect_seconds",
        nearness: limit === 0 ? 1 : silenceMs / (limit * 1000),
        beyond: silenceMs >= limit * 1000,
        marked: false,
      },
    ];
  },
};
