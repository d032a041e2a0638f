/** One known mistake of trading programs, as a change of a single place in our sources, and the tests that must notice it. */

export interface Mutant {
  /** M1 to M23, as the list of mistakes numbers them. */
  readonly name: string;
  /** The mistake, in one sentence. */
  readonly what: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Test files; each of them must go red. */
  readonly tests: readonly string[];
}

/** @throws when there is not exactly one place to change, or nothing changes */
export function mutated(text: string, { name, file, find, replace }: Mutant): string {
  const [before, after, ...more] = text.split(find);
  if (find === "" || before === undefined || after === undefined || more.length > 0) {
    const times = find === "" ? 0 : text.split(find).length - 1;
    throw new Error(`${name}: what it looks for stands ${times} times in ${file}, not once`);
  }
  if (find === replace) throw new Error(`${name} changes nothing`);
  return before + replace + after;
}
