/** The server for platforms' requests: a path or nothing, bodies as they came, never too large. */
import { afterEach, expect, test } from "vitest";
import { type HookServer, serveHooks } from "../../../src/adapters/http/hooks.ts";
import type { Hook, HookRequest } from "../../../src/ports/hook.ts";
import { quietLog } from "../../kit/quiet-log.ts";

const open: HookServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function scene(answer: Hook["answer"] = async () => ({ status: 200, body: "ok" })) {
  const seen: HookRequest[] = [];
  const hook: Hook = {
    path: "/telegram",
    answer: (request) => {
      seen.push(request);
      return answer(request);
    },
  };
  const served = await serveHooks({ host: "127.0.0.1", port: 0, hooks: [hook], log: quietLog() });
  if (!served.ok) throw new Error(served.error);
  open.push(served.value);
  return { seen, url: served.value.url };
}

test("a request to a known path is handed over byte by byte", async () => {
  const { seen, url } = await scene();
  const reply = await fetch(`${url}/telegram?x=1`, {
    method: "POST",
    body: "ä b",
    headers: { "X-Sign": "s" },
  });
  expect([reply.status, await reply.text()]).toEqual([200, "ok"]);
  expect(Buffer.from(seen[0]?.body ?? []).toString()).toBe("ä b");
  expect(seen[0]).toMatchObject({ method: "POST", headers: { "x-sign": "s" } });
});

test("any other path is not there, and a body over a megabyte is not read", async () => {
  const { seen, url } = await scene();
  expect((await fetch(`${url}/slack/events`, { method: "POST" })).status).toBe(404);
  const large = new Uint8Array(1_100_000);
  expect((await fetch(`${url}/telegram`, { method: "POST", body: large })).status).toBe(413);
  expect(seen).toEqual([]);
});

test("a hook that fails is answered with 500 and says nothing of why", async () => {
  const { url } = await scene(() => Promise.reject(new Error("secret")));
  const reply = await fetch(`${url}/telegram`, { method: "POST", body: "" });
  expect([reply.status, await reply.text()]).toEqual([500, ""]);
});

test("a port that is taken is told with the way out", async () => {
  const { url } = await scene();
  const port = Number(new URL(url).port);
  const second = await serveHooks({ host: "127.0.0.1", port, hooks: [], log: quietLog() });
  expect(second).toMatchObject({
    ok: false,
    error: expect.stringMatching(/EADDRINUSE.*HOOK_PORT/),
  });
});
