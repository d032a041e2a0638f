/** One compressed file of a recording. Writing never waits; what goes wrong is said once, to whoever opened it. */
import { createHash } from "node:crypto";
import type { WriteStream } from "node:fs";
import { pipeline } from "node:stream";
import { constants, createGzip } from "node:zlib";

export interface Part {
  /** One line, without its line break. */
  line(text: string): void;
  /** Hands to the disk what was written, so that a crash from here on loses none of it. */
  flush(): void;
  /** Bytes on disk. */
  readonly size: number;
  /** Bytes and letters that are still in memory. */
  readonly waiting: number;
  /** SHA-256 of all lines so far. */
  digest(): string;
  /** Resolves when the file is closed, whole or not. */
  end(): Promise<void>;
  /** Leaves the file as it is. */
  abandon(): void;
}

const CHUNK = 64 * 1024;

/** @param failed called at most once, with the reason */
export function openPart(sink: WriteStream, failed: (why: string) => void): Part {
  const gzip = createGzip();
  const hash = createHash("sha256");
  let lines: string[] = [];
  let letters = 0;
  let abandoned = false;
  const closed = new Promise<void>((resolve) => {
    pipeline(gzip, sink, (error) => {
      if (error && !abandoned) failed(error.message);
      resolve();
    });
  });
  const spill = (): void => {
    if (letters === 0) return;
    const text = lines.join("");
    lines = [];
    letters = 0;
    hash.update(text);
    gzip.write(text);
  };
  return {
    line(text) {
      lines.push(text, "\n");
      letters += text.length + 1;
      if (letters >= CHUNK) spill();
    },
    flush() {
      if (letters === 0) return;
      spill();
      gzip.flush(constants.Z_SYNC_FLUSH);
    },
    get size() {
      return sink.bytesWritten;
    },
    get waiting() {
      return letters + gzip.writableLength + gzip.readableLength + sink.writableLength;
    },
    digest() {
      spill();
      return hash.copy().digest("hex");
    },
    async end() {
      spill();
      gzip.end();
      await closed;
    },
    abandon() {
      abandoned = true;
      gzip.destroy();
    },
  };
}
