/** The kill latch as a desk writes it, for the next start to find. It tells no desk that runs. */
import { emergencyFile } from "../adapters/system/emergency-file.ts";
import { systemEntropy } from "../adapters/system/entropy.ts";
import type { RecalledLatch } from "../core/engine/input.ts";
import { inboundId, personId, roomId } from "../core/kernel/ids.ts";
import type { Instant } from "../core/kernel/time.ts";

export interface KillLatch {
  /** Rejects when the disk refuses it. */
  write(): Promise<void>;
  /** Writes it again where it has gone. */
  keep(): Promise<void>;
}

export function killLatch(path: string, at: Instant, reason: string): KillLatch {
  const file = emergencyFile(path);
  const by = {
    person: personId("console"),
    name: "the command line",
    room: roomId("console:local"),
    // Known again by this when the line is read a second time.
    inbound: inboundId(`kill:${systemEntropy.hex(8)}`),
  };
  const latches: readonly RecalledLatch[] = [{ latch: "killed", latched: { at, by, reason } }];
  const line = JSON.stringify({ latches });
  return {
    write: () => file.append(line),
    async keep() {
      if (!(await file.read()).includes(line)) await file.append(line);
    },
  };
}
