/** Faults of frames and sockets that tests order in advance: lost, doubled, swapped, stale, silent. */
// It only remembers what was ordered and counts what came of it; connections and feed ask and act.
import type { FaultCount, Stream } from "../faults.ts";

/** Numbered but not sent; sent twice; sent after the frame that follows it. */
export type FrameFault = "drop" | "duplicate" | "swap";

export interface Where {
  readonly streams: readonly Stream[];
  /** As frames name it, e.g. `l2_data`; null for every channel. */
  readonly channel: string | null;
}

interface Plan extends Where {
  readonly fault: FrameFault;
  readonly stream: Stream;
  left: number;
}

const KINDS: readonly FrameFault[] = ["drop", "duplicate", "swap"];

export class FrameFaults {
  #plans: Plan[] = [];
  readonly #silent: Where[] = [];
  readonly #happened = new Map<string, number>();
  #stale = 0;
  #refusals = 0;

  /** The next `count` frames of each stream there. */
  plan(fault: FrameFault, count: number, where: Where): void {
    for (const stream of where.streams) this.#plans.push({ ...where, fault, stream, left: count });
  }

  silence(where: Where): void {
    this.#silent.push(where);
  }

  resume(): void {
    this.#silent.length = 0;
  }

  /** After each of the next `count` orders that end, an older step of it is told again. */
  planStale(count: number): void {
    this.#stale += count;
  }

  /** The next `count` sockets are refused while opening. */
  planRefusals(count: number): void {
    this.#refusals += count;
  }

  /** What happens to the next frame; used up by asking. `free`: no frame waits for this one. */
  fateOf(stream: Stream, channel: string, free: boolean): FrameFault | null {
    if (this.#silent.some((where) => where.streams.includes(stream) && covers(where, channel))) {
      this.note("silence");
      return "drop";
    }
    const plan = this.#plans.find(
      (each) => each.stream === stream && covers(each, channel) && (free || each.fault !== "swap"),
    );
    if (plan === undefined) return null;
    plan.left -= 1;
    if (plan.left <= 0) this.#plans = this.#plans.filter((each) => each !== plan);
    this.note(plan.fault);
    return plan.fault;
  }

  nextStale(): boolean {
    if (this.#stale === 0) return false;
    this.#stale -= 1;
    this.note("stale");
    return true;
  }

  nextRefusal(): boolean {
    if (this.#refusals === 0) return false;
    this.#refusals -= 1;
    this.note("refuse-socket");
    return true;
  }

  /** Counts a fault that happens at once, such as a close. */
  note(fault: string): void {
    this.#happened.set(fault, (this.#happened.get(fault) ?? 0) + 1);
  }

  counts(): readonly FaultCount[] {
    const left = (fault: FrameFault): number =>
      this.#plans.reduce((sum, plan) => sum + (plan.fault === fault ? plan.left : 0), 0);
    const pending: Readonly<Record<string, number>> = {
      ...Object.fromEntries(KINDS.map((fault) => [fault, left(fault)])),
      silence: this.#silent.length,
      stale: this.#stale,
      "refuse-socket": this.#refusals,
      close: 0,
      "error-frame": 0,
    };
    return Object.entries(pending).map(([fault, count]) => ({
      fault: KINDS.includes(fault as FrameFault) ? `${fault}-frame` : fault,
      pending: count,
      happened: this.#happened.get(fault) ?? 0,
    }));
  }
}

const covers = ({ channel }: Pick<Where, "channel">, given: string): boolean =>
  channel === null || channel === given;
