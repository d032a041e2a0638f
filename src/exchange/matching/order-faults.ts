/** Faults of the next orders, planned in advance: refused at the counter, or dead after acceptance. */
// It only remembers and counts; the engine asks and acts.
import type { FaultCount } from "../faults.ts";

export class OrderFaults {
  readonly #refusals: string[] = [];
  readonly #failures: string[] = [];
  #refused = 0;
  #failed = 0;

  planRefusal(reason: string): void {
    this.#refusals.push(reason);
  }

  planFailure(reason: string): void {
    this.#failures.push(reason);
  }

  /** Why the order at the counter is refused, or null; used up by asking. */
  nextRefusal(): string | null {
    const reason = this.#refusals.shift() ?? null;
    if (reason !== null) this.#refused += 1;
    return reason;
  }

  /** Why the order just accepted dies, or null; used up by asking. */
  nextFailure(): string | null {
    const reason = this.#failures.shift() ?? null;
    if (reason !== null) this.#failed += 1;
    return reason;
  }

  counts(): readonly FaultCount[] {
    return [
      { fault: "refuse-order", pending: this.#refusals.length, happened: this.#refused },
      { fault: "fail-order", pending: this.#failures.length, happened: this.#failed },
    ];
  }
}
