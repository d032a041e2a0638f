/** One visit to a socket of the venue: subscribe as a desk does, watch until everything was shown or time is up, leave. */
// It notes and does not judge. Frames are kept as samples, cut short.
import { z } from "zod";
import type { Signer } from "../../adapters/coinbase/sign.ts";
import type { Instant } from "../../core/kernel/time.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Timers } from "../../ports/timers.ts";
import type { Transport } from "../../ports/transport.ts";
import { subscribed, type TalkFrame, talk } from "../stream-talk.ts";

export interface SocketVisit {
  readonly endpoint: "market" | "user";
  readonly url: string;
  readonly channels: readonly string[];
  readonly products: readonly string[];
  readonly beganAt: Instant;
  /** When the newest token was made; null where none was sent. */
  readonly tokenAt: Instant | null;
  /** Subscribe messages sent. */
  readonly sent: number;
  readonly frames: number;
  readonly heartbeats: number;
  /** Products whose book came whole. */
  readonly books: readonly string[];
  /** Venue id and status of the orders that the account's snapshot told. */
  readonly orders: ReadonlyMap<string, string> | null;
  readonly acknowledged: ReadonlyMap<string, readonly string[]>;
  /** Frames missing in the numbering. */
  readonly lost: number;
  /** What an error frame said. */
  readonly error: string | null;
  /** Why it ended by itself, or null. */
  readonly ended: string | null;
  /** The first frame of each channel and the last ones of all. */
  readonly samples: readonly string[];
}

export interface VisitPlan {
  readonly endpoint: SocketVisit["endpoint"];
  readonly url: string;
  readonly products: readonly string[];
  readonly signer: Signer | null;
  readonly patienceMs: number;
}

const CHANNELS = {
  market: ["heartbeats", "ticker", "market_trades", "level2"],
  user: ["heartbeats", "user"],
} as const;
/** One could be chance; two show that they go on. */
const HEARTBEATS = 2;
const LONGEST_SAMPLE = 600;
const LAST_SAMPLES = 5;

const BookEvent = z.object({ type: z.literal("snapshot"), product_id: z.string() });
const OrdersEvent = z.object({
  orders: z.array(z.object({ order_id: z.string(), status: z.string() })).nullish(),
});

export async function visit(
  plan: VisitPlan,
  world: { readonly transport: Transport; readonly clock: Clock; readonly timers: Timers },
): Promise<SocketVisit> {
  const { endpoint, url, products, signer, patienceMs } = plan;
  const channels = CHANNELS[endpoint];
  const notes = takeNotes();
  const beganAt = world.clock.now();
  let tokenAt: Instant | null = null;
  let sent = 0;
  let ended: string | null = null;
  const token = async (): Promise<string> => {
    tokenAt = world.clock.now();
    return (await signer?.stream()) ?? "";
  };
  await new Promise<void>((done) => {
    const finish = (): void => {
      cancel();
      void conversation.leave().then(done, done);
    };
    const cancel = world.timers.after(patienceMs, finish);
    const conversation = talk(
      {
        ...{ url, channels, products, token: signer && token },
        hear: (frame) => {
          notes.add(frame);
          if (frame.error !== null || notes.shown(endpoint, channels, products)) finish();
        },
        over: (cause) => {
          ended = cause;
          finish();
        },
      },
      world,
    );
    sent = channels.length;
  });
  return {
    ...{ endpoint, url, channels, products, beganAt, tokenAt, sent, ended },
    ...notes.read(),
  };
}

function takeNotes() {
  const frames: TalkFrame[] = [];
  const books = new Set<string>();
  let orders: Map<string, string> | null = null;
  let last: number | null = null;
  let [count, heartbeats, lost] = [0, 0, 0];
  let error: string | null = null;
  let acknowledged: ReadonlyMap<string, readonly string[]> = new Map();
  const firsts = new Map<string, string>();
  return {
    add(frame: TalkFrame): void {
      count += 1;
      frames.push({ ...frame, text: frame.text.slice(0, LONGEST_SAMPLE), events: [] });
      if (frames.length > LAST_SAMPLES) frames.shift();
      const name = frame.channel ?? "error";
      if (!firsts.has(name)) firsts.set(name, frame.text.slice(0, LONGEST_SAMPLE));
      error ??= frame.error;
      if (frame.sequence !== null) {
        if (last !== null && frame.sequence > last + 1) lost += frame.sequence - last - 1;
        last = Math.max(last ?? 0, frame.sequence);
      }
      if (name === "heartbeats") heartbeats += 1;
      if (name === "subscriptions") acknowledged = subscribed([frame]);
      for (const event of frame.events) {
        const book = name === "l2_data" ? BookEvent.safeParse(event) : null;
        if (book?.success) books.add(book.data.product_id);
        const told = name === "user" ? OrdersEvent.safeParse(event) : null;
        if (!told?.success) continue;
        orders ??= new Map();
        for (const { order_id, status } of told.data.orders ?? []) orders.set(order_id, status);
      }
    },
    /** Everything a healthy stream shows was shown. */
    shown: (
      endpoint: "market" | "user",
      channels: readonly string[],
      products: readonly string[],
    ): boolean =>
      heartbeats >= HEARTBEATS &&
      channels.every((channel) => acknowledged.has(channel)) &&
      (endpoint === "user" ? orders !== null : books.size >= bookCount(products)),
    read: () => ({
      ...{ frames: count, heartbeats, lost, error, acknowledged, orders },
      books: [...books],
      samples: [...new Set([...firsts.values(), ...frames.map(({ text }) => text)])],
    }),
  };
}

/** A `-USDC` product shares the book of its `-USD` twin. */
const bookCount = (products: readonly string[]): number =>
  new Set(products.map((id) => id.replace(/-USDC$/, "-USD"))).size;
