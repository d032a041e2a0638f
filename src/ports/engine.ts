/** How a request from a person enters the engine, whichever door the person stands at. */
import type { Request } from "../core/control/request.ts";
import type { Requester } from "../core/control/trading.ts";

export interface Engine {
  /**
   * Puts the request in the inbox. Resolves with the number of the last event it caused once those are durable, or null
   * when the journal does not answer in time; the request itself is then in force all the same.
   */
  submit(request: Request, by: Requester): Promise<number | null>;
}
