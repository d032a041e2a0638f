/** Cancels until the venue itself shows nothing open, twice, or until patience ends. An answer to a cancel is no proof. */
import type { Http } from "../adapters/coinbase/call.ts";
import { cancelOrders } from "../adapters/coinbase/rest/cancel-orders.ts";
import type { VenueOrderId } from "../core/kernel/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { Timers } from "../ports/timers.ts";
import { blind, look, type SeenOrder, type Sight } from "./kill-sight.ts";

export interface Sweep {
  readonly http: Http;
  readonly namespace: string;
  /** Whether orders that are not ours are cancelled, too. */
  readonly all: boolean;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly say: (line: string) => void;
}

export type Swept =
  /** `became`: the venue's words for what became of those that were to be cancelled, with their counts. */
  | {
      readonly kind: "clear";
      readonly became: ReadonlyMap<string, number>;
      readonly foreign: number;
    }
  | { readonly kind: "left"; readonly open: readonly SeenOrder[]; readonly foreign: number }
  /** Whatever was seen before: nobody knows what is open now. */
  | { readonly kind: "unread"; readonly why: string };

const PATIENCE_MS = 60_000;
const AGAIN_MS = 500;
/** Between two empty listings: a listing may lag behind what was created. */
const APART_MS = 2000;
/** The venue's no is not taken the first time: it says 401 for too many questions, too. */
const MOST_REFUSALS = 3;

export async function sweep(options: Sweep): Promise<Swept> {
  const { clock, timers, say, all } = options;
  const until = clock.now() + PATIENCE_MS;
  const rest = (ms: number): Promise<void> => new Promise((done) => void timers.after(ms, done));
  const asked = new Set<VenueOrderId>();
  let [empty, refusals] = [0, 0];
  for (;;) {
    const seen = await look(options.http, { ...options, now: clock.now() });
    const { missing } = seen;
    const open = seen.open.filter(({ whose }) => all || whose !== "foreign");
    const foreign = seen.open.length - open.length;
    empty = missing === null && open.length === 0 ? empty + 1 : 0;
    if (empty === 2) return { kind: "clear", became: became(asked, seen), foreign };
    refusals += missing?.refused ? 1 : 0;
    if (empty === 0 && (clock.now() >= until || refusals >= MOST_REFUSALS)) {
      return missing !== null && open.length === 0
        ? { kind: "unread", why: missing.why }
        : { kind: "left", open, foreign };
    }
    if (missing !== null) say(`not all orders could be read: ${missing.why}; asking again`);
    const ids = open.flatMap(({ id, whose }) => (id && (all || whose === "ours") ? [id] : []));
    for (const id of ids) asked.add(id);
    if (ids.length > 0) refusals += (await cancel(options, ids, asked.size)) ? 0 : 1;
    await rest(empty === 1 ? APART_MS : AGAIN_MS);
  }
}

/** @returns false when the venue refused to hear of it at all */
async function cancel(
  { http, say }: Sweep,
  ids: readonly VenueOrderId[],
  asked: number,
): Promise<boolean> {
  say(`${asked - ids.length} of ${asked} closed; asking to cancel ${ids.length}`);
  const answers = await cancelOrders(http, ids);
  if (!answers.ok) {
    const { why, refused } = blind(answers.error);
    say(`the cancels were not answered: ${why}; asking again`);
    return !refused;
  }
  const rows = [...answers.value.values()];
  const causes = new Set(rows.flatMap(({ answer, cause }) => (answer === "taken" ? [] : [cause])));
  if (causes.size > 0) {
    const taken = rows.filter(({ answer }) => answer === "taken").length;
    say(`${taken} of ${rows.length} cancels were taken; the others: ${[...causes].join(", ")}`);
  }
  return true;
}

/** Older than the listing reaches: gone from the open ones, and that is all that is known. */
function became(asked: ReadonlySet<VenueOrderId>, { ended }: Sight): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const id of asked) {
    const word = ended.get(id) ?? "no longer open";
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}
