/** Asks the desk that runs on this machine, at its admin pages. It asks once and never again by itself. */
import { request } from "node:http";

export type AdminSaid =
  | {
      readonly kind: "said";
      readonly status: number;
      readonly body: Readonly<Record<string, unknown>>;
    }
  /** Nobody listens there. */
  | { readonly kind: "nobody" }
  | { readonly kind: "failed"; readonly why: string };

export interface AdminAt {
  readonly host: string;
  readonly port: number;
  readonly token: string;
}

const WAIT_MS = 10_000;

export const askDesk = (
  { host, port, token }: AdminAt,
  verb: string,
  said: object,
): Promise<AdminSaid> =>
  new Promise((resolve) => {
    const body = JSON.stringify(said);
    const headers = {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(body)),
      host: `localhost:${port}`,
    };
    const asked = request(
      { host, port, method: "POST", path: `/admin/${verb}`, headers, timeout: WAIT_MS },
      (reply) => {
        const parts: Buffer[] = [];
        reply.on("data", (part: Buffer) => void parts.push(part));
        reply.on("end", () => {
          const text = Buffer.concat(parts).toString("utf8");
          resolve({ kind: "said", status: reply.statusCode ?? 0, body: bodyOf(text) });
        });
      },
    );
    asked.on("timeout", () => asked.destroy(new Error("no answer in time")));
    asked.on("error", (error: NodeJS.ErrnoException) => {
      resolve(
        error.code === "ECONNREFUSED" ? { kind: "nobody" } : { kind: "failed", why: error.message },
      );
    });
    asked.end(body);
  });

function bodyOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === "object" && read !== null ? { ...read } : {};
  } catch {
    return {};
  }
}
