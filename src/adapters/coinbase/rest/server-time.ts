/** GET /time: the venue's clock. */
// coinbase.md §5.7; numbers come as text.
import { z } from "zod";
import { ok, type Result } from "../../../core/kernel/result.ts";
import type { Http } from "../call.ts";
import type { Fault } from "../fault.ts";

const Time = z.object({ epochMillis: z.coerce.number().int().positive() });

/** Milliseconds since the epoch by the venue's clock. */
export async function serverTime(http: Http): Promise<Result<number, Fault>> {
  const reply = await http.call({
    method: "GET",
    path: "/time",
    schema: Time,
    access: "public",
    pace: "urgent",
    repeat: "safe",
  });
  return reply.ok ? ok(reply.value.epochMillis) : reply;
}
