/** Tokens for REST calls and subscriptions: a fresh one each time, and a small stock of ready ones for creates. */
// coinbase.md §2.2, §2.3. Tokens go into requests and nowhere else.
import { SignJWT } from "jose";
import type { Clock } from "../../ports/clock.ts";
import type { Entropy } from "../../ports/random.ts";
import type { Timers } from "../../ports/timers.ts";
import type { SigningKey } from "./keys.ts";

/** How long the venue honours a token. */
export const TOKEN_LIFE_MS = 120_000;
/** A stocked token older than this is thrown away. */
const STALE_MS = 100_000;
const STOCK = 8;
const RESTOCK_MS = 15_000;
/** Two measurements of one clock differ by as much, and tokens are dated in whole seconds. */
const LEAST_MOVE_MS = 250;
/** The create that took a token leaves before the next is made. */
const AFTER_USE_MS = 20;

export interface Signer {
  /** For one call; `target` is host and path, without scheme and query. */
  rest(method: string, target: string): Promise<string>;
  /** For one create: from the stock when it has a fresh one. Each token is handed out once. */
  create(): Promise<string>;
  /** For one subscribe message. */
  stream(): Promise<string>;
  /** Sets how far the venue's clock is ahead of ours, in ms; stocked tokens are thrown away when it moved by a quarter second. */
  correct(aheadMs: number): void;
  /** The venue refused a token for a create: stocked ones are thrown away, and the next is signed anew. */
  refused(): void;
  /** Tokens in stock. */
  stocked(): number;
  close(): void;
}

/** A signer whose key can be changed while it signs. */
export interface RotatingSigner extends Signer {
  /** From now on every token is signed by this key; stocked tokens of the old one are thrown away. */
  rotate(key: SigningKey): void;
  /** Signs with a key that is not in use yet. It keeps no stock. */
  trial(key: SigningKey): Signer;
}

interface Stocked {
  readonly token: string;
  readonly madeAt: number;
}

export function signer(options: {
  /** The first key. */
  readonly key: SigningKey;
  /** Host and path of the create call. */
  readonly createTarget: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly entropy: Entropy;
}): RotatingSigner {
  const { clock, entropy } = options;
  let current = options.key;
  let aheadMs = 0;

  const token = (uri: string | null, key = current): Promise<string> => {
    const now = Math.floor((clock.now() + aheadMs) / 1000);
    return new SignJWT({
      sub: key.name,
      iss: "cdp",
      nbf: now,
      exp: now + TOKEN_LIFE_MS / 1000,
      ...(uri === null ? {} : { uri }),
    })
      .setProtectedHeader({
        alg: key.algorithm,
        typ: "JWT",
        kid: key.name,
        nonce: entropy.hex(32),
      })
      .sign(key.key);
  };
  const createUri = `POST ${options.createTarget}`;
  const stock = stockOf(() => token(createUri), options);

  return {
    rest: (method, target) => token(`${method} ${target}`),
    create: async () => stock.take() ?? token(createUri),
    stream: () => token(null),
    correct: (ms) => {
      if (Math.abs(ms - aheadMs) < LEAST_MOVE_MS) return;
      aheadMs = ms;
      stock.startAnew();
    },
    refused: stock.startAnew,
    rotate: (key) => {
      current = key;
      stock.startAnew();
    },
    trial: (key) => ({
      rest: (method, target) => token(`${method} ${target}`, key),
      create: () => token(createUri, key),
      stream: () => token(null, key),
      correct: () => undefined,
      refused: () => undefined,
      stocked: () => 0,
      close: () => undefined,
    }),
    stocked: stock.count,
    close: stock.close,
  };
}

/** Ready tokens, made while nobody waits for one. */
function stockOf(
  make: () => Promise<string>,
  { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
) {
  let stock: Stocked[] = [];
  let epoch = 0;
  let filling = false;
  let closed = false;

  const isFresh = (one: Stocked): boolean => {
    const age = clock.now() - one.madeAt;
    return age >= 0 && age < STALE_MS;
  };
  const fill = async (): Promise<void> => {
    if (filling || closed) return;
    filling = true;
    try {
      stock = stock.filter(isFresh);
      while (!closed && stock.length < STOCK) {
        const began = epoch;
        const madeAt = clock.now();
        const ready = await make();
        if (began === epoch) stock.push({ token: ready, madeAt });
      }
    } finally {
      filling = false;
    }
  };
  let pending: (() => void) | null = null;
  /** Off the path of whoever asked. A failure to sign shows where the token is needed. */
  const restock = (waitMs: number): void => {
    if (pending || closed) return;
    pending = timers.after(waitMs, () => {
      pending = null;
      fill().catch(() => undefined);
    });
  };

  const stop = timers.every(RESTOCK_MS, () => restock(0));
  restock(0);

  return {
    /** Each is handed out once. */
    take: (): string | undefined => {
      stock = stock.filter(isFresh);
      const ready = stock.shift();
      restock(AFTER_USE_MS);
      return ready?.token;
    },
    /** What is there is thrown away; tokens under way are of the time before and are not kept when they are done. */
    startAnew: (): void => {
      epoch += 1;
      stock = [];
      restock(0);
    },
    count: (): number => stock.length,
    close: (): void => {
      closed = true;
      stop();
      pending?.();
      stock = [];
    },
  };
}
