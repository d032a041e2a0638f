/** Reads the API key from wherever it was said to stand, and anew as often as asked. Every fault names the setting. */
import { createHash } from "node:crypto";
import { KeyError, type SigningKey, signingKey } from "../adapters/coinbase/keys.ts";
import { commandWords } from "../config/command-words.ts";
import { ConfigError, type Problem } from "../config/errors.ts";
import { readKeyFileLater } from "../config/key-file.ts";
import type { KeySource, VenueKey } from "../config/venue-key.ts";
import { fail, ok, type Result } from "../core/kernel/result.ts";
import { runKeyCommand } from "./key-command.ts";

/** What a source holds at one moment. */
export interface KeyText {
  readonly name: string | null;
  readonly secret: string;
  /** The same for the same text. */
  readonly hash: string;
}

/** Never rejects. Nothing of a problem holds any part of what was read. */
export async function readKeyText(source: KeySource): Promise<Result<KeyText, Problem>> {
  switch (source.from) {
    case "environment":
      return ok(textOf(source.name?.reveal() ?? null, source.secret.reveal()));
    case "file": {
      const text = await readKeyFileLater(source);
      return text.ok ? ok(textOf(null, text.value)) : text;
    }
    case "command": {
      const words = commandWords(source.line.reveal());
      if (!words.ok) return fail(problem(source, `the command ${words.error}`, "correct it"));
      const text = await runKeyCommand(words.value);
      if (text.ok) return ok(textOf(null, text.value));
      return fail(problem(source, text.error.what, text.error.fix));
    }
  }
}

export function parseKey(source: KeySource, text: KeyText): Result<SigningKey, Problem> {
  try {
    return ok(signingKey(text));
  } catch (error) {
    const known =
      error instanceof KeyError ? error : new KeyError("cannot be read", "copy it again");
    return fail(problem(source, known.what, known.fix));
  }
}

/** @throws ConfigError naming the setting, for whoever starts something */
export async function loadKey(configured: VenueKey | null): Promise<SigningKey | null> {
  if (configured === null) return null;
  const text = await readKeyText(configured.source);
  if (!text.ok) throw new ConfigError([text.error]);
  const key = parseKey(configured.source, text.value);
  if (!key.ok) throw new ConfigError([key.error]);
  return key.value;
}

const textOf = (name: string | null, secret: string): KeyText => ({
  name,
  secret,
  hash: createHash("sha256")
    .update(`${name ?? ""}\n${secret}`)
    .digest("hex"),
});

const problem = ({ setting }: KeySource, what: string, fix: string): Problem => ({
  where: setting,
  what,
  fix: fix.charAt(0).toUpperCase() + fix.slice(1),
});
