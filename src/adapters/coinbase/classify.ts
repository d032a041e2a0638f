/** Makes a reply an answer or a fault, and says what the venue asks of whoever tries again. */
// coinbase.md §8.1. Nothing is retried here, and nothing of a body is kept but one blotted line.
import type { z } from "zod";
import { fail, ok, type Result } from "../../core/kernel/result.ts";
import type { Instant } from "../../core/kernel/time.ts";
import type { TransportReply } from "../../ports/transport.ts";
import { parseJson, plain, readError } from "./errors.ts";
import type { Fault } from "./fault.ts";
import { askedWait } from "./rates.ts";

export interface Failure {
  readonly fault: Fault;
  /** The same call may fare better a moment later. */
  readonly passing: boolean;
  /** What the venue asks to wait, in ms; null when it does not ask. */
  readonly waitMs: number | null;
}

export type Tried<T> = Result<T, Failure>;

export const failure = (
  fault: Fault,
  passing: boolean,
  waitMs: number | null = null,
): Tried<never> => fail({ fault, passing, waitMs });

export function classify<T>(schema: z.ZodType<T>, reply: TransportReply, now: Instant): Tried<T> {
  const { status } = reply;
  if (status < 200 || status > 299) {
    const { body, code, message } = readError(reply.body);
    const asked = status === 429 || status === 503 ? askedWait(reply, now) : null;
    const passing = status === 429 || status >= 500;
    return failure({ kind: "status", status, body, code, detail: message }, passing, asked);
  }
  const json = parseJson(reply.body);
  if (json === undefined) {
    return failure({ kind: "shape", detail: `not JSON: ${plain(reply.body)}` }, true);
  }
  const read = schema.safeParse(json);
  if (read.success) return ok(read.data);
  const issue = read.error.issues[0];
  const where = issue ? `${issue.path.join(".")} ${issue.message}` : "";
  return failure({ kind: "shape", detail: plain(`unexpected reply: ${where}`) }, false);
}
