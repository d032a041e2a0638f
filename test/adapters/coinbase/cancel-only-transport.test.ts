/** What passes a transport that only cancels: questions and cancels. */
import { expect, test } from "vitest";
import { cancelOnlyTransport } from "../../../src/adapters/coinbase/cancel-only-transport.ts";
import type { Transport, TransportRequest } from "../../../src/ports/transport.ts";
import { memoryLog } from "./world.ts";

const API = "https://api.coinbase.com/api/v3/brokerage";

test("a GET and a cancel pass; creates, edits, previews and whatever else writes never leave", async () => {
  const left: string[] = [];
  const outward: Transport = {
    async request({ method, url }: TransportRequest) {
      left.push(`${method} ${new URL(url).pathname}`);
      return { failed: "not-sent", cause: "the test" };
    },
    openSocket: () => {
      throw new Error("no socket is opened here");
    },
  };
  const log = memoryLog();
  const { request } = cancelOnlyTransport(outward, log);
  const ask = (method: TransportRequest["method"], path: string) =>
    request({ method, url: `${API}${path}`, headers: {}, body: null, timeoutMs: 1 });
  await ask("GET", "/accounts");
  await ask("POST", "/orders/batch_cancel");
  const passed = left.length;
  for (const path of [
    "/orders",
    "/orders/edit",
    "/orders/preview",
    "/orders/batch_cancel/x",
    "/x",
  ]) {
    expect(await ask("POST", path)).toMatchObject({
      failed: "not-sent",
      cause: expect.stringMatching(/only cancels/),
    });
  }
  expect([passed, left.length]).toEqual([2, 2]);
  expect(log.lines.filter(({ level }) => level === "error")).toHaveLength(5);
});
