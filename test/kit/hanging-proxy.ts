/** A TCP proxy before a database that can be told to hang: connections stay open, and nothing passes any more. */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { databaseUrl, parseDatabaseUrl } from "../../db/url.ts";

export interface HangingProxy extends AsyncDisposable {
  /** The database's address through the proxy. */
  readonly url: string;
  hang(): void;
  /** What the database says next is lost, and its connection with it: what was asked of it was done. */
  loseNextAnswer(): void;
  goOn(): void;
}

export async function hangingProxy(url: string): Promise<HangingProxy> {
  const target = parseDatabaseUrl(url);
  const open = new Set<Socket>();
  let hangs = false;
  let loses = false;
  const server = createServer((near) => {
    const far = target.host.startsWith("/")
      ? connect({ path: `${target.host}/.s.PGSQL.${target.port}` })
      : connect({ host: target.host, port: target.port });
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
      if (hangs) socket.pause();
    }
    near.pipe(far);
    far.prependListener("data", () => {
      if (!loses) return;
      loses = false;
      near.destroy();
    });
    far.pipe(near);
    if (hangs) for (const socket of [near, far]) socket.unpipe();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: databaseUrl({ ...target, host: "127.0.0.1", port, ssl: "disable" }),
    hang() {
      hangs = true;
      for (const socket of open) {
        socket.unpipe();
        socket.pause();
      }
    },
    loseNextAnswer() {
      loses = true;
    },
    goOn() {
      hangs = false;
      // What was held is lost with its connections, as behind a network that came back.
      for (const socket of open) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}
