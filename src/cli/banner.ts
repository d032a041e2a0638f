/** What whoever starts a desk must have seen: the six values that bound its losses, on one line. */
import type { Config } from "../config/config.ts";
import { decimal } from "../core/kernel/money.ts";
import { limitText } from "../core/risk/policy.ts";

/** `[SAFETY] LONG_ONLY=true ORDER_MIN_USD=5 …`: settings by their names, what is not set as `none` with what stands in. */
export function safetyBanner({ entry, policy }: Pick<Config, "entry" | "policy">): string {
  const { sizing, worth, minWorth, stopBps, takeBps, longOnly } = entry;
  const { max_daily_loss_pct: share, max_daily_loss_usd: sum } = policy.portfolio;
  const percent = (points: number | null): string =>
    points === null ? "none" : limitText(points / 100);
  const model =
    sizing === null
      ? `none (ORDER_USD=${decimal(worth)})`
      : `${decimal(sizing.share * 100n)} (${sizing.model})`;
  const loss = share === undefined ? "none" : limitText(share);
  return [
    "[SAFETY]",
    `LONG_ONLY=${longOnly}`,
    `ORDER_MIN_USD=${decimal(minWorth)}`,
    `RISK_PER_TRADE_PCT=${model}`,
    `MAX_DAILY_LOSS_PCT=${loss} (max_daily_loss_usd=${limitText(sum)})`,
    `TAKE_PROFIT_PCT=${percent(takeBps)}`,
    `STOP_LOSS_PCT=${percent(stopBps)}`,
  ].join(" ");
}
