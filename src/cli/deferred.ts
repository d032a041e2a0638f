/** A promise that is settled from outside, once; the first value stays. */
export function deferred<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  value: () => T | null;
} {
  let settled: T | null = null;
  let settle: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return {
    promise,
    resolve: (value) => {
      settled ??= value;
      settle(value);
    },
    value: () => settled,
  };
}
