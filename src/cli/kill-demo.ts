/** The way into a running demo's exchange for `kill`: a note in the data folder, there while that exchange runs. */
// The key in it opens an exchange of play money on this machine and nothing else.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { type SigningKey, signingKey } from "../adapters/coinbase/keys.ts";

export interface DemoExchange {
  readonly rest: string;
  readonly key: SigningKey;
}

const Note = z.object({ pid: z.number(), rest: z.string(), name: z.string(), secret: z.string() });

/** Beside the exchange's books. */
const noteOf = (ledgerFile: string): string => join(dirname(ledgerFile), "exchange.key");

/** @returns what takes the note away again */
export function leaveNote(ledgerFile: string, { rest, key }: DemoExchange): () => void {
  const path = noteOf(ledgerFile);
  const secret = key.key.export({ type: "pkcs8", format: "pem" }).toString();
  rmSync(path, { force: true });
  writeFileSync(path, JSON.stringify({ pid: process.pid, rest, name: key.name, secret }), {
    mode: 0o600,
  });
  return () => rmSync(path, { force: true });
}

/** Null when no exchange runs: whoever left the note is gone, or there is none. */
export function findNote(ledgerFile: string): DemoExchange | null {
  try {
    const note = Note.parse(JSON.parse(readFileSync(noteOf(ledgerFile), "utf8")));
    process.kill(note.pid, 0);
    return { rest: note.rest, key: signingKey(note) };
  } catch {
    return null;
  }
}
