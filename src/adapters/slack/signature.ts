/** Whether a request really comes from Slack, now, and for the first time. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../ports/clock.ts";
import type { HookRequest } from "../../ports/hook.ts";

const OLDEST_S = 300;
const REMEMBER_MS = 600_000;
/** Only requests with a good signature are remembered; Slack sends few. */
const MOST_REMEMBERED = 20_000;

/** False: it must not be looked at. A good signature is good once; without a secret none is good. */
export function signatureJudge(
  secret: string | null,
  clock: Clock,
): (request: HookRequest) => boolean {
  if (secret === null) return () => false;
  const seen = new Map<string, number>();
  const forget = (now: number): void => {
    for (const [signature, at] of seen) {
      if (now - at < REMEMBER_MS && seen.size <= MOST_REMEMBERED) break;
      seen.delete(signature);
    }
  };
  return ({ headers, body }) => {
    const stated = headers["x-slack-request-timestamp"] ?? "";
    const given = headers["x-slack-signature"] ?? "";
    const now = clock.now();
    if (!/^\d{1,12}$/.test(stated) || Math.abs(now / 1000 - Number(stated)) > OLDEST_S) {
      return false;
    }
    const expected = createHmac("sha256", secret).update(`v0:${stated}:`).update(body).digest();
    const matched = /^v0=([0-9a-f]{64})$/i.exec(given)?.[1];
    if (matched === undefined) return false;
    if (!timingSafeEqual(Buffer.from(matched, "hex"), expected)) return false;
    const signature = expected.toString("hex");
    forget(now);
    if (seen.has(signature)) return false;
    seen.set(signature, now);
    return true;
  };
}
