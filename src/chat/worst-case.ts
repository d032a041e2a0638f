/** What a raise lets happen at worst beyond what was approved, in one line, as far as its cap alone can tell. */
import type { Proposal } from "../core/control/request.ts";
import { parse, type Quote } from "../core/kernel/money.ts";
import { cap } from "./format.ts";
import { limitSpec } from "./limit-key.ts";

const NUMBER = /^\d+(\.\d+)?$/;

/** `Worst case: +$200 exposed`; null where the cap is no amount of money. */
export function worstCase(proposal: Proposal): string | null {
  if (proposal.verb !== "limits set" || proposal.class === "restore") return null;
  const { key, to } = proposal;
  const from = proposal.approved ?? proposal.from;
  if (limitSpec(key)?.unit !== "usd") return null;
  const word = wordOf(key);
  if (to === "none") return `Worst case: no bound on what is ${word}`;
  if (!NUMBER.test(from) || !NUMBER.test(to)) return null;
  const change = parse(to) - parse(from);
  const more = change < 0n ? -change : change;
  return more === 0n ? null : `Worst case: +${cap(more as Quote)} ${word}`;
}

function wordOf(key: string): string {
  if (/loss|drawdown/.test(key)) return "lost";
  if (/reserve/.test(key)) return "spent of the cash kept back";
  return /turnover/.test(key) ? "traded" : "exposed";
}
