/** What the chat platforms' doors notice about themselves. Recorded as events, told on the platforms that still work. */
import type { Notice } from "../core/engine/input.ts";

export interface Notices {
  /** Returns at once, never throws. */
  note(notice: Notice): void;
}

/** Raw health of one platform, as often as it is learned; whoever listens waits out short troubles. */
export interface Pulse {
  /** The platform answered. */
  alive(platform: string): void;
  /** It did not, or refuses us. `lasting`: waiting is no cure, e.g. a revoked token; never holds a secret. */
  failing(platform: string, why: string, lasting: boolean): void;
}
