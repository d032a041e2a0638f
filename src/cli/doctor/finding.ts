/** What one look of the doctor came to, and the eleven questions of venue support that the looks answer. */
// Words and shapes only.
import type { Problem } from "../../config/errors.ts";

export type Verdict = "PASS" | "FAIL" | "UNKNOWN";

export interface Finding {
  readonly verdict: Verdict;
  /** One line: what is so. */
  readonly says: string;
  /** One line: what to do about it; null where there is nothing to do. */
  readonly fix: string | null;
}

export const pass = (says: string): Finding => ({ verdict: "PASS", says, fix: null });
export const fails = (says: string, fix: string): Finding => ({ verdict: "FAIL", says, fix });
/** Everything that is wrong at once, each with its fix. */
export const failsOf = (problems: readonly Problem[]): Finding => {
  const alone = problems.length === 1;
  return fails(
    problems.map(({ where, what }) => `${where}: ${what}`).join("; "),
    problems.map(({ where, fix }) => (alone ? fix : `${where}: ${fix}`)).join("; "),
  );
};
export const unknown = (says: string, fix: string | null = null): Finding => ({
  verdict: "UNKNOWN",
  says,
  fix,
});

/** Three of authentication, three of orders and balances, two of limits, three of WebSocket; then the machine's own. */
export const ITEMS = {
  auth: {
    "auth.key": "the API key and what it may do",
    "auth.token": "tokens and the clock",
    "auth.address": "the REST host and its path",
  },
  orders: {
    "orders.product": "products and the portfolio",
    "orders.balances": "what is available and what is on hold",
    "orders.history": "recent orders and fills",
  },
  limits: {
    "limits.throttling": "throttling",
    "limits.pages": "pages and their cursors",
  },
  websocket: {
    "websocket.endpoint": "the market socket and the user socket",
    "websocket.messages": "subscriptions and how many messages they take",
    "websocket.life": "heartbeats, snapshots, sequence",
  },
  machine: {
    "machine.settings": "settings",
    "machine.ports": "ports",
    "machine.data": "data folder and database",
    "machine.chat": "chat",
  },
} as const;

export type GroupName = keyof typeof ITEMS;
export type ItemId = { [G in GroupName]: keyof (typeof ITEMS)[G] }[GroupName];

export const GROUPS = Object.keys(ITEMS).filter((name): name is GroupName => name in ITEMS);

export const groupOf = (item: ItemId): GroupName => {
  const found = GROUPS.find((group) => item.startsWith(`${group}.`));
  if (found === undefined) throw new RangeError(`no group has ${item}`);
  return found;
};

/** The worst of several: one that failed, else one that is not known. Nothing looked at is not known. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("FAIL")) return "FAIL";
  return verdicts.length === 0 || verdicts.includes("UNKNOWN") ? "UNKNOWN" : "PASS";
}

export const NO_VENUE = unknown("the settings do not load, so there is no venue to ask");
