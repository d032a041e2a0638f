/** What a comparison with the venue found, one line each, the totals last. */
import { clean } from "../chat/clean.ts";
import { many } from "../chat/format.ts";
import type { Compared } from "../run/compare.ts";
import type { Finding } from "../run/compare-order.ts";

/** Venues and strangers write parts of these lines. */
const LONGEST = 400;

export function reconcileWords(compared: Compared): string {
  const lines = compared.findings.map((finding) => clean(lineOf(finding), LONGEST));
  return `${[...lines, totals(compared)].join("\n")}\n`;
}

const lineOf = ({ what, subject, ours, theirs }: Finding): string =>
  `${what} ${subject}: ours ${ours || "nothing"}; theirs ${theirs || "nothing"}`;

function totals(of: Compared): string {
  const { findings, orders, trades, balances, external, quarantined, unsettled } = of;
  const result = findings.length === 0 ? "nothing differs" : many(findings.length, "difference");
  const looked = [many(orders, "order"), many(trades, "trade"), many(balances, "balance")];
  const open = `${quarantined} quarantined, ${unsettled} unsettled, ${external} not ours`;
  return `${result}: ${looked.join(", ")} compared; ${open}`;
}
