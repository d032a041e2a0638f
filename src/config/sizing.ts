/** The settings of sizing: how much an entry is worth. A setting that would have no effect is a problem, not a decoration. */
import type { ProductId } from "../core/kernel/ids.ts";
import { decimal, type Quote, type Rate, rate } from "../core/kernel/money.ts";
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

/** Entries that are above the cap of one order, as far as that can be told before the start. */
export function sizingNotes({ entry, policy, products, openingCash }: Sums): readonly string[] {
  const { sizing, worth: fixed } = entry;
  const worth = sizing === null ? fixed : openingCash && sizedWorth(sizing, openingCash, rate("1"));
  if (worth === null) return [];
  const named = sizing === null ? "ORDER_USD" : `with RISK_MODEL=${sizing.model} an entry of`;
  return products.flatMap((id) => {
    const most = policy?.per_symbol.get(id)?.max_order_notional_usd ?? null;
    if (most === null || worth <= most) return [];
    const sums = `${named} ${decimal(worth)} is above the cap of one order, ${decimal(most)}`;
    return [`${id}: ${sums}; every entry will be refused`];
  });
}
