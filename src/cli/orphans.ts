/** What the journal holds and the settings leave out: a desk must not begin on it. */
import type { Config } from "../config/config.ts";
import type { Desk } from "../core/engine/desk.ts";
import { StartError } from "./start-error.ts";

/** A holding without prices could neither be stopped out nor sold: no desk begins so. @throws StartError */
export function refuseOrphans(config: Pick<Config, "products">, { positions }: Desk): void {
  const left = [...positions.keys()].filter((held) => !config.products.includes(held));
  if (left.length === 0) return;
  const all = [...config.products, ...left].join(",");
  throw new StartError(
    `The journal holds ${left.join(", ")}, which PRODUCTS leaves out: its stops would be off. Set PRODUCTS=${all}.`,
  );
}
