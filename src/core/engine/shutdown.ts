/** The emergency shutdown: killed first, everything cancelled, then the process ends. The next start is killed already. */
import { glance, holdings, openOrders } from "./figures.ts";
import { kill } from "./kill.ts";
import { leavingFor } from "./stage-venue.ts";
import type { Turn } from "./turn.ts";

/** The process ends then even if the venue has not shown that all is cancelled. */
const PATIENCE_MS = 30_000;

/** Kills the desk that is to shut down, and asks for its end once the kill is finished or has had its time. */
export function watchShutdown(turn: Turn): void {
  const { desk, sight } = turn.state;
  const { shutdown } = sight;
  if (!shutdown || shutdown.asked) return;
  const reason = `emergency shutdown: ${shutdown.why}`;
  if (!desk.killed) kill(turn, { at: turn.at, by: null, reason });
  if (desk.killing?.done !== true && turn.at - shutdown.since < PATIENCE_MS) return;
  shutdown.asked = true;
  const open = openOrders(turn.state).length;
  const left = open === 0 ? "no order is open" : `${open} orders are not known to be over`;
  sayStopped(turn, `${reason}; ${left}; the next start is killed`);
  turn.ask({ kind: "end", why: `${reason}; ${left}` });
}

/** The last word of a run. */
export function sayStopped(turn: Turn, why: string): void {
  const leaves = leavingFor(turn);
  turn.say({
    kind: "desk.stopped",
    why,
    glance: glance(turn.state),
    holdings: holdings(turn.state),
    openOrders: turn.state.desk.orders.size,
    ...(leaves === null ? {} : { leaves }),
  });
}
