/**
 * One user's own connection, whose every answer has a bound in time: a statement that neither the server nor the network
 * ends is given up here, and the connection with it. It must not be shared between the journal and anything else.
 */
import { type Client, type ConnectionSpec, connect } from "../../../db/connect.ts";
import { codeOf } from "../../../db/fault.ts";

export interface SessionOptions {
  /** Shown in pg_stat_activity. */
  readonly name: string;
  /** The server gives a statement up after this; the client a second later. */
  readonly timeoutMs: number;
}

export interface Session {
  /** Runs statements on the connection; rejects with the driver's error, with `SessionTimeout`, or once it is closed. */
  run<T>(use: (client: Client) => PromiseLike<T>): Promise<T>;
  /** Takes nothing more; what was asked before gets a second to be done. */
  close(): Promise<void>;
}

export class SessionTimeout extends Error {
  override readonly name = "SessionTimeout";
}

const GRACE_MS = 1_000;
const CLOSE_MS = 1_000;

/** Connects when first used, and again after a loss. */
export function openSession(connection: ConnectionSpec, options: SessionOptions): Session {
  const open = (): Client =>
    connect(connection, { name: options.name, statementTimeoutMs: options.timeoutMs });
  let client = open();
  let closed = false;
  const abandon = (hung: Client): void => {
    if (client === hung && !closed) client = open();
    void hung.end({ timeout: 0 }).catch(() => {});
  };
  const bounded: Session["run"] = async (use) => {
    const mine = client;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        abandon(mine);
        reject(new SessionTimeout(`no answer within ${options.timeoutMs + GRACE_MS} ms`));
      }, options.timeoutMs + GRACE_MS);
    });
    try {
      return await Promise.race([use(mine), late]);
    } catch (error) {
      if (isLoss(error)) abandon(mine);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
  const running = new Set<Promise<unknown>>();
  return {
    async run(use) {
      if (closed) throw new Error(`the connection of ${options.name} is closed`);
      const run = bounded(use);
      running.add(run);
      try {
        return await run;
      } finally {
        running.delete(run);
      }
    },
    async close() {
      closed = true;
      const isDone = await settled(running, CLOSE_MS);
      await client.end({ timeout: isDone ? 1 : 0 }).catch(() => {});
    },
  };
}

/** @returns false when that takes too long */
function settled(work: Iterable<Promise<unknown>>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    void Promise.allSettled(work).then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

/** The connection is gone or going: the server shuts down (57P…), or the socket broke. */
const isLoss = (error: unknown): boolean => /^(?:57P0|08|CONNECTION_|E[A-Z])/.test(codeOf(error));
