/** Socket Mode of the fake of Slack: tickets, connections, pings, frames in and out. It knows nothing of what an envelope holds. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { isObject, type Json } from "./slack-fake-json.ts";
import type { World } from "./slack-fake-world.ts";

export interface SocketFrame {
  readonly at: number;
  readonly direction: "in" | "out";
  readonly body: Json;
}

export type Drop =
  | "tcp"
  | "disconnect-refresh"
  | "disconnect-warning"
  | "disconnect-link-disabled"
  /** Stays open, says nothing any more, not even a ping, and hears nothing. */
  | "silent";

export interface SocketMode {
  readonly frames: readonly SocketFrame[];
  readonly connections: number;
  /** The address of a new connection, good once. */
  address(): string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** To one of the connections, each in turn; false when there is none. */
  send(body: Json): boolean;
  drop(how: Drop): void;
  close(): void;
}

interface Settings {
  readonly host: () => string;
  readonly pingMs: number;
  /** From asking a client to leave until it is cut off. */
  readonly graceMs: number;
  readonly heard: (body: Json) => void;
}

/** More than this Slack does not keep for one app. */
const MOST_CONNECTIONS = 10;

interface Connection {
  readonly socket: WebSocket;
  state: "open" | "leaving" | "silent";
}

export function socketMode(of: World, settings: Settings): SocketMode {
  const server = new WebSocketServer({ noServer: true, autoPong: false, perMessageDeflate: false });
  const frames: SocketFrame[] = [];
  const tickets = new Set<string>();
  const timers = new Set<NodeJS.Timeout>();
  let connections: Connection[] = [];
  let turn = 0;
  const debug_info = { host: "applink-fake-1" };
  const say = (to: Connection, body: Json): void => {
    if (to.state === "silent") return;
    frames.push({ at: of.now(), direction: "out", body });
    to.socket.send(JSON.stringify(body), () => undefined);
  };
  const ask = (one: Connection, reason: string): void => {
    say(one, { type: "disconnect", reason, debug_info });
    // A warned connection still works until it is cut off.
    if (reason !== "warning" && one.state === "open") one.state = "leaving";
    const timer = setTimeout(() => one.socket.terminate(), settings.graceMs);
    timers.add(timer);
    one.socket.once("close", () => clearTimeout(timer));
  };
  const ends: { readonly [K in Drop]: (one: Connection) => void } = {
    tcp: ({ socket }) => socket.terminate(),
    "disconnect-refresh": (one) => ask(one, "refresh_requested"),
    "disconnect-warning": (one) => ask(one, "warning"),
    "disconnect-link-disabled": (one) => ask(one, "link_disabled"),
    silent: (one) => {
      one.state = "silent";
    },
  };
  const open = (socket: WebSocket): void => {
    const one: Connection = { socket, state: "open" };
    connections.push(one);
    const ping = setInterval(() => {
      if (one.state !== "silent") socket.ping("Ping from applink-fake-1");
    }, settings.pingMs);
    timers.add(ping);
    socket.on("ping", (data) => {
      if (one.state !== "silent") socket.pong(data);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearInterval(ping);
      connections = connections.filter((each) => each !== one);
    });
    socket.on("message", (data) => {
      if (one.state !== "silent") hear(String(data));
    });
    const connection_info = { app_id: of.bot.appId };
    const long = { ...debug_info, started: "2026-11-21 00:00:00.000", build_number: 1 };
    const hello = { type: "hello", num_connections: connections.length, connection_info };
    say(one, { ...hello, debug_info: { ...long, approximate_connection_time: 18_060 } });
    if (connections.length > MOST_CONNECTIONS) ask(one, "too_many_websockets");
  };
  const hear = (said: string): void => {
    const body = parsed(said);
    frames.push({ at: of.now(), direction: "in", body });
    settings.heard(body);
  };
  return {
    frames,
    get connections() {
      return connections.length;
    },
    address() {
      const ticket = `canarySlackTicket${of.id("t")}`;
      tickets.add(ticket);
      return `ws://${settings.host()}/link/?ticket=${ticket}&app_id=${of.bot.appId}`;
    },
    upgrade(request, socket, head) {
      const url = new URL(request.url ?? "/", "http://localhost");
      const good =
        url.pathname === "/link/" && tickets.delete(url.searchParams.get("ticket") ?? "");
      if (good) server.handleUpgrade(request, socket, head, open);
      else socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    },
    send(body) {
      const served = connections.filter(({ state }) => state === "open");
      const able =
        served.length > 0 ? served : connections.filter(({ state }) => state === "silent");
      const one = able[turn % able.length];
      turn += 1;
      if (one === undefined) return false;
      say(one, body);
      return true;
    },
    drop: (how) => connections.forEach((one) => void ends[how](one)),
    close() {
      for (const timer of timers) clearTimeout(timer);
      for (const { socket } of connections) socket.terminate();
      connections = [];
    },
  };
}

function parsed(said: string): Json {
  try {
    const body: unknown = JSON.parse(said);
    return isObject(body) ? body : { unreadable: said };
  } catch {
    return { unreadable: said };
  }
}
