/** The terminal of setup: plain lines out, whole lines in, and a QR code where there is room for one. */
// Works the same in a pipe. What is typed is handed on and kept nowhere.
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { renderUnicodeCompact } from "uqr";

export interface Terminal {
  say(...lines: readonly string[]): void;
  /** Shows the text as a QR code; nothing at all in a pipe or where it would not fit. */
  qr(text: string): void;
  /** Hands over every line that is typed from now on; what nobody waits for is dropped. Ends with the call it returns. */
  onLine(handler: (line: string) => void): () => void;
  /** Called once when nothing more can be typed, at once when that is so already. */
  onClosed(handler: () => void): () => void;
  close(): void;
}

const LONGEST = 200;
const BORDER = 2;

export function openTerminal(input: Readable, output: Writable): Terminal {
  const lines = new Set<(line: string) => void>();
  const ends = new Set<() => void>();
  let isClosed = false;
  const reader = createInterface({ input, terminal: false, crlfDelay: Number.POSITIVE_INFINITY });
  reader.on("line", (line) => {
    for (const handler of [...lines]) handler(line.slice(0, LONGEST));
  });
  reader.on("close", () => {
    isClosed = true;
    for (const handler of [...ends]) handler();
  });
  // A reader that went away hears nothing more; that is no reason to end half-way.
  output.on("error", () => undefined);
  return {
    say: (...said) => void output.write(said.map((line) => `${line}\n`).join("")),
    qr(text) {
      const code = renderUnicodeCompact(text, { border: BORDER });
      const width = code.indexOf("\n");
      const columns = "columns" in output ? Number(output.columns) : 0;
      const shown = "isTTY" in output && output.isTTY === true && columns > width;
      if (shown) output.write(`${code}\n`);
    },
    onLine(handler) {
      lines.add(handler);
      return () => void lines.delete(handler);
    },
    onClosed(handler) {
      if (isClosed) handler();
      else ends.add(handler);
      return () => void ends.delete(handler);
    },
    close() {
      ends.clear();
      reader.close();
    },
  };
}
