/** Looks at recent orders and fills, and whether list, single read and account stream tell one story of each order. */
import { getOrder } from "../../adapters/coinbase/rest/get-order.ts";
import { listFills } from "../../adapters/coinbase/rest/list-fills.ts";
import { listOrders } from "../../adapters/coinbase/rest/list-orders.ts";
import type { OrderWire } from "../../adapters/coinbase/wire.ts";
import { venueOrderId } from "../../core/kernel/ids.ts";
import { later } from "../../core/kernel/time.ts";
import { explain } from "./explain.ts";
import { type Finding, fails, NO_VENUE, pass } from "./finding.ts";
import { circumstances, type OpenVenue, type Ward } from "./ward.ts";

const DAY_MS = 86_400_000;
/** Orders read one by one, the newest first. */
const COMPARED = 3;
/** Views of one order may lag behind each other for so long. */
const SETTLE_MS = 2000;
/** Both mean that it rests. */
const RESTING: ReadonlySet<string> = new Set(["OPEN", "PENDING", "QUEUED", "CANCEL_QUEUED"]);

const NEWEST_FILLS = 10;

export async function lookAtOrders(ward: Ward): Promise<Finding> {
  const { venue, clock, seen, timers } = ward;
  if (venue === null) return NO_VENUE;
  const listed = await recent(venue, later(clock.now(), -DAY_MS));
  if (!listed.ok) return explain(listed.error, circumstances(ward, venue));
  const rows = listed.value.rows;
  seen.openOrders = rows.filter(({ status }) => RESTING.has(status)).length;
  const first = await differences(ward, venue, rows);
  if (first.length > 0) {
    await new Promise<void>((resolve) => timers.after(SETTLE_MS, resolve));
    const again = await recent(venue, later(clock.now(), -DAY_MS));
    if (again.ok) seen.discrepancies.push(...(await differences(ward, venue, again.value.rows)));
  }
  if (seen.discrepancies.length > 0) {
    return fails(
      seen.discrepancies.join("; "),
      "Write the bundle (--bundle) and ask venue support: two of its own pages disagree about one order",
    );
  }
  return pass(
    `${rows.length} orders in a day, ${seen.openOrders} open; list and single reads agree`,
  );
}

const recent = (venue: OpenVenue, since: ReturnType<typeof later>) =>
  listOrders(venue.http, {
    product: null,
    since,
    openOnly: false,
    pace: "read",
    enough: () => true,
  });

/** What the newest orders are by themselves and on the account stream, against the list. */
async function differences(
  { seen }: Ward,
  { http }: OpenVenue,
  listed: readonly OrderWire[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const row of listed.slice(0, COMPARED)) {
    const single = await getOrder(http, venueOrderId(row.orderId));
    if (single.ok && single.value.status !== row.status) {
      found.push(
        `order ${row.orderId}: the list says ${row.status}, itself ${single.value.status}`,
      );
    }
  }
  const told = seen.visits.filter(({ endpoint }) => endpoint === "user").at(-1)?.orders ?? null;
  for (const [id, status] of told ?? []) {
    const row = listed.find(({ orderId }) => orderId === id);
    if (row !== undefined && RESTING.has(status) && !RESTING.has(row.status)) {
      found.push(`order ${id}: the account stream says ${status}, the list ${row.status}`);
    }
  }
  return found;
}

export async function lookAtFills(ward: Ward): Promise<Finding> {
  const { venue } = ward;
  if (venue === null) return NO_VENUE;
  const search = { products: [], order: null, since: null, most: NEWEST_FILLS };
  const read = await listFills(venue.http, search);
  if (!read.ok) return explain(read.error, circumstances(ward, venue));
  const count = read.value.length;
  return pass(count === 0 ? "no fills yet" : `the newest ${count} fills can be read`);
}
