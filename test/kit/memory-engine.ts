/** An engine that records what it is asked and answers when told. */
import type { Request } from "../../src/core/control/request.ts";
import type { Requester } from "../../src/core/control/trading.ts";
import type { Engine } from "../../src/ports/engine.ts";

export interface MemoryEngine extends Engine {
  readonly asked: { readonly request: Request; readonly by: Requester }[];
  /** What `submit` resolves to; by default a number that counts up. */
  reply: (request: Request, by: Requester) => Promise<number | null>;
}

export function memoryEngine(): MemoryEngine {
  const asked: MemoryEngine["asked"] = [];
  const engine: MemoryEngine = {
    asked,
    reply: async () => asked.length,
    submit: (request, by) => {
      asked.push({ request, by });
      return engine.reply(request, by);
    },
  };
  return engine;
}
