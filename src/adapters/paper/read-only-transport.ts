/** A transport that can ask and listen and nothing else: whatever could change something at the other side never leaves. */
import type { Log } from "../../ports/log.ts";
import type { Transport } from "../../ports/transport.ts";

/** Every request but a GET is refused before a byte of it leaves, and said loudly: whoever made it is a mistake. */
export function readOnlyTransport(transport: Transport, log: Log): Transport {
  return {
    async request(request) {
      if (request.method === "GET") return transport.request(request);
      const { pathname } = new URL(request.url);
      log.error("a request was refused: this desk only reads", {
        method: request.method,
        path: pathname,
      });
      return { failed: "not-sent", cause: "this desk only reads: nothing is sent" };
    },
    openSocket: (url, handlers) => transport.openSocket(url, handlers),
  };
}
