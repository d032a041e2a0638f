/**
 * Faults that tests order in advance: answers lost, late or replaced, frames dropped, streams gone
 * silent.
 */
// It only remembers what was ordered; the HTTP and socket servers ask it and act.

/** A route as the server names it, e.g. `POST /orders` or `GET /orders/historical/{order_id}`. */
export type RouteName = string;
export type Stream = "market" | "user";

export interface PlannedAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What happens to one request. */
export interface RequestFaults {
  readonly answer: PlannedAnswer | null;
  readonly delayMs: number;
  readonly hang: boolean;
  /** Handle it, then cut the connection instead of answering. */
  readonly drop: boolean;
}

export class Faults {
  readonly #answers = new Map<RouteName, PlannedAnswer[]>();
  readonly #delays = new Map<RouteName, number[]>();
  readonly #drops = new Map<RouteName, number>();
  readonly #hanging = new Set<RouteName>();
  readonly #silent = new Set<Stream>();
  readonly #framesToDrop = new Map<Stream, number>([
    ["market", 0],
    ["user", 0],
  ]);

  planAnswer(route: RouteName, answer: PlannedAnswer): void {
    push(this.#answers, route, answer);
  }

  planDelay(route: RouteName, ms: number): void {
    push(this.#delays, route, ms);
  }

  planDrop(route: RouteName): void {
    this.#drops.set(route, (this.#drops.get(route) ?? 0) + 1);
  }

  hang(route: RouteName): void {
    this.#hanging.add(route);
  }

  silence(streams: readonly Stream[]): void {
    for (const stream of streams) this.#silent.add(stream);
  }

  resume(): void {
    this.#hanging.clear();
    this.#silent.clear();
  }

  dropFrames(stream: Stream, count: number): void {
    this.#framesToDrop.set(stream, (this.#framesToDrop.get(stream) ?? 0) + count);
  }

  /** Uses up what was planned for the next request of this route. */
  forRequest(route: RouteName): RequestFaults {
    const drops = this.#drops.get(route) ?? 0;
    if (drops > 0) this.#drops.set(route, drops - 1);
    return {
      answer: this.#answers.get(route)?.shift() ?? null,
      delayMs: this.#delays.get(route)?.shift() ?? 0,
      hang: this.#hanging.has(route),
      drop: drops > 0,
    };
  }

  /** Whether the next frame is numbered but not sent. */
  losesFrame(stream: Stream): boolean {
    if (this.#silent.has(stream)) return true;
    const left = this.#framesToDrop.get(stream) ?? 0;
    if (left > 0) this.#framesToDrop.set(stream, left - 1);
    return left > 0;
  }
}

function push<T>(plans: Map<RouteName, T[]>, route: RouteName, plan: T): void {
  const queue = plans.get(route) ?? [];
  queue.push(plan);
  plans.set(route, queue);
}
