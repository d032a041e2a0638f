/** The last wall of a desk that only reads: whatever is wrong above it, no request that could change anything leaves. */
import { expect, test } from "vitest";
import { readOnlyTransport } from "../../../src/adapters/paper/read-only-transport.ts";
import type { Transport, TransportRequest } from "../../../src/ports/transport.ts";
import { memoryLog } from "../coinbase/world.ts";

const BASE = "https://api.coinbase.com/api/v3/brokerage";
const of = (method: TransportRequest["method"], path: string): TransportRequest => ({
  method,
  url: `${BASE}${path}`,
  headers: { authorization: "Bearer secret" },
  body: null,
  timeoutMs: 1,
});

function wall() {
  const passed: string[] = [];
  const log = memoryLog();
  const inner: Transport = {
    request: async ({ method, url }) => {
      passed.push(`${method} ${url}`);
      return { status: 200, headers: {}, body: "{}" };
    },
    openSocket: (url) => {
      passed.push(url);
      return { send: () => undefined, close: () => undefined };
    },
  };
  return { transport: readOnlyTransport(inner, log), passed, log };
}

test.each<[TransportRequest["method"], string]>([
  ["POST", "/orders"],
  ["POST", "/orders?x=1"],
  ["POST", "/orders/batch_cancel"],
  ["POST", "/orders/edit"],
  ["POST", "/portfolios/move_funds"],
  ["PUT", "/portfolios/p"],
  ["DELETE", "/portfolios/p"],
])(
  "%s %s does not leave: it fails as never sent, and the log says which it was and no more",
  async (method, path) => {
    const { transport, passed, log } = wall();
    expect(await transport.request(of(method, path))).toMatchObject({ failed: "not-sent" });
    expect(passed).toEqual([]);
    expect(JSON.stringify(log.lines)).toContain("this desk only reads");
    expect(JSON.stringify(log.lines)).not.toContain("secret");
  },
);

test("questions and streams pass", async () => {
  const { transport, passed } = wall();
  expect(await transport.request(of("GET", "/orders/historical/batch"))).toMatchObject({
    status: 200,
  });
  transport.openSocket("wss://x", {
    open: () => undefined,
    message: () => undefined,
    close: () => undefined,
  });
  expect(passed).toEqual([`GET ${BASE}/orders/historical/batch`, "wss://x"]);
});
