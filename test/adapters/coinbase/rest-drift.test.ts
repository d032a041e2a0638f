/** Every field of every REST reply, renamed one at a time: what is relied on is missed, what is not makes no difference. */
// A field that vanishes must never read as no money, no orders or an open door.
import { expect, test } from "vitest";
import { outcome } from "./rest-readers.ts";
import { reply, vectorJson } from "./world.ts";

/** `fault`: no answer at all. `odd`: the row is set aside and counted. `seen`: the value is another. */
type Missed = "fault" | "odd" | "seen";

interface Drift {
  readonly file: string;
  readonly reader: string;
  readonly relied: Readonly<Record<string, Missed>>;
  /** Read, and yet its loss is borne: why. */
  readonly borne: Readonly<Record<string, string>>;
}

const all = (paths: string, missed: Missed): Record<string, Missed> =>
  Object.fromEntries(
    paths
      .trim()
      .split(/\s+/)
      .map((path) => [path, missed]),
  );
const each = (prefix: string, names: string): string =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `${prefix}${name}`)
    .join(" ");

const UP = "trading_disabled is_disabled cancel_only limit_only post_only view_only auction_mode";
const STEPS =
  "product_id base_increment base_min_size base_max_size quote_min_size quote_max_size price_increment quote_increment";
const ORDER = "order_id client_order_id product_id status filled_size total_fees";
/** What a proof needs. Without it an order is read, and stays unproven. */
const PLACED = "side number_of_fills order_configuration";
const LIMITED = "limit_limit_gtc limit_limit_gtc.base_size limit_limit_gtc.limit_price";
const SUM = "market_market_ioc market_market_ioc.quote_size";
const WORDS = "words for people: the order's end is told by its status";
const ORDER_BORNE = {
  filled_value: "average price times size tells the same; without both the row is refused",
  average_filled_price: "filled value tells the same; without both the row is refused",
  pending_cancel: "the status says it too, a moment later",
  reject_reason: WORDS,
  reject_message: WORDS,
  cancel_message: WORDS,
};
const under = (prefix: string, of: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(of).map(([name, why]) => [`${prefix}${name}`, why]));

const DRIFTS: readonly Drift[] = [
  {
    file: "accounts-list.json",
    reader: "accounts",
    relied: {
      ...all("accounts has_next", "fault"),
      ...all(
        each(
          "accounts[].",
          "currency type available_balance available_balance.value hold hold.value",
        ),
        "odd",
      ),
    },
    borne: {
      cursor: "needed only where more pages follow, and a fault there",
      "accounts[].deleted_at": "absent and null are one: not deleted",
      "accounts[].platform": "older replies lack it; the type tells the same of futures wallets",
    },
  },
  {
    file: "product.BTC-USD.json",
    reader: "product",
    relied: { ...all(STEPS, "fault"), ...all(`${UP} status`, "seen") },
    borne: { alias: "most products have none" },
  },
  {
    file: "products-list.json",
    reader: "products",
    relied: {
      ...all(`products ${each("products[].", STEPS)}`, "fault"),
      ...all(each("products[].", `${UP} status`), "seen"),
    },
    borne: { "products[].alias": "most products have none" },
  },
  {
    file: "product-book.json",
    reader: "book",
    relied: all(
      `pricebook ${each("pricebook.", "product_id bids asks bids[].price bids[].size asks[].price asks[].size")}`,
      "fault",
    ),
    borne: {},
  },
  {
    file: "best-bid-ask.json",
    reader: "tops",
    relied: all(
      `pricebooks ${each("pricebooks[].", "product_id bids asks bids[].price bids[].size asks[].price asks[].size")}`,
      "fault",
    ),
    borne: {},
  },
  {
    file: "candles.json",
    reader: "candles",
    relied: all(`candles ${each("candles[].", "start low high open close volume")}`, "fault"),
    borne: {},
  },
  { file: "time.json", reader: "time", relied: all("epochMillis", "fault"), borne: {} },
  {
    file: "transaction-summary.2026.json",
    reader: "fees",
    relied: {
      ...all("fee_tier fee_tier.taker_fee_rate fee_tier.maker_fee_rate", "fault"),
      ...all("fee_tier.pricing_tier", "seen"),
    },
    borne: {},
  },
  {
    file: "key-permissions.json",
    reader: "permissions",
    relied: {
      ...all("can_view can_trade can_transfer", "fault"),
      ...all("portfolio_uuid", "seen"),
    },
    borne: {},
  },
  {
    file: "portfolios-list.json",
    reader: "portfolios",
    relied: {
      ...all("portfolios portfolios[].uuid", "fault"),
      ...all("portfolios[].name portfolios[].type", "seen"),
    },
    borne: { "portfolios[].deleted": "a deleted one would be shown: it cannot be traded in" },
  },
  {
    file: "portfolio-breakdown.json",
    reader: "breakdown",
    relied: {
      ...all(
        `breakdown ${each(
          "breakdown.",
          `portfolio portfolio_balances spot_positions ${[
            "total_balance",
            "total_cash_equivalent_balance",
            "total_crypto_balance",
          ]
            .map(
              (sum) =>
                `portfolio_balances.${sum} ${each(`portfolio_balances.${sum}.`, "value currency")}`,
            )
            .join(" ")}`,
        )}`,
        "fault",
      ),
      ...all(
        each(
          "breakdown.spot_positions[].",
          "asset total_balance_crypto available_to_trade_crypto total_balance_fiat",
        ),
        "fault",
      ),
      ...all("breakdown.portfolio.name", "seen"),
    },
    borne: { "breakdown.spot_positions[].is_cash": "only shown" },
  },
  {
    file: "order.filled-limit.json",
    reader: "order",
    relied: {
      ...all(`order ${each("order.", ORDER)}`, "fault"),
      ...all(`${each("order.", PLACED)} ${each("order.order_configuration.", LIMITED)}`, "seen"),
    },
    borne: under("order.", ORDER_BORNE),
  },
  {
    file: "orders-list.json",
    reader: "orders",
    relied: {
      ...all("orders has_next", "fault"),
      ...all(each("orders[].", ORDER), "odd"),
      ...all(each("orders[].", PLACED), "seen"),
      ...all(each("orders[].order_configuration.", `${LIMITED} ${SUM}`), "seen"),
    },
    borne: {
      cursor: "needed only where more pages follow, and a fault there",
      ...under("orders[].", ORDER_BORNE),
    },
  },
  {
    file: "fills-list.json",
    reader: "fills",
    relied: {
      ...all("fills cursor", "fault"),
      ...all(
        each(
          "fills[].",
          "entry_id order_id product_id side trade_time trade_type price size size_in_quote commission",
        ),
        "fault",
      ),
      ...all("fills[].liquidity_indicator", "seen"),
    },
    borne: {},
  },
  {
    file: "preview-order.json",
    reader: "preview",
    relied: {
      ...all(
        "errs warning order_total commission_total base_size quote_size best_bid best_ask",
        "fault",
      ),
      ...all("est_average_filled_price", "seen"),
    },
    borne: {},
  },
  {
    file: "batch-cancel.json",
    reader: "cancels",
    relied: {
      ...all("results", "fault"),
      ...all("results[].success results[].order_id results[].failure_reason", "seen"),
    },
    borne: {},
  },
];

/** Every key, rows of a list as one: `accounts[].hold.value`. */
function pathsOf(value: unknown, prefix = ""): ReadonlySet<string> {
  if (Array.isArray(value))
    return new Set(value.flatMap((one) => [...pathsOf(one, `${prefix}[]`)]));
  if (value === null || typeof value !== "object") return new Set();
  return new Set(
    Object.entries(value).flatMap(([key, inner]) => {
      const path = prefix === "" ? key : `${prefix}.${key}`;
      return [path, ...pathsOf(inner, path)];
    }),
  );
}

function renamed(value: unknown, target: string, prefix = ""): unknown {
  if (Array.isArray(value)) return value.map((one) => renamed(one, target, `${prefix}[]`));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const path = prefix === "" ? key : `${prefix}.${key}`;
      return [path === target ? `${key}_v2` : key, renamed(inner, target, path)];
    }),
  );
}

async function missed(drift: Drift, body: unknown, whole: string): Promise<Missed | "not at all"> {
  const read = JSON.stringify(await outcome(drift.reader, Array(5).fill(reply(200, body))));
  if (read.startsWith('{"fault"')) return "fault";
  if (/"odd":[1-9]/.test(read)) return "odd";
  return read === whole ? "not at all" : "seen";
}

test.each(DRIFTS.map((drift) => [drift.file, drift] as const))(
  "each field of %s that is relied on is missed under another name",
  async (file, drift) => {
    const body = vectorJson(`rest/${file}`);
    const whole = JSON.stringify(await outcome(drift.reader, [reply(200, body)]));
    expect(whole.startsWith('{"fault"')).toBe(false);
    const noticed: Record<string, string> = {};
    for (const path of pathsOf(body)) {
      if (path in drift.borne) continue;
      const how = await missed(drift, renamed(body, path), whole);
      if (how !== "not at all") noticed[path] = how;
    }
    expect(noticed).toEqual(drift.relied);
    for (const path of Object.keys(drift.borne)) {
      expect([path, await missed(drift, renamed(body, path), whole)]).not.toEqual([path, "fault"]);
    }
  },
);

test("an order that says it filled, and neither for how much nor at what price, is refused", async () => {
  const body = renamed(
    renamed(vectorJson("rest/order.filled-limit.json"), "order.filled_value"),
    "order.average_filled_price",
  );
  expect(await outcome("order", [reply(200, body)])).toEqual({
    fault: "what the execution was worth is not told",
  });
});

test("more pages without a cursor are a fault, in every list that has pages", async () => {
  for (const [reader, file] of [
    ["accounts", "accounts-list-page1.json"],
    ["orders", "orders-list-page1.json"],
  ] as const) {
    const body = renamed(vectorJson(`rest/${file}`), "cursor");
    expect(await outcome(reader, [reply(200, body)])).toEqual({ fault: "shape" });
  }
});
