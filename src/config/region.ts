/** The setting of the region: where the account's holder lives bounds what may be traded. */
import type { ProductId } from "../core/kernel/ids.ts";
import type { Policy } from "../core/risk/limits.ts";
import { type Region, refusedIn, regionFix } from "../core/risk/region.ts";
import type { Reader } from "./reader.ts";

/** Of the environment or the policy: neither can lift what the other says. Notes every product that may not be traded there. */
export function readRegion(
  read: Reader,
  { policy, products }: { policy: Policy | null; products: readonly ProductId[] },
): Region | null {
  const said = read.choice("REGION", ["none", "NY"], "none");
  const region = said === "none" ? (policy?.region ?? null) : said;
  if (region === null) return null;
  for (const product of products) {
    const what = refusedIn(region, product);
    if (what === null) continue;
    const where = read.isSet("PRODUCT_ID") ? "PRODUCT_ID" : "PRODUCTS";
    read.problems.push({ where, what, fix: regionFix(region) });
  }
  return region;
}
