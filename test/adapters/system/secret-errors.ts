/** Secrets to be looked for, an error on demand, and a server that misbehaves: for the tests of what errors show. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { vectorJson } from "../coinbase/world.ts";

// Put together here, so that a scanner of this repository finds no secret in it.
const CANARY = "ca4a9ca4a9";
export const PASSWORD = `${CANARY}pass`;
export const TELEGRAM = ["7000000001", `AAF-${CANARY}-telegram-token-000001`].join(":");
export const SLACK = ["xoxb", "111", `${CANARY}slack`].join("-");
export const SLACK_APP = ["xapp", "1", "A1", `${CANARY}app`].join("-");
export const JWT = ["eyJhbGciOiJFUzI1NiJ9", `eyJ${CANARY}`, `c2ln${CANARY}`].join(".");
export const KEY_NAME = `organizations/0-${CANARY}/apiKeys/1-${CANARY}`;
/** A real key: each line of its base64 is a canary. */
const { ec } = vectorJson("auth/test-keys.json");
export const SEC1: string = ec.sec1_pem;
export const PKCS8: string = ec.pkcs8_pem;
export const BROKEN = SEC1.replace(/[A-Za-z0-9+/]{20}\n/, "\n");
const KEY_LINES = `${SEC1}${PKCS8}`.split("\n").filter((line) => /^[A-Za-z0-9+/]{60}/.test(line));

/** Whether a secret stands in a text, a few letters of it being enough. */
export function shows(text: string): boolean {
  const flat = text.replace(/\\+n|\s|' \+|'/g, "");
  return [CANARY, ...KEY_LINES.map((line) => line.slice(10, 26))].some((each) =>
    flat.includes(each),
  );
}

/** With everything that hangs on it. */
export const whole = (thing: unknown): string =>
  inspect(thing, { depth: 10, showHidden: true, maxStringLength: null });

export async function errorOf(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing went wrong");
}

export interface BadServer {
  /** `cut…` is cut off, `slow…` never answered, anything else refused with what was sent in the answer. */
  at(path: string, scheme?: string, account?: string): string;
  close(): Promise<void>;
}

export async function badServer(): Promise<BadServer> {
  const server: Server = createServer((request, response) => {
    if (request.url?.includes("cut")) return void request.socket.destroy();
    if (request.url?.includes("slow")) return;
    const description = JSON.stringify({ url: request.url, ...request.headers });
    response.writeHead(401, { "content-type": "application/json" });
    response.end(
      JSON.stringify({ ok: false, error_code: 400, error: "invalid_auth", description }),
    );
  });
  server.on("upgrade", (_request, socket) => socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n"));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    at: (path, scheme = "http", account = "") => `${scheme}://${account}127.0.0.1:${port}/${path}`,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
