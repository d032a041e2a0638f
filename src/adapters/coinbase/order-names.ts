/** Which of the venue's orders are ours: by the client id, or, where a message leaves that out, by the venue's own id. */
// coinbase.md §9.7: the barest frames name only the venue's id. It remembers a bounded number of them.
import type { OrderWire } from "./wire.ts";

export interface OrderNames {
  /** Remembers that an order of the venue is the one we sent under a client id. */
  learn(venueId: string, clientId: string): void;
  /** The row with the client id it belongs to, or null when it is not ours as far as we know. */
  named(wire: OrderWire): OrderWire | null;
  /** A client id of ours in shape; none at all may be one. */
  maybeOurs(clientId: string | null): boolean;
}

const REMEMBERED = 5000;

/** Our client ids begin with `namespace` and a dash. */
export function orderNames(namespace: string): OrderNames {
  const prefix = namespace.endsWith("-") ? namespace : `${namespace}-`;
  const clientIds = new Map<string, string>();
  const learn = (venueId: string, clientId: string): void => {
    // The newest is the last to be forgotten, also when it was known before.
    clientIds.delete(venueId);
    clientIds.set(venueId, clientId);
    if (clientIds.size <= REMEMBERED) return;
    for (const oldest of clientIds.keys()) {
      clientIds.delete(oldest);
      return;
    }
  };
  return {
    learn,
    maybeOurs: (clientId) => clientId === null || clientId.startsWith(prefix),
    named: (wire) => {
      if (wire.clientId !== null) {
        if (!wire.clientId.startsWith(prefix)) return null;
        learn(wire.orderId, wire.clientId);
        return wire;
      }
      const clientId = clientIds.get(wire.orderId);
      return clientId === undefined ? null : { ...wire, clientId };
    },
  };
}
