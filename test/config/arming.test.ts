/** What it takes to arm live, and what the start says where it is not armed. */
import { describe, expect, test } from "vitest";
import { load, PEM, problemsOf } from "./kit.ts";

describe("live", () => {
  const KEY = { COINBASE_API_KEY: "organizations/o/apiKeys/k", COINBASE_API_SECRET: PEM };
  const LIVE = { TAKE_PROFIT_PCT: "3", DRY_RUN: "false", ...KEY };

  test("is a dry run unless DRY_RUN=false was said, and then says so", () => {
    const { config } = load({ TAKE_PROFIT_PCT: "3" }, "live");
    expect(config.dryRun).toBe(true);
    expect(config.notes.join()).toContain("no order of this desk is real");
    expect(config.ladder.map(({ name }) => name)).toEqual([
      ...["paper", "shadow", "canary", "small", "full"],
    ]);
  });

  test.each(["live", "canary"])(
    "is armed as %s by DRY_RUN=false, a key and the guarded values",
    (profile) => {
      const { config } = load(LIVE, profile);
      expect([config.dryRun, config.ladder[0]?.venue]).toEqual([false, "paper"]);
    },
  );

  test("is refused without a key, and on values looser than guarded, each with its fix", () => {
    const { COINBASE_API_KEY: _, COINBASE_API_SECRET: __, ...bare } = LIVE;
    expect(problemsOf(() => load({ ...bare, ORDER_MIN_USD: "2" }, "live"))).toEqual([
      {
        where: "COINBASE_KEY_FILE",
        what: "missing, and live needs a key",
        fix: "Set COINBASE_KEY_FILE to the file of a key that may trade, or DRY_RUN=true",
      },
      {
        where: "ORDER_MIN_USD",
        what: "is 2, and a guarded live run has 5",
        fix: "Set ORDER_MIN_USD=5, or set ALLOW_UNGUARDED_LIVE=true to go live all the same",
      },
    ]);
    const { notes } = load(
      { ...LIVE, ORDER_MIN_USD: "2", ALLOW_UNGUARDED_LIVE: "true" },
      "live",
    ).config;
    expect(notes).toContain(
      "ALLOW_UNGUARDED_LIVE: ORDER_MIN_USD is 2, and a guarded live run has 5",
    );
  });
});
