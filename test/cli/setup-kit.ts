/** Runs the whole verb in this process: a person types and reads through pipes, configuration comes out of thin air. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { runSetup } from "../../src/cli/setup.ts";
import { setupFlags } from "../../src/cli/setup-flags.ts";
import type { Config } from "../../src/config/config.ts";
import { load, type Variables } from "../config/kit.ts";
import { heard } from "../kit/canaries.ts";
import { until } from "../kit/desk-process.ts";

export interface Running {
  /** Everything printed so far. */
  readonly out: () => string;
  readonly code: Promise<number>;
  type(line: string): void;
  /** As Ctrl-C does. */
  stop(): void;
  /** Nothing more can be typed. */
  hangUp(): void;
  /** Waits until it was printed, and gives what matched. */
  says(what: RegExp): Promise<RegExpExecArray>;
}

export interface Desk {
  readonly people: string;
  readonly folder: string;
  run(args: string, variables: Variables): Running;
  write(text: string): void;
  read(): string;
  /** As a desk reads it. */
  load(): Pick<Config, "people" | "rooms">;
  mode(): string;
  /** What lies in the folder of people.yaml. */
  files(): readonly string[];
  close(): void;
}

/** Looks again every few milliseconds until it is there. */
export async function eventually<T>(look: () => T | undefined, what: string): Promise<T> {
  let found = look();
  await until(
    () => {
      found = look();
      return found !== undefined;
    },
    what,
    () => "",
    5_000,
  );
  if (found === undefined) throw new Error(what);
  return found;
}

/** Only their shape matters. */
const TOKENS: Variables = {
  TELEGRAM_BOT_TOKEN: `123456789:${"a".repeat(35)}`,
  SLACK_BOT_TOKEN: `xoxb-${"1".repeat(20)}`,
  SLACK_APP_TOKEN: `xapp-${"1".repeat(20)}`,
};

export function setupDesk(): Desk {
  const folder = mkdtempSync(join(tmpdir(), "setup-"));
  const people = join(folder, "data", "people.yaml");
  const fresh = (args: string, variables: Variables): Running => {
    const loaded = load({ USER: "ana", PEOPLE_FILE: people, DATA_DIR: folder, ...variables });
    const input = new PassThrough();
    const output = new PassThrough();
    let said = "";
    output.on("data", (data: Buffer) => {
      said += data.toString();
    });
    let stop = (): void => undefined;
    const flags = setupFlags(args.split(" ").filter((word) => word !== ""));
    if (flags === null) throw new Error("help was asked for");
    const code = runSetup({
      ...loaded,
      ...{ flags, login: "ana", input, output },
      until: new Promise<void>((resolve) => {
        stop = resolve;
      }),
    });
    void code.finally(() => heard(`setup ${args}`, said));
    return {
      code,
      out: () => said,
      type: (line) => void input.write(`${line}\n`),
      stop: () => stop(),
      hangUp: () => void input.end(),
      async says(what) {
        await until(
          () => what.test(said),
          String(what),
          () => said,
          5_000,
        );
        const match = what.exec(said);
        if (match === null) throw new Error(said);
        return match;
      },
    };
  };
  return {
    people,
    folder,
    run: fresh,
    write(text) {
      mkdirSync(dirname(people), { recursive: true });
      writeFileSync(people, text, { mode: 0o600 });
    },
    read: () => readFileSync(people, "utf8"),
    mode: () => (statSync(people).mode & 0o777).toString(8),
    load: () => load({ ...TOKENS, USER: "root", PEOPLE_FILE: people }).config,
    files: () => (existsSync(dirname(people)) ? readdirSync(dirname(people)) : []),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
