/** From New York less may be traded: who says so wins, and what is refused is refused with a reason. */
import { expect, test } from "vitest";
import { readEnv } from "../../src/config/env.ts";
import type { Problem } from "../../src/config/errors.ts";
import { reader } from "../../src/config/reader.ts";
import { readRegion } from "../../src/config/region.ts";
import { productId } from "../../src/core/kernel/ids.ts";
import type { Policy } from "../../src/core/risk/limits.ts";
import { refusedIn, regionBanner } from "../../src/core/risk/region.ts";
import { allowList } from "../../src/core/risk/rules/allow-list.ts";
import { POLICY } from "../kit/desk-script.ts";
import { CAPPED, INTENT, VIEW } from "../kit/risk-view.ts";
import { load, problemsOf } from "./kit.ts";

test.each([
  ["BTC-USD", null],
  ["ETH-USD", null],
  ["SOL-USD", "SOL is not on the Greenlist of the Department of Financial Services of 2026-04-27"],
  ["BTC-USDT", "Tether is not on the list"],
  ["BTC-USDC", "USD Coin is not on the list; the same books are reached with USD"],
  ["BTC-PERP", "perpetual futures are not offered there"],
  ["USDT-USD", "Tether is not on the list"],
  ["ETH-BTC", "BTC is not on the Greenlist"],
  ["BTC-EUR", "EUR is not on the Greenlist"],
])("from New York %s is refused for: %s", (product, reason) => {
  const said = refusedIn("NY", productId(product));
  if (reason === null) expect(said).toBeNull();
  else expect(said).toContain(`${product} is not for region NY (New York): ${reason}`);
});

function regionOf(variables: Record<string, string>, policy: Policy | null, products: string[]) {
  const problems: Problem[] = [];
  const read = reader(readEnv({ variables, files: [], cwd: "/" }), problems);
  const region = readRegion(read, { policy, products: products.map((id) => productId(id)) });
  return { region, problems };
}

test("the environment or the policy says the region, and neither can lift what the other says", () => {
  const ny: Policy = { ...POLICY, region: "NY" };
  expect(regionOf({}, POLICY, ["BTC-USD"]).region).toBeNull();
  expect(regionOf({ REGION: "NY" }, POLICY, ["BTC-USD"]).region).toBe("NY");
  expect(regionOf({}, ny, ["BTC-USD"]).region).toBe("NY");
  expect(regionOf({ REGION: "none" }, ny, ["SOL-USD"]).problems).toHaveLength(1);
  expect(regionOf({ REGION: "TX" }, ny, ["BTC-USD"])).toMatchObject({
    region: "NY",
    problems: [{ where: "REGION", fix: expect.stringContaining("none, NY") }],
  });
});

test("every product that may not be traded there is named with what may be, and the list's address", () => {
  const { problems } = regionOf({ REGION: "NY" }, POLICY, ["SOL-USD", "BTC-USD", "BTC-USDT"]);
  expect(problems.map(({ where, what }) => `${where} ${what.split(" ")[0]}`)).toEqual([
    "PRODUCTS SOL-USD",
    "PRODUCTS BTC-USDT",
  ]);
  expect(problems[0]?.fix).toBe(
    "Trade BTC-USD or ETH-USD; the list is at https://www.dfs.ny.gov/virtual_currency_businesses",
  );
});

test("the gate lets no entry into what may not be traded there, whoever allowed it, and lets everything out", () => {
  const product = productId("SOL-USD");
  const per_symbol = new Map([...CAPPED.per_symbol.values()].map((row) => [product, row]));
  const allowed = { ...CAPPED.allowed, products: [product] };
  const asked = (region: "NY" | null, purpose: "entry" | "stop") =>
    allowList.check(
      { ...INTENT, product, purpose },
      { ...VIEW, policy: { ...CAPPED, per_symbol, allowed, region } },
    );
  expect(asked(null, "entry")).toBeNull();
  expect(asked("NY", "entry")).toMatchObject({
    observed: "SOL-USD",
    limit: "products for region NY",
  });
  expect(asked("NY", "stop")).toBeNull();
  expect(load({ REGION: "NY" }).config.policy.region).toBe("NY");
});

test("a desk in New York starts on what is listed and is refused otherwise, before anything is opened", () => {
  expect(load({ REGION: "NY" }).config.region).toBe("NY");
  expect(load({}).config.region).toBeNull();
  const wrong = problemsOf(() => load({ REGION: "NY", PRODUCT_ID: "SOL-USD" }));
  expect(wrong.map(({ what }) => what).join()).toContain("SOL-USD is not for region NY");
});

test("the start says where, what, by which list, and that money cannot be moved", () => {
  expect(regionBanner("NY")).toBe(
    "region NY (New York): BTC, ETH for USD only, by the Greenlist of the Department of Financial Services of 2026-04-27; spot only, one venue, and no way to move money or choose a network",
  );
});
