/** The bearer token of the admin pages where whoever runs the desk brings their own: from the environment, or from a file. */
import { resolve } from "node:path";
import type { Env } from "./env.ts";
import type { Problem } from "./errors.ts";
import { readKeyFile } from "./key-file.ts";
import { Secret } from "./secret.ts";

const SHAPE = /^[\w.~+/=-]{32,256}$/;
const FIX = "Take 32 to 256 letters, digits and . _ ~ + / = -, e.g. from openssl rand -hex 32";
const WHERE = "ADMIN_TOKEN_FILE";

/** @returns null when none is configured: the desk makes its own at its first start */
export function readAdminToken(env: Env, sourceRoot: string, problems: Problem[]): Secret | null {
  const given = env.values.get("ADMIN_TOKEN");
  const file = env.values.get(WHERE);
  if (given !== undefined && file !== undefined) {
    const fix = "Unset one of the two";
    problems.push({ where: "ADMIN_TOKEN", what: `stands beside ${WHERE}`, fix });
    return null;
  }
  if (given !== undefined) return shaped(given.text, `ADMIN_TOKEN${given.from}`, problems);
  if (file === undefined) return null;
  const read = readKeyFile({
    path: resolve(env.cwd, file.text),
    shown: file.text,
    notIn: sourceRoot,
  });
  if (read.ok) return shaped(read.value.trim(), WHERE, problems);
  const { what, fix } = read.error;
  const named = what.includes("cannot be read") ? "Name a file that holds the token" : fix;
  problems.push({ where: WHERE, what, fix: named });
  return null;
}

function shaped(text: string, where: string, problems: Problem[]): Secret | null {
  if (SHAPE.test(text)) return new Secret(text);
  problems.push({ where, what: "is no token", fix: FIX });
  return null;
}
