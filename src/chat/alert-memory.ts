/**
 * What alerts must remember to speak well: counts of what rolls, the orders they speak of, the kill under way. A fold of
 * events like any other, bounded, rebuilt from the last stretch of the journal at start. It never decides anything.
 */
import { type Awaited, awaited } from "../core/control/confirmation.ts";
import type { Requester } from "../core/control/trading.ts";
import type { Event, EventBody, EventOf } from "../core/engine/event.ts";
import type { Stream } from "../core/engine/input.ts";
import type { ConfirmationId, InboundId, OrderId, ProductId, RoomId } from "../core/kernel/ids.ts";
import type { Instant } from "../core/kernel/time.ts";
import type { Plan } from "../core/order/state.ts";
import { type Roll, type RollRule, rolled } from "./roll.ts";

export interface OrderMemory {
  readonly plan: Plan;
  readonly unknown: boolean;
  /** Whoever asked for this very order, or null when a strategy did; `under`: the message of their request. */
  readonly asked: { readonly by: Requester; readonly under: string | null } | null;
  /** Who asked to cancel this very order, or null. */
  readonly cancelBy: Requester | null;
  /** It was taken back so that another order of its decision may follow. */
  readonly replaced?: boolean;
  /** It ended for that, unfilled, and nobody was told. */
  readonly hushed?: boolean;
}

export interface KillMemory {
  readonly root: number;
  readonly by: string;
  readonly reason: string;
  /** Where it was asked for, or null when the desk did it by itself. */
  readonly room: RoomId | null;
  readonly at: Instant;
  readonly over: boolean;
}

/** The last request that was confirmed, by the messages that asked for it and confirmed it: what it did is told under it. */
interface ConfirmedMemory {
  readonly inbounds: readonly InboundId[];
  readonly key: string;
}

/** A request that waits: what was told with it, and for which of its steps a message of its own was sent. */
export interface AskedMemory {
  readonly detail: readonly string[];
  readonly rang: readonly Ringing[];
}

/** The steps that are somebody else's to take or to stop. */
const RINGS = ["second", "cooling"] as const satisfies readonly Awaited[];
export type Ringing = (typeof RINGS)[number];

export interface AlertMemory {
  readonly rolls: ReadonlyMap<string, Roll>;
  readonly orders: ReadonlyMap<OrderId, OrderMemory>;
  readonly kill: KillMemory | null;
  readonly confirmed: ConfirmedMemory | null;
  readonly asked: ReadonlyMap<ConfirmationId, AskedMemory>;
  /** The order of whose end nobody was told, proven over by the last event: what follows it is the next one, or nothing. */
  readonly proven: OrderId | null;
  /** One that the last event shows to be followed by nothing. */
  readonly unfollowed: OrderId | null;
}

/** How many events the memory is rebuilt from at start. */
export const REMEMBERED_EVENTS = 2000;
const MAX_ROLLS = 200;
const MAX_ORDERS = 512;
const MAX_ASKED = 50;
const CROWD = 10;

export const VETO_ROLL: RollRule = { restMs: 1_800_000, windowMs: 600_000, loudAbove: 10 };
export const SECURITY_ROLL: RollRule = { restMs: 600_000, windowMs: 600_000, loudAbove: 1000 };
export const REJECT_ROLL: RollRule = { restMs: 300_000, windowMs: 300_000, loudAbove: 1000 };
export const CHAT_ROLL: RollRule = { restMs: 1_800_000, windowMs: 600_000, loudAbove: 1000 };
export const BARS_ROLL: RollRule = { restMs: 3_600_000, windowMs: 600_000, loudAbove: 1000 };
export const PRICE_ROLL: RollRule = { restMs: 1_800_000, windowMs: 600_000, loudAbove: 1000 };
/** It is told once, however often it grows. */
const EXTERNAL_ROLL: RollRule = { restMs: 86_400_000, windowMs: 600_000, loudAbove: 1000 };
export const FEED_ROLL: RollRule = { restMs: 1_800_000, windowMs: 600_000, loudAbove: 3 };

export const vetoRoll = (event: EventOf<"intent.vetoed">): string =>
  `veto:${event.intent.product}:${event.vetoes[0]?.rule ?? "none"}`;
export const rejectRoll = (product: ProductId, reason: string): string =>
  `reject:${product}:${reason.slice(0, 60)}`;
export const feedRoll = (stream: Stream): string => `feed:${stream}`;
export const externalRoll = ({ foreign }: EventOf<"external.seen" | "external.gone">): string =>
  `external:${foreign.venueId}`;
export const priceRoll = (product: ProductId): string => `price:${product}`;
export const barsRoll = (product: ProductId): string => `bars:${product}`;
export const chatRoll = ({
  platform,
  room,
}: Pick<EventOf<"chat.lost">, "platform" | "room">): string => `chat:${room ?? platform}`;
/** What was told in passing and grows loud is a new message, which rings. */
export const securityRoll = (event: EventOf<"security.noticed">): string =>
  `security:${event.platform}:${event.what}${isCrowd(event) ? ":crowd" : ""}`;
/** So many in a minute are no passers-by. */
export const isCrowd = ({ count }: EventOf<"security.noticed">): boolean => count >= CROWD;
export const confirmationKey = (id: ConfirmationId): string => `confirmation:${id}`;
/** Of the message that rings for one of its steps. */
export const ringKey = (id: ConfirmationId, step: Ringing): string =>
  `${confirmationKey(id)}:${step}`;
/** All messages that show a request. */
export const keysOf = (id: ConfirmationId): readonly string[] => [
  confirmationKey(id),
  ...RINGS.map((step) => ringKey(id, step)),
];
/** The key of the request that a message shows, whichever of its messages it is. */
export const rootKey = (key: string): string => key.split(":", 2).join(":");

/** The message of the request that this one's message confirmed, or null when nothing was confirmed for it. */
export const requestKey = ({ confirmed }: AlertMemory, by: Requester): string | null =>
  confirmed?.inbounds.includes(by.inbound) ? confirmed.key : null;

export const newAlertMemory = (): AlertMemory => ({
  rolls: new Map(),
  orders: new Map(),
  kill: null,
  confirmed: null,
  asked: new Map(),
  proven: null,
  unfollowed: null,
});

/** The memory after one event; the one before stays as it was. */
export const remember = (memory: AlertMemory, event: Event): AlertMemory =>
  noted(rememberEnd(memory, event.body), event);

/** An order takes the place of another with the very event after its proof, or never. */
function rememberEnd(memory: AlertMemory, body: EventBody): AlertMemory {
  const { orders, proven: before } = memory;
  const isFollowed = body.kind === "order.planned" && body.plan.replaces === before;
  const unfollowed = isFollowed ? null : before;
  const isProof = body.kind === "order.settled" && orders.get(body.order)?.hushed === true;
  const proven = isProof ? body.order : null;
  const same = proven === before && unfollowed === memory.unfollowed;
  return same ? memory : { ...memory, proven, unfollowed };
}

function noted(memory: AlertMemory, event: Event): AlertMemory {
  const { body, seq, at } = event;
  switch (body.kind) {
    case "intent.vetoed":
      return roll(memory, vetoRoll(body), event, VETO_ROLL);
    case "order.rejected":
      // Answered to whoever asked, each by itself.
      if (memory.orders.get(body.order)?.asked) return memory;
      return roll(memory, rejectRoll(body.product, body.reason), event, REJECT_ROLL);
    case "feed.broke":
      return roll(memory, feedRoll(body.stream), event, FEED_ROLL);
    case "price.lost":
      return roll(memory, priceRoll(body.product), event, PRICE_ROLL);
    case "bars.differed":
      return roll(memory, barsRoll(body.product), event, BARS_ROLL);
    case "chat.lost":
      return roll(memory, chatRoll(body), event, CHAT_ROLL);
    case "external.seen":
      return roll(memory, externalRoll(body), event, EXTERNAL_ROLL);
    case "security.noticed":
      return roll(memory, securityRoll(body), event, SECURITY_ROLL);
    case "confirmation.opened":
    case "confirmation.stepped":
    case "confirmation.closed":
      return rememberAsked(memory, event, body);
    case "trading.killed": {
      const by = body.latch.by?.name ?? "the desk";
      const room = body.latch.by?.room ?? null;
      return {
        ...memory,
        kill: { root: seq, by, reason: body.latch.reason, room, at, over: false },
      };
    }
    case "kill.finished":
    case "trading.rearmed":
      return memory.kill ? { ...memory, kill: { ...memory.kill, over: true } } : memory;
    default:
      return rememberOrder(memory, body);
  }
}

type Answered = EventOf<`confirmation.${"opened" | "stepped" | "closed"}`>;

function rememberAsked(memory: AlertMemory, { at }: Event, body: Answered): AlertMemory {
  const { id, by } = body.confirmation;
  const before = memory.asked.get(id) ?? { detail: [], rang: [] };
  switch (body.kind) {
    case "confirmation.opened": {
      const { detail } = body;
      return { ...memory, asked: bounded(memory.asked, id, { ...before, detail }, MAX_ASKED) };
    }
    case "confirmation.stepped": {
      const now = ringing(awaited(body.confirmation, at));
      if (now === null) return memory;
      const rang = [...before.rang, now];
      return { ...memory, asked: bounded(memory.asked, id, { ...before, rang }, MAX_ASKED) };
    }
    default: {
      if (body.outcome !== "confirmed") return memory;
      const inbounds = [by.inbound, ...(body.by ? [body.by.inbound] : [])];
      return { ...memory, confirmed: { inbounds, key: confirmationKey(id) } };
    }
  }
}

/** Null for what whoever asked has to do. */
export const ringing = (now: Awaited): Ringing | null =>
  now === "second" || now === "cooling" ? now : null;

function rememberOrder(memory: AlertMemory, body: EventBody): AlertMemory {
  switch (body.kind) {
    case "order.planned": {
      const { plan, by } = body;
      const asked = by && { by, under: requestKey(memory, by) };
      const order = { plan, unknown: false, asked, cancelBy: null };
      return { ...memory, orders: bounded(memory.orders, plan.id, order, MAX_ORDERS) };
    }
    case "order.unknown":
      return changed(memory, body.order, { unknown: true });
    case "order.cancel-asked": {
      const { by, why, replace } = body;
      const named = by !== null && why === "asked" ? { cancelBy: by } : {};
      return changed(memory, body.order, { ...named, replaced: replace === true });
    }
    case "order.closed": {
      const isEmpty = body.why === "cancelled" && body.executed.size === 0n;
      const hushed = isEmpty && memory.orders.get(body.order)?.replaced === true;
      return changed(memory, body.order, { hushed });
    }
    case "order.settled":
      return changed(memory, body.order, { hushed: false });
    default:
      return memory;
  }
}

function changed(
  memory: AlertMemory,
  order: OrderId,
  change: Partial<Omit<OrderMemory, "plan">>,
): AlertMemory {
  const before = memory.orders.get(order);
  if (!before) return memory;
  return { ...memory, orders: new Map(memory.orders).set(order, { ...before, ...change }) };
}

function roll(memory: AlertMemory, name: string, event: Event, rule: RollRule): AlertMemory {
  const next = rolled(memory.rolls.get(name), event.seq, event.at, rule);
  return { ...memory, rolls: bounded(memory.rolls, name, next, MAX_ROLLS) };
}

/** Put at the end; the ones longest untouched fall out. */
function bounded<K, V>(from: ReadonlyMap<K, V>, key: K, value: V, max: number): Map<K, V> {
  const next = new Map(from);
  next.delete(key);
  next.set(key, value);
  for (const oldest of next.keys()) {
    if (next.size <= max) break;
    next.delete(oldest);
  }
  return next;
}
