/** Brings what happened in the fake of Slack to the app, over a socket or by HTTP, and counts the answers. */
import { type Json, object } from "./slack-fake-json.ts";
import type { World } from "./slack-fake-world.ts";

export type EnvelopeType = "slash_commands" | "interactive" | "events_api";
export type Replay = "same-envelope" | "new-envelope" | "retry";

export interface Ack {
  readonly at: number;
  readonly payload: unknown;
}

export interface More {
  readonly envelope_id?: string;
  readonly retry_attempt?: number;
}

export interface Envelope {
  readonly id: string;
  readonly type: EnvelopeType;
  readonly payload: Json;
  readonly attempt: number;
  readonly reason: string | null;
}

/** How an envelope leaves. False at once: nobody is there. Over HTTP the answer comes back through `answered`. */
export interface Carrier {
  send(envelope: Envelope): boolean;
}

export interface Envelopes {
  readonly acks: ReadonlyMap<string, Ack>;
  /** Envelopes whose sender saw an error, or that Slack gave up. */
  readonly failed: ReadonlyMap<string, string>;
  deliver(type: EnvelopeType, payload: Json, more?: More): string;
  replay(id: string, as: Replay): string;
  acked(id: string, payload: unknown): void;
  /** The app refused it, or did not answer in time. */
  refused(id: string, reason: string, again: boolean): void;
  close(): void;
}

interface Settings {
  readonly carrier: Carrier;
  /** How long Slack waits for an ack. */
  readonly ackMs: number;
  /** How long it waits before each redelivery of an event. */
  readonly retryMs: readonly number[];
  /** What the ack of a command or an interaction brought along; empty when nothing. */
  readonly answered: (envelope: Envelope, payload: Json) => void;
}

export function envelopes(of: World, settings: Settings): Envelopes {
  const sent = new Map<string, Envelope>();
  /** A redelivery has an id of its own and answers for the first one too. */
  const first = new Map<string, string>();
  const acks = new Map<string, Ack>();
  const failed = new Map<string, string>();
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number, run: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms);
    timers.add(timer.unref());
  };
  const rootOf = (id: string): string => first.get(id) ?? id;
  const send = (envelope: Envelope): void => {
    sent.set(envelope.id, envelope);
    if (!settings.carrier.send(envelope)) refused(envelope.id, "no connection", true);
    else later(settings.ackMs, () => refused(envelope.id, "timeout", true));
  };
  const refused = (id: string, reason: string, again: boolean): void => {
    const envelope = sent.get(id);
    if (envelope === undefined || acks.has(id) || acks.has(rootOf(id)) || failed.has(id)) return;
    failed.set(id, reason);
    const wait = settings.retryMs[envelope.attempt];
    // Only events are tried again; of a command the person sees that it failed.
    if (envelope.type !== "events_api" || !again || wait === undefined) return;
    const attempt = envelope.attempt + 1;
    later(wait, () => {
      if (acks.has(rootOf(id))) return;
      const next = { ...envelope, id: fresh(), attempt, reason: reason.replace(/^no /, "no_") };
      first.set(next.id, rootOf(id));
      send(next);
    });
  };
  const fresh = (): string => `e0000000-0000-4000-8000-${of.id("e").slice(1).padStart(12, "0")}`;
  return {
    ...{ acks, failed, refused },
    deliver(type, payload, { envelope_id: id = fresh(), retry_attempt: attempt = 0 } = {}) {
      send({ id, type, payload, attempt, reason: attempt === 0 ? null : "timeout" });
      return id;
    },
    replay(id, as) {
      const known = sent.get(id);
      if (known === undefined) throw new RangeError(`no envelope ${id}`);
      const again = as === "retry" ? { attempt: known.attempt + 1, reason: "timeout" } : {};
      const copy = { ...known, ...again, id: as === "same-envelope" ? id : fresh() };
      acks.delete(copy.id);
      failed.delete(copy.id);
      send(copy);
      return copy.id;
    },
    acked(id, payload) {
      const envelope = sent.get(id);
      if (envelope === undefined) {
        of.violations.push(`ack of an envelope that was never sent: ${id}`);
        return;
      }
      const ack = { at: of.now(), payload };
      acks.set(id, ack);
      if (!acks.has(rootOf(id))) acks.set(rootOf(id), ack);
      const brought = object(payload);
      if (envelope.type !== "events_api") settings.answered(envelope, brought);
      else if (Object.keys(brought).length > 0) {
        of.violations.push(`the ack of an event has a payload: ${id}`);
      }
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

/** As it goes over a socket. */
export const overSocket = ({ id, type, payload, attempt, reason }: Envelope): Json => ({
  ...{ envelope_id: id, type, payload, accepts_response_payload: type !== "events_api" },
  ...(attempt === 0 ? {} : { retry_attempt: attempt, retry_reason: reason }),
});
