/**
 * The same exchange without ports: a Transport of this process reaches it, in the time of the clock it is given.
 */
// It only carries; what is answered and what goes wrong is decided where it is for the network.
import type {
  Transport,
  TransportFailure,
  TransportReply,
  TransportRequest,
} from "../ports/transport.ts";
import { assemble } from "./assemble.ts";
import type { Clock } from "./clock.ts";
import type { Exchange } from "./exchange.ts";
import { inProcessSockets } from "./in-process-socket.ts";
import { IN_PROCESS } from "./names.ts";
import { type ExchangeOptions, settle } from "./options.ts";
import { LARGEST_BODY, type Outcome, requests } from "./requests.ts";

export interface InProcessOptions extends Omit<ExchangeOptions, "port" | "host" | "tls"> {
  /** Milliseconds from one side to the other, asked for each message; 0 when left out. */
  readonly latencyMs?: () => number;
}

export interface InProcessExchange extends Exchange {
  /** Reaches this exchange under its `rest`, `ws` and `wsUser`, and nothing else. */
  readonly transport: Transport;
  /** Signatures being checked just now: the only work that no clock drives. A test waits until there is none. */
  readonly underWay: number;
}

/** @throws RangeError when an option makes no sense. */
export function inProcessExchange(options: InProcessOptions): InProcessExchange {
  const settings = settle(options);
  const assembly = assemble(settings);
  const { clock } = assembly.venue;
  const latencyMs = options.latencyMs ?? (() => 0);
  const answer = requests(assembly.rest);
  const pending = new Set<(cause: string) => void>();
  /** What a closed exchange still has to say to those who knock. */
  const base: Clock = settings.clock;
  const sockets = inProcessSockets({ assembly, base, latencyMs });
  let closed = false;

  const carry = (request: TransportRequest, url: URL): Promise<TransportReply | TransportFailure> =>
    new Promise((resolve) => {
      const end = (result: TransportReply | TransportFailure): void => {
        pending.delete(fail);
        undo();
        request.signal?.removeEventListener("abort", giveUp);
        resolve(result);
      };
      const fail = (cause: string): void => end({ failed: "ambiguous", cause });
      const giveUp = (): void => fail("given up while waiting");
      const late = `no answer within ${request.timeoutMs} ms`;
      const undo = clock.after(request.timeoutMs, () => fail(late));
      request.signal?.addEventListener("abort", giveUp, { once: true });
      pending.add(fail);
      const arrive = async (): Promise<void> => {
        const outcome = await answer(asked(request, url));
        if (outcome.kind === "hang") return;
        clock.after(latencyMs(), () => end(received(outcome)));
      };
      clock.after(latencyMs(), () => void arrive());
    });

  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    sockets.close();
    for (const fail of [...pending]) fail("the exchange was closed");
    assembly.stop();
  };
  assembly.begin();
  return {
    rest: IN_PROCESS.rest,
    ws: IN_PROCESS.market,
    wsUser: IN_PROCESS.user,
    ...assembly.given,
    transport: {
      request: async (request) => {
        if (request.signal?.aborted)
          return { failed: "not-sent", cause: "given up before sending" };
        const held = request.lastLook?.() ?? null;
        if (held !== null) return { failed: "not-sent", cause: held };
        const url = URL.canParse(request.url) ? new URL(request.url) : null;
        if (closed || url?.origin !== IN_PROCESS.rest) {
          return { failed: "not-sent", cause: `nobody listens at ${url?.host ?? "no address"}` };
        }
        return carry(request, url);
      },
      openSocket: sockets.open,
    },
    get underWay() {
      return assembly.gatekeeper.underWay;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function asked({ method, headers, body }: TransportRequest, url: URL) {
  const text = typeof body === "string" ? body : new TextDecoder().decode(body ?? undefined);
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    method,
    target: url.pathname + url.search,
    headers: { ...Object.fromEntries(lower), host: url.host },
    text: Buffer.byteLength(text) > LARGEST_BODY ? null : text,
    address: "in-process",
  };
}

function received(outcome: Exclude<Outcome, { kind: "hang" }>): TransportReply | TransportFailure {
  if (outcome.kind === "cut") return { failed: "ambiguous", cause: "the connection was cut" };
  if (outcome.half) return { failed: "ambiguous", cause: "the answer was cut short" };
  return outcome.answer;
}
