/** A request that is held back at the last moment: not a byte of it leaves, and that is known. Against a raw server. */
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { fenced } from "../../../src/adapters/net/fenced.ts";
import { type NetTransport, netTransport } from "../../../src/adapters/net/net-transport.ts";
import type { TransportRequest } from "../../../src/ports/transport.ts";

/** Answers everything; notes what happens in order. */
async function scene() {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    seen.push("connection");
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      seen.push(data.toString().split(" ", 2).join(" "));
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const transport: NetTransport = netTransport();
  onTestFinished(async () => {
    await transport.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const ask = (over: Partial<TransportRequest> = {}): TransportRequest => ({
    ...{ method: "POST", url: `http://127.0.0.1:${port}/orders`, headers: {} },
    ...{ body: "{}", timeoutMs: 5000 },
    ...over,
  });
  return { seen, transport, ask };
}

const sent = (seen: readonly string[]): readonly string[] =>
  seen.filter((one) => one !== "connection");

test("what is held back was not sent, also on its first connection; the look is the last thing before the write", async () => {
  const { seen, transport, ask } = await scene();
  const held = await transport.request(
    ask({
      lastLook: () => {
        seen.push("look");
        return "overtaken";
      },
    }),
  );
  expect(held).toEqual({ failed: "not-sent", cause: "overtaken" });
  expect([...seen].sort()).toEqual(["connection", "look"]);
});

test("what comes after it is asked for once, sent and answered", async () => {
  const { seen, transport, ask } = await scene();
  await transport.request(ask());
  expect(await transport.request(ask({ lastLook: () => "no" }))).toMatchObject({
    failed: "not-sent",
  });
  let looks = 0;
  const look = (): null => {
    looks += 1;
    return null;
  };
  expect(await transport.request(ask({ lastLook: look }))).toMatchObject({
    status: 200,
    body: "ok",
  });
  expect([looks, sent(seen)]).toEqual([1, ["POST /orders", "POST /orders"]]);
});

test("behind a fence everything is asked for, and what has a stricter question of its own keeps it", async () => {
  const { seen, transport, ask } = await scene();
  let overtaken: string | null = null;
  const behind = fenced(transport, () => overtaken);
  expect(await behind.request(ask({ method: "GET", body: null }))).toMatchObject({ status: 200 });
  const strict = { lastLook: () => "not renewed" };
  expect(await behind.request(ask(strict))).toMatchObject({ cause: "not renewed" });
  overtaken = "overtaken";
  expect(await behind.request(ask())).toEqual({ failed: "not-sent", cause: "overtaken" });
  expect(sent(seen)).toEqual(["GET /orders"]);
});
