/** Runs the command that prints the API key. What it prints goes to whoever asked and nowhere else, whatever happens. */
// An error of Node's would carry the command and its output: none is handed on.
import { spawn } from "node:child_process";
import { innocentVariables } from "../config/env.ts";
import { fail, ok, type Result } from "../core/kernel/result.ts";

/** Why there is no output, and what to do. Holds nothing of the command nor of what it printed. */
export interface CommandFault {
  readonly what: string;
  readonly fix: string;
}

const PATIENCE_MS = 10_000;
/** Longer than any key. */
const MOST_BYTES = 65_536;
const TRY = "run the command by hand as this account and see what it says";

/** Never rejects. The command learns no secret of ours, and whatever it started ends with it. */
export function runKeyCommand(
  [program = "", ...args]: readonly string[],
  patienceMs = PATIENCE_MS,
): Promise<Result<string, CommandFault>> {
  return new Promise((resolve) => {
    // A group of its own, so that what a shell started can be ended too.
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "ignore"],
      detached: true,
      env: innocentVariables(),
    });
    const parts: Buffer[] = [];
    let bytes = 0;
    const done = (result: Result<string, CommandFault>): void => {
      clearTimeout(timer);
      end(child.pid);
      child.stdout.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => {
      done(fail({ what: `the command gave no answer within ${patienceMs / 1000} s`, fix: TRY }));
    }, patienceMs);
    child.stdout.on("data", (part: Buffer) => {
      bytes += part.length;
      parts.push(part);
      if (bytes > MOST_BYTES) done(fail({ what: "the command prints more than a key", fix: TRY }));
    });
    child.stdout.on("error", () => undefined);
    child.on("error", (error) => done(fail(unstarted(error))));
    child.on("close", (code, signal) => {
      if (code === 0) return done(ok(Buffer.concat(parts).toString("utf8")));
      const how = code === null ? `by ${signal}` : `with exit code ${code}`;
      done(fail({ what: `the command ended ${how}`, fix: TRY }));
    });
  });
}

function unstarted(error: Error): CommandFault {
  const code = "code" in error ? String(error.code) : "";
  if (code === "ENOENT") {
    const what = "the program of the command was not found";
    return { what, fix: "write its whole path, or set PATH for this account" };
  }
  const what = `the command could not be started${/^E[A-Z]+$/.test(code) ? ` (${code})` : ""}`;
  return { what, fix: TRY };
}

function end(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It is gone already.
  }
}
