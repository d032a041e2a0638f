/** What a projection is given: the transaction of its page, and one event with its number and moment. */
import type { Orm } from "../../../../db/connect.ts";
import type { EventKind, EventOf } from "../../../core/engine/event.ts";

export type Turn = Parameters<Parameters<Orm["transaction"]>[0]>[0];

/** One event of a kind, as rows need it. */
export interface Fact<K extends EventKind> {
  readonly seq: number;
  readonly at: Date;
  readonly body: EventOf<K>;
}

/** Writes what one event changed. It must come to the same rows when the events are replayed from the first. */
export type Apply<K extends EventKind> = (turn: Turn, fact: Fact<K>) => Promise<void>;
