/** What may be asked at the admin pages, and in which words: JSON becomes a request, or a sentence naming the field and the fix. */
import { z } from "zod";
import type { Request } from "../../core/control/request.ts";
import { personId } from "../../core/kernel/ids.ts";
import { fail, ok, type Result } from "../../core/kernel/result.ts";

export const ADMIN_VERBS = [
  "kill",
  "pause",
  "resume",
  "confirm",
  "deny",
  "restore",
  "trust",
] as const;
/** From this machine only, whoever has the token. */
export const HOST_VERBS: ReadonlySet<string> = new Set(["restore", "trust"]);
/** Done however often they are asked: no key of a caller's holds one back. */
export const ALWAYS_VERBS: ReadonlySet<string> = new Set(["kill", "pause"]);
export type AdminVerb = (typeof ADMIN_VERBS)[number];

export interface AdminFault {
  /** Of the body, or the name of a header. */
  readonly field: string;
  readonly what: string;
  readonly fix: string;
}

const reason = z.string().max(300).optional();
const scope = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,40}$/)
  .optional();
const code = z.string().regex(/^\s*[A-Za-z0-9]{4}\s*$/);

const BODIES = {
  kill: z.strictObject({ reason }),
  pause: z.strictObject({ reason, scope }),
  resume: z.strictObject({ scope }),
  confirm: z.strictObject({ code }),
  deny: z.strictObject({ code }),
  restore: z.strictObject({ person: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/) }),
  trust: z.strictObject({ platform: z.string().regex(/^[a-z]{1,20}$/) }),
} as const;

const EXAMPLES: { readonly [V in AdminVerb]: string } = {
  kill: '{"reason": "what happened"}',
  pause: '{"reason": "what happened"}, and "scope": "BTC-USD" for one product',
  resume: '{}, or {"scope": "BTC-USD"} for one product',
  confirm: '{"code": "K7QF"}, the code that resume answered with',
  deny: '{"code": "K7QF"}',
  restore: '{"person": "ana"}, the id in people.yaml',
  trust: '{"platform": "telegram"}',
};

/** @param text the whole body; an empty one says nothing beyond the verb */
export function readAdmin(verb: AdminVerb, text: string): Result<Request, AdminFault> {
  const json = parsed(text.trim() === "" ? "{}" : text);
  if (json === undefined) {
    return fail({ field: "body", what: "not JSON", fix: `Send ${EXAMPLES[verb]}` });
  }
  const read = BODIES[verb].safeParse(json);
  if (!read.success) return fail(faultOf(verb, read.error));
  return ok(requestOf(verb, read.data));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function faultOf(verb: AdminVerb, { issues }: z.ZodError): AdminFault {
  const [issue] = issues;
  const fix = `Send ${EXAMPLES[verb]}`;
  if (issue?.code === "unrecognized_keys") {
    return { field: issue.keys[0]?.slice(0, 40) ?? "body", what: "not a field", fix };
  }
  const field = issue?.path.join(".") || "body";
  const isMissing = issue?.code === "invalid_type" && issue.message.includes("undefined");
  return { field, what: isMissing ? "missing" : `not what ${verb} takes there`, fix };
}

interface Said {
  readonly reason?: string | undefined;
  readonly scope?: string | undefined;
  readonly code?: string | undefined;
  readonly person?: string | undefined;
  readonly platform?: string | undefined;
}

function requestOf(verb: AdminVerb, said: Said): Request {
  const { reason: why, scope: part, code: typed = "", person = "", platform = "" } = said;
  const about = part === undefined ? {} : { scope: part };
  switch (verb) {
    case "kill":
      return { verb, reason: why?.trim() || "no reason given" };
    case "pause":
      return { verb, reason: why?.trim() ?? "", ...about };
    case "resume":
      return { verb, ...about };
    case "confirm":
    case "deny":
      return { verb, code: typed.trim() };
    case "restore":
      return { verb, person: personId(person) };
    case "trust":
      return { verb, platform };
  }
}
