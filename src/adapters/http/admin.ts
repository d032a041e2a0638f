/** The admin pages: kill, pause, resume, confirm, deny and status over HTTP, for programs on this machine that hold the token. */
// Whatever is not asked exactly right is refused before the desk hears of it, and said with the field and the fix.
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Clock } from "../../ports/clock.ts";
import type { Notices } from "../../ports/notices.ts";
import { type AdminDesk, type AdminReply, error } from "./admin-desk.ts";
import { ADMIN_VERBS, ALWAYS_VERBS, HOST_VERBS, readAdmin } from "./admin-request.ts";
import { isBearer } from "./admin-token.ts";

export interface AdminPages {
  /** True for the paths that it answers. */
  owns(path: string): boolean;
  answer(path: string, request: IncomingMessage): Promise<AdminAnswer>;
}

interface AdminAnswer extends AdminReply {
  readonly headers?: Readonly<Record<string, string>>;
}

export interface AdminOptions {
  readonly token: string;
  readonly desk: AdminDesk;
  readonly clock: Clock;
  readonly notices: Notices;
}

const PREFIX = "/admin/";
const LARGEST_BODY = 4096;
const KEY_SHAPE = /^[A-Za-z0-9_.:-]{1,64}$/;
/** So many refusals within a quarter of an hour are told, and then all of each quarter together. */
const REFUSALS = 5;
const REFUSALS_MS = 900_000;

export function adminPages({ token, desk, clock, notices }: AdminOptions): AdminPages {
  let refused = 0;
  const wrong = wrongTokens(clock, notices);
  return {
    owns: (path) => path.startsWith(PREFIX) || path === PREFIX.slice(0, -1),
    async answer(path, request) {
      const { headers, method } = request;
      if (headers.origin !== undefined) {
        return error(
          403,
          "Origin",
          "no web page may ask here",
          "Ask with a program, not a browser",
        );
      }
      if (!isBearer(headers.authorization, token)) {
        refused += 1;
        wrong.count();
        const what = headers.authorization === undefined ? "missing" : "not the token";
        const reply = error(401, "Authorization", what, TOKEN_FIX);
        return { ...reply, headers: { "www-authenticate": 'Bearer realm="claudbot admin"' } };
      }
      if (path === `${PREFIX}status`) {
        if (method !== "GET" && method !== "HEAD") return notAllowed("GET");
        const { status, body } = desk.status();
        // Since the start: without the token, or with another.
        return { status, body: { ...body, refusedRequests: refused } };
      }
      const verb = ADMIN_VERBS.find((one) => path === PREFIX + one);
      if (verb === undefined) return error(404, "path", "not an admin page", PATHS);
      if (method !== "POST") return notAllowed("POST");
      if (HOST_VERBS.has(verb) && !isHere(request)) {
        return error(
          403,
          "address",
          "not this machine",
          `On the desk's machine: npm run claudbot -- ${verb}`,
        );
      }
      const key = ALWAYS_VERBS.has(verb) ? null : keyOf(headers);
      const fault = headerFault(headers, key);
      if (fault !== null) return fault;
      const text = await bodyOf(request);
      if (text === null) {
        return error(413, "body", `longer than ${LARGEST_BODY} bytes`, "Send less");
      }
      const read = readAdmin(verb, text);
      if (!read.ok) return error(400, read.error.field, read.error.what, read.error.fix);
      return desk.ask(verb, read.value, key);
    },
  };
}

const TOKEN_FIX =
  "Send Authorization: Bearer and the token: ADMIN_TOKEN, or admin.token in the data folder";
const PATHS = `POST ${ADMIN_VERBS.map((verb) => PREFIX + verb).join(", ")}, or GET ${PREFIX}status`;

function isHere({ socket: { remoteAddress = "", localAddress } }: IncomingMessage): boolean {
  return remoteAddress === localAddress || /^(?:::ffff:)?127\.|^::1$/.test(remoteAddress);
}

const notAllowed = (allow: "GET" | "POST"): AdminAnswer => ({
  ...error(405, "method", "not for this page", `Use ${allow}`),
  headers: { allow },
});

function headerFault(headers: IncomingHttpHeaders, key: string | null): AdminReply | null {
  const [type] = (headers["content-type"] ?? "").split(";", 1);
  if (type?.trim().toLowerCase() !== "application/json") {
    return error(
      415,
      "Content-Type",
      "not application/json",
      "Send Content-Type: application/json",
    );
  }
  if (key === null || KEY_SHAPE.test(key)) return null;
  return error(400, "Idempotency-Key", "cannot be read", "1 to 64 letters, digits and _ . : -");
}

function keyOf(headers: IncomingHttpHeaders): string | null {
  const given = headers["idempotency-key"];
  return given === undefined ? null : String(given);
}

/** Null when it is too long. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Not read to its end, it is answered all the same.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const part = Buffer.from(chunk as Uint8Array);
    bytes += part.length;
    if (bytes > LARGEST_BODY) return null;
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Whoever tries tokens is told of, not locked out: a kill must always get through. */
function wrongTokens(clock: Clock, notices: Notices) {
  let [since, count, told] = [0, 0, false];
  return {
    count(): void {
      const now = clock.now();
      if (now - since >= REFUSALS_MS) {
        // What went on after it was told is told with the next.
        if (!told) count = 0;
        [since, told] = [now, false];
      }
      count += 1;
      if (told || count < REFUSALS) return;
      const [platform, what, detail] = ["http", "admin-refused", "at the admin pages"] as const;
      notices.note({ kind: "security", platform, what, count, detail });
      [count, told] = [0, true];
    },
  };
}
