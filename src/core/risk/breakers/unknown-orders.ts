/** So many orders of unknown fate are more than bad luck: nothing but cancels and a confirmed flatten from then on. */
import { type Breaker, counted } from "../breaker.ts";

const KEY = "circuit_breakers.unknown_orders";
/** Where the policy says nothing. */
const USUAL = 3;

export const unknownOrdersTrip: Breaker = {
  name: "unknown-orders",
  forgiven: false,
  consequence: "halt",
  read({ policy, unknown }) {
    const { unknown_orders: limit = USUAL } = policy.circuit_breakers;
    return counted(KEY, unknown, limit);
  },
};
