/** What one of our people sees in their own place on a platform: everything at a glance, made anew whenever it is asked for. */
import type { Card } from "../chat/card.ts";

export interface HomePage {
  /** Mode and desk name. */
  readonly heading: string;
  readonly cards: readonly Card[];
  /** Changes when what it says changes, and not because time passed. */
  readonly print: string;
}

export interface Home {
  /** @param account `platform:account` @returns null for somebody who is not ours, and before the desk runs */
  page(account: string): HomePage | null;
}
