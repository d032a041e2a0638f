/** The configuration of an order as replies echo it: what was sent plus what the venue adds. */
// Nothing is checked here; an order that is refused is echoed too.
import type { Configuration, Fields, NewFigures } from "./new-order.ts";

type Json = Readonly<Record<string, unknown>>;

const MARKET = {
  rfq_disabled: false,
  rfq_enabled: false,
  reduce_only: false,
  currency_size: null,
};
const LIMIT = { rfq_disabled: false, reduce_only: false, currency_size: null, oco_ref: "" };

export function echo({ key, fields }: Configuration): Json {
  const postOnly = { post_only: fields["post_only"] ?? false };
  switch (key) {
    case "market_market_ioc":
      return { [key]: { ...fields, ...MARKET } };
    case "limit_limit_gtc":
      return { [key]: { ...fields, ...postOnly, ...LIMIT } };
    case "limit_limit_gtd":
      return { [key]: { ...fields, ...postOnly, reduce_only: false } };
    case "stop_limit_stop_limit_gtc":
    case "stop_limit_stop_limit_gtd":
      return { [key]: { ...fields, reduce_only: false } };
    default:
      return { [key]: fields };
  }
}

/** The echo of an order after an edit: the new figures as they were sent, the others as before. */
export function echoEdited(configuration: Json, to: NewFigures): Json {
  const edited = Object.entries(configuration).map(([key, fields]): [string, Json] => {
    const stop = key.startsWith("trigger_bracket") ? "stop_trigger_price" : "stop_price";
    const figures = [
      ["base_size", to.size],
      ["limit_price", to.price],
      [stop, (fields as Fields)[stop] === undefined ? "" : to.stopPrice],
    ].filter(([, text]) => text !== "");
    return [key, { ...(fields as Fields), ...Object.fromEntries(figures) }];
  });
  return Object.fromEntries(edited);
}
