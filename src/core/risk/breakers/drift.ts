/**
 * The venue owns something else for us than our fills explain, and says so again and again. It is tripped by the listing that found
 * it; the venue was believed then, so whoever resumes has looked at it.
 */
import type { Breaker } from "../breaker.ts";

export const drift: Breaker = {
  name: "drift",
  forgiven: true,
  consequence: "reduce",
  read: ({ suspected }) => [
    {
      observed: suspected ? "suspected" : "none",
      limit: "confirmed",
      unit: "text",
      of: null,
      nearness: suspected ? 0.5 : 0,
      beyond: false,
      marked: false,
    },
  ],
};
