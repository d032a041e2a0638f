/**
 * A TCP proxy before a database that disturbs one commit: the request never arrives, or it is committed and the answer
 * is lost with the connection, or it is slow. It reads only as much of the protocol as it takes to find that commit.
 */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { databaseUrl, parseDatabaseUrl } from "../../db/url.ts";

export const CUTS = ["request", "answer", "slow"] as const;
export type Cut = (typeof CUTS)[number];

export interface CutPoint {
  readonly how: Cut;
  /** Kind of the event that must be in the commit, and at the how manieth such one. */
  readonly kind: string;
  readonly nth: number;
}

export interface CuttingProxy extends AsyncDisposable {
  /** The database's address through the proxy. */
  readonly url: string;
  readonly happened: boolean;
}

const SLOW_MS = 1_200;
/** The name that the journal's own connection gives itself when it begins. */
const JOURNAL = / journal\0/;
/** `ReadyForQuery`: the server has answered all of it, and the transaction is over. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5]);

export async function cuttingProxy(
  url: string,
  { how, kind, nth }: CutPoint,
): Promise<CuttingProxy> {
  const target = parseDatabaseUrl(url);
  const open = new Set<Socket>();
  let [seen, happened] = [0, false];
  const isIt = (chunk: Buffer): boolean => {
    if (happened || !chunk.includes(`"kind":"${kind}"`)) return false;
    seen += 1;
    happened = seen === nth;
    return happened;
  };
  const server = createServer((near) => {
    const far = target.host.startsWith("/")
      ? connect({ path: `${target.host}/.s.PGSQL.${target.port}` })
      : connect({ host: target.host, port: target.port });
    let journal: boolean | null = null;
    let cut: Cut | null = null;
    const end = (): void => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        open.delete(socket);
        end();
      });
    }
    near.on("data", (chunk: Buffer) => {
      journal ??= JOURNAL.test(chunk.toString("latin1"));
      if (journal && isIt(chunk)) cut = how;
      if (cut === "request") end();
      else far.write(chunk);
    });
    far.on("data", (chunk: Buffer) => {
      if (cut === null) near.write(chunk);
      else if (cut === "slow") {
        cut = null;
        far.pause();
        setTimeout(() => {
          near.write(chunk);
          far.resume();
        }, SLOW_MS);
      } else if (chunk.includes(READY)) end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: databaseUrl({ ...target, host: "127.0.0.1", port, ssl: "disable" }),
    get happened() {
      return happened;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}
