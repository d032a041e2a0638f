/** A small signing client for tests of the exchange: REST calls and socket conversations. */
// It shares nothing with the real client, so that both sides can disagree.
import { createPrivateKey, type KeyObject } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CompactSign } from "jose";
import { WebSocket } from "ws";
import type { KeyFile } from "../../src/exchange/assemble.ts";
import { type Exchange, startExchange } from "../../src/exchange/exchange.ts";
import type { ExchangeOptions } from "../../src/exchange/options.ts";

export type Json = Record<string, unknown>;
export const API = "/api/v3/brokerage";

/** Loads any of the encodings that the exchange writes. */
export function loadKey(file: string): KeyObject {
  const text = readFileSync(file, "utf8");
  if (text.includes("BEGIN")) return createPrivateKey(text);
  const seed = Buffer.from(text, "base64").subarray(0, 32);
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}

let nonce = 0;

/** A token with these claims; `header` may replace parts of the usual one. */
export async function sign(
  { keyName, privateKeyFile }: KeyFile,
  claims: Json,
  header: Json = {},
): Promise<string> {
  const key = loadKey(privateKeyFile);
  const alg = key.asymmetricKeyType === "ec" ? "ES256" : "EdDSA";
  nonce += 1;
  return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg, typ: "JWT", kid: keyName, nonce: String(nonce), ...header })
    .sign(key);
}

/** `now` in ms, for an exchange with a clock of its own. */
export function claimsFor(keyName: string, uri?: string, now = Date.now()): Json {
  const nbf = Math.floor(now / 1000);
  return { sub: keyName, iss: "cdp", nbf, exp: nbf + 120, ...(uri === undefined ? {} : { uri }) };
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly json: Json;
}

/** One REST call; `path` is below the prefix and may carry a query. */
export async function call(
  to: { readonly rest: string; readonly key: KeyFile; readonly now?: number },
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const url = new URL(to.rest + API + path);
  const claims = claimsFor(to.key.keyName, `${method} ${url.host}${url.pathname}`, to.now);
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${await sign(to.key, claims)}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = text.startsWith("{") ? (JSON.parse(text) as Json) : {};
  return { status: response.status, text, json };
}

export interface Bench extends AsyncDisposable {
  readonly exchange: Exchange;
  get(path: string): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
  /** Places an order and gives its id; throws the refusal. */
  place(order: Partial<PlainOrder>): Promise<string>;
}

export interface PlainOrder {
  readonly id: string;
  readonly product: string;
  readonly side: "BUY" | "SELL";
  readonly configuration: Json;
}

export const limit = (size: string, price: string, more: Json = {}): Json => ({
  limit_limit_gtc: { base_size: size, limit_price: price, post_only: false, ...more },
});
export const market = (sizes: Json): Json => ({ market_market_ioc: sizes });

/** For `expect.poll`: on a busy machine a second is not long. */
export const SOON = { timeout: 8000 };

let placed = 0;

export const orderBody = (order: Partial<PlainOrder>): Json => {
  placed += 1;
  return {
    client_order_id: order.id ?? `test-${placed}`,
    product_id: order.product ?? "BTC-USD",
    side: order.side ?? "BUY",
    order_configuration: order.configuration ?? limit("0.01", "100"),
  };
};

/** An exchange with prices driven by hand, closed at the end of the test. */
export async function bench(options: Partial<ExchangeOptions> = {}): Promise<Bench> {
  const keyFolder = mkdtempSync(join(tmpdir(), "exchange-test-"));
  const exchange = await startExchange({ keyFolder, market: "manual", ...options });
  const to = { rest: exchange.rest, key: exchange };
  return {
    exchange,
    get: (path) => call(to, "GET", path),
    post: (path, body) => call(to, "POST", path, body),
    place: async (order) => {
      const { json } = await call(to, "POST", "/orders", orderBody(order));
      if (json["success"] !== true) throw new Error(JSON.stringify(json["error_response"]));
      return String((json["success_response"] as Json)["order_id"]);
    },
    [Symbol.asyncDispose]: async () => {
      await exchange.close();
      rmSync(keyFolder, { recursive: true, force: true });
    },
  };
}

/** An order as the ledger has it, by its place in the order of placing. */
export const order = (on: Bench, index = 0) => on.exchange.ledger.orders[index];

/** An order as REST shows it. */
export const shown = async (on: Bench, id: string): Promise<Json> =>
  (await on.get(`/orders/historical/${id}`)).json["order"] as Json;

export interface Frame extends Json {
  readonly channel: string;
  readonly sequence_num: number;
  readonly events: readonly Json[];
}

/** A socket that keeps every frame it was sent. */
export class Listener implements Disposable {
  readonly frames: Frame[] = [];
  closedWith: number | null = null;
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data) => {
      this.frames.push(JSON.parse(String(data)) as Frame);
      for (const wake of this.#waiting) wake();
    });
    socket.on("close", (code) => {
      this.closedWith = code;
      for (const wake of this.#waiting) wake();
    });
    socket.on("error", () => {});
  }

  static async open(url: string): Promise<Listener> {
    const socket = new WebSocket(url);
    const listener = new Listener(socket);
    await new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    return listener;
  }

  send(message: Json): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** Subscribes with a good token and waits for the acknowledgement. */
  async subscribe(channel: string, names: readonly string[], key?: KeyFile): Promise<void> {
    const acks = (): number => this.of("subscriptions").length;
    const before = acks();
    const jwt = key === undefined ? undefined : await sign(key, claimsFor(key.keyName));
    this.send({ type: "subscribe", channel, product_ids: names, ...(jwt ? { jwt } : {}) });
    await this.until(() => acks() > before);
  }

  of(channel: string): Frame[] {
    return this.frames.filter((frame) => frame.channel === channel);
  }

  /** The orders of the user channel, in the order they came. */
  orders(): Json[] {
    return this.of("user").flatMap((frame) =>
      frame.events.flatMap((event) => event["orders"] as Json[]),
    );
  }

  /** Waits for frames until the condition holds. */
  async until(holds: () => boolean): Promise<void> {
    const deadline = Date.now() + 5000;
    while (!holds()) {
      if (Date.now() > deadline) throw new Error("what the socket was to say never came");
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, 100);
        this.#waiting.add(wake);
      });
    }
  }

  [Symbol.dispose](): void {
    this.#socket.terminate();
  }
}
