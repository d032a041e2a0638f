/** A transport that can ask, listen and cancel: no order can be made or changed through it, whoever asks. */
import type { Log } from "../../ports/log.ts";
import type { Transport } from "../../ports/transport.ts";

const CANCEL = /\/orders\/batch_cancel$/;

/** Every other request is refused before a byte of it leaves, and said loudly: whoever made it is a mistake. */
export function cancelOnlyTransport(transport: Transport, log: Log): Transport {
  return {
    async request(request) {
      const { pathname } = new URL(request.url);
      const isCancel = request.method === "POST" && CANCEL.test(pathname);
      if (request.method === "GET" || isCancel) return transport.request(request);
      log.error("a request was refused: this desk only cancels", {
        method: request.method,
        path: pathname,
      });
      return { failed: "not-sent", cause: "this desk only cancels: no order is sent" };
    },
    openSocket: (url, handlers) => transport.openSocket(url, handlers),
  };
}
