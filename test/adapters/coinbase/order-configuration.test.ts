/** Every documented spot order as it goes over the wire, and what is refused before anything is sent. */
import { expect, test } from "vitest";
import {
  type OrderConfiguration,
  orderConfiguration,
} from "../../../src/adapters/coinbase/rest/order-configuration.ts";
import { price, quote, size } from "../../../src/core/kernel/money.ts";
import { instant } from "../../../src/core/kernel/time.ts";
import { vectorJson } from "./world.ts";

const at = (text: string) => instant(Date.parse(text));
const base = size("0.01");
const limit = price("69000.00");
const TWAP = {
  type: "twap_limit_gtd",
  base: size("1"),
  limit,
  start: at("2026-09-07T00:00:00Z"),
  end: at("2026-09-07T01:00:00Z"),
  buckets: 8,
  bucketMs: 450_000,
} as const;

/** The vectors keep trailing zeros, which mean nothing. */
const trimmed = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, inner) =>
    typeof inner === "string" && /^\d+\.\d*0$/.test(inner)
      ? inner.replace(/0+$/, "").replace(/\.$/, "")
      : inner,
  );

test.each<[string, OrderConfiguration]>([
  [
    "request.create-limit-gtc.json",
    { type: "limit_limit_gtc", base, limit: price("60000"), postOnly: true },
  ],
  ["request.create-limit-fok.json", { type: "limit_limit_fok", base, limit }],
  [
    "request.create-limit-gtd.json",
    {
      type: "limit_limit_gtd",
      base,
      limit: price("58000"),
      postOnly: false,
      end: at("2026-09-08T00:00:00Z"),
    },
  ],
  ["request.create-sor-limit-ioc.json", { type: "sor_limit_ioc", base, limit }],
  ["request.create-market-quote.json", { type: "market_market_ioc", quote: quote("50") }],
  ["request.preview-order.json", { type: "market_market_ioc", quote: quote("50") }],
  [
    "request.create-stop-limit-gtc.json",
    {
      type: "stop_limit_stop_limit_gtc",
      base,
      limit: price("58000"),
      stop: price("58500"),
      direction: "down",
    },
  ],
  [
    "request.create-bracket-gtc.json",
    {
      type: "trigger_bracket_gtc",
      base,
      limit: price("75000"),
      stopTrigger: price("58000"),
    },
  ],
])("%s is what we send", (file, configuration) => {
  expect(orderConfiguration(configuration)).toEqual(
    trimmed(vectorJson(`rest/${file}`).order_configuration),
  );
});

test("the configurations without a captured request are as documented", () => {
  const end = at("2026-09-08T00:00:00.250Z");
  expect(orderConfiguration({ type: "market_market_fok", base })).toEqual({
    market_market_fok: { base_size: "0.01" },
  });
  expect(
    orderConfiguration({
      type: "stop_limit_stop_limit_gtd",
      base,
      limit,
      stop: price("68000"),
      direction: "up",
      end,
    }),
  ).toEqual({
    stop_limit_stop_limit_gtd: {
      base_size: "0.01",
      limit_price: "69000",
      stop_price: "68000",
      end_time: "2026-09-08T00:00:00.250Z",
      stop_direction: "STOP_DIRECTION_STOP_UP",
    },
  });
  expect(
    orderConfiguration({ type: "trigger_bracket_gtd", base, limit, stopTrigger: price("1"), end }),
  ).toEqual({
    trigger_bracket_gtd: {
      base_size: "0.01",
      limit_price: "69000",
      stop_trigger_price: "1",
      end_time: "2026-09-08T00:00:00.250Z",
    },
  });
  expect(orderConfiguration(TWAP)).toEqual({
    twap_limit_gtd: {
      base_size: "1",
      start_time: "2026-09-07T00:00:00Z",
      end_time: "2026-09-07T01:00:00Z",
      limit_price: "69000",
      number_buckets: "8",
      bucket_size: "0.125",
      bucket_duration: "450s",
    },
  });
});

test("amounts go out exact to the last place", () => {
  const fine = { type: "sor_limit_ioc", base: size("0.000000000000000001"), limit } as const;
  expect(orderConfiguration(fine)).toEqual({
    sor_limit_ioc: { base_size: "0.000000000000000001", limit_price: "69000" },
  });
});

const gtc = { type: "limit_limit_gtc", base, limit, postOnly: false };
const stop = {
  type: "stop_limit_stop_limit_gtc",
  base,
  limit,
  stop: limit,
  direction: "up",
};
const bracket = { type: "trigger_bracket_gtc", base, limit, stopTrigger: price("1") };
const without = (whole: object, field: string) => ({ ...whole, [field]: undefined });

test.each<[string, object]>([
  ["market_market_ioc: base_size or quote_size is missing", { type: "market_market_ioc" }],
  [
    "market_market_ioc: base_size and quote_size exclude each other",
    { type: "market_market_ioc", base, quote: quote("1") },
  ],
  [
    "market_market_fok: quote_size must be above zero",
    { type: "market_market_fok", quote: quote("0") },
  ],
  ["sor_limit_ioc: limit_price is missing", { type: "sor_limit_ioc", base }],
  [
    "limit_limit_fok: limit_price must be above zero",
    { type: "limit_limit_fok", base, limit: price("-1") },
  ],
  ["limit_limit_gtc: base_size or quote_size is missing", without(gtc, "base")],
  ["limit_limit_gtc: limit_price is missing", without(gtc, "limit")],
  ["limit_limit_gtd: end_time is missing", { ...gtc, type: "limit_limit_gtd" }],
  ["stop_limit_stop_limit_gtc: base_size is missing", without(stop, "base")],
  ["stop_limit_stop_limit_gtc: stop_price is missing", without(stop, "stop")],
  ["stop_limit_stop_limit_gtc: stop_direction must be up or down", without(stop, "direction")],
  [
    "stop_limit_stop_limit_gtd: end_time is missing",
    { ...stop, type: "stop_limit_stop_limit_gtd" },
  ],
  ["trigger_bracket_gtc: stop_trigger_price is missing", without(bracket, "stopTrigger")],
  [
    "trigger_bracket_gtc: stop_trigger_price must not be the limit_price",
    { ...bracket, stopTrigger: limit },
  ],
  ["trigger_bracket_gtd: end_time is missing", { ...bracket, type: "trigger_bracket_gtd" }],
  ["twap_limit_gtd: start_time is missing", without(TWAP, "start")],
  ["twap_limit_gtd: end_time is missing", without(TWAP, "end")],
  ["twap_limit_gtd: end_time must be after start_time", { ...TWAP, end: TWAP.start }],
  ["twap_limit_gtd: number_buckets must be a whole number", { ...TWAP, buckets: 1.5 }],
  ["twap_limit_gtd: bucket_duration must be whole seconds", { ...TWAP, bucketMs: 1500 }],
  ["twap_limit_gtd: base_size or quote_size is missing", without(TWAP, "base")],
])("refused before it is sent: %s", (message, configuration) => {
  const asked = configuration as OrderConfiguration;
  expect(() => orderConfiguration(asked)).toThrow(RangeError);
  expect(() => orderConfiguration(asked)).toThrow(message);
});
