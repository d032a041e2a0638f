/** Every route of the API: the real ones, or the canned ones of the sandbox. */
// A fixed path stands before one with a part that could be anything.
import type { Route } from "../route.ts";
import type { Venue } from "../venue.ts";
import { accountRoutes } from "./accounts.ts";
import { convertRoutes } from "./convert.ts";
import { fillRoutes } from "./fills.ts";
import { marketRoutes } from "./market-data.ts";
import { leftOutRoutes } from "./not-offered.ts";
import { orderListRoutes } from "./order-lists.ts";
import { orderRoutes } from "./orders.ts";
import { portfolioRoutes } from "./portfolios.ts";
import { previewRoutes } from "./previews.ts";
import { sandboxRoutes } from "./sandbox.ts";

export const apiRoutes = (venue: Venue): readonly Route[] =>
  venue.settings.sandbox
    ? sandboxRoutes(venue)
    : [
        ...marketRoutes(venue),
        ...accountRoutes(venue),
        ...fillRoutes(venue),
        ...orderRoutes(venue),
        ...previewRoutes(venue),
        ...orderListRoutes(venue),
        ...portfolioRoutes(venue),
        ...convertRoutes(venue),
        ...leftOutRoutes(),
      ];
