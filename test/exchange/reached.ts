/** One way to talk to an exchange that is the same over real sockets and within this process in virtual time. */
import { expect } from "vitest";
import { netTransport } from "../../src/adapters/net/net-transport.ts";
import { type Exchange, startExchange } from "../../src/exchange/exchange.ts";
import { inProcessExchange } from "../../src/exchange/in-process.ts";
import type { ExchangeOptions } from "../../src/exchange/options.ts";
import type { Transport } from "../../src/ports/transport.ts";
import { exchangeTime } from "../kit/exchange-time.ts";
import { API, claimsFor, type Json, sign } from "./caller.ts";
import { shape } from "./vectors.ts";

export interface Reached {
  readonly exchange: Exchange;
  readonly transport: Transport;
  until(what: string, holds: () => boolean): Promise<void>;
  /** Lets a call come to its end, however time passes there. */
  done<T>(under: Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export async function overNetwork(options: ExchangeOptions): Promise<Reached> {
  const exchange = await startExchange({ market: "manual", ...options });
  const transport = netTransport();
  return {
    exchange,
    transport,
    until: (what, holds) =>
      expect.poll(holds, { message: what, timeout: 5000, interval: 5 }).toBe(true),
    done: (under) => under,
    close: async () => {
      await transport.close();
      await exchange.close();
    },
  };
}

/** @param earlyMs how much too early its timers come, as those of a machine may */
export async function inProcess(options: ExchangeOptions, earlyMs = 0): Promise<Reached> {
  const time = exchangeTime(Date.now());
  const clock = {
    ...time.exchange,
    after: (ms: number, run: () => void) => time.exchange.after(Math.max(0, ms - earlyMs), run),
  };
  const { tls: _tls, ...own } = options;
  const exchange = inProcessExchange({
    ...{ market: "manual", clock, latencyMs: () => 3, ...own },
  });
  time.watch(() => exchange.underWay);
  return {
    exchange,
    transport: exchange.transport,
    until: (what, holds) => time.until(what, holds, 90_000),
    done: time.ended,
    close: () => exchange.close(),
  };
}

type Told = { readonly status: number; readonly type?: string | undefined; readonly body: unknown };

/** A call as a client makes it; of the answer what does not change from run to run. */
export async function ask(
  on: Reached,
  method: "GET" | "POST",
  path: string,
  more: { readonly body?: unknown; readonly timeoutMs?: number; readonly token?: string } = {},
): Promise<(Told & { readonly json: Json }) | { readonly failed: string }> {
  const url = new URL(on.exchange.rest + API + path);
  const claims = claimsFor(on.exchange.keyName, `${method} ${url.host}${url.pathname}`);
  const token = more.token ?? (await sign(on.exchange, claims));
  const reply = await on.done(
    on.transport.request({
      method,
      url: url.href,
      headers: { Authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: more.body === undefined ? null : JSON.stringify(more.body),
      timeoutMs: more.timeoutMs ?? 5000,
    }),
  );
  if ("failed" in reply) return { failed: reply.failed };
  const type = reply.headers["content-type"];
  expect(reply.headers["content-length"]).toBe(String(Buffer.byteLength(reply.body)));
  expect(Date.parse(reply.headers["date"] ?? "")).toBeGreaterThan(Date.now() - 90_000);
  const json = reply.body.startsWith("{") ? (JSON.parse(reply.body) as Json) : {};
  const body = reply.body.startsWith("{") ? shape(json) : reply.body.slice(0, 40);
  return { status: reply.status, type, body, json };
}

/** Without what differs from run to run. */
export const told = (of: Awaited<ReturnType<typeof ask>>): unknown => {
  if ("failed" in of) return of;
  const { json: _json, ...rest } = of;
  return rest;
};

export interface Heard {
  readonly lines: string[];
  readonly frames: Json[];
  opened: boolean;
  closed: string | null;
  send(message: Json): void;
  close(): void;
}

export function listen(on: Reached, url: string): Heard {
  const heard: Heard = {
    lines: [],
    frames: [],
    opened: false,
    closed: null,
    send: (message) => socket.send(JSON.stringify(message)),
    close: () => socket.close(),
  };
  const socket = on.transport.openSocket(url, {
    open: () => {
      heard.opened = true;
    },
    message: (text) => {
      const frame = JSON.parse(text) as Json;
      heard.frames.push(frame);
      const [event] = (frame["events"] ?? []) as Json[];
      const orders = (event?.["orders"] ?? []) as Json[];
      const states = orders.map((order) => `${order["status"]} ${order["cumulative_quantity"]}`);
      const name = frame["channel"] ?? frame["message"];
      heard.lines.push([frame["sequence_num"], name, event?.["type"], ...states].join(" ").trim());
    },
    close: (code, reason) => {
      heard.closed = `${code} ${reason}`.trim();
    },
  });
  return heard;
}

export async function subscribe(on: Reached, to: Heard, channel: string, names: readonly string[]) {
  const acks = () => to.frames.filter((frame) => frame["channel"] === "subscriptions").length;
  const before = acks();
  const jwt = await sign(on.exchange, claimsFor(on.exchange.keyName));
  to.send({ type: "subscribe", channel, product_ids: names, jwt });
  await on.until("an acknowledgement", () => acks() > before);
}
