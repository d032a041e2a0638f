/** How long an exit that came to nothing rests before it is tried again: a refusal repeated each second helps nobody. */
import type { ProductId } from "../kernel/ids.ts";
import type { State } from "./state.ts";
import type { Turn } from "./turn.ts";

const EVERY_MS = 1000;
const LONGEST_MS = 60_000;
const MOST = 10;

/** The wait doubles with each failure in a row. */
export const exitWait = ({ sight }: State, product: ProductId): number =>
  Math.min(LONGEST_MS, EVERY_MS * 2 ** (sight.exitsFailed.get(product) ?? 0));

export function countFailedExit({ state }: Turn, product: ProductId): void {
  const { exitsFailed } = state.sight;
  exitsFailed.set(product, Math.min(MOST, (exitsFailed.get(product) ?? 0) + 1));
}
