/** /limits set: changes one cap. Lowering it works at once; raising it needs the risk role and a confirmation. */
import { type Command, type Parsed, RISKY_FRESH } from "../src/chat/command.ts";
import { findLimit, shortKey } from "../src/chat/limit-key.ts";
import type { Role } from "../src/chat/person.ts";
import { plainValue } from "../src/chat/plain-value.ts";
import type { DeskView } from "../src/core/engine/views.ts";
import { parse } from "../src/core/kernel/money.ts";
import type { LimitSpec } from "../src/core/risk/limits.ts";

const VALUE = /^(\d{1,15}(\.\d{1,18})?|[+-]\d{1,3}(\.\d{1,4})?%|none|file)$/;
const FORM = '/limits set <key> <value> [for 4h] [because "…"]';
const USAGE = `${FORM}, for example /limits set daily-loss 120 for 4h`;
const UNIT_MS = { m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** No temporary cap lasts longer. */
const LONGEST_MS = 30 * UNIT_MS.d;
const MAX_REASON = 200;

export const limitsSet: Command = {
  words: "limits set",
  usage: FORM,
  help: "change a cap: 120, -10%, +10%, none, or file for the policy file's value (a raise is confirmed)",
  role: "operator",
  direction: "mixed",
  freshness: RISKY_FRESH,
  parse: (args) => {
    const [typed, shown, ...more] = args;
    if (typed === undefined || shown === undefined) return { usage: USAGE };
    const terms = termsOf(more);
    if (typeof terms === "string") return { usage: terms };
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
    if (found.kind === "choice") {
      if (value !== "file") return { usage: `/limits set ${shortKey(found.key)} file` };
      return asked({ verb: "limits set", key: found.key, value, ...terms }, () => "risk");
    }
    if (!VALUE.test(value)) {
      return { usage: `A value is a plain number such as 1200 or 0.5, -10%, +10%, none or file.` };
    }
    const { key, spec } = found;
    return asked({ verb: "limits set", key, value, ...terms }, (view) =>
      roleFor({ key, value, spec }, view),
    );
  },
};

type Asked = Extract<Parsed, { request: unknown }>;

const asked = (request: Asked["request"], needs: (view: DeskView) => Role): Parsed => ({
  request,
  needs,
  raises: (view) => needs(view) === "risk",
});

interface Terms {
  readonly forMs?: number;
  readonly because?: string;
}

/** What follows the value, or a sentence about why it makes no sense. */
function termsOf(words: readonly string[]): Terms | string {
  const at = words.findIndex((word) => word.toLowerCase() === "because");
  const [head, tail] = at < 0 ? [words, []] : [words.slice(0, at), words.slice(at + 1)];
  const because = tail.join(" ").replace(/^["“”]+|["“”]+$/g, "");
  if (at >= 0 && because === "") return `Because of what? ${USAGE}`;
  if (because.length > MAX_REASON) return `A reason has at most ${MAX_REASON} characters.`;
  const reason = at < 0 ? {} : { because };
  if (head.length === 0) return reason;
  const [word = "", ...lasting] = head;
  const [, count = "", unit = ""] =
    /^(\d{1,5})(m|min|h|d)$/.exec(lasting.join("").toLowerCase()) ?? [];
  if (word.toLowerCase() !== "for" || count === "") return USAGE;
  const forMs = Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  if (forMs < UNIT_MS.min || forMs > LONGEST_MS) return "A change lasts from 1m to 30d.";
  return { forMs, ...reason };
}

interface Change {
  readonly key: string;
  readonly value: string;
  readonly spec: LimitSpec;
}

/** Towards more risk, now or when a temporary value ends, only with the risk role. The engine judges again. */
function roleFor({ key, value, spec }: Change, view: DeskView): Role {
  const limit = view.limits.find((each) => each.key === key);
  if (value === "none" || value === "file" || limit === undefined) return "risk";
  if (value.endsWith("%")) {
    const grows = value.startsWith("+");
    if (grows === (spec.riskier === "more") || limit.strictest !== limit.value) return "risk";
    return "operator";
  }
  if (limit.strictest === "none") return "operator";
  const change = parse(value) - parse(limit.strictest);
  const raises = spec.riskier === "more" ? change > 0n : change < 0n;
  return raises ? "risk" : "operator";
}
