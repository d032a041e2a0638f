/** Sends events to the connections that asked for them; each event is made into text once. */
// It decides nothing about what is worth saying.
import type { Channel, Connection } from "./connection.ts";

export interface Told {
  /** The book or product that the event is about. */
  readonly about: string;
  /** Asked only if somebody wants it. */
  readonly make: () => unknown;
}

export interface Frame {
  readonly channel: Channel;
  /** The name on the frame, where it is not that of the channel. */
  readonly name?: string;
  /** What a subscribed name stands for. */
  readonly means: (name: string) => string | undefined;
}

export const send = (connection: Connection, frame: string, ...events: readonly unknown[]): void =>
  connection.send(frame, JSON.stringify(events));

/** One frame for each connection, with the events that it wants, if there are any. */
export function spread(
  connections: Iterable<Connection>,
  { channel, name = channel, means }: Frame,
  told: readonly Told[],
): void {
  const texts = new Map<Told, string>();
  for (const connection of connections) {
    const wanted = told.filter(({ about }) =>
      connection.wants(channel, (each) => means(each) === about),
    );
    if (wanted.length === 0) continue;
    const events = wanted.map((each) => {
      const text = texts.get(each) ?? JSON.stringify(each.make());
      texts.set(each, text);
      return text;
    });
    connection.send(name, `[${events.join(",")}]`);
  }
}
