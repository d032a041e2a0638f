/** The verb `fills`: the newest executions of the portfolio, one a line or as JSON. */
import { listFills } from "../adapters/coinbase/rest/list-fills.ts";
import { productId } from "../core/kernel/ids.ts";
import { UsageError } from "./flags.ts";
import { flagsOf, looking, needsKey, noWords, orRefuse, SHELL, told, wholeNumber } from "./look.ts";

const FLAGS = {
  profile: { type: "string" },
  product: { type: "string" },
  most: { type: "string" },
  json: { type: "boolean" },
} as const;
const USUAL = "20";
const MOST = 1000;

export const fills = (args: readonly string[], shell = SHELL): Promise<number> =>
  told("fills", shell, async () => {
    const { values, positionals } = flagsOf(args, FLAGS);
    noWords(positionals, "give a product as --product BTC-USD");
    const products = values.product === undefined ? [] : [productOf(values.product, "--product")];
    const most = wholeNumber("--most", values.most ?? USUAL, MOST);
    return looking(shell, values.profile, async (look) => {
      needsKey(look);
      const search = { products, order: null, since: null, most };
      const rows = orRefuse(await listFills(look.calls.http, search), "the fills");
      if (values.json) look.say(`${JSON.stringify(rows, null, 2)}\n`);
      else if (rows.length === 0) look.say("no fills\n");
      else for (const row of rows) look.say(`${lineOf(row)}\n`);
      return 0;
    });
  });

type Fill = Extract<Awaited<ReturnType<typeof listFills>>, { readonly ok: true }>["value"][number];

/** The size is base, or quote where the venue says so. */
function lineOf(fill: Fill): string {
  const { trade_time, side, product_id, price, size, size_in_quote, commission } = fill;
  const [base, quote] = product_id.split("-");
  const kind =
    fill.liquidity_indicator === null ? "" : ` ${fill.liquidity_indicator.toLowerCase()}`;
  return `${trade_time} ${side} ${size} ${size_in_quote ? quote : base} of ${product_id} at ${price}, fee ${commission} ${quote}${kind}, order ${fill.order_id}`;
}

/** @throws UsageError. `flag`: what it stood after, if anything. */
export function productOf(text: string, flag = "") {
  try {
    return productId(text.toUpperCase());
  } catch {
    const what = flag === "" ? "a product" : flag;
    throw new UsageError(`${what} cannot be "${text}"; write it as BTC-USD`);
  }
}
