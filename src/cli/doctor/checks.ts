/** Every look in its order: which question it belongs to, and what must have passed before it means anything. */
import {
  lookAtClock,
  lookAtHost,
  lookAtKey,
  lookAtKeyName,
  lookAtPath,
  lookAtRights,
  lookAtToken,
} from "./auth.ts";
import type { Finding, ItemId } from "./finding.ts";
import { lookAtFills, lookAtOrders } from "./history.ts";
import { lookAtKeyAge } from "./key.ts";
import { lookAtAllowance, lookAtPages, lookAtThrottling } from "./limits.ts";
import {
  lookAtChat,
  lookAtDatabase,
  lookAtDataFolder,
  lookAtPorts,
  lookAtSettings,
} from "./machine.ts";
import {
  lookAtFees,
  lookAtFunds,
  lookAtPortfolio,
  lookAtProducts,
  lookAtRegion,
} from "./orders.ts";
import {
  lookAtBooks,
  lookAtHeartbeats,
  lookAtMarketSocket,
  lookAtSequence,
  lookAtSubscriptions,
  lookAtUserSocket,
} from "./sockets.ts";
import type { Ward } from "./ward.ts";

export interface Check {
  readonly name: string;
  readonly item: ItemId;
  readonly needs: readonly string[];
  /** Its answer is taken from a call, so a venue that throttles us leaves it open. */
  readonly calls?: true;
  readonly look: (ward: Ward) => Finding | Promise<Finding>;
}

export const CHECKS: readonly Check[] = [
  { name: "settings", item: "machine.settings", needs: [], look: lookAtSettings },
  { name: "ports", item: "machine.ports", needs: [], look: lookAtPorts },
  { name: "data folder", item: "machine.data", needs: [], look: lookAtDataFolder },
  { name: "database", item: "machine.data", needs: [], look: lookAtDatabase },
  { name: "chat tokens", item: "machine.chat", needs: [], look: lookAtChat },

  { name: "key", item: "auth.key", needs: [], look: lookAtKey },
  { name: "key name", item: "auth.key", needs: ["key"], look: lookAtKeyName },
  { name: "key age", item: "auth.key", needs: ["key"], look: lookAtKeyAge },
  { name: "host", item: "auth.address", needs: [], look: lookAtHost },
  { name: "path", item: "auth.address", needs: ["host"], calls: true, look: lookAtPath },
  { name: "clock", item: "auth.token", needs: ["path"], look: lookAtClock },
  { name: "token", item: "auth.token", needs: ["key", "path"], calls: true, look: lookAtToken },
  { name: "rights", item: "auth.key", needs: ["token"], look: lookAtRights },

  { name: "products", item: "orders.product", needs: ["path"], calls: true, look: lookAtProducts },
  { name: "region", item: "orders.product", needs: ["token"], calls: true, look: lookAtRegion },
  {
    name: "portfolio",
    item: "orders.product",
    needs: ["token"],
    calls: true,
    look: lookAtPortfolio,
  },
  { name: "fees", item: "orders.product", needs: ["token"], calls: true, look: lookAtFees },
  { name: "funds", item: "orders.balances", needs: ["token"], calls: true, look: lookAtFunds },

  { name: "market socket", item: "websocket.endpoint", needs: [], look: lookAtMarketSocket },
  { name: "user socket", item: "websocket.endpoint", needs: ["token"], look: lookAtUserSocket },
  {
    name: "subscriptions",
    item: "websocket.messages",
    needs: ["market socket"],
    look: lookAtSubscriptions,
  },
  {
    name: "heartbeats",
    item: "websocket.life",
    needs: ["market socket"],
    look: lookAtHeartbeats,
  },
  { name: "books", item: "websocket.life", needs: ["market socket"], look: lookAtBooks },
  { name: "sequence", item: "websocket.life", needs: ["market socket"], look: lookAtSequence },

  { name: "orders", item: "orders.history", needs: ["token"], calls: true, look: lookAtOrders },
  { name: "fills", item: "orders.history", needs: ["token"], calls: true, look: lookAtFills },
  { name: "pages", item: "limits.pages", needs: ["token"], calls: true, look: lookAtPages },
  { name: "throttled", item: "limits.throttling", needs: ["host"], look: lookAtThrottling },
  { name: "allowance", item: "limits.throttling", needs: ["path"], look: lookAtAllowance },
];
