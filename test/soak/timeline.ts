/** A value and when it changed: what it may have been for somebody who decided at a moment. */

export const DAY_MS = 86_400_000;
export const dayOf = (at: number): number => Math.floor(at / DAY_MS);

interface Step<T> {
  readonly at: number;
  readonly value: T;
}

export class Timeline<T> {
  readonly #steps: Step<T>[];

  /** @param first what it was before anything happened */
  constructor(first: T) {
    this.#steps = [{ at: Number.NEGATIVE_INFINITY, value: first }];
  }

  get now(): T {
    return (this.#steps.at(-1) as Step<T>).value;
  }

  set(at: number, value: T): void {
    this.#steps.push({ at, value });
  }

  /** What it was before a moment, and whatever it became at that very moment: either may have been known. */
  at(moment: number): readonly T[] {
    return this.within(moment, moment);
  }

  /** What it was just before `from`, and all that it became up to `until`. */
  within(from: number, until: number): readonly T[] {
    let end = this.#steps.length;
    while (end > 1 && (this.#steps[end - 1]?.at ?? 0) > until) end -= 1;
    let begin = end;
    while (begin > 1 && (this.#steps[begin - 1]?.at ?? 0) >= from) begin -= 1;
    return this.#steps.slice(begin - 1, end).map(({ value }) => value);
  }

  /** When it changed within a span, its ends left out. */
  changes(from: number, until: number): number {
    return this.#steps.filter(({ at }) => at > from && at < until).length;
  }
}
