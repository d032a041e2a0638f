/** Prometheus metrics: counters fed by events, gauges read on scrape. Their names are frozen: dashboards rest on them. */
// A registry of its own; each event counts once, by its number, however often it is heard.
import { Counter, Histogram, prometheusContentType, Registry } from "prom-client";
import type { ControlEvent } from "../../core/engine/control-event.ts";
import type { Event, EventKind, EventOf } from "../../core/engine/event.ts";
import { asBps, minus, negate, priceOf, ratio } from "../../core/kernel/money.ts";
import type { Side } from "../../core/order/state.ts";
import { TYPE_OF } from "../../core/risk/limits.ts";
import { type GaugeSources, registerGauges } from "./gauges.ts";

export interface MetricsOptions extends GaugeSources {
  /** `live` counts as live, everything else as paper: the label knows only these two. */
  readonly mode: string;
}

export interface Metrics {
  hear(event: Event): void;
  /** The venue answered that we ask too much, at `endpoint`. No event says so. */
  throttled(endpoint: string): void;
  /** A connection to a stream's endpoint is over. Reconnecting is no event while it fails. */
  disconnected(endpoint: string): void;
  page(): Promise<string>;
}

export const metricsType = prometheusContentType;

/** Where the buckets end: better than expected is below zero, the policy's caps are 15 to 40. */
const SLIPPAGE_BPS = [-10, -5, -1, 0, 1, 2, 5, 10, 15, 20, 30, 40, 50, 100];

export function createMetrics(options: MetricsOptions): Metrics {
  const register = new Registry();
  const counters = registerCounters(register);
  registerGauges(register, options);
  const handlers = handlersOf(counters, options.mode === "live" ? "live" : "paper");
  let heard = 0;
  return {
    hear(event) {
      if (event.seq <= heard) return;
      counters.journalEvents.inc(event.seq - heard);
      heard = event.seq;
      handle(handlers, event);
    },
    throttled: (endpoint) => counters.throttled.inc({ endpoint }),
    disconnected: (endpoint) => counters.disconnects.inc({ endpoint }),
    page: () => register.metrics(),
  };
}

type Handlers = { readonly [K in EventKind]: ((body: EventOf<K>) => void) | "none" };
type Counters = ReturnType<typeof registerCounters>;

function handle(handlers: Handlers, event: Event): void {
  // The table is keyed by kind, which TypeScript cannot follow through a lookup by a union.
  const handler = handlers[event.body.kind] as ((body: Event["body"]) => void) | "none";
  if (handler !== "none") handler(event.body);
}

function registerCounters(register: Registry) {
  const counter = <const L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter<L>({ name, help, labelNames: [...labelNames], registers: [register] });
  return {
    orders: counter("bot_orders_total", "Orders decided", ["mode", "side"]),
    decisions: counter("bot_decisions_total", "Decisions of the strategy", ["signal"]),
    submitted: counter("orders_submitted_total", "Orders handed to the venue", [
      "product",
      "side",
      "type",
    ]),
    rejected: counter("orders_rejected_total", "Orders the venue refused", ["reason"]),
    fills: counter("fills_total", "Executions", ["product"]),
    lateFills: counter(
      "claudbot_late_fills_total",
      "Executions that came after the order was taken for over",
      ["product"],
    ),
    released: counter("claudbot_orders_released_total", "Orders that never left", ["product"]),
    settled: counter("claudbot_orders_settled_total", "Orders whose trades are proven complete", [
      "product",
    ]),
    quarantined: counter("claudbot_orders_quarantined_total", "Orders a person must look at", [
      "why",
    ]),
    adjustments: counter(
      "claudbot_balance_adjustments_total",
      "Owned amounts that no fill explains",
      ["currency", "sort"],
    ),
    external: counter("claudbot_external_orders_total", "Orders of somebody else on our account", [
      "product",
    ]),
    slippage: new Histogram({
      name: "slippage_bps_histogram",
      help: "Price paid against the price decided at, in basis points; above zero is worse",
      labelNames: ["product"],
      buckets: SLIPPAGE_BPS,
      registers: [register],
    }),
    disconnects: counter("ws_disconnects_total", "Ends of a stream's connections", ["endpoint"]),
    vetoes: counter("risk_veto_total", "Times a rule refused an intent", ["rule"]),
    barsDiffered: counter(
      "claudbot_bars_differed_total",
      "Stretches of bars that were not what the venue says of them",
      ["product"],
    ),
    throttled: counter("api_429_total", "Answers of the venue that we ask too much", ["endpoint"]),
    security: counter("claudbot_security_notices_total", "Security notices, by kind", ["what"]),
    journalEvents: counter("claudbot_journal_events_total", "Events in the journal", []),
  };
}

/** Of people and what they ask the audit keeps count. */
const UNCOUNTED: { readonly [K in ControlEvent["kind"]]: "none" } = {
  "confirmation.opened": "none",
  "confirmation.closed": "none",
  "confirmation.stepped": "none",
  "code.spent": "none",
  "stage.changed": "none",
  "person.suspended": "none",
  "person.restored": "none",
  "platform.trusted": "none",
  "duty.changed": "none",
  "alarm.tested": "none",
  "alarm.heard": "none",
  "attempt.refused": "none",
};

function handlersOf(counters: Counters, mode: "live" | "paper"): Handlers {
  const decided = (side: Side): void => counters.decisions.inc({ signal: side });
  return {
    "order.planned": ({ plan }) => {
      const { product, side, timeInForce } = plan;
      const type = TYPE_OF[timeInForce];
      counters.orders.inc({ mode, side: side === "buy" ? "BUY" : "SELL" });
      counters.submitted.inc({ product, side, type });
      if (isDecision(plan.purpose)) decided(side);
    },
    "intent.vetoed": ({ intent, vetoes }) => {
      for (const { rule } of vetoes) counters.vetoes.inc({ rule });
      if (isDecision(intent.purpose)) decided(intent.side);
    },
    "order.rejected": ({ reason }) => counters.rejected.inc({ reason: bounded(reason) }),
    "order.filled": (fill) => {
      counters.fills.inc({ product: fill.product });
      if (fill.late !== undefined) counters.lateFills.inc({ product: fill.product });
      const slippage = slippageBps(fill);
      if (slippage !== null) counters.slippage.observe({ product: fill.product }, slippage);
    },
    "feed.broke": "none",
    "price.lost": "none",
    "price.recovered": "none",
    "bars.differed": ({ product }) => counters.barsDiffered.inc({ product }),
    "desk.started": "none",
    "desk.stopped": "none",
    "policy.adopted": "none",
    "venue.reconciled": "none",
    "day.opened": "none",
    "risk.measured": "none",
    "order.acknowledged": "none",
    "order.unknown": "none",
    "order.resent": "none",
    "order.absent": "none",
    "order.progressed": "none",
    "order.cancel-asked": "none",
    "order.previewed": "none",
    "order.corrected": "none",
    "order.traded": "none",
    "order.released": ({ product }) => counters.released.inc({ product }),
    "order.settled": ({ product }) => counters.settled.inc({ product }),
    "order.quarantined": ({ why }) => counters.quarantined.inc({ why }),
    "balance.adjusted": ({ currency, sort }) => counters.adjustments.inc({ currency, sort }),
    "external.seen": ({ foreign }) => counters.external.inc({ product: foreign.product }),
    "external.gone": "none",
    "venue.checked": "none",
    "order.closed": "none",
    "breaker.tripped": "none",
    "breaker.cleared": "none",
    "feed.recovered": "none",
    "journal.lost": "none",
    "journal.recovered": "none",
    "chat.lost": "none",
    "chat.recovered": "none",
    "security.noticed": ({ what }) => counters.security.inc({ what }),
    "trading.paused": "none",
    "trading.resumed": "none",
    "trading.halted": "none",
    "trading.killed": "none",
    "kill.progressed": "none",
    "kill.finished": "none",
    "trading.rearmed": "none",
    "limit.changed": "none",
    "limit.ending": "none",
    "limit.reverted": "none",
    ...UNCOUNTED,
    "request.answered": "none",
  };
}

/** Stops, takes and flattens are not the strategy's. */
const isDecision = (purpose: EventOf<"order.filled">["purpose"]): boolean =>
  purpose === "entry" || purpose === "signal-exit";

/** The venue's word as a label: its codes are few, its prose is not. */
const bounded = (reason: string): string =>
  /^[A-Z][A-Z0-9_]{0,63}$/.test(reason) ? reason : "other";

function slippageBps(fill: EventOf<"order.filled">): number | null {
  if (fill.size === 0n || fill.reference === 0n) return null;
  const paid = minus(priceOf(fill.value, fill.size), fill.reference);
  return asBps(ratio(fill.side === "buy" ? paid : negate(paid), fill.reference));
}
