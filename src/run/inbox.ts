/** The one way in. Stamps every input with a number and a time; callbacks of the outside world do nothing else than put. */
import type { Input, InputBody } from "../core/engine/input.ts";
import type { Clock } from "../ports/clock.ts";

/** Above this many waiting inputs, market inputs give way; everything else always enters. */
export const INBOX_BOUND = 10_000;

export interface Waiting {
  readonly input: Input;
  /** Called when all that the input caused is durable; at once when it caused nothing. */
  readonly durable: (() => void) | undefined;
}

export interface Inbox {
  put(body: InputBody, durable?: () => void): void;
  take(): Waiting | undefined;
  readonly size: number;
  /** Market inputs that gave way to newer ones. */
  readonly dropped: number;
}

/** @param wake called when the inbox stops being empty */
export function createInbox(clock: Clock, wake: () => void, bound = INBOX_BOUND): Inbox {
  let queue: Waiting[] = [];
  let head = 0;
  let seq = 0;
  let dropped = 0;

  const put: Inbox["put"] = (body, durable) => {
    const size = queue.length - head;
    if (size >= bound && isMarket(body) && giveWay(queue, head, body)) {
      dropped += 1;
      return;
    }
    seq += 1;
    queue.push({ input: { seq, at: clock.now(), body }, durable });
    if (size === 0) wake();
  };

  const take = (): Waiting | undefined => {
    const next = queue[head];
    if (!next) return undefined;
    head += 1;
    if (head > 1024 && head * 2 > queue.length) {
      queue = queue.slice(head);
      head = 0;
    }
    return next;
  };

  return {
    put,
    take,
    get size() {
      return queue.length - head;
    },
    get dropped() {
      return dropped;
    },
  };
}

const isMarket = (body: InputBody): boolean =>
  body.kind === "market.quote" || body.kind === "market.trade";

/** The newest waiting input of the same product and kind takes the new content; true when there was one. */
function giveWay(queue: Waiting[], head: number, body: InputBody): boolean {
  if (!("product" in body)) return false;
  for (let i = queue.length - 1; i >= head; i -= 1) {
    const waiting = queue[i];
    if (!waiting) continue;
    const old = waiting.input.body;
    if (old.kind === body.kind && "product" in old && old.product === body.product) {
      queue[i] = { ...waiting, input: { ...waiting.input, body } };
      return true;
    }
  }
  return false;
}
