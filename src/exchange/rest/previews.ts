/** Routes that say what an order or an edit would do, and the one that edits. */
// Previews change nothing and promise nothing; wrong figures are told in the body, with HTTP 200.
import {
  floorTo,
  minus,
  NO_QUOTE,
  notional,
  type Price,
  plus,
  priceOf,
  type Quote,
  ratio,
  type Size,
  times,
} from "../../core/kernel/money.ts";
import type { Side } from "../ledger-events.ts";
import type { Book } from "../market/synthetic-book.ts";
import type { EditRefusal } from "../matching/edit.ts";
import { type NewFigures, type NewOrder, readEdit, readNewOrder } from "../matching/new-order.ts";
import { previewName } from "../matching/refusal.ts";
import { opposite, type Plan, walk } from "../matching/walk.ts";
import { uuid } from "../names.ts";
import type { Route } from "../route.ts";
import {
  type Estimate,
  editPreviewBody,
  failedPreviewBody,
  NOTHING,
  previewBody,
} from "../serialise/preview.ts";
import type { Venue } from "../venue.ts";

export const previewRoutes = (venue: Venue): readonly Route[] => [
  {
    method: "POST",
    pattern: "/orders/preview",
    needs: "view",
    handle: ({ body }) => preview(venue, readNewOrder(body)),
  },
  {
    method: "POST",
    pattern: "/orders/edit",
    needs: "trade",
    handle: ({ body }) => {
      const { orderId, figures } = readEdit(body);
      return editReply(venue, venue.engine.edit(orderId, figures));
    },
  },
  {
    method: "POST",
    pattern: "/orders/edit_preview",
    needs: "view",
    handle: ({ body }) => {
      const { orderId, figures } = readEdit(body);
      return editPreview(venue, orderId, figures);
    },
  },
];

const EMPTY: Book = { bids: [], asks: [] };

function preview(venue: Venue, request: NewOrder): unknown {
  const { engine, catalog, market, settings, clock } = venue;
  const product = catalog.get(request.productId);
  const book = product === undefined ? EMPTY : market.book(product.book);
  const checked = engine.judge(request);
  if ("error" in checked) return failedPreviewBody([previewName(checked)], book);
  const { draft } = checked;
  const inParts = draft.slices !== null && draft.net !== null;
  const plan = inParts ? { ...checked.plan, value: draft.net, whole: true } : checked.plan;
  const estimate = estimateOf(venue, {
    side: request.side,
    book,
    plan,
    limit: draft.limitPrice,
    left: draft.baseSize === null ? null : minus(draft.baseSize, plan.size),
    whole: draft.quoteSize,
  });
  const previewId = uuid(`${settings.seed}|preview|${clock.now()}|${JSON.stringify(request)}`);
  return previewBody(estimate, { book, previewId, slices: draft.slices });
}

interface Wanted {
  readonly side: Side;
  readonly book: Book;
  readonly plan: Plan;
  readonly limit: Price | null;
  /** Base that would rest; null for an order sized in quote currency. */
  readonly left: Size | null;
  /** The quote size, commission included. */
  readonly whole: Quote | null;
}

/** What trades at once pays as taker, what rests would pay as maker. */
function estimateOf({ engine }: Venue, wanted: Wanted): Estimate {
  const { side, book, plan, limit, left, whole } = wanted;
  const { taker, maker } = engine.tier();
  const resting = left === null || limit === null ? NO_QUOTE : notional(limit, left);
  const value = plus(plan.value, resting);
  const spent = whole !== null && plan.whole;
  const fees = spent
    ? minus(whole, plan.value)
    : plus(times(plan.value, taker), times(resting, maker));
  const average = plan.size === 0n ? null : priceOf(plan.value, plan.size);
  const best = opposite(book, side)[0]?.price;
  const away = average === null || best === undefined ? 0n : average - best;
  const slippage = best === undefined ? 0n : ratio((away < 0n ? -away : away) as Price, best);
  return {
    total: side === "BUY" ? plus(value, fees) : minus(value, fees),
    fees,
    value,
    size: plus(plan.size, limit === null || left === null ? (0n as Size) : left),
    average: average === null ? null : floorTo(average, 100n as Price),
    slippage,
  };
}

const reasonOf = ({ failure, preview }: EditRefusal): Record<string, string> => ({
  edit_failure_reason: failure,
  ...(preview === "" ? {} : { preview_failure_reason: preview }),
});

const NIL_REASONS = {
  edit_failure_reason: "UNKNOWN_EDIT_ORDER_FAILURE_REASON",
  preview_failure_reason: "UNKNOWN_PREVIEW_FAILURE_REASON",
};

/** `errors` is a list, or an object where the doubt is settled so. */
function editReply({ settings }: Venue, refusal: EditRefusal | null): unknown {
  const reason = refusal === null ? null : reasonOf(refusal);
  const errors =
    settings.doubts.editErrors === "object"
      ? { ...NIL_REASONS, ...reason }
      : reason === null
        ? []
        : [reason];
  return { success: refusal === null, errors };
}

function editPreview(venue: Venue, orderId: string, figures: NewFigures): unknown {
  const { engine, ledger, market, catalog } = venue;
  const order = ledger.orders.get(orderId);
  const product = catalog.get(order?.productId ?? "");
  const book = product === undefined ? EMPTY : market.book(product.book);
  const edited = engine.judgeEdit(orderId, figures);
  if ("failure" in edited || order === undefined) {
    const errors = "failure" in edited ? [reasonOf(edited)] : [];
    return editPreviewBody(NOTHING, { book, errors });
  }
  const size = minus(edited.size, order.filledSize);
  const waits = order.stop !== null && !order.type.startsWith("trigger_bracket");
  const wish = { side: order.side, size, net: null, limit: edited.price };
  const plan = walk(waits ? EMPTY : book, wish);
  const left = minus(size, plan.size);
  const given = { side: order.side, book, plan, left, limit: edited.price, whole: null };
  return editPreviewBody(estimateOf(venue, given), { book, errors: [] });
}
