/** /limits set: changes one cap. Lowering it works at once; raising it needs the risk role and a confirmation. */
import { type Command, RISKY_FRESH } from "../src/chat/command.ts";
import { findLimit } from "../src/chat/limit-key.ts";
import type { Role } from "../src/chat/person.ts";
import type { DeskView } from "../src/core/engine/views.ts";
import { parse } from "../src/core/kernel/money.ts";
import type { LimitSpec } from "../src/core/risk/limits.ts";

const VALUE = /^(\d{1,15}(\.\d{1,18})?|[+-]\d{1,3}(\.\d{1,4})?%|none)$/;
const GROUPED = /^\d{1,3}(,\d{3})+(\.\d+)?$/;
const USAGE = "/limits set <key> <value>, for example /limits set daily-loss 120";

export const limitsSet: Command = {
  words: "limits set",
  usage: "/limits set <key> <value>",
  help: "change a cap: 120, -10%, +10%, none (a raise is confirmed)",
  role: "operator",
  direction: "mixed",
  freshness: RISKY_FRESH,
  parse: (args) => {
    const [typed, shown, ...more] = args;
    if (typed === undefined || shown === undefined) return { usage: USAGE };
    if (more.length > 0) {
      return { usage: `${USAGE}. A change holds until it is changed back; it takes no duration.` };
    }
    const found = findLimit(typed);
    if (found.kind === "which-product") {
      return { usage: `Of which product? Type it as BTC-USD.${found.name}` };
    }
    if (found.kind === "unknown") {
      const like = found.like.length === 0 ? "" : ` Did you mean ${found.like.join(", ")}?`;
      return {
        usage: `No single limit is called ${typed.slice(0, 60)}.${like} /limits lists them.`,
      };
    }
    const value = plainValue(shown);
    if (!VALUE.test(value)) {
      return { usage: `A value is a plain number such as 1200 or 0.5, -10%, +10% or none.` };
    }
    const { key, spec } = found;
    const needs = (view: DeskView): Role => roleFor({ key, value, spec }, view);
    return {
      request: { verb: "limits set", key, value },
      needs,
      raises: (view) => needs(view) === "risk",
    };
  },
};

/** `$1,200` is 1200; anything that could be read in two ways is left for the check to refuse. */
function plainValue(shown: string): string {
  const bare = shown.replace(/^\$/, "").toLowerCase();
  return GROUPED.test(bare) ? bare.replaceAll(",", "") : bare;
}

interface Change {
  readonly key: string;
  readonly value: string;
  readonly spec: LimitSpec;
}

/** Towards more risk only with the risk role. The engine judges again, with the value of that moment. */
function roleFor({ key, value, spec }: Change, view: DeskView): Role {
  const now = view.limits.find((limit) => limit.key === key)?.value;
  if (value === "none") return "risk";
  if (value.endsWith("%")) {
    const grows = value.startsWith("+");
    return grows === (spec.riskier === "more") ? "risk" : "operator";
  }
  if (now === undefined) return "risk";
  if (now === "none") return "operator";
  const change = parse(value) - parse(now);
  const raises = spec.riskier === "more" ? change > 0n : change < 0n;
  return raises ? "risk" : "operator";
}
