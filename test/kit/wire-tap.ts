/** A relay before an HTTP server that notes every request passing through it: what one program of several really sent. */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface WireTap extends AsyncDisposable {
  /** The server's address through the tap. */
  readonly url: string;
  /** `POST /api/v3/brokerage/orders`, in order, without queries. */
  readonly requests: readonly string[];
  /** Connections so far, whatever was said on them. */
  readonly connections: number;
}

/** At the head of a request; our clients write head and body at once or the head first. */
const HEAD = /^(GET|POST|PUT|DELETE) (\/[^ ?]*)\S* HTTP\/1\.1\r$/gm;

export async function wireTap(target: string): Promise<WireTap> {
  const { hostname: host, port } = new URL(target);
  const open = new Set<Socket>();
  const requests: string[] = [];
  let connections = 0;
  const server = createServer((near) => {
    connections += 1;
    const far = connect({ host, port: Number(port) });
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.on("data", (data: Buffer) => {
      for (const [, method, path] of data.toString("latin1").matchAll(HEAD)) {
        requests.push(`${method} ${path}`);
      }
    });
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}
