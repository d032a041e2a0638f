/** Runs something that opens doors, and closes them all afterwards, the last opened first. */
// A door that does not close must not keep the others open, nor hide why the run ended.

export type Closer = () => Promise<void>;

/** Rejects with the first thing that went wrong: the run's own error before any of closing. */
export async function closingAfter<T>(
  run: (onClose: (close: Closer) => void) => Promise<T>,
): Promise<T> {
  const closers: Closer[] = [];
  const errors: unknown[] = [];
  let end: { readonly value: T } | null = null;
  try {
    end = { value: await run((close) => closers.push(close)) };
  } catch (error) {
    errors.push(error);
  }
  for (const close of closers.reverse()) {
    try {
      await close();
    } catch (error) {
      errors.push(error);
    }
  }
  if (end === null || errors.length > 0) throw errors[0];
  return end.value;
}
