/** The two pages and everything that is refused: other hosts, web pages, other paths, writing. */
import { request } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { type Health, type HttpServer, serveHttp } from "../../../src/adapters/http/server.ts";
import type { Log } from "../../../src/ports/log.ts";

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
const open: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

interface Pages {
  readonly port?: number;
  readonly host?: string;
  readonly health?: () => Health;
  readonly metrics?: () => Promise<string>;
}

const serve = ({ port = 0, host = "127.0.0.1", health, metrics }: Pages = {}) =>
  serveHttp({
    host,
    port,
    health: health ?? (() => ({ ok: true })),
    metrics: metrics ?? (() => Promise.resolve("bot_equity_usd 1\n")),
    log: quiet,
  });

async function started(pages: Pages = {}): Promise<HttpServer> {
  const served = await serve(pages);
  if (!served.ok) throw new Error(served.error.message);
  open.push(served.value);
  return served.value;
}

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly type: string;
}

const ask = (
  { port }: HttpServer,
  path: string,
  method = "GET",
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> =>
  new Promise((done, failed) => {
    const asked = request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        body += part;
      });
      response.on("end", () =>
        done({
          status: response.statusCode ?? 0,
          body,
          type: response.headers["content-type"] ?? "",
        }),
      );
    });
    asked.on("error", failed);
    asked.end();
  });

describe("/healthz", () => {
  test("answers 200 with what it does meanwhile when it is well and waits", async () => {
    const server = await started({ health: () => ({ ok: true, note: "STANDBY:\nwaits" }) });
    expect(await ask(server, "/healthz")).toMatchObject({ status: 200, body: "STANDBY: waits\n" });
  });

  test("says ok and nothing else while the desk is well", async () => {
    const server = await started();
    expect(await ask(server, "/healthz")).toMatchObject({ status: 200, body: "ok\n" });
    expect(await ask(server, "/healthz?full=1")).toMatchObject({ status: 200, body: "ok\n" });
  });

  test("says in one line why the desk is not well", async () => {
    const server = await started({
      health: () => ({ ok: false, reason: "feed silent\nfor 20 s" }),
    });
    expect(await ask(server, "/healthz")).toMatchObject({
      status: 503,
      body: "feed silent for 20 s\n",
    });
  });
});

describe("/metrics", () => {
  test("is Prometheus text", async () => {
    const reply = await ask(await started(), "/metrics");
    expect(reply).toMatchObject({ status: 200, body: "bot_equity_usd 1\n" });
    expect(reply.type).toBe("text/plain; version=0.0.4; charset=utf-8");
  });

  test("that cannot be made is a 500, and the server goes on", async () => {
    const server = await started({ metrics: () => Promise.reject(new Error("hunter2")) });
    const reply = await ask(server, "/metrics");
    expect(reply).toMatchObject({ status: 500, body: "could not be made; see the log\n" });
    expect((await ask(server, "/healthz")).status).toBe(200);
  });
});

describe("refused is", () => {
  test("a Host that is not ours", async () => {
    const server = await started();
    for (const host of ["evil.example", "evil.example:8080", "127.0.0.1.evil.example"]) {
      expect((await ask(server, "/healthz", "GET", { host })).status).toBe(403);
    }
    for (const host of ["127.0.0.1", "localhost:1", "LOCALHOST", "[::1]:8080"]) {
      expect((await ask(server, "/healthz", "GET", { host })).status).toBe(200);
    }
  });

  test("writing from a web page, wherever it writes", async () => {
    const server = await started();
    const headers = { origin: "http://127.0.0.1" };
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"]) {
      expect((await ask(server, "/healthz", method, headers)).status).toBe(403);
      expect((await ask(server, "/orders", method, headers)).status).toBe(403);
    }
    expect((await ask(server, "/healthz", "GET", headers)).status).toBe(200);
  });

  test("an unknown path and a method that writes", async () => {
    const server = await started();
    expect((await ask(server, "/")).status).toBe(404);
    expect((await ask(server, "/healthz/x")).status).toBe(404);
    expect((await ask(server, "/healthz", "POST")).status).toBe(405);
    expect(await ask(server, "/healthz", "HEAD")).toMatchObject({ status: 200, body: "" });
  });
});

test("a port in use is one line with the port and the way out", async () => {
  const { port } = await started();
  expect(await serve({ port })).toEqual({
    ok: false,
    error: {
      kind: "port-in-use",
      message: `port ${port} on 127.0.0.1 is in use: stop what listens there, or start with PORT=${port + 1} (PORT=0 takes any)`,
    },
  });
});

test("an address that is not of this machine is one line with the way out", async () => {
  const served = await serve({ host: "192.0.2.1" });
  expect(served.ok ? "" : served.error.message).toContain("set BIND_HOST to an address of this");
});

test("closing hangs up on whoever is still connected", async () => {
  const server = await started();
  const kept = await fetch(`${server.url}/healthz`, { headers: { connection: "keep-alive" } });
  expect(await kept.text()).toBe("ok\n");
  await open.pop()?.close();
  await expect(ask(server, "/healthz")).rejects.toThrow("ECONNREFUSED");
});
