/**
 * The documented routes that this exchange leaves out on purpose: they answer 501, unknown ones
 * 404.
 */
// They still ask for the permission that reality asks for.
import { notOffered } from "../errors.ts";
import { type Route, routeName } from "../route.ts";

type Leave = readonly [Route["method"], string, Route["needs"]];

const LEFT_OUT: readonly Leave[] = [
  ["POST", "/portfolios", "trade"],
  ["POST", "/portfolios/move_funds", "transfer"],
  ["PUT", "/portfolios/{portfolio_uuid}", "trade"],
  ["DELETE", "/portfolios/{portfolio_uuid}", "trade"],
  ["GET", "/cfm/balance_summary", "view"],
  ["GET", "/cfm/positions", "view"],
  ["GET", "/cfm/positions/{product_id}", "view"],
  ["GET", "/cfm/sweeps", "view"],
  ["DELETE", "/cfm/sweeps", "transfer"],
  ["POST", "/cfm/sweeps/schedule", "transfer"],
  ["GET", "/cfm/intraday/margin_setting", "view"],
  ["POST", "/cfm/intraday/margin_setting", "trade"],
  ["GET", "/cfm/intraday/current_margin_window", "view"],
  ["POST", "/intx/allocate", "transfer"],
  ["GET", "/intx/portfolio/{portfolio_uuid}", "view"],
  ["GET", "/intx/positions/{portfolio_uuid}", "view"],
  ["GET", "/intx/positions/{portfolio_uuid}/{symbol}", "view"],
  ["GET", "/intx/balances/{portfolio_uuid}", "view"],
  ["POST", "/intx/multi_asset_collateral", "trade"],
];

export const leftOutRoutes = (): readonly Route[] =>
  LEFT_OUT.map(([method, pattern, needs]) => ({
    method,
    pattern,
    needs,
    handle: () => {
      throw notOffered(routeName({ method, pattern }));
    },
  }));
