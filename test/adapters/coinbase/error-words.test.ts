/** The venue's words for people: all that are documented have a meaning, and no word is lost. */
import { expect, test } from "vitest";
import {
  explained,
  explainStatus,
  explainWord,
} from "../../../src/adapters/coinbase/error-words.ts";
import { NEW_ORDER_FAILURE_REASONS, PREVIEW_FAILURE_REASONS } from "./failure-reasons.ts";

const ALL = [...NEW_ORDER_FAILURE_REASONS, ...PREVIEW_FAILURE_REASONS];

test("the lists are the documented ones", () => {
  expect([NEW_ORDER_FAILURE_REASONS.length, PREVIEW_FAILURE_REASONS.length]).toEqual([123, 62]);
  expect(new Set(ALL).size).toBe(ALL.length);
});

test("every documented reason is explained, but for the two that say that there is none", () => {
  const unexplained = ALL.filter((word) => explainWord(word).class === "unknown");
  expect(unexplained).toEqual(["UNKNOWN_FAILURE_REASON", "UNKNOWN_PREVIEW_FAILURE_REASON"]);
});

test("an explanation is one short line of what it means and one of what to do", () => {
  for (const word of [...ALL, "HTTP_429", "HTTP_500", "SOMETHING_NEW"]) {
    const { means, todo } = explainWord(word);
    for (const line of [means, todo]) {
      expect(line).toMatch(/^[a-z][^\n]{8,120}[^.\s]$/);
    }
  }
});

test.each([
  ["INSUFFICIENT_FUND", "funds", true],
  ["INSUFFICIENT_FUNDS", "funds", true],
  ["PREVIEW_INSUFFICIENT_FUND", "funds", true],
  ["HOLD_FAILURE", "funds", false],
  ["INVALID_PRICE_PRECISION", "precision", true],
  ["PREVIEW_INVALID_QUOTE_SIZE_PRECISION", "precision", true],
  ["PREVIEW_INVALID_BASE_SIZE_TOO_LARGE", "size", true],
  ["PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL", "size", true],
  ["INVALID_LIMIT_PRICE_POST_ONLY", "price", true],
  ["PREVIEW_STOP_PRICE_ABOVE_LAST_TRADE_PRICE", "price", true],
  ["LIMIT_ORDER_PRICE_EXCEEDS_PRICE_BAND_ON_BUY", "price", false],
  ["UNSUPPORTED_ORDER_CONFIGURATION", "order", true],
  ["RFQ_VENUE_REJECTED", "order", true],
  ["GEOFENCING_RESTRICTION", "region", true],
  ["INELIGIBLE_PAIR", "region", true],
  ["PRODUCT_TRADING_HALTED", "state", false],
  ["INVALID_NO_LIQUIDITY", "state", false],
  ["DUPLICATE_CLIENT_ORDER_ID", "state", true],
  ["PERMISSION_DENIED", "permission", true],
  ["TOO_MANY_OPEN_ORDERS", "throttled", false],
  ["rate_limit_exceeded", "throttled", false],
  ["resource_exhausted", "throttled", false],
  ["invalid argument", "order", true],
  ["two_factor_required", "permission", true],
  ["internal_server_error", "venue", false],
])("%s is of the class %s and final: %s", (word, kind, final) => {
  expect(explainWord(word)).toMatchObject({ class: kind, final });
});

test.each([
  [400, "order"],
  [401, "permission"],
  [403, "permission"],
  [404, "state"],
  [407, "permission"],
  [422, "order"],
  [429, "throttled"],
  [500, "venue"],
  [503, "venue"],
  [418, "unknown"],
])("a bare HTTP %i is of the class %s", (status, kind) => {
  expect(explainStatus(status).class).toBe(kind);
});

test("the venue's own words come first, and stand alone where nothing is known of them", () => {
  expect(explained("Too many decimals.", explainWord("INVALID_PRICE_PRECISION"))).toMatch(
    /^Too many decimals: the price is no multiple/,
  );
  expect(explained("", explainWord("INSUFFICIENT_FUND"))).toMatch(/^not enough money/);
  expect(explained("odd", explainWord("SOMETHING_NEW"))).toBe("odd");
});
