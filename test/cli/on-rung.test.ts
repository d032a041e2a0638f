/** Where a desk with a ladder opens: where its rung in the journal says, and on paper where there is no key for that. */
import { expect, test } from "vitest";
import { onRung } from "../../src/cli/on-rung.ts";
import type { Config } from "../../src/config/config.ts";
import type { Desk } from "../../src/core/engine/desk.ts";
import { quote } from "../../src/core/kernel/money.ts";
import { bought, climbed, easy, LADDER, onCanary } from "../kit/ladder-desk.ts";

const config = { profile: "live", ladder: LADDER, openingCash: quote("10") } as unknown as Config;
const opened = (desk: Desk, hasKey = true): [string, boolean] => {
  const { config: here, memory } = onRung(config, desk, hasKey);
  return [here.profile, memory === desk];
};

test("a desk opens where its rung is, and remembers what was there", () => {
  expect(opened(easy().state.desk)).toEqual(["paper", true]);
  expect(opened(climbed(easy(), "shadow").state.desk)).toEqual(["shadow", true]);
  expect(opened(onCanary().state.desk)).toEqual(["live", true]);
});

test("without a key a desk of shadow opens on paper with nothing of what was there, and one with real orders as live", () => {
  const shadow = climbed(easy(), "shadow");
  expect(opened(easy().state.desk, false)).toEqual(["paper", true]);
  expect(opened(shadow.state.desk, false)).toEqual(["paper", false]);
  expect(opened(onCanary().state.desk, false)).toEqual(["live", true]);
  const { desk } = bought(easy()).state;
  desk.mode = "shadow";
  expect(() => opened(desk, false)).toThrow("end it there, with COINBASE_KEY_FILE set");
});
