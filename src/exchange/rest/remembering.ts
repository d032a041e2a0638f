/** Keeps the answers of public routes for a second, unless the client wants none of that. */
// Errors are not kept. What is kept is bounded.
import type { Request } from "../route.ts";
import type { Venue } from "../venue.ts";

const MOST_ANSWERS = 500;

interface Kept {
  readonly at: number;
  readonly body: unknown;
}

/** `Cache-Control: no-cache` asks past it. */
export function remembering(
  { clock, settings }: Venue,
  handle: (request: Request) => unknown,
): (request: Request) => unknown {
  const kept = new Map<string, Kept>();
  return (request) => {
    const past = /no-cache|no-store/.test(request.headers["cache-control"] ?? "");
    const now = clock.steady();
    const known = kept.get(request.target);
    if (!past && known !== undefined && now - known.at < settings.publicCacheMs) return known.body;
    const body = handle(request);
    if (kept.size >= MOST_ANSWERS) kept.clear();
    kept.set(request.target, { at: now, body });
    return body;
  };
}
