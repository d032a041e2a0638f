/** The timers of open orders: their end, and the parts of those that trade over time. */
// An order has one timer of each kind; setting it again replaces it.
import type { Cancel, Clock } from "../clock.ts";
import type { Slices } from "../ledger-events.ts";

export class Timetable {
  readonly #clock: Clock;
  readonly #ends = new Map<string, Cancel>();
  readonly #parts = new Map<string, Cancel>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  atEnd(orderId: string, at: number, run: () => void): void {
    this.#ends.get(orderId)?.();
    this.#ends.set(orderId, this.#clock.after(at - this.#clock.now(), run));
  }

  /** `run` is told how many parts are due by then; overdue ones come together, at once. */
  inParts(orderId: string, slices: Slices, run: (done: number) => void): void {
    const due = Math.floor((this.#clock.now() - slices.startsAt) / slices.everyMs) + 1;
    this.#next(orderId, slices, { done: Math.min(Math.max(due, 1), slices.count), run });
  }

  #next(
    orderId: string,
    slices: Slices,
    { done, run }: { readonly done: number; readonly run: (done: number) => void },
  ): void {
    this.#parts.get(orderId)?.();
    const at = slices.startsAt + (done - 1) * slices.everyMs;
    const cancel = this.#clock.after(Math.max(0, at - this.#clock.now()), () => {
      if (done < slices.count) this.#next(orderId, slices, { done: done + 1, run });
      run(done);
    });
    this.#parts.set(orderId, cancel);
  }

  forget(orderId: string): void {
    this.#ends.get(orderId)?.();
    this.#parts.get(orderId)?.();
    this.#ends.delete(orderId);
    this.#parts.delete(orderId);
  }
}
