/** Routes that change one kind of dollar into another: a quote first, then its commit moves money. */
// Accounts are currency codes here. A quote that is not committed runs out and harms nobody.
import { type Quote, quote } from "../../core/kernel/money.ts";
import { invalidArgument, notFound } from "../errors.ts";
import { isRecord } from "../matching/new-order.ts";
import { uuid } from "../names.ts";
import type { Route } from "../route.ts";
import { type Conversion, conversionBody, refusedConversion } from "../serialise/conversion.ts";
import type { Venue } from "../venue.ts";

const PAIRS: readonly (readonly [string, string])[] = [
  ["USDC", "USD"],
  ["PYUSD", "USD"],
  ["EURC", "EUR"],
  ["PYUSD", "USDC"],
];
const QUOTE_LIVES_MS = 600_000;
const MOST_QUOTES = 1000;

interface Kept extends Conversion {
  readonly at: number;
}

type Book = Map<string, Kept>;

export function convertRoutes(venue: Venue): readonly Route[] {
  const book: Book = new Map();
  return [
    {
      method: "POST",
      pattern: "/convert/quote",
      needs: "trade",
      handle: ({ body }) => ({ trade: quoted(venue, book, body) }),
    },
    {
      method: "POST",
      pattern: "/convert/trade/{trade_id}",
      needs: "trade",
      handle: ({ path, body }) => ({ trade: commit(venue, book, path.get("trade_id"), body) }),
    },
    {
      method: "GET",
      pattern: "/convert/trade/{trade_id}",
      needs: "view",
      handle: ({ path, query }) => {
        const accounts = {
          from_account: query.get("from_account"),
          to_account: query.get("to_account"),
        };
        return { trade: conversionBody(kept(book, path.get("trade_id"), pairOf(venue, accounts))) };
      },
    },
  ];
}

interface Pair {
  readonly from: string;
  readonly to: string;
}

function pairOf({ ledger }: Venue, body: unknown): Pair {
  const { from_account: from, to_account: to } = isRecord(body) ? body : {};
  const known = PAIRS.some(([a, b]) => (a === from && b === to) || (b === from && a === to));
  if (typeof from !== "string" || typeof to !== "string" || !known || !ledger.balances.has(from)) {
    throw invalidArgument("Unsupported account in this conversion");
  }
  return { from, to };
}

function quoted(venue: Venue, book: Book, body: unknown): unknown {
  const { from, to } = pairOf(venue, body);
  const amount = amountOf(isRecord(body) ? body["amount"] : "");
  const { ledger, clock, settings } = venue;
  if (amount > ledger.available(from)) return refusedConversion(ledger.available(from));
  if (book.size >= MOST_QUOTES) book.clear();
  const id = uuid(`${settings.seed}|conversion|${clock.now()}|${book.size}|${from}|${amount}`);
  const conversion = { id, from, to, amount, at: clock.now(), state: "quoted" as const };
  book.set(id, conversion);
  return conversionBody(conversion);
}

function amountOf(text: unknown): Quote {
  const wrong = invalidArgument("amount must be a number above zero, as a text");
  if (typeof text !== "string" || !/^\d*\.?\d{1,6}$/.test(text)) throw wrong;
  const amount = quote(text);
  if (amount <= 0n) throw wrong;
  return amount;
}

function kept(book: Book, id: string | undefined, { from, to }: Pair): Kept {
  const conversion = book.get(id ?? "");
  if (conversion === undefined) throw notFound("trade not found");
  if (conversion.from !== from || conversion.to !== to) {
    throw invalidArgument("Unsupported account in this conversion");
  }
  return conversion;
}

/** Committing twice moves the money once. */
function commit(venue: Venue, book: Book, id: string | undefined, body: unknown): unknown {
  const { ledger, clock } = venue;
  const conversion = kept(book, id, pairOf(venue, body));
  if (conversion.state !== "quoted") return conversionBody(conversion);
  const { from, to, amount } = conversion;
  const late = clock.now() - conversion.at > QUOTE_LIVES_MS;
  const moves = !late && amount <= ledger.available(from);
  if (moves) ledger.record({ kind: "converted", from, to, amount });
  book.set(conversion.id, { ...conversion, state: moves ? "completed" : "cancelled" });
  return conversionBody({ ...conversion, state: moves ? "created" : "cancelled" });
}
