/** Which of the venue's orders are ours: by the client id, or, where a message leaves that out, by the venue's own id. */
// coinbase.md §6.13, §9.7: fills and the barest frames name only the venue's id. It remembers a bounded number of them.
import type { OrderWire } from "./wire.ts";

export interface OrderNames {
  /** Remembers that an order of the venue is the one we sent under a client id. */
  learn(venueId: string, clientId: string): void;
  /** Remembers that an order of the venue is not ours. */
  learnForeign(venueId: string): void;
  /** The row with the client id it belongs to, or null when it is not ours as far as we know. */
  named(wire: OrderWire): OrderWire | null;
  /** Our client id of an order of the venue; null: it is somebody else's; undefined: not known. */
  clientIdOf(venueId: string): string | null | undefined;
  /** A client id of ours in shape; none at all may be one. */
  maybeOurs(clientId: string | null): boolean;
}

/** Of ours, and of others each. */
const REMEMBERED = 5000;

/** Our client ids begin with `namespace` and a dash. */
export function orderNames(namespace: string): OrderNames {
  const prefix = namespace.endsWith("-") ? namespace : `${namespace}-`;
  const ours = new Map<string, string>();
  const others = new Map<string, null>();
  const learn = (venueId: string, clientId: string): void => remember(ours, venueId, clientId);
  const learnForeign = (venueId: string): void => remember(others, venueId, null);
  return {
    learn,
    learnForeign,
    maybeOurs: (clientId) => clientId === null || clientId.startsWith(prefix),
    clientIdOf: (venueId) => ours.get(venueId) ?? others.get(venueId),
    named: (wire) => {
      if (wire.clientId !== null) {
        if (!wire.clientId.startsWith(prefix)) {
          learnForeign(wire.orderId);
          return null;
        }
        learn(wire.orderId, wire.clientId);
        return wire;
      }
      const clientId = ours.get(wire.orderId);
      return clientId === undefined ? null : { ...wire, clientId };
    },
  };
}

/** The newest is the last to be forgotten, also when it was known before. */
function remember<Name>(names: Map<string, Name>, venueId: string, name: Name): void {
  names.delete(venueId);
  names.set(venueId, name);
  if (names.size <= REMEMBERED) return;
  for (const oldest of names.keys()) {
    names.delete(oldest);
    return;
  }
}
