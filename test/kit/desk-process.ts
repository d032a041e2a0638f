/** Starts programs of ours as processes of their own, keeps what they say, and leaves none behind. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { heard } from "./canaries.ts";
import { BAR_MS, type Variables } from "./desk-market.ts";
import { bundleOf, type ProgramFile } from "./programs.ts";
import { testServer } from "./test-server.ts";

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface DeskProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Everything said so far. */
  readonly out: string;
  readonly errors: string;
  readonly ended: Promise<Ended>;
  type(line: string): void;
  /** Resolves once a line was said that fits. @throws when the process ends before, with what it said */
  says(what: RegExp): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Many times what it takes: a machine may be busy with other things. */
const PATIENCE_MS = 40_000;

/** A program of ours with arguments; it sees no variable but these. */
export function program(file: ProgramFile, args: readonly string[], env: Variables): DeskProcess {
  const bundle = bundleOf(testServer().programs, file);
  const child = spawn(process.execPath, [bundle, ...args], {
    cwd: ROOT,
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const said = { out: "", errors: "" };
  child.stdout.on("data", (data: Buffer) => {
    said.out += data.toString();
  });
  child.stderr.on("data", (data: Buffer) => {
    said.errors += data.toString();
  });
  // A desk that died reads nothing more.
  child.stdin.on("error", () => undefined);
  const ended = new Promise<Ended>((resolve) => {
    child.once("close", (code, signal) => {
      heard(args[0] ?? file, said.out + said.errors);
      resolve({ code, signal });
    });
  });
  const stop = (signal: NodeJS.Signals = "SIGTERM"): Promise<Ended> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return ended;
  };
  return {
    child,
    ended,
    stop,
    get out() {
      return said.out;
    },
    get errors() {
      return said.errors;
    },
    type: (line) => void child.stdin.write(`${line}\n`),
    async says(what) {
      await until(
        () => what.test(said.out) || child.exitCode !== null || child.signalCode !== null,
        `${what} to be said`,
        () => said.out + said.errors,
      );
      if (!what.test(said.out))
        throw new Error(`it never said ${what}:\n${said.out}${said.errors}`);
    },
    async [Symbol.asyncDispose]() {
      await stop("SIGKILL");
    },
  };
}

export const childDesk = (env: Variables): DeskProcess =>
  program("test/kit/desk-child.ts", [], { DESK_BAR_MS: String(BAR_MS), ...env });

/** @throws when that takes too long, with what was waited for */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  why: () => string = () => "",
  ms = PATIENCE_MS,
): Promise<void> {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain for ${what}\n${why()}`);
    await pause(20);
  }
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

/** The address of a desk's pages, once it was said. */
async function pagesOf(desk: { readonly out: string }): Promise<string> {
  const said = (): string => desk.out;
  await until(() => /pages: http\S+\/healthz/.test(said()), "the address of its pages", said);
  return /pages: (http\S+)\/healthz/.exec(said())?.[1] ?? "";
}

/** Until the desk runs. It agrees with the venue a listing earlier, if that began before the account's stream was whole. */
export async function isRunning(desk: { readonly out: string }): Promise<void> {
  const page = await pagesOf(desk);
  const isOk = async (): Promise<boolean> => (await fetch(`${page}/healthz`)).ok;
  await until(isOk, "its health", () => desk.out);
}

/**
 * Until the desk decides on the next bar: its bars are whole, as its page says, and there are enough of them.
 * Before, a price that jumps is history to its strategy and no news.
 */
export async function hasOpinion(desk: { readonly out: string }): Promise<void> {
  const page = await pagesOf(desk);
  const isWhole = async (): Promise<boolean> => {
    const text = await fetch(`${page}/metrics`).then((reply) => reply.text());
    return /^claudbot_bars_whole\{[^}]*\} 1$/m.test(text);
  };
  await until(isWhole, "whole bars", () => desk.out);
  await pause(3 * BAR_MS);
}

/** The last line of what a desk said, which is its summary. */
export function summaryIn(out: string): Record<string, unknown> {
  const last = out.trimEnd().split("\n").at(-1) ?? "";
  return JSON.parse(last) as Record<string, unknown>;
}
