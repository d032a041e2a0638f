/** The verb `products`: how many products the venue offers, and which; or one product with its prices. */
import { bestBidAsk } from "../adapters/coinbase/rest/best-bid-ask.ts";
import { catalogue } from "../adapters/coinbase/rest/catalogue.ts";
import { product as readProduct } from "../adapters/coinbase/rest/product.ts";
import { productBook } from "../adapters/coinbase/rest/product-book.ts";
import type { ProductFields } from "../adapters/coinbase/rest/product-row.ts";
import type { ProductId } from "../core/kernel/ids.ts";
import { productOf } from "./fills.ts";
import { UsageError } from "./flags.ts";
import { flagsOf, type Look, looking, orRefuse, SHELL, told, wholeNumber } from "./look.ts";

const FLAGS = {
  profile: { type: "string" },
  quote: { type: "string" },
  all: { type: "boolean" },
  book: { type: "string" },
} as const;
const FIRST = 2;
const MOST_LEVELS = 100;

export const products = (args: readonly string[], shell = SHELL): Promise<number> =>
  told("products", shell, async () => {
    const { values, positionals } = flagsOf(args, FLAGS);
    const quote = values.quote?.toUpperCase() ?? null;
    const wanted = positionals.map((word) => productOf(word));
    const [here, there] =
      wanted.length === 0 ? [["book"], "a product"] : [["quote", "all"], "the list"];
    const idle = here.find((flag) => flag in values);
    if (idle !== undefined) {
      throw new UsageError(
        `--${idle} is for ${there}: npm run claudbot -- products BTC-USD --book 10, or … products --quote USD --all`,
      );
    }
    const levels = values.book === undefined ? 0 : wholeNumber("--book", values.book, MOST_LEVELS);
    return looking(shell, values.profile, async (look) => {
      if (wanted.length === 0) await list(look, quote, values.all ?? false);
      else for (const id of wanted) await one(look, id, levels);
      return 0;
    });
  });

async function list({ calls, say }: Look, quote: string | null, all: boolean): Promise<void> {
  const rows = orRefuse(await catalogue(calls.http, calls.access), "the products");
  const wanted = rows.filter(({ id }) => quote === null || id.endsWith(`-${quote}`));
  say(`${wanted.length} products${quote === null ? "" : ` quoted in ${quote}`}\n`);
  for (const row of all ? wanted : wanted.slice(0, FIRST)) say(`${lineOf(row.id, row)}\n`);
}

const lineOf = (id: string, of: ProductFields): string =>
  `${id}  ${of.closed ?? of.only ?? "open"}, price step ${of.priceStep ?? of.quoteStep ?? "?"}, size step ${of.sizeStep ?? "?"}, from ${of.minNotional ?? "?"}`;

/** Best bid and ask are told to keys only; without one the book's first level says the same, a second late. */
async function one({ calls, say }: Look, id: ProductId, levels: number): Promise<void> {
  const { http, access } = calls;
  say(`${lineOf(id, orRefuse(await readProduct(http, id, access), id))}\n`);
  if (levels === 0 && access === "signed") {
    const top = orRefuse(await bestBidAsk(http, [id]), "the best bid and ask").get(id);
    if (top) say(`bid ${shown(top.bid)}, ask ${shown(top.ask)}\n`);
    return;
  }
  const asked = { product: id, levels: Math.max(1, levels), access };
  const book = orRefuse(await productBook(http, asked), "the book");
  for (const level of [...book.asks].reverse()) say(`ask ${shown(level)}\n`);
  for (const level of book.bids) say(`bid ${shown(level)}\n`);
}

const shown = (level: { readonly price: string; readonly size: string } | null): string =>
  level === null ? "none" : `${level.price} x ${level.size}`;
