/** A line on disk for what may not wait for the database: latches and trips. Read first of all at the next start. */

export interface Emergency {
  /** Resolves once the line is on disk (fsync). Fails only when the disk refuses it. */
  append(line: string): Promise<void>;
  read(): Promise<readonly string[]>;
  /** Forgets everything: all of it is in the journal. */
  clear(): Promise<void>;
}
