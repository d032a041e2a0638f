/** The settings of sizing: what each makes of an entry, and the refusal of every one that would do nothing. */
import { expect, test } from "vitest";
import { quote, rate } from "../../src/core/kernel/money.ts";
import { load, problemsOf, type Variables } from "./kit.ts";

const sizing = (variables: Variables) => load(variables).config.entry.sizing;

test("an entry is worth ORDER_USD unless a share of equity is said, and then it is notional", () => {
  expect(sizing({})).toBeNull();
  expect(sizing({ RISK_MODEL: "fixed" })).toBeNull();
  expect(sizing({ RISK_PER_TRADE_PCT: "0.25" })).toEqual({
    model: "notional",
    share: rate("0.0025"),
    floor: quote("5"),
    mostFactor: null,
  });
  expect(sizing({ RISK_MODEL: "notional" })).toMatchObject({ share: rate("0.0025") });
});

test("the stop's distance, the floor and the volatility's most come along", () => {
  const variables = {
    RISK_MODEL: "stop_distance",
    RISK_PER_TRADE_PCT: "1",
    STOP_LOSS_PCT: "0.5",
    ORDER_MIN_USD: "10",
    VOL_RISK_ADJUST: "true",
  };
  expect(sizing(variables)).toEqual({
    model: "stop_distance",
    stopBps: 50,
    share: rate("0.01"),
    floor: quote("10"),
    mostFactor: rate("1"),
  });
  expect(sizing({ ...variables, VOL_RISK_MAX: "1.2" })?.mostFactor).toBe(rate("1.2"));
});

test.each<[Variables, string]>([
  [
    { RISK_MODEL: "fixed", RISK_PER_TRADE_PCT: "1" },
    "RISK_PER_TRADE_PCT: has no effect with RISK_MODEL=fixed. Set RISK_MODEL=notional or stop_distance, or unset RISK_PER_TRADE_PCT",
  ],
  [
    { VOL_RISK_ADJUST: "true" },
    "VOL_RISK_ADJUST: has no effect with RISK_MODEL=fixed. Set RISK_MODEL=notional or stop_distance, or unset VOL_RISK_ADJUST",
  ],
  [
    { RISK_MODEL: "notional", VOL_RISK_MAX: "1.2" },
    "VOL_RISK_MAX: has no effect with VOL_RISK_ADJUST=false. Set VOL_RISK_ADJUST=true, or unset VOL_RISK_MAX",
  ],
  [
    { RISK_PER_TRADE_PCT: "1", ORDER_USD: "50" },
    "ORDER_USD: has no effect with RISK_MODEL=notional. Set RISK_MODEL=fixed and no RISK_PER_TRADE_PCT, or unset ORDER_USD",
  ],
  [
    { RISK_MODEL: "stop_distance", STOP_LOSS_PCT: "none" },
    "RISK_MODEL: stop_distance reckons with a stop, and STOP_LOSS_PCT is none. Set STOP_LOSS_PCT, or RISK_MODEL=notional",
  ],
])("%j is refused: %s", (variables, line) => {
  const problems = problemsOf(() => load(variables));
  expect(problems.map(({ where, what, fix }) => `${where}: ${what}. ${fix}`)).toEqual([line]);
});

test.each([
  ["RISK_MODEL", "kelly", "fixed, notional, stop_distance"],
  ["RISK_PER_TRADE_PCT", "0", "a percentage above 0"],
  ["RISK_PER_TRADE_PCT", "101", "a percentage above 0"],
  ["RISK_PER_TRADE_PCT", "-1", "a percentage above 0"],
  ["VOL_RISK_ADJUST", "sometimes", "true or false"],
  ["VOL_RISK_MAX", "1.3", "a factor from 0.6 to 1.2"],
  ["VOL_RISK_MAX", "0.5", "a factor from 0.6 to 1.2"],
])("%s=%s is refused, and its line says what is allowed", (key, value, allowed) => {
  const problems = problemsOf(() => load({ [key]: value }));
  expect(problems.find(({ where }) => where === key)?.fix).toContain(allowed);
});

test("the floor is no reason to refuse ORDER_USD where that does not count", () => {
  expect(sizing({ RISK_PER_TRADE_PCT: "1", ORDER_MIN_USD: "500" })?.floor).toBe(quote("500"));
});

test("a share of the opening cash above the cap of one order is pointed out before it is refused all day", () => {
  const variables = { RISK_MODEL: "stop_distance", USD_EQUITY: "2000" };
  expect(load(variables, "paper").config.notes).toContain(
    "BTC-USD: with RISK_MODEL=stop_distance an entry of 1250 is above the cap of one order, 1000; every entry will be refused",
  );
  const notes = (profile: string, more = {}) =>
    load({ RISK_MODEL: "stop_distance", ...more }, profile).config.notes.join();
  expect(notes("paper")).not.toContain("above the cap");
  // What these own, the exchange and the account will tell.
  expect(notes("demo") + notes("shadow")).not.toContain("above the cap");
});

test("a sum at the cap of one order is pointed out too: what takes is counted at its worst price", () => {
  const above = (variables: Variables) =>
    load(variables, "paper").config.notes.filter((note) => note.includes("above the cap"));
  expect(above({ ORDER_USD: "1000" })).toEqual([
    "BTC-USD: ORDER_USD 1000 is 1001.5 at its worst price (15 bps), above the cap of one order, 1000; every entry will be refused",
  ]);
  expect(above({ ORDER_USD: "998" })).toEqual([]);
});

test("more parts than the worth has minimums for are pointed out", () => {
  const execution = { EXECUTION: "twap", TWAP_MINUTES: "400", TWAP_BUCKETS: "400" };
  const notes = (variables: Variables) => load(variables, "dev").config.notes.join();
  const few = "an entry of 25 goes in fewer parts";
  expect(notes({ ...execution, ORDER_USD: "25" })).toContain(few);
  expect(notes({ ...execution, ORDER_USD: "400" })).not.toContain("fewer parts");
});
