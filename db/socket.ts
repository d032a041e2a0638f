/**
 * Sockets for the driver, which by itself connects again without a pause, for ever, to something that takes connections
 * and closes them (a proxy without a server behind it). It must not know what is said on them.
 */
import { connect, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const CONNECT_MS = 5_000;
/** A connection that was said goodbye to is cut after this. */
const GOODBYE_MS = 1_000;
/** A connection that ends sooner than this was refused. */
const SHORT_MS = 1_000;
const PAUSE_MS = 50;
/** After so many refusals in a row the statement is given up. */
const REFUSALS = 5;
/** What the driver says when it hears of a loss has been written, to nobody, by then. */
const FAREWELL_MS = 5;

interface Place {
  /** A name, an address, or the folder of a unix socket. */
  readonly host: string;
  readonly port: number;
}

/** Coded as the driver and the system code theirs. */
class SocketError extends Error {
  readonly code: "CONNECT_TIMEOUT" | "CONNECTION_CLOSED" | "CONNECTION_ENDED";
  constructor(code: SocketError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

export interface Sockets {
  /** Never rejects: a driver without a socket waits for ever, with every later statement; one whose socket fails tells whoever asked. */
  open(): Promise<Socket>;
  /** From now on nothing is connected any more, and what is open keeps no program from ending. */
  close(): void;
}

/** For one client of one connection. */
export function socketsTo(place: Place): Sockets {
  const open = new Set<Socket>();
  let refusals = 0;
  let closed = false;
  const next = async (): Promise<Socket> => {
    if (refusals > 0) await sleep(PAUSE_MS);
    if (closed) throw new SocketError("CONNECTION_ENDED", "the client has ended");
    if (refusals >= REFUSALS) {
      refusals = 0;
      throw new SocketError("CONNECTION_CLOSED", "the server closes every connection");
    }
    const socket = await connected(place, open);
    const since = performance.now();
    socket.once("close", () => {
      refusals = performance.now() - since < SHORT_MS ? refusals + 1 : 0;
    });
    return socket;
  };
  return {
    open: () =>
      next().catch((error: unknown) =>
        failing(error instanceof Error ? error : new Error(String(error))),
      ),
    close() {
      closed = true;
      for (const socket of open) {
        if (socket.connecting) socket.destroy(new SocketError("CONNECTION_ENDED", "given up"));
        socket.unref();
      }
      setTimeout(() => open.forEach((socket) => void socket.destroy()), GOODBYE_MS).unref();
    },
  };
}

/** A socket that is lost as soon as somebody can hear of it. */
function failing(error: Error): Socket {
  const socket = new Socket();
  setImmediate(() => socket.destroy(error));
  return lossFirst(socket, () => undefined);
}

/** @param open holds the socket from its first moment to its last */
function connected({ host, port }: Place, open: Set<Socket>): Promise<Socket> {
  const place = host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
  return new Promise((resolve, reject) => {
    const socket = connect(place);
    open.add(socket);
    const timer = setTimeout(() => {
      open.delete(socket);
      socket.destroy();
      reject(new SocketError("CONNECT_TIMEOUT", `no connection within ${CONNECT_MS} ms`));
    }, CONNECT_MS);
    socket.once("error", (error) => {
      clearTimeout(timer);
      open.delete(socket);
      reject(error);
    });
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.removeAllListeners();
      // The driver takes the name to verify a certificate against from here.
      const gone = (): void => void open.delete(socket);
      resolve(lossFirst(Object.assign(socket, { host }), gone));
    });
  });
}

/**
 * The driver forgets a closed socket at once, and a transaction that then says ROLLBACK writes to nothing: an exception
 * that nobody can catch. So it hears of the loss first, when it may still write, and of the end a moment later.
 */
function lossFirst(socket: Socket, gone: () => void): Socket {
  const emit = socket.emit.bind(socket);
  socket.emit = (event: string | symbol, ...rest: unknown[]): boolean => {
    if (event !== "close") return emit(event, ...rest);
    gone();
    emit("error", new SocketError("CONNECTION_CLOSED", "the server closed the connection"));
    setTimeout(() => emit("close", false), FAREWELL_MS);
    return true;
  };
  return socket;
}
