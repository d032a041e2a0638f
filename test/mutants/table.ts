/** Mistakes that other trading programs have shipped, planted one at a time. Every one of them must turn our tests red. */
// `npm run mutants` plants them in a copy of the tree; table.test.ts holds that each place still stands.
import type { Mutant } from "./mutant.ts";

/** The order is taken for cancelled on no word of the venue's. */
const CANCELLED = (order: string): string =>
  `turn.say({ kind: "order.closed", order: ${order}.plan.id, product: ${order}.plan.product, why: "cancelled", detail: "", executed: ${order}.executed, orderSize: ${order}.plan.size });`;

export const MUTANTS: readonly Mutant[] = [
  {
    name: "M1",
    what: "what has filled in all is added again as if it were new",
    file: "src/core/order/merge.ts",
    find: "    size: said.size,\n",
    replace: "    size: (before.size + said.size) as Size,\n",
    tests: ["test/core/orders.test.ts"],
  },
  {
    name: "M2",
    what: "an order whose answer never came counts as rejected",
    file: "src/adapters/coinbase/rest/create-order.ts",
    find: `    case "ambiguous":
    case "shape":
      return { kind: "unknown", cause: faultText(fault) };`,
    replace: `    case "ambiguous":
    case "shape":
      return { kind: "rejected", reason: "timeout", message: faultText(fault) };`,
    tests: ["test/adapters/coinbase/answers.test.ts"],
  },
  {
    name: "M3",
    what: "a cancel that is not answered in time counts as done",
    file: "src/core/engine/clock.ts",
    find: `  if (due.length > 0) turn.ask({ kind: "cancel", orders: due });`,
    replace: `  for (const order of [...desk.orders.values()].filter((each) => due.some(({ id }) => id === each.plan.id)))
    ${CANCELLED("order")}`,
    tests: ["test/core/overtaken.test.ts"],
  },
  {
    name: "M4",
    what: "a fill of an order that was taken for rejected is dropped",
    file: "src/core/engine/quarantine.ts",
    find: "  state.desk.orders.get(id) ?? state.desk.closed.get(id);",
    replace: "  state.desk.orders.get(id);",
    tests: ["test/core/orders.test.ts"],
  },
  {
    name: "M5",
    what: "an old statement with a smaller total overwrites a newer one",
    file: "src/core/order/merge.ts",
    find: "  if (said.size < before.size) return before;",
    replace: "  if (said.size < before.size) return said;",
    tests: ["test/core/orders.test.ts"],
  },
  {
    name: "M6",
    what: "what the venue's books say is added to what its stream has said, as if they were different fills",
    file: "src/core/order/merge.ts",
    find: "  return booked.size < executed.size ? executed : booked;",
    replace: "  return sumOf([executed, booked]);",
    tests: ["test/core/hard-cases.test.ts"],
  },
  {
    name: "M7",
    what: "a create that throws counts as failed, though the venue may have it",
    file: "src/run/dispatch.ts",
    find: `answer: { kind: "unknown", cause: String(error) }`,
    replace: `answer: { kind: "rejected", reason: "failed", message: String(error) }`,
    tests: ["test/run/dispatch.test.ts"],
  },
  {
    name: "M8",
    what: "a cancel that the venue has taken on counts as done",
    file: "src/core/engine/step.ts",
    find: `    case "cancel.answered":
      return;`,
    replace: `    case "cancel.answered": {
      const order = turn.state.desk.orders.get(body.order);
      if (body.taken && order) ${CANCELLED("order")}
      return;
    }`,
    tests: ["test/core/cancel-taken.test.ts"],
  },
  {
    name: "M9",
    what: "the mark from which orders are listed moves before the listing has come",
    file: "src/run/readings.ts",
    find: "    const result = await venue.list(from);\n",
    replace: "    since = later(began, -OVERLAP_MS);\n    const result = await venue.list(from);\n",
    tests: ["test/run/dispatch.test.ts"],
  },
  {
    name: "M9b",
    what: "the mark from which trades are read moves before they have come",
    file: "src/run/readings.ts",
    find: "    const result = await venue.trades(from);\n",
    replace:
      "    tradedSince = later(began, -OVERLAP_MS);\n    const result = await venue.trades(from);\n",
    tests: ["test/run/dispatch.test.ts"],
  },
  {
    name: "M10",
    what: "a search that the network broke counts as one that found nothing",
    file: "src/run/readings.ts",
    find: `    if (!result.ok)
      return log.warn("a search for an order failed", {`,
    replace: `    if (!result.ok) put({ kind: "order.not-found", order: effect.order, searchBegan: began });
    if (!result.ok)
      return log.warn("a search for an order failed", {`,
    tests: ["test/run/dispatch.test.ts"],
  },
  {
    name: "M11",
    what: "of several trades of an order only the first is booked",
    file: "src/core/engine/trades.ts",
    find: "  const news = own.filter(({ entry }) => !order.trades.has(entry));",
    replace: "  const news = own.filter(({ entry }) => !order.trades.has(entry)).slice(0, 1);",
    tests: ["test/core/hard-cases.test.ts"],
  },
  {
    name: "M12",
    what: "when the account stream comes back, what it missed is not read",
    file: "src/core/engine/streams.ts",
    find: `  list(turn, \`\${stream} stream recovered\`);\n`,
    replace: "",
    tests: ["test/core/account-gap.test.ts"],
  },
  {
    name: "M12b",
    what: "after a gap in the account stream orders are sent on what was believed before it",
    file: "src/core/engine/streams.ts",
    find: "  else sight.reconciled = false;\n",
    replace: "",
    tests: ["test/core/account-gap.test.ts"],
  },
  {
    name: "M12c",
    what: "a listing begun before the gap was over counts as if it knew what the gap hid",
    file: "src/core/engine/listing.ts",
    find: "  sight.reconciled = brokenAt === null && wholeSince !== null && listing.asOf >= wholeSince;",
    replace: "  sight.reconciled = true;",
    tests: ["test/core/account-gap.test.ts"],
  },
  {
    name: "M13",
    what: "a fill that overtakes the answer to its order is dropped",
    file: "src/core/engine/orders.ts",
    find: `  const before = findOrder(turn, said.order);
  if (!before) return;`,
    replace: `  const before = findOrder(turn, said.order);
  if (!before?.venueId) return;`,
    tests: ["test/core/orders.test.ts"],
  },
  {
    name: "M14",
    what: "an order leaves before its decision is durable",
    file: "src/run/writer.ts",
    find: "    queue.push({ outcome, durable, at: ports.clock.now() });",
    replace: `    for (const effect of outcome.effects) if (effect.kind === "place") ports.release(effect);
    const effects = outcome.effects.filter(({ kind }) => kind !== "place");
    queue.push({ outcome: { ...outcome, effects }, durable, at: ports.clock.now() });`,
    tests: ["test/run/writer.test.ts"],
  },
  {
    name: "M15",
    what: "the gate opens where it sees no price",
    file: "src/core/risk/gate.ts",
    find: "    return missing === null ? rule.check(intent, view) : cannotSee(missing);",
    replace: "    return missing === null ? rule.check(intent, view) : null;",
    tests: ["test/core/gate.test.ts"],
  },
  {
    name: "M16",
    what: "a rule that cannot be evaluated lets the order through",
    file: "src/core/risk/gate.ts",
    find: `    return cannotSee("the rule itself failed");`,
    replace: "    return null;",
    tests: ["test/core/gate.test.ts"],
  },
  {
    name: "M17",
    what: "a latch that fell just before a crash is forgotten at the next start",
    file: "src/core/engine/step.ts",
    find: "      for (const recalled of body.latches) onRecalled(turn, recalled);\n",
    replace: "",
    tests: ["test/core/operator.test.ts"],
  },
  {
    name: "M18",
    what: "a gap in the numbers of a stream is ignored",
    file: "src/adapters/coinbase/sequence.ts",
    find: "      if (before !== null && sequence > before + 1) {",
    replace: "      if (before === Number.MAX_SAFE_INTEGER) {",
    tests: ["test/adapters/coinbase/market-stream.test.ts"],
  },
  {
    name: "M19",
    what: "an order is sent again under a fresh id",
    file: "src/core/engine/fate.ts",
    find: `turn.ask({ kind: "place", plan: order.plan, attempt })`,
    replace: `turn.ask({ kind: "place", plan: { ...order.plan, id: \`\${id.slice(0, -1)}0\` as typeof id }, attempt })`,
    tests: ["test/core/orders.test.ts"],
  },
  {
    name: "M20",
    what: "a start that reads the venue begins with nothing held",
    file: "src/core/engine/evolve.ts",
    find: "  desk.balances.clear();\n",
    replace: "  desk.balances.clear();\n  if (body.first) desk.positions.clear();\n",
    tests: ["test/core/hard-cases.test.ts"],
  },
  {
    name: "M21",
    what: "a breaker latches on a single odd price",
    file: "src/core/engine/breakers.ts",
    find: "    else if (!read.reading.marked || hasLasted(turn, read)) {",
    replace: "    else {",
    tests: ["test/core/trade.test.ts"],
  },
  {
    name: "M22",
    what: "a test of age passes at every age",
    file: "src/core/risk/rules/stale-data.ts",
    find: "ageMs > seconds * 1000",
    replace: "ageMs < 0",
    tests: ["test/core/trade.test.ts", "test/core/gate.test.ts"],
  },
  {
    name: "M23",
    what: "a 429 that is a page of HTML counts as the venue's refusal of the order",
    file: "src/adapters/coinbase/rest/create-order.ts",
    find: `      if (body === "page") return unknown;`,
    replace: `      if (body === "page" && status === 429) {
        return { kind: "rejected", reason: "throttled", message: detail };
      }
      if (body === "page") return unknown;`,
    tests: ["test/adapters/coinbase/answers.test.ts"],
  },
];
