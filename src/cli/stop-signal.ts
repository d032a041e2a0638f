/** When whoever runs a command wants it to end: Ctrl-C, a supervisor, or a terminal that was closed. */
import { closeSync } from "node:fs";
import { isatty } from "node:tty";

/** One wish to stop may come twice: npm hands on what a supervisor has told the whole group already. */
const ECHO_MS = 1000;

/**
 * Resolves with the signal. A second SIGINT or SIGTERM, later than an echo, finds no listener and ends the process the hard
 * way; a closed terminal may say SIGHUP twice. Where somebody else listens for SIGHUP it asks them to read something anew, and ends nothing.
 */
export function stopSignal(): Promise<NodeJS.Signals> {
  const atTerminal = [0, 1, 2].filter((fd) => isatty(fd));
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const stop = (): void => {
        resolve(signal);
        setTimeout(() => process.off(signal, stop), ECHO_MS).unref();
      };
      process.on(signal, stop);
    }
    process.on("SIGHUP", () => {
      if (process.listenerCount("SIGHUP") > 1) return;
      process.once("exit", () => atTerminal.forEach(leave));
      resolve("SIGHUP");
    });
  });
}

/** Node aborts, with a core file, where it cannot set back a terminal that is gone; one that it does not have it leaves alone. */
function leave(terminal: number): void {
  try {
    closeSync(terminal);
  } catch {
    // It was closed already.
  }
}
