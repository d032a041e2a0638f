/**
 * A Coinbase Advanced Trade on loopback: REST and both WebSockets over a replayed market, with
 * books of its own.
 */
// It only puts the assembled exchange behind its ports. It shares no code with the client that trades against it.
import { assemble, type KeyFile } from "./assemble.ts";
import type { Control } from "./control.ts";
import { restListener } from "./http.ts";
import type { LedgerView } from "./ledger-view.ts";
import { addressOf, closeDoors, makeDoors, openDoors } from "./listen.ts";
import { type ExchangeOptions, settle } from "./options.ts";
import { serveSockets } from "./stream/socket-server.ts";

export interface Exchange extends KeyFile, AsyncDisposable {
  /**
   * `http://127.0.0.1:PORT`; the API lives below `/api/v3/brokerage`, the ledger at `/ledger`, the
   * control at `/control`.
   */
  readonly rest: string;
  readonly ws: string;
  readonly wsUser: string;
  /** Every key, in the order of the options; the first is the one above. */
  readonly keys: readonly KeyFile[];
  readonly ledger: LedgerView;
  readonly control: Control;
  close(): Promise<void>;
}

/**
 * Opens an exchange.
 * @throws RangeError when an option makes no sense; PortError when a port is taken.
 */
export async function startExchange(options: ExchangeOptions): Promise<Exchange> {
  const settings = settle(options);
  const assembly = assemble(settings);
  const doors = makeDoors(settings);
  try {
    await openDoors(doors, settings);
  } catch (error) {
    assembly.stop();
    throw error;
  }
  doors.rest.on("request", restListener(assembly.rest));
  const sockets = (["market", "user"] as const).map((stream) =>
    serveSockets(assembly.session(stream), doors[stream]),
  );
  assembly.begin();
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= (async () => {
      assembly.venue.clock.stop();
      for (const each of sockets) {
        for (const socket of each.clients) socket.terminate();
        each.close();
      }
      await closeDoors(doors);
      assembly.stop();
    })();
    return closing;
  };
  const secure = settings.tls === null ? "" : "s";
  return {
    rest: addressOf(doors.rest, `http${secure}`),
    ws: addressOf(doors.market, `ws${secure}`),
    wsUser: addressOf(doors.user, `ws${secure}`),
    ...assembly.given,
    close,
    [Symbol.asyncDispose]: close,
  };
}
