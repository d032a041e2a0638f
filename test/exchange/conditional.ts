/** Conditional orders, stops and brackets: how they are asked for, and an exchange to try them on. */
import { type Bench, bench, type Json } from "./caller.ts";

/** Of one coin unless told. */
export const stop = (fields: Json): Json => ({
  stop_limit_stop_limit_gtc: { base_size: "1", ...fields },
});

export const bracket = (fields: Json = {}): Json => ({
  trigger_bracket_gtc: {
    base_size: "1",
    limit_price: "120.00",
    stop_trigger_price: "90.00",
    ...fields,
  },
});

/** An exchange that owns two coins and has just traded at 100. */
export async function at100(): Promise<Bench> {
  const on = await bench({ balances: { BTC: "2", USD: "10000" } });
  on.exchange.control.trade("BTC-USD", "100");
  return on;
}
