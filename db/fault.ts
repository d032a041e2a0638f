/**
 * What goes wrong with a database, said in one line with the thing and the fix. It must never repeat a password or a
 * query's parameters.
 */

import { DrizzleQueryError } from "drizzle-orm/errors";

/** The message is one line for a person at a terminal. `cause` keeps the original for a log. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
}

/** The short code of a failed system call (`ENOSPC`) or of Postgres (`28P01`); empty when there is none. */
export function codeOf(error: unknown): string {
  const origin = originOf(error);
  if (typeof origin !== "object" || origin === null || !("code" in origin)) return "";
  return typeof origin.code === "string" ? origin.code : "";
}

/** What went wrong, without the query and its parameters. */
export function messageOf(error: unknown): string {
  const origin = originOf(error);
  return origin instanceof Error ? origin.message : String(origin);
}

/** Drizzle wraps the driver's error in one whose message holds the parameters. */
const originOf = (error: unknown): unknown =>
  error instanceof DrizzleQueryError ? (error.cause ?? "a query failed") : error;

const OWN_SERVER = "or set DATABASE_URL=postgresql://… to use a server of your own";

/** A failed call on a folder or file as a DatabaseError; one already made is passed through. */
export function folderFault(error: unknown, path: string): DatabaseError {
  if (error instanceof DatabaseError) return error;
  switch (codeOf(error)) {
    case "ENOSPC":
    case "EDQUOT":
      return diskFull(path, error);
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new DatabaseError(
        `The database folder ${path} cannot be written (${codeOf(error)}): make it writable for this account, ${OWN_SERVER}.`,
        { cause: error },
      );
    case "ENOTDIR":
      return new DatabaseError(
        `The database folder ${path} is not a folder: move the file that is in its place, ${OWN_SERVER}.`,
        { cause: error },
      );
    default:
      return new DatabaseError(
        `The embedded Postgres could not use ${path} (${oneLine(messageOf(error))}): fix that, ${OWN_SERVER}.`,
        { cause: error },
      );
  }
}

/** What `initdb` or `postgres` printed before it gave up, as a DatabaseError naming the folder. */
export function outputFault(what: string, output: string, folder: string): DatabaseError {
  if (/No space left on device|Disk quota exceeded/i.test(output)) return diskFull(folder);
  if (/Permission denied|Read-only file system/i.test(output)) {
    return new DatabaseError(
      `${what} may not write ${folder} (${telling(output)}): make it writable, ${OWN_SERVER}.`,
    );
  }
  return new DatabaseError(`${what} failed (${telling(output)}): fix that, ${OWN_SERVER}.`);
}

export const unsupported = (why: string): DatabaseError =>
  new DatabaseError(
    `The embedded Postgres cannot run here (${why}): set DATABASE_URL=postgresql://user:password@host/database to use a server of your own.`,
  );

function diskFull(path: string, cause?: unknown): DatabaseError {
  return new DatabaseError(
    `The disk that holds ${path} is full: free some space there, ${OWN_SERVER}.`,
    { cause },
  );
}

/** The line of a server's output that says why: the last FATAL, PANIC or error, else the last line. */
function telling(output: string): string {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const why = lines.findLast((line) => /FATAL|PANIC|error:/i.test(line)) ?? lines.at(-1);
  return oneLine(why ?? "it said nothing");
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim().slice(0, 300);
