/** A WHATWG fetch over the Transport port, for libraries that bring their own idea of HTTP. */
// It decides nothing about repeating: it only says whether the request can have left.
import type { Transport, TransportFailure } from "../../ports/transport.ts";

export class FetchError extends TypeError {
  override readonly name = "FetchError";
  readonly failed: TransportFailure["failed"];

  constructor({ failed, cause }: TransportFailure) {
    super(cause);
    this.failed = failed;
  }
}

const METHODS = ["GET", "POST", "PUT", "DELETE"] as const;

/** @param timeoutMs for callers that give no signal of their own */
export function fetchOver(
  transport: Pick<Transport, "request">,
  timeoutMs: number,
): typeof globalThis.fetch {
  return async (input, init = {}) => {
    // Libraries hand over signals of polyfills and streams without `duplex`, which Request refuses.
    const { signal, ...rest } = init;
    const asked = new Request(input instanceof Request ? input : String(input), {
      ...rest,
      ...(isStream(rest.body) ? { duplex: "half" } : {}),
    } as RequestInit);
    const method = METHODS.find((one) => one === asked.method);
    if (method === undefined) {
      throw new FetchError({ failed: "not-sent", cause: `${asked.method} is not spoken here` });
    }
    const body = new Uint8Array(await asked.arrayBuffer());
    const { given, release } = nativeSignal(signal ?? null);
    try {
      const reply = await transport.request({
        method,
        url: asked.url,
        headers: Object.fromEntries(asked.headers),
        body: body.length === 0 ? null : body,
        timeoutMs,
        signal: given,
      });
      if ("failed" in reply) throw new FetchError(reply);
      const { status, headers } = reply;
      return new Response(isBodiless(status) ? null : reply.body, { status, headers });
    } finally {
      release();
    }
  };
}

const isBodiless = (status: number): boolean => status === 204 || status === 205 || status === 304;

const isStream = (body: unknown): boolean =>
  typeof body === "object" && body !== null && Symbol.asyncIterator in body;

function nativeSignal(signal: AbortSignal | null) {
  const own = new AbortController();
  const abort = (): void => own.abort();
  if (signal?.aborted) abort();
  else signal?.addEventListener("abort", abort);
  return { given: own.signal, release: () => signal?.removeEventListener("abort", abort) };
}
