/**
 * The ten checks before going live: connectivity 3, execution 2, risk 2, operations 2, place of residence 1. Each is green
 * or red by what was seen, with that and the fix. Pure: whoever looks hands in what was seen.
 */
import type { Permissions } from "../adapters/coinbase/rest/key-permissions.ts";
import type { Config } from "../config/config.ts";
import type { Desk } from "../core/engine/desk.ts";
import { silentRoutes } from "../core/engine/stage-evidence.ts";
import type { ProductId, RoomId } from "../core/kernel/ids.ts";
import type { Result } from "../core/kernel/result.ts";
import { isDone } from "../core/order/merge.ts";
import type { Policy } from "../core/risk/limits.ts";
import { findLimit } from "../core/risk/policy.ts";
import { refusedIn, regionFix } from "../core/risk/region.ts";
import type { VenueFault } from "../ports/venue.ts";

type Part = "connectivity" | "execution" | "risk" | "operations" | "residence";

export interface Check {
  readonly part: Part;
  readonly name: string;
  readonly green: boolean;
  /** What was seen. */
  readonly evidence: string;
  /** What to do; empty where it is green. */
  readonly fix: string;
}

/** A stream of the real venue: how long ago it last proved that it lives, or why it is not heard. */
export type Heard = { readonly aliveMs: number } | { readonly why: string };

export interface GoliveSight {
  readonly config: Pick<Config, "products" | "region" | "dryRun" | "policy" | "profile">;
  /** Null without a key. */
  readonly permissions: Result<Permissions, VenueFault> | null;
  readonly market: Heard;
  readonly user: Heard;
  readonly aheadMs: number | null;
  readonly desk: Desk;
  /** Rooms that hear of incidents. */
  readonly routes: readonly RoomId[];
  /** Why the journal cannot be relied on, or null; and what says that it can. */
  readonly journal: JournalSight;
}

interface JournalSight {
  readonly wrong: string | null;
  readonly evidence: string;
  /** Where it is another than looking for a difference. */
  readonly fix?: string;
}

const ALIVE_MS = 15_000;
const AHEAD_MS = 2000;

export function goliveChecks(sight: GoliveSight): readonly Check[] {
  return [
    key(sight),
    stream(
      "market data",
      sight.market,
      "Look at the network and at COINBASE_WS_URL: npm run doctor",
    ),
    account(sight),
    orders(sight),
    books(sight),
    caps(sight),
    killSwitch(sight),
    alarms(sight),
    journal(sight),
    residence(sight),
  ];
}

const check = (
  part: Part,
  name: string,
  wrong: string | null,
  { evidence, fix }: { readonly evidence: string; readonly fix: string },
): Check => ({
  ...{ part, name, green: wrong === null },
  evidence: wrong ?? evidence,
  fix: wrong === null ? "" : fix,
});

function key({ permissions, config }: GoliveSight): Check {
  const fix = "Set COINBASE_KEY_FILE to a key that may view and trade, and not transfer";
  const told = (wrong: string | null, then = fix): Check => {
    const evidence = "may view and trade, not transfer";
    return check("connectivity", "API key", wrong, { evidence, fix: then });
  };
  if (config.dryRun) return told("DRY_RUN=true: live is not armed", "DRY_RUN=false");
  if (permissions === null) return told("there is none");
  if (!permissions.ok) return told(`its rights cannot be read: ${permissions.error.detail}`);
  const { canView, canTrade, canTransfer } = permissions.value;
  if (canTransfer) return told("it may move money out");
  return told(canView && canTrade ? null : `it may not ${canView ? "trade" : "view"}`);
}

function stream(name: string, heard: Heard, fix: string): Check {
  const wrong =
    "why" in heard
      ? heard.why
      : heard.aliveMs > ALIVE_MS
        ? `silent for ${seconds(heard.aliveMs)}`
        : null;
  const evidence = "aliveMs" in heard ? `alive ${seconds(heard.aliveMs)} ago` : "";
  return check("connectivity", name, wrong, { evidence, fix });
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** The account's own stream, and a clock by which its words and our tokens mean the same moment. */
function account({ user, aheadMs }: GoliveSight): Check {
  const fix =
    "Stand on the rung shadow, which reads the real account, and set this machine's clock";
  const seen = stream("account stream and clock", user, fix);
  if (!seen.green) return seen;
  const off = aheadMs === null ? "the venue's clock was not read" : null;
  const far = aheadMs !== null && Math.abs(aheadMs) > AHEAD_MS;
  const wrong = off ?? (far ? `our clock is ${seconds(Math.abs(aheadMs))} off` : null);
  const evidence = `${seen.evidence}, clocks ${seconds(Math.abs(aheadMs ?? 0))} apart`;
  return check("connectivity", seen.name, wrong, { evidence, fix });
}

function orders({ desk }: GoliveSight): Check {
  const all = [...desk.orders.values(), ...desk.closed.values()];
  const unknown = all.filter(({ submission }) => submission === "unknown").length;
  const odd = all.filter(({ quarantine }) => quarantine !== null).length;
  const sent = desk.counts.orders;
  const wrong =
    sent === 0
      ? "no order was sent yet"
      : unknown + odd > 0
        ? `${unknown} of unknown fate, ${odd} in quarantine`
        : null;
  return check("execution", "every order has one fate", wrong, {
    evidence: `${sent} orders, none unknown, none twice`,
    fix: "Let the desk trade on paper; /orders and /reconcile show what is unknown",
  });
}

function books({ desk }: GoliveSight): Check {
  const unsettled = [...desk.closed.values()].filter((order) => !isDone(order)).length;
  const wrong =
    desk.products.size === 0
      ? "the venue was not read yet"
      : desk.trips.has("drift")
        ? "balances drifted from what fills explain"
        : unsettled > 0
          ? `${unsettled} orders are not settled`
          : desk.external.size > 0
            ? `${desk.external.size} orders of somebody else stand on the account`
            : null;
  return check("execution", "books agree with the venue", wrong, {
    evidence: "reconciled, nothing differs, all settled",
    fix: "/reconcile says what differs",
  });
}

/** Of these none may be without a limit. */
const BOUNDS = ["portfolio.max_orders_per_minute", "portfolio.max_daily_loss_usd"] as const;

function caps({ desk, config }: GoliveSight): Check {
  const { policy } = desk;
  const keys = [
    ...BOUNDS,
    ...config.products.flatMap((id) =>
      ["max_position_notional_usd", "max_order_notional_usd"].map(
        (name) => `per_symbol.${id}.${name}`,
      ),
    ),
  ];
  const open = keys.filter((each) => isOpen(policy, each));
  return check(
    "risk",
    "hard caps are set",
    policy === null ? "no policy is in force" : named(open),
    {
      evidence: `order rate, daily loss, position and order of ${config.products.join(", ")}`,
      fix: "Give each a value in the policy file",
    },
  );
}

const isOpen = (policy: Policy | null, key: string): boolean =>
  policy === null || (findLimit(policy, key)?.value ?? null) === null;
const named = (open: readonly string[]): string | null =>
  open.length === 0 ? null : `without a limit: ${open.join(", ")}`;

/** Of a desk that never ran, or not yet on a ladder. */
export const START = "Start the desk with this profile: npm start -- --profile <it>";

function killSwitch({ desk }: GoliveSight): Check {
  const { stage, killed, halted } = desk;
  const wrong = killed
    ? "the desk is killed"
    : halted
      ? "the desk is halted"
      : stage === null
        ? "the desk stands on no rung yet"
        : !stage?.killDrilledAt
          ? "not drilled on this rung"
          : null;
  return check("risk", "kill switch drilled", wrong, {
    evidence: `on ${stage?.rung ?? "no rung"}, every order proven over`,
    fix: stage === null && !killed && !halted ? START : "/kill, wait for KILLED, /rearm",
  });
}

function alarms({ desk, routes }: GoliveSight): Check {
  const since = desk.stage?.since ?? null;
  const silent = since === null ? routes : silentRoutes({ desk, settings: { routes } }, since);
  const wrong =
    routes.length === 0
      ? "no room hears of incidents"
      : silent.length > 0
        ? `no answer from ${silent.join(", ")}`
        : null;
  return check("operations", "alarms are heard", wrong, {
    evidence: `${routes.length} rooms answered a test alarm on this rung`,
    fix: "/testalarm, and press its button in each room",
  });
}

const journal = ({ journal: { wrong, evidence, fix = DIFFERS } }: GoliveSight): Check =>
  check("operations", "journal and restart", wrong, { evidence, fix });
const DIFFERS =
  "npm run claudbot -- replay shows what differs; npm run doctor looks at the database";

function residence({ config: { region, products } }: GoliveSight): Check {
  const name = "what may be traded from here";
  if (region === null) {
    return check("residence", name, null, { evidence: "REGION is none: no list applies", fix: "" });
  }
  const refused = products.flatMap((id: ProductId) => refusedIn(region, id) ?? []);
  return check("residence", name, refused.length > 0 ? refused.join("; ") : null, {
    evidence: `${region}: ${products.join(", ")} may be traded`,
    fix: regionFix(region),
  });
}
