/** Cancels until the venue itself shows nothing open, twice, or until patience ends. An answer to a cancel is no proof. */
import type { Http } from "../adapters/coinbase/call.ts";
import { cancelOrders } from "../adapters/coinbase/rest/cancel-orders.ts";
import type { VenueOrderId } from "../core/kernel/ids.ts";
import type { Instant } from "../core/kernel/time.ts";
import type { Clock } from "../ports/clock.ts";
import type { Timers } from "../ports/timers.ts";
import { blind, look, type SeenOrder, type Sight } from "./kill-sight.ts";

export interface Sweep {
  readonly http: Http;
  /** Dates tokens by the venue's clock. */
  readonly correct: () => Promise<void>;
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
/** The venue's no is not taken the first time. */
const MOST_FORBIDDEN = 3;
/** It says 401 for too many questions, too: only one that stays so long, whatever the pace, is about the key. */
const UNAUTHORIZED_MS = 20_000;
const SLOWEST_MS = 4000;
/** A clock that cannot be read must not hold up the first look. */
const TIME_MS = 2000;

export async function sweep(options: Sweep): Promise<Swept> {
  const { clock, timers, say, all } = options;
  const until = clock.now() + PATIENCE_MS;
  const rest = (ms: number): Promise<void> => new Promise((done) => void timers.after(ms, done));
  const asked = new Set<VenueOrderId>();
  const refusals = refusalCount();
  let empty = 0;
  await corrected(options);
  for (;;) {
    const seen = await look(options.http, { ...options, now: clock.now() });
    const { missing } = seen;
    const open = seen.open.filter(({ whose }) => all || whose !== "foreign");
    const foreign = seen.open.length - open.length;
    empty = missing === null && open.length === 0 ? empty + 1 : 0;
    if (empty === 2) return { kind: "clear", became: became(asked, seen), foreign };
    refusals.count(missing?.refused ?? null, clock.now());
    if (empty === 0 && (clock.now() >= until || refusals.areFinal())) {
      return missing !== null && open.length === 0
        ? { kind: "unread", why: missing.why }
        : { kind: "left", open, foreign };
    }
    if (missing !== null) say(`not all orders could be read: ${missing.why}; asking again`);
    const ids = open.flatMap(({ id, whose }) => (id && (all || whose === "ours") ? [id] : []));
    for (const id of ids) asked.add(id);
    if (ids.length > 0) refusals.count(await cancel(options, ids, asked.size), clock.now());
    await rest(empty === 1 ? APART_MS : refusals.paceMs());
    if (refusals.isUnauthorized()) await corrected(options);
  }
}

async function corrected({ correct, timers }: Sweep): Promise<void> {
  let giveUp = (): void => undefined;
  const late = new Promise<void>((done) => {
    giveUp = timers.after(TIME_MS, done);
  });
  await Promise.race([correct(), late]);
  giveUp();
}

type Refused = NonNullable<Sight["missing"]>["refused"];

/** What the venue refused to hear of: how long that is borne, and how soon it is asked again. */
function refusalCount() {
  let forbidden = 0;
  let unauthorized: { readonly since: Instant; readonly until: Instant } | null = null;
  let paceMs = AGAIN_MS;
  return {
    count(refused: Refused, at: Instant): void {
      forbidden += refused === "forbidden" ? 1 : 0;
      const is401 = refused === "unauthorized";
      unauthorized = is401 ? { since: unauthorized?.since ?? at, until: at } : null;
      paceMs = is401 ? Math.min(SLOWEST_MS, paceMs * 2) : AGAIN_MS;
    },
    areFinal(): boolean {
      if (forbidden >= MOST_FORBIDDEN) return true;
      return unauthorized !== null && unauthorized.until - unauthorized.since >= UNAUTHORIZED_MS;
    },
    isUnauthorized: (): boolean => unauthorized !== null,
    paceMs: (): number => paceMs,
  };
}

/** @returns how the venue refused to hear of it at all, or null */
async function cancel(
  { http, say }: Sweep,
  ids: readonly VenueOrderId[],
  asked: number,
): Promise<Refused> {
  say(`${asked - ids.length} of ${asked} closed; asking to cancel ${ids.length}`);
  const answers = await cancelOrders(http, ids);
  if (!answers.ok) {
    const { why, refused } = blind(answers.error);
    say(`the cancels were not answered: ${why}; asking again`);
    return refused;
  }
  const rows = [...answers.value.values()];
  const causes = new Set(rows.flatMap(({ answer, cause }) => (answer === "taken" ? [] : [cause])));
  if (causes.size > 0) {
    const taken = rows.filter(({ answer }) => answer === "taken").length;
    say(`${taken} of ${rows.length} cancels were taken; the others: ${[...causes].join(", ")}`);
  }
  return null;
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
