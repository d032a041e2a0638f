/** docs/gate.md, made from the rules themselves, their headers and their cases: the words cannot differ from the program. */
import { readdirSync, readFileSync } from "node:fs";
import { GATE } from "../../src/core/risk/gate.ts";
import { BREAKER_LIMITS, PORTFOLIO_LIMITS, PRODUCT_LIMITS } from "../../src/core/risk/limits.ts";
import type { Rule } from "../../src/core/risk/rule.ts";
import type { RuleName } from "../../src/core/risk/veto.ts";
import { CASES } from "./gate-cases.ts";
import { judged } from "./risk-view.ts";

const HEAD = `# The gate

Made by \`npm run docs:gate\` from \`src/core/risk/rules\`; a test fails when it is not fresh.

Every order goes through the gate (\`src/core/risk/gate.ts\`), which asks all rules, in this order, and keeps every reason. One
veto is enough. A rule that binds entries is not asked about what reduces risk. Where an input that a rule needs is not known
(null), the gate refuses in the rule's name and says which; a rule whose cap is not set in the policy needs nothing. Inputs in
*italics* age: an old one is refused like a missing one, or by the figure itself. An exception in a rule is a veto, and trips
\`rule-failure\`. Only the gate can make an \`Approved\`, and only an \`Approved\` becomes an order.

Exposure counts every order that may still execute at its worst: resting, of unknown fate, being cancelled, or lost by the venue.
With something held, or bought by somebody else on the account, at an unknown price it is not known.
`;

/** By what name the catalogue of the design calls each rule: G for preconditions, R for rules. */
const CODES: { readonly [R in RuleName]: string } = {
  "mode-armed": "G1",
  leader: "G2",
  journal: "G3",
  reconciled: "G4",
  policy: "G5",
  "clock-skew": "G6",
  "trading-state": "R1",
  "allow-list": "R2",
  "stale-data": "R3",
  "no-price": "R3",
  "market-heartbeat": "R3",
  "price-check": "R3",
  "account-stream": "R4",
  increments: "R5",
  minimums: "R6",
  "price-collar": "R7",
  depth: "R8",
  spread: "R9",
  "order-notional": "R10",
  "order-equity": "R11",
  "position-notional": "R12",
  "position-units": "R12",
  "position-equity": "R12",
  "gross-notional": "R13",
  "net-notional": "R13",
  "exposure-equity": "R13",
  leverage: "R13",
  "strategy-notional": "R14",
  "quote-reserve": "R15",
  funds: "R16",
  cover: "R16",
  "open-orders": "R17",
  "orders-per-second": "R18",
  "orders-per-minute": "R18",
  "orders-per-day": "R18",
  turnover: "R18",
  churn: "R19",
  "same-refusal": "R20",
  duplicate: "R21",
  "self-cross": "R22",
  "signal-age": "R23",
  edge: "R24",
  "realized-loss": "R25",
  "day-loss": "R26",
  drawdown: "R27",
  "loss-streak": "R28",
  cooldown: "R29",
  "stop-cooldown": "R29",
  "error-rate": "R30",
  "reject-streak": "R30",
  "unknown-orders": "R31",
  "unknown-total": "R31",
  drift: "R32",
  volatility: "R33",
  "external-orders": "R34",
  manual: "R35",
  lockout: "windows",
  "session-window": "windows",
};

const FOLDER = new URL("../../src/core/risk/rules/", import.meta.url);
const SOURCES = readdirSync(FOLDER).map((file) => readFileSync(new URL(file, FOLDER), "utf8"));
const CAPS = [PORTFOLIO_LIMITS, PRODUCT_LIMITS, BREAKER_LIMITS].flatMap((of) => Object.keys(of));

const sourceOf = ({ name }: Rule): string =>
  SOURCES.find((text) => text.includes(`name: "${name}"`)) ?? "";

/** The header of its file, in one line. */
const aboutOf = (source: string): string =>
  (/^\/\*\*([\s\S]*?)\*\//.exec(source)?.[1] ?? "").replace(/\s*\n\s*\* ?|\s+/g, " ").trim();

const capsOf = (source: string): readonly string[] =>
  [...new Set(CAPS)].filter((cap) => new RegExp(`\\b${cap}\\b`).test(source));

/** In what it gives its figures, as seen when it refuses. */
function unitsOf({ name }: Rule): readonly string[] {
  const vetoes = CASES[name].flatMap(({ refuses: { view = {}, intent = {} } }) => {
    const decision = judged(view, intent);
    return decision.ok ? [] : decision.vetoes;
  });
  return [...new Set(vetoes.flatMap((veto) => (veto.rule === name ? veto.unit : [])))];
}

const list = (words: readonly string[]): string => (words.length === 0 ? "–" : words.join(", "));

export function gateDoc(): string {
  const rows = GATE.map((rule) => {
    const source = sourceOf(rule);
    const ages = rule.ages ?? [];
    const needs = [...new Set([...rule.needs, ...ages])].map((input) =>
      ages.includes(input) ? `*${input}*` : input,
    );
    const caps = capsOf(source).map((cap) => `\`${cap}\``);
    return `| \`${rule.name}\` | ${CODES[rule.name]} | ${rule.binds} | ${aboutOf(source)} | ${list(needs)} | ${list(caps)} | ${list(unitsOf(rule))} |`;
  });
  return `${HEAD}
| Rule | Catalogue | Binds | What it keeps out | Needs | Caps | Unit |
|---|---|---|---|---|---|---|
${rows.join("\n")}
`;
}
