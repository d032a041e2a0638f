/** Broken promises inside core. They are bugs: the desk stops and restarts through recovery. */

export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/** @throws InvariantError when what must hold does not. `promise` is a sentence stating it in the positive. */
export function assert(holds: boolean, promise: string): asserts holds {
  if (!holds) throw new InvariantError(promise);
}

/** The end of a switch over a union: compiling proves it whole, running proves the data was of the union. */
export function unreachable(value: never): never {
  throw new InvariantError(`every kind is handled; met ${JSON.stringify(value)}`);
}
