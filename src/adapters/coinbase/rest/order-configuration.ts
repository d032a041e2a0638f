/** Builds the `order_configuration` of every spot order that is documented, exact to the last place. */
// coinbase.md §6.2. Types keep most mistakes out; what they cannot see is refused here, before anything is sent.
import { decimal, type Price, type Quote, type Size } from "../../../core/kernel/money.ts";
import { type Instant, iso } from "../../../core/kernel/time.ts";

/** Exactly one of them: base bought or sold, or quote spent or earned. */
interface Sized {
  readonly base?: Size;
  readonly quote?: Quote;
}
interface Stop {
  readonly base: Size;
  readonly limit: Price;
  readonly stop: Price;
  /** The side from which the last trade's price must come to the stop. */
  readonly direction: "up" | "down";
}
interface Bracket {
  readonly base: Size;
  /** Where the profit is taken. */
  readonly limit: Price;
  /** Where the stop begins; its leg is a limit 5 % beyond. */
  readonly stopTrigger: Price;
}

/** Named as on the wire. Prices are quote per base. */
export type OrderConfiguration =
  | (Sized & { readonly type: "market_market_ioc" | "market_market_fok" })
  | (Sized & { readonly type: "sor_limit_ioc" | "limit_limit_fok"; readonly limit: Price })
  | (Sized & {
      readonly type: "limit_limit_gtc";
      readonly limit: Price;
      readonly postOnly: boolean;
    })
  | (Sized & {
      readonly type: "limit_limit_gtd";
      readonly limit: Price;
      readonly postOnly: boolean;
      readonly end: Instant;
    })
  | (Stop & { readonly type: "stop_limit_stop_limit_gtc" })
  | (Stop & { readonly type: "stop_limit_stop_limit_gtd"; readonly end: Instant })
  | (Bracket & { readonly type: "trigger_bracket_gtc" })
  | (Bracket & { readonly type: "trigger_bracket_gtd"; readonly end: Instant })
  | (Sized & {
      readonly type: "twap_limit_gtd";
      readonly limit: Price;
      readonly start: Instant;
      readonly end: Instant;
      readonly buckets: number;
      /** Whole seconds. */
      readonly bucketMs: number;
    });

type Body = Readonly<Record<string, string | boolean>>;

/** @throws RangeError naming the order's type, the field and what it must be */
export function orderConfiguration(of: OrderConfiguration): Readonly<Record<string, Body>> {
  return { [of.type]: body(of) };
}

function body(of: OrderConfiguration): Body {
  const refuse = (field: string, must: string): never => {
    throw new RangeError(`${of.type}: ${field} ${must}`);
  };
  const positive = (field: string, amount: bigint | undefined): string => {
    if (amount === undefined) return refuse(field, "is missing");
    return amount > 0n ? decimal(amount) : refuse(field, "must be above zero");
  };
  const until = (end: Instant | undefined): { end_time: string } =>
    end === undefined ? refuse("end_time", "is missing") : { end_time: seconds(end) };
  switch (of.type) {
    case "market_market_ioc":
    case "market_market_fok":
      return sized(of, positive, refuse);
    case "sor_limit_ioc":
    case "limit_limit_fok":
      return { ...sized(of, positive, refuse), limit_price: positive("limit_price", of.limit) };
    case "limit_limit_gtc":
    case "limit_limit_gtd":
      return {
        ...sized(of, positive, refuse),
        limit_price: positive("limit_price", of.limit),
        ...(of.type === "limit_limit_gtd" ? until(of.end) : {}),
        post_only: of.postOnly,
      };
    case "stop_limit_stop_limit_gtc":
    case "stop_limit_stop_limit_gtd":
      return {
        base_size: positive("base_size", of.base),
        limit_price: positive("limit_price", of.limit),
        stop_price: positive("stop_price", of.stop),
        ...(of.type === "stop_limit_stop_limit_gtd" ? until(of.end) : {}),
        stop_direction: DIRECTION[of.direction] ?? refuse("stop_direction", "must be up or down"),
      };
    case "trigger_bracket_gtc":
    case "trigger_bracket_gtd":
      if (of.limit === of.stopTrigger) {
        refuse("stop_trigger_price", "must not be the limit_price: one takes profit, one stops");
      }
      return {
        base_size: positive("base_size", of.base),
        limit_price: positive("limit_price", of.limit),
        stop_trigger_price: positive("stop_trigger_price", of.stopTrigger),
        ...(of.type === "trigger_bracket_gtd" ? until(of.end) : {}),
      };
    case "twap_limit_gtd":
      return twap(of, positive, refuse);
  }
}

const DIRECTION: Readonly<Record<string, string>> = {
  up: "STOP_DIRECTION_STOP_UP",
  down: "STOP_DIRECTION_STOP_DOWN",
};

type Positive = (field: string, amount: bigint | undefined) => string;
type Refuse = (field: string, must: string) => never;

function sized({ base, quote }: Sized, positive: Positive, refuse: Refuse): Body {
  if (base !== undefined && quote !== undefined) {
    return refuse("base_size and quote_size", "exclude each other: give one");
  }
  if (quote !== undefined) return { quote_size: positive("quote_size", quote) };
  return base === undefined
    ? refuse("base_size or quote_size", "is missing: give one")
    : { base_size: positive("base_size", base) };
}

function twap(
  of: Extract<OrderConfiguration, { type: "twap_limit_gtd" }>,
  positive: Positive,
  refuse: Refuse,
): Body {
  const { start, end, buckets, bucketMs } = of;
  if (start === undefined) return refuse("start_time", "is missing");
  if (end === undefined) return refuse("end_time", "is missing");
  if (end <= start) return refuse("end_time", "must be after start_time");
  if (!Number.isInteger(buckets) || buckets < 1) {
    return refuse("number_buckets", "must be a whole number from 1");
  }
  if (!Number.isInteger(bucketMs / 1000) || bucketMs < 1000) {
    return refuse("bucket_duration", "must be whole seconds from 1");
  }
  const size = sized(of, positive, refuse);
  const whole = of.base ?? of.quote ?? 0n;
  return {
    ...size,
    start_time: seconds(start),
    end_time: seconds(end),
    limit_price: positive("limit_price", of.limit),
    number_buckets: String(buckets),
    bucket_size: decimal(whole / BigInt(buckets)),
    bucket_duration: `${bucketMs / 1000}s`,
  };
}

/** RFC 3339, without a fraction when there is none. */
const seconds = (at: Instant): string => iso(at).replace(/\.000Z$/, "Z");
