/**
 * Faults of requests that tests order in advance: lost, late or replaced answers, before or after
 * the request was handled.
 */
// It only remembers what was ordered and counts what came of it; the HTTP server asks and acts.
import { type AnswerName, answerNamed, type PlannedAnswer } from "./answers.ts";

/** A route as the server names it, e.g. `POST /orders` or `GET /orders/historical/{order_id}`. */
export type RouteName = string;
/** In the place of a route: the next request of any. */
export const ANY_ROUTE: RouteName = "*";
export type Stream = "market" | "user";

export interface FaultCount {
  readonly fault: string;
  /** Ordered and still to come. */
  readonly pending: number;
  readonly happened: number;
}

/** What happens to one request, in this order. */
export interface Fate {
  readonly hang: boolean;
  readonly delayMs: number;
  /** Cut the connection without handling it. */
  readonly cutBefore: boolean;
  /** Answer this without handling it. */
  readonly answer: PlannedAnswer | null;
  /** Handle it, then answer this instead. */
  readonly answerAfter: PlannedAnswer | null;
  /** Handle it, wait, then answer. */
  readonly delayAfterMs: number;
  /** Handle it, then cut the connection: instead of answering, or in the middle of the answer. */
  readonly cut: "whole" | "half" | null;
}

/** Plans of one kind, by route. */
class Plans<T> {
  readonly #queues = new Map<RouteName, T[]>();
  happened = 0;

  plan(route: RouteName, plan: T, times: number): void {
    const queue = this.#queues.get(route) ?? [];
    for (let time = 0; time < times; time += 1) queue.push(plan);
    this.#queues.set(route, queue);
  }

  /** Uses up what was planned for the next request of this route, or else of any. */
  next(route: RouteName): T | null {
    const plan = this.#queues.get(route)?.shift() ?? this.#queues.get(ANY_ROUTE)?.shift() ?? null;
    if (plan !== null) this.happened += 1;
    return plan;
  }

  get pending(): number {
    return [...this.#queues.values()].reduce((sum, queue) => sum + queue.length, 0);
  }
}

export class Faults {
  readonly #plans = {
    answer: new Plans<PlannedAnswer>(),
    "answer-after": new Plans<PlannedAnswer>(),
    delay: new Plans<number>(),
    "delay-after": new Plans<number>(),
    "cut-before": new Plans<true>(),
    "cut-after": new Plans<true>(),
    "cut-half": new Plans<true>(),
  };
  readonly #hanging = new Set<RouteName>();
  #hung = 0;

  planAnswer(route: RouteName, answer: PlannedAnswer | AnswerName, times = 1): void {
    this.#plans.answer.plan(route, answerNamed(answer), times);
  }

  planAnswerAfter(route: RouteName, answer: PlannedAnswer | AnswerName, times = 1): void {
    this.#plans["answer-after"].plan(route, answerNamed(answer), times);
  }

  planDelay(route: RouteName, ms: number, times = 1): void {
    this.#plans.delay.plan(route, ms, times);
  }

  planDelayAfter(route: RouteName, ms: number, times = 1): void {
    this.#plans["delay-after"].plan(route, ms, times);
  }

  planCut(route: RouteName, when: "before" | "after" | "half", times = 1): void {
    this.#plans[`cut-${when}`].plan(route, true, times);
  }

  hang(route: RouteName): void {
    this.#hanging.add(route);
  }

  resume(): void {
    this.#hanging.clear();
  }

  /** A request that hangs or is cut uses up nothing of what comes later. */
  forRequest(route: RouteName): Fate {
    const plans = this.#plans;
    const hang = this.#hanging.has(route) || this.#hanging.has(ANY_ROUTE);
    if (hang) this.#hung += 1;
    const delayMs = hang ? 0 : (plans.delay.next(route) ?? 0);
    const cutBefore = !hang && plans["cut-before"].next(route) !== null;
    const answer = hang || cutBefore ? null : plans.answer.next(route);
    const over = hang || cutBefore || answer !== null;
    const answerAfter = over ? null : plans["answer-after"].next(route);
    const delayAfterMs = over ? 0 : (plans["delay-after"].next(route) ?? 0);
    const whole = !over && plans["cut-after"].next(route) !== null;
    const half = !over && !whole && plans["cut-half"].next(route) !== null;
    const cut = whole ? "whole" : half ? "half" : null;
    return { hang, delayMs, cutBefore, answer, answerAfter, delayAfterMs, cut };
  }

  counts(): readonly FaultCount[] {
    const planned = Object.entries(this.#plans).map(([fault, { pending, happened }]) => ({
      fault,
      pending,
      happened,
    }));
    return [...planned, { fault: "hang", pending: this.#hanging.size, happened: this.#hung }];
  }
}
