/** Shared by the tests of configuration: an environment out of thin air, and what was wrong with it. */
import { readEnv } from "../../src/config/env.ts";
import { ConfigError, type Problem } from "../../src/config/errors.ts";
import { type Loaded, loadConfig } from "../../src/config/load.ts";

export type Variables = Readonly<Record<string, string>>;

/** Loads as if nothing but these variables were set on the machine. */
export const load = (variables: Variables = {}, profile: string | null = null): Loaded =>
  loadConfig(readEnv({ variables, files: [], cwd: "/" }), { profile });

/** The problems that running it brings up; empty when it runs through. */
export function problemsOf(run: () => unknown): readonly Problem[] {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

export const PEM = [
  "-----BEGIN EC PRIVATE KEY-----",
  "bm90IGEga2V5IGF0IGFsbCwgb25seSB0aGUgc2hhcGU=",
  "-----END EC PRIVATE KEY-----",
].join("\n");
