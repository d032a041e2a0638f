/** Runs a desk to its end: where another rung of the go-live ladder is another venue, it ends there and goes on here. */
import { type RunEnd, type RunOptions, runDesk } from "./run-desk.ts";

export async function runLadder(options: RunOptions): Promise<RunEnd> {
  let end = await runDesk(options);
  while (end.isMoving) end = await runDesk({ ...options, keep: true });
  return end;
}
