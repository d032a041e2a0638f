/** Of the rules that ask whether anything may be sent at all. */
import { quote } from "../../src/core/kernel/money.ts";
import { START } from "./desk-script.ts";
import { at, type Case } from "./gate-case.ts";
import { breakers, CAPPED, EXIT, HOLDING } from "./risk-view.ts";

const windows = (from: number, to: number) => [
  { name: "news", enabled: true, from, to, days: [3] },
];
/** The sample's moment is a Wednesday, 14:00 UTC. */
const NOW = 14 * 60;
const flatten = { ...EXIT, purpose: "flatten" } as const;

export const DESK_CASES = {
  "mode-armed": [{ passes: {}, refuses: { view: { armed: false } } }],
  leader: [{ passes: {}, refuses: { view: { leading: false } } }],
  journal: [{ passes: { view: { unwrittenMs: 1000 } }, refuses: { view: { unwrittenMs: 1001 } } }],
  reconciled: [
    { passes: {}, refuses: { view: { reconciled: false } } },
    {
      line: "exits",
      passes: { view: { ...HOLDING, reconciled: false }, intent: EXIT },
      refuses: { view: { ...HOLDING, reconciled: false, everReconciled: false }, intent: EXIT },
    },
  ],
  policy: [{ passes: {}, refuses: { view: { policyApproved: false } } }],
  "clock-skew": [
    { passes: { view: { clockAheadMs: 9999 } }, refuses: { view: { clockAheadMs: 10_000 } } },
    { passes: { view: { clockAheadMs: -9999 } }, refuses: { view: { clockAheadMs: -10_000 } } },
    {
      line: "not compared",
      passes: { view: { clockAheadMs: null, live: false } },
      refuses: { view: { clockAheadMs: null } },
    },
  ],
  "trading-state": [
    { passes: {}, refuses: { view: { trading: "reducing" } } },
    {
      line: "exits",
      passes: { view: { ...HOLDING, trading: "reducing" }, intent: EXIT },
      refuses: { view: { ...HOLDING, trading: "halted" }, intent: EXIT },
    },
    {
      line: "a confirmed flatten",
      passes: { view: { ...HOLDING, trading: "killed", confirmed: true }, intent: flatten },
      refuses: { view: { ...HOLDING, trading: "killed", confirmed: true }, intent: EXIT },
    },
  ],
  "market-heartbeat": [
    { passes: { view: { marketMs: 5000 } }, refuses: { view: { marketMs: 5001 } } },
  ],
  "price-check": [
    {
      passes: { view: { checked: { offBps: 100, at: START } } },
      refuses: { view: { checked: { offBps: 100.1, at: START } } },
    },
    { line: "age", passes: at(60_000), refuses: at(60_001) },
    {
      line: "not compared",
      passes: { view: { checked: null, live: false } },
      refuses: { view: { checked: null } },
    },
  ],
  "account-stream": [
    { passes: { view: { accountMs: 5000 } }, refuses: { view: { accountMs: 5001 } } },
    {
      line: "listing",
      passes: { view: { listedMs: 90_000 } },
      refuses: { view: { listedMs: 90_001 } },
    },
  ],
  "realized-loss": [
    {
      passes: { view: { dayClosed: quote("-149.99") } },
      refuses: { view: { dayClosed: quote("-150") } },
    },
    {
      line: "24 hours",
      passes: { view: { realized24h: quote("-199.99") } },
      refuses: { view: { realized24h: quote("-200") } },
    },
  ],
  "day-loss": [
    {
      passes: { view: { dayNet: quote("-149.99") } },
      refuses: { view: { dayNet: quote("-150") } },
    },
    {
      line: "a share of the first equity",
      passes: { view: { dayNet: quote("-100"), dayOpening: quote("2000.01") } },
      refuses: { view: { dayNet: quote("-100"), dayOpening: quote("2000") } },
    },
  ],
  drawdown: [
    {
      passes: { view: { drawdown: quote("299.99") } },
      refuses: { view: { drawdown: quote("300") } },
    },
    {
      line: "a share of the peak",
      passes: { view: { drawdown: quote("100"), peak: quote("1000.01") } },
      refuses: { view: { drawdown: quote("100"), peak: quote("1000") } },
    },
  ],
  "loss-streak": [{ passes: { view: { lossStreak: 3 } }, refuses: { view: { lossStreak: 4 } } }],
  "error-rate": [
    { passes: { view: { errorsLately: 9 } }, refuses: { view: { errorsLately: 10 } } },
  ],
  "reject-streak": [
    { passes: { view: { rejectStreak: 4 } }, refuses: { view: { rejectStreak: 5 } } },
  ],
  "unknown-orders": [{ passes: {}, refuses: { view: { unknownHere: 1 } } }],
  "unknown-total": [
    { passes: { view: { unknownTotal: 2 } }, refuses: { view: { unknownTotal: 3 } } },
    {
      line: "three where the policy does not say",
      passes: { view: { unknownTotal: 2, policy: withoutUnknown() } },
      refuses: { view: { unknownTotal: 3, policy: withoutUnknown() } },
    },
  ],
  drift: [{ passes: {}, refuses: { view: { drifting: true } } }],
  "external-orders": [{ passes: {}, refuses: { view: { externalHere: 1 } } }],
  manual: [
    {
      passes: { view: { ...HOLDING, confirmed: true }, intent: flatten },
      refuses: { view: HOLDING, intent: flatten },
    },
  ],
  lockout: [
    {
      passes: { view: { policy: { ...CAPPED, event_lockouts: windows(NOW - 30, NOW) } } },
      refuses: { view: { policy: { ...CAPPED, event_lockouts: windows(NOW, NOW + 1) } } },
    },
  ],
  "session-window": [
    {
      passes: { view: { policy: { ...CAPPED, session_windows: windows(NOW, NOW + 1) } } },
      refuses: { view: { policy: { ...CAPPED, session_windows: windows(NOW - 30, NOW) } } },
    },
  ],
} as const satisfies Record<string, readonly Case[]>;

function withoutUnknown(): typeof CAPPED {
  const { unknown_orders, ...rest } = breakers({}).circuit_breakers;
  return { ...CAPPED, circuit_breakers: rest };
}
