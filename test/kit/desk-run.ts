/** A whole desk inside the test's process, as `start` puts it together, on bars shorter than a second. */
import { PassThrough } from "node:stream";
import type { RunEnd, RunOptions } from "../../src/cli/run-desk.ts";
import { runLadder } from "../../src/cli/run-ladder.ts";
import type { RunSummary } from "../../src/cli/summary.ts";
import { readEnv } from "../../src/config/env.ts";
import { loadConfig } from "../../src/config/load.ts";
import { BAR_MS, type Variables } from "./desk-market.ts";
import { until } from "./desk-process.ts";

export interface DeskHere extends AsyncDisposable {
  /** Everything said so far. */
  readonly out: string;
  type(line: string): void;
  /** Resolves once something was said that fits. */
  says(what: RegExp): Promise<void>;
  /** Tells it to stop and waits until it has. */
  stop(): Promise<RunEnd>;
  readonly ended: Promise<RunEnd>;
}

export interface HereOptions
  extends Partial<
    Pick<
      RunOptions,
      | "market"
      | "decorate"
      | "decorateChat"
      | "decorateNet"
      | "chatTimers"
      | "keep"
      | "record"
      | "reduceOnly"
    >
  > {
  readonly env: Variables;
  readonly barMs?: number;
  /** What the environment cannot say. */
  readonly config?: Partial<RunOptions["config"]>;
}

/** Starts; nothing is awaited. */
export function deskHere({ env, barMs = BAR_MS, config = {}, ...rest }: HereOptions): DeskHere {
  const loaded = loadConfig(readEnv({ variables: env, files: [] }), { profile: null });
  const [input, output] = [new PassThrough(), new PassThrough()];
  let out = "";
  output.on("data", (data: Buffer) => {
    out += data.toString();
  });
  let told = (_why: string): void => undefined;
  const ended = runLadder({
    ...loaded,
    config: { ...loaded.config, barMs, ...config },
    headless: false,
    keep: true,
    input,
    output,
    until: new Promise((resolve) => {
      told = resolve;
    }),
    ...rest,
  });
  // Whoever waits for the end hears why it failed; meanwhile nobody does.
  ended.catch(() => undefined);
  const stop = (): Promise<RunEnd> => {
    told("the test is over");
    return ended;
  };
  return {
    ended,
    stop,
    get out() {
      return out;
    },
    type: (line) => void input.write(`${line}\n`),
    says: (what) =>
      until(
        () => what.test(out),
        `${what} to be said`,
        () => out,
      ),
    async [Symbol.asyncDispose]() {
      await stop().catch(() => undefined);
    },
  };
}

/** @throws when the journal could not be counted */
export function summaryOf({ summary }: RunEnd): RunSummary {
  if (summary === null) throw new Error("the run has no summary");
  return summary;
}
