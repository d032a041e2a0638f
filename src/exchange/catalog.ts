/** The products on offer, their increments and bounds, and which book each trades in. */
// It holds no prices.
import { baseOf, type ProductId, productId, quoteOf } from "../core/kernel/ids.ts";
import { type Price, price, type Quote, quote, type Size, size } from "../core/kernel/money.ts";

/** Switches of a product; tests turn them to halt trading. */
export interface ProductFlags {
  is_disabled: boolean;
  cancel_only: boolean;
  limit_only: boolean;
  post_only: boolean;
  trading_disabled: boolean;
  auction_mode: boolean;
  view_only: boolean;
  /** `online`, or a word that says why not. */
  status: string;
}

export interface Product {
  readonly id: ProductId;
  /** The product whose book it trades in: itself, or the `-USD` twin of a `-USDC` product. */
  readonly book: ProductId;
  readonly base: string;
  readonly quote: string;
  readonly baseName: string;
  readonly quoteName: string;
  readonly priceStep: Price;
  readonly baseStep: Size;
  readonly quoteStep: Quote;
  readonly baseMin: Size;
  readonly baseMax: Size;
  readonly quoteMin: Quote;
  readonly quoteMax: Quote;
  readonly flags: ProductFlags;
}

export type Catalog = ReadonlyMap<string, Product>;

const NAMES: Readonly<Record<string, string>> = {
  BTC: "Bitcoin",
  ETH: "Ethereum",
  USD: "US Dollar",
  USDC: "USDC",
};
const LARGEST: Readonly<Record<string, string>> = { BTC: "3400", ETH: "42000" };

/** Every product this exchange can offer. */
export const OFFERED: readonly string[] = ["BTC-USD", "ETH-USD", "BTC-USDC", "ETH-USDC"];

function product(id: ProductId): Product {
  const base = baseOf(id);
  return {
    id,
    book: productId(`${base}-USD`),
    base,
    quote: quoteOf(id),
    baseName: NAMES[base] ?? base,
    quoteName: NAMES[quoteOf(id)] ?? quoteOf(id),
    priceStep: price("0.01"),
    baseStep: size("0.00000001"),
    quoteStep: quote("0.01"),
    baseMin: size("0.00000001"),
    baseMax: size(LARGEST[base] ?? "100000"),
    quoteMin: quote("1"),
    quoteMax: quote("150000000"),
    flags: {
      is_disabled: false,
      cancel_only: false,
      limit_only: false,
      post_only: false,
      trading_disabled: false,
      auction_mode: false,
      view_only: false,
      status: "online",
    },
  };
}

/**
 * @throws RangeError naming a product that is not offered, or a `-USDC` product whose `-USD` book
 * is left out.
 */
export function catalog(ids: readonly string[]): Catalog {
  const products = new Map<string, Product>();
  for (const id of ids) {
    if (!OFFERED.includes(id)) {
      throw new RangeError(`product ${id} is not offered; choose among ${OFFERED.join(", ")}`);
    }
    products.set(id, product(productId(id)));
  }
  for (const { id, book } of products.values()) {
    if (!products.has(book)) throw new RangeError(`product ${id} needs ${book} beside it`);
  }
  if (products.size === 0) throw new RangeError("at least one product is offered");
  return products;
}

/** The products that have a book of their own. */
export const books = (of: Catalog): readonly Product[] =>
  [...of.values()].filter((each) => each.book === each.id);
