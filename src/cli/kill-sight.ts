/** What the venue shows open, ours and others' apart: all that rests, however old, and whatever was created lately. */
// A look that left something out must not pass for one that found nothing: it says what is missing.
import type { Http } from "../adapters/coinbase/call.ts";
import { type Fault, faultText } from "../adapters/coinbase/fault.ts";
import { orderNames } from "../adapters/coinbase/order-names.ts";
import { type ListedOrders, listOrders } from "../adapters/coinbase/rest/list-orders.ts";
import { clean } from "../chat/clean.ts";
import { type VenueOrderId, venueOrderId } from "../core/kernel/ids.ts";
import { DAY_MS, type Instant, instant } from "../core/kernel/time.ts";

export interface SeenOrder {
  /** Null where the row does not say it: such an order cannot be cancelled by name. */
  readonly id: VenueOrderId | null;
  /** `unknown`: the row does not say under which client id it was sent. */
  readonly whose: "ours" | "foreign" | "unknown";
  /** One line for people. */
  readonly line: string;
}

export interface Sight {
  readonly open: readonly SeenOrder[];
  /** Orders that have come to an end, and how: the venue's word by its id. */
  readonly ended: ReadonlyMap<string, string>;
  /** Why there may be more; null when this is all. */
  readonly missing: Blind | null;
}

/**
 * `forbidden`: asking again changes nothing. `unauthorized`: the token was not taken, which a wrong clock, a key that is
 * gone and too many questions have in common.
 */
interface Blind {
  readonly why: string;
  readonly refused: "forbidden" | "unauthorized" | null;
}

/** Orders of which no answer is known were sent in the life of a token; a day is more than any desk leaves unasked. */
const LATELY_MS = DAY_MS;
const REFUSALS: ReadonlyMap<number, Blind["refused"]> = new Map([
  [401, "unauthorized"],
  [403, "forbidden"],
]);
const ENDED: ReadonlySet<string> = new Set(["FILLED", "CANCELLED", "EXPIRED", "FAILED"]);

/** @param namespace the eight characters at the head of our client ids */
export async function look(
  http: Http,
  { namespace, now }: { readonly namespace: string; readonly now: Instant },
): Promise<Sight> {
  const search = { product: null, pace: "urgent" } as const;
  const since = instant(Math.max(0, now - LATELY_MS));
  // PENDING and QUEUED are missing from a search for OPEN; orders older than the window are missing from the other.
  const lists = await Promise.all([
    listOrders(http, { ...search, since: null, openOnly: true }),
    listOrders(http, { ...search, since, openOnly: false }),
  ]);
  const fault = lists.flatMap((list) => (list.ok ? [] : [blind(list.error)]))[0] ?? null;
  const read = lists.flatMap((list) => (list.ok ? [list.value] : []));
  return { ...sorted(read, namespace), missing: fault };
}

export const blind = (fault: Fault): Blind => ({
  why: clean(faultText(fault)),
  refused: fault.kind === "status" ? (REFUSALS.get(fault.status) ?? null) : null,
});

/** The two searches are not of one moment: an end is the later word. */
function sorted(lists: readonly ListedOrders[], namespace: string): Omit<Sight, "missing"> {
  const names = orderNames(namespace);
  const rows = lists.flatMap(rowsOf);
  const ended = new Map<string, string>();
  for (const { orderId, status } of rows) {
    if (orderId !== null && status !== null && ENDED.has(status)) ended.set(orderId, status);
  }
  const open = new Map<string, SeenOrder>();
  for (const { clientId, orderId, status, product, isOdd } of rows) {
    if (ended.has(orderId ?? "") || ENDED.has(status ?? "")) continue;
    const words = [orderId ?? "no order id", product, status ?? "no status"];
    const line = clean(`${words.join(" ")}, client id ${clientId ?? "none"}`);
    const isUnknown = isOdd && clientId === null;
    const isOurs = clientId !== null && names.maybeOurs(clientId);
    const whose = isUnknown ? "unknown" : isOurs ? "ours" : "foreign";
    open.set(orderId ?? line, { id: idOf(orderId), whose, line });
  }
  return { open: [...open.values()], ended };
}

function idOf(text: string | null): VenueOrderId | null {
  try {
    return text === null ? null : venueOrderId(text);
  } catch {
    return null;
  }
}

/** A row that cannot be read whole has a name to cancel it by all the same. */
const rowsOf = ({ rows, odd }: ListedOrders) => [
  ...rows.map((row) => ({ ...row, isOdd: false })),
  ...odd.map((row) => ({ ...row, product: "of an unreadable row", isOdd: true })),
];
