/** The venue dates trades and bars by its own clock. This is the only place that goes from ours to it and back. */
import { type Instant, instant } from "../kernel/time.ts";
import type { State } from "./state.ts";

/** What the venue's clock shows at a moment of ours, as far as it was measured. */
export const venueTime = ({ sight }: State, at: Instant): Instant =>
  instant(Math.max(0, at + (sight.clock?.aheadMs ?? 0)));

/** The moment of ours that the venue's clock names so. */
export const ourTime = ({ sight }: State, at: Instant): Instant =>
  instant(Math.max(0, at - (sight.clock?.aheadMs ?? 0)));
