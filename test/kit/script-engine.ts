/** A real core behind the doors of a switchboard. Requests enter it a little after they were submitted, as through an inbox. */
import { deskView } from "../../src/core/engine/view.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { Engine } from "../../src/ports/engine.ts";
import type { Query } from "../../src/ports/query.ts";
import { DeskScript } from "./desk-script.ts";

export interface ScriptEngine extends Engine, Query {
  readonly desk: DeskScript;
}

/** All codes it hands out are alike unless two are waiting at once, which is as bad as chance can be. */
export function scriptEngine(clock: Clock): ScriptEngine {
  const desk = DeskScript.ready();
  let count = 0;
  return {
    desk,
    view: () => deskView(desk.state, clock.now()),
    async submit(request, by) {
      await new Promise((resolve) => setImmediate(resolve));
      count += 1;
      desk.now = clock.now();
      const nonce = count.toString(16).padStart(32, "9");
      desk.put({ kind: "operator.requested", request, by, nonce });
      return desk.state.desk.seq;
    },
  };
}
