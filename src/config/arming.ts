/** What it takes before orders can be real: DRY_RUN=false said in so many words, a key, and the guarded values of a first live run. */
import { decimal, quote } from "../core/kernel/money.ts";
import type { Policy } from "../core/risk/limits.ts";
import type { Config } from "./config.ts";
import { footingOf, type Profile } from "./profiles.ts";
import type { Reader } from "./reader.ts";
import type { Secrets } from "./secrets.ts";

interface Arming {
  readonly profile: Profile;
  readonly dryRun: boolean;
  /** Null where it could not be read. */
  readonly policy: Policy | null;
  readonly entry: Pick<Config["entry"], "minWorth">;
  readonly key: Secrets["venueKey"];
}

const MIN_USD = "5";
const DAILY_LOSS_PCT = 1;

/** Refuses to arm live on what is missing or looser than guarded. @returns notes for whoever starts the desk */
export function armingNotes(read: Reader, arming: Arming): readonly string[] {
  const { profile, dryRun, key } = arming;
  const isLooser = read.flag("ALLOW_UNGUARDED_LIVE", false);
  if (footingOf(profile) !== "live") {
    return dryRun ? [] : [`DRY_RUN=false changes nothing in ${profile}`];
  }
  if (dryRun) {
    return [
      "DRY_RUN=true: no order of this desk is real, and no rung with real orders can be reached",
    ];
  }
  if (key === null) {
    const fix = "Set COINBASE_KEY_FILE to the file of a key that may trade, or DRY_RUN=true";
    read.problems.push({ where: "COINBASE_KEY_FILE", what: "missing, and live needs a key", fix });
  }
  const loose = looserThanGuarded(arming);
  if (isLooser) return loose.map(({ where, what }) => `ALLOW_UNGUARDED_LIVE: ${where} ${what}`);
  read.problems.push(...loose);
  return [];
}

function looserThanGuarded({ entry, policy }: Arming): Reader["problems"] {
  const or = ", or set ALLOW_UNGUARDED_LIVE=true to go live all the same";
  const share = policy?.portfolio.max_daily_loss_pct ?? null;
  const problems: Reader["problems"] = [];
  if (entry.minWorth !== quote(MIN_USD)) {
    problems.push({
      where: "ORDER_MIN_USD",
      what: `is ${decimal(entry.minWorth)}, and a guarded live run has ${MIN_USD}`,
      fix: `Set ORDER_MIN_USD=${MIN_USD}${or}`,
    });
  }
  if (policy !== null && (share === null || share > DAILY_LOSS_PCT)) {
    problems.push({
      where: "POLICY_FILE",
      what: `portfolio.max_daily_loss_pct is ${share ?? "not set"}, and a guarded live run has ${DAILY_LOSS_PCT}`,
      fix: `Write max_daily_loss_pct: ${DAILY_LOSS_PCT} below portfolio${or}`,
    });
  }
  return problems;
}
