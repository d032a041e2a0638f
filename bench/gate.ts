/** What one decision of the gate costs, beside an empty gate and a naive one of five checks, in one run. It asserts no time. */
// npm run bench:gate: cases alternate round by round, tight and paced; ratios are of the rounds' own medians.
import { cpus } from "node:os";
import { riskView } from "../src/core/engine/risk-view.ts";
import { GATE, gate } from "../src/core/risk/gate.ts";
import { typicalBook } from "./book.ts";
import { naiveGate } from "./naive-gate.ts";

const ROUNDS = 15;
const TIGHT = 3000;
const PACED = 40;
const APART_MS = 2;
const WARM_UP = 20_000;

interface Measured {
  readonly means: number[];
  readonly medians: number[];
  readonly all: number[];
}
type Cases = Readonly<Record<string, () => unknown>>;

const { state, at, good, bad } = typicalBook();
const view = riskView(state, good, at);
const naiveBook = { position: 0, cash: 8000, ask: 100.01, ordersLastMinute: 3, dayLoss: 12 };
const naiveOrder = { side: "buy", size: 1.009, price: 100.01 } as const;

const passed = gate(good, view);
if (!passed.ok) throw new Error(`the typical order is vetoed: ${JSON.stringify(passed.vetoes)}`);
const refused = gate(bad, view);

const CASES: Cases = {
  "empty gate": () => gate(good, view, []),
  "naive gate": () => naiveGate(naiveOrder, naiveBook),
  "full gate": () => gate(good, view),
  "full gate, refusing": () => gate(bad, view),
  "risk view": () => riskView(state, good, at),
  "risk view + full gate": () => gate(good, riskView(state, good, at)),
};

const microseconds = (ns: bigint): number => Number(ns) / 1000;
const sorted = (of: readonly number[]): number[] => [...of].sort((a, b) => a - b);
const quantile = (of: readonly number[], share: number): number =>
  sorted(of)[Math.min(of.length - 1, Math.floor(of.length * share))] ?? Number.NaN;
const mean = (of: readonly number[]): number => of.reduce((sum, each) => sum + each, 0) / of.length;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Results are kept, so that no case is optimised away. */
let kept: unknown = null;

function once(run: () => unknown): number {
  const began = process.hrtime.bigint();
  kept = run();
  return microseconds(process.hrtime.bigint() - began);
}

/** What reading the clock twice costs by itself; taken off nothing, told beside the figures. */
const clockCost = (): number =>
  quantile(
    Array.from({ length: 20_000 }, () => once(() => kept)),
    0.5,
  );

async function measure(
  cases: Cases,
  each: number,
  apartMs: number,
): Promise<Map<string, Measured>> {
  const found = new Map<string, Measured>();
  for (const name of Object.keys(cases)) found.set(name, { means: [], medians: [], all: [] });
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(cases)) {
      const took: number[] = [];
      for (let left = each; left > 0; left -= 1) {
        if (apartMs > 0) await pause(apartMs);
        took.push(once(run));
      }
      const into = found.get(name);
      into?.means.push(mean(took));
      into?.medians.push(quantile(took, 0.5));
      into?.all.push(...took);
    }
  }
  return found;
}

const fixed = (of: number): string => of.toFixed(of < 10 ? 2 : 1).padStart(8);

function tell(title: string, found: ReadonlyMap<string, Measured>): void {
  console.log(
    `\n${title}\n${"".padEnd(24)}    mean     p50     p99      of the naive gate [range of rounds]`,
  );
  const naive = found.get("naive gate")?.medians ?? [];
  for (const [name, { means, medians, all }] of found) {
    const ratios = medians.map((each, round) => each / (naive[round] ?? Number.NaN));
    const range = `${quantile(ratios, 0).toFixed(1)}-${quantile(ratios, 1).toFixed(1)}`;
    const row = [mean(means), quantile(all, 0.5), quantile(all, 0.99)].map(fixed).join("");
    console.log(
      `${name.padEnd(24)}${row}   ${quantile(ratios, 0.5).toFixed(1).padStart(7)} [${range}]`,
    );
  }
}

/** Which rules take longest, by themselves. */
function slowest(): readonly string[] {
  const costs = GATE.map((rule) => {
    const took = Array.from({ length: TIGHT }, () => once(() => gate(good, view, [rule])));
    return { name: rule.name, us: quantile(took, 0.5) };
  });
  const top = costs.sort((a, b) => b.us - a.us).slice(0, 8);
  return top.map(({ name, us }) => `${name} ${us.toFixed(2)}`);
}

for (const run of Object.values(CASES)) {
  for (let left = WARM_UP; left > 0; left -= 1) kept = run();
}
const { desk } = state;
console.log(
  `Node ${process.version}, ${cpus()[0]?.model ?? "unknown CPU"}, ${cpus().length} threads`,
);
console.log(
  `${GATE.length} rules; ${desk.positions.size} positions, ${desk.orders.size} orders open, ${desk.closed.size} remembered; the refused order has ${refused.ok ? 0 : refused.vetoes.length} vetoes`,
);
console.log(
  `microseconds a decision; reading the clock twice takes ${clockCost().toFixed(2)} of them`,
);
tell(`tight: ${ROUNDS} rounds of ${TIGHT}`, await measure(CASES, TIGHT, 0));
tell(
  `paced, ${APART_MS} ms apart: ${ROUNDS} rounds of ${PACED}`,
  await measure(CASES, PACED, APART_MS),
);
console.log(`\nslowest rules alone, p50: ${slowest().join(", ")}`);
console.log("goal for the full gate: mean at most 5, p99 at most 20");
