/** The settings of sizing: how much an entry is worth. A setting that would have no effect is a problem, not a decoration. */
import type { ProductId } from "../core/kernel/ids.ts";
import {
  bps,
  decimal,
  plus,
  type Quote,
  quote,
  type Rate,
  rate,
  times,
} from "../core/kernel/money.ts";
import type { Policy } from "../core/risk/limits.ts";
import { type Sizing, sizedWorth } from "../core/risk/sizing.ts";
import type { Config } from "./config.ts";
import type { Reader } from "./reader.ts";

const MODELS = ["fixed", "notional", "stop_distance"] as const;
const PERCENT = /^(?=.*[1-9])(\d{1,2}(\.\d{1,4})?|100)$/;
const FACTOR = /^(0\.[6-9]\d{0,3}|1(\.[01]\d{0,3}|\.20{0,3})?)$/;

/** Worth of an entry as a share of equity; null for one that is always worth ORDER_USD. */
export function readSizing(
  read: Reader,
  { stopBps, minWorth }: { stopBps: number | null; minWorth: Quote },
): Sizing | null {
  // Whoever says a share and no model means the share.
  const usual = read.isSet("RISK_PER_TRADE_PCT") ? "notional" : "fixed";
  const model = read.choice("RISK_MODEL", MODELS, usual);
  const percent = read.matching(
    "RISK_PER_TRADE_PCT",
    "0.25",
    PERCENT,
    "a percentage above 0 and up to 100 such as 0.25",
  );
  const adjusts = read.flag("VOL_RISK_ADJUST", false);
  const most = read.matching("VOL_RISK_MAX", "1.0", FACTOR, "a factor from 0.6 to 1.2");
  const idle = (key: Parameters<Reader["isSet"]>[0], beside: string, fix: string): void => {
    const what = `has no effect with ${beside}`;
    read.problems.push({ where: key, what, fix: `${fix}, or unset ${key}` });
  };
  if (read.isSet("VOL_RISK_MAX") && !adjusts) {
    idle("VOL_RISK_MAX", "VOL_RISK_ADJUST=false", "Set VOL_RISK_ADJUST=true");
  }
  if (model === "fixed") {
    const fix = "Set RISK_MODEL=notional or stop_distance";
    if (read.isSet("RISK_PER_TRADE_PCT")) idle("RISK_PER_TRADE_PCT", "RISK_MODEL=fixed", fix);
    if (adjusts) idle("VOL_RISK_ADJUST", "RISK_MODEL=fixed", fix);
    return null;
  }
  if (read.isSet("ORDER_USD")) {
    idle("ORDER_USD", `RISK_MODEL=${model}`, "Set RISK_MODEL=fixed and no RISK_PER_TRADE_PCT");
  }
  const common = {
    share: (rate(percent) / 100n) as Rate,
    floor: minWorth,
    mostFactor: adjusts ? rate(most) : null,
  };
  if (model === "notional") return { ...common, model };
  if (stopBps !== null) return { ...common, model, stopBps };
  read.problems.push({
    where: "RISK_MODEL",
    what: "stop_distance reckons with a stop, and STOP_LOSS_PCT is none",
    fix: "Set STOP_LOSS_PCT, or RISK_MODEL=notional",
  });
  return { ...common, model: "notional" };
}

interface Sums {
  readonly entry: Config["entry"];
  readonly policy: Policy | null;
  readonly products: readonly ProductId[];
  /** With how much a desk begins; null where the venue will tell. */
  readonly openingCash: Quote | null;
}

/** Entries above the cap of one order, or in more parts than they have worth for, as far as that can be told before the start. */
export function sizingNotes({ entry, policy, products, openingCash }: Sums): readonly string[] {
  const { sizing, worth: fixed } = entry;
  const worth = sizing === null ? fixed : openingCash && sizedWorth(sizing, openingCash, rate("1"));
  if (worth === null) return [];
  const named = sizing === null ? "ORDER_USD" : `with RISK_MODEL=${sizing.model} an entry of`;
  const parts = partsNotes(entry, worth);
  const capped = products.flatMap((id) => {
    const caps = policy?.per_symbol.get(id);
    const most = caps?.max_order_notional_usd ?? null;
    // The gate counts what takes at its worst price; what rests is paid for at its limit.
    const points = entry.execution.kind === "maker" ? 0 : (caps?.max_slippage_bps ?? 0);
    const worst = plus(worth, times(worth, bps(points)));
    if (most === null || worst <= most) return [];
    const sum = `${named} ${decimal(worth)} is`;
    const reach = worth > most ? "" : ` ${decimal(worst)} at its worst price (${points} bps),`;
    const sums = `${sum}${reach} above the cap of one order, ${decimal(most)}`;
    return [`${id}: ${sums}; every entry will be refused`];
  });
  return [...parts, ...capped];
}

/** What most products for USD take at least; of each the venue tells once the desk runs. */
const USUAL_LEAST = quote("1");

/** Parts that the venue would not take one by one: entries then go in fewer. */
function partsNotes({ execution }: Config["entry"], worth: Quote): readonly string[] {
  if (execution.kind !== "twap") return [];
  const { buckets } = execution;
  if ((USUAL_LEAST as bigint) * BigInt(buckets) <= worth) return [];
  const usual = `where the venue takes no part below ${decimal(USUAL_LEAST)}`;
  return [`TWAP_BUCKETS ${buckets}: an entry of ${decimal(worth)} goes in fewer parts ${usual}`];
}
