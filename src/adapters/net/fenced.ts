/** A transport that asks before each request leaves whether it still may. What is asked more strictly stays so. */
// Sockets are not held back: what they carry asks the other side to tell, and changes nothing there.
import type { NetTransport } from "./net-transport.ts";

/** @param look why nothing may leave now, or null */
export const fenced = (transport: NetTransport, look: () => string | null): NetTransport => ({
  ...transport,
  request: (request) => transport.request({ ...request, lastLook: request.lastLook ?? look }),
});
