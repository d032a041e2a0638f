/** What a call to the REST API is, and the road that makes it. */
// Shapes only: http.ts is the road.
import type { z } from "zod";
import type { Result } from "../../core/kernel/result.ts";
import type { Fault } from "./fault.ts";
import type { Pace } from "./limiter.ts";
import type { Rates } from "./rates.ts";

export interface Call<T> {
  readonly method: "GET" | "POST";
  /** Below /api/v3/brokerage, e.g. `/orders`. */
  readonly path: string;
  /** Arrays are repeated names. */
  readonly query?: readonly (readonly [string, string])[];
  readonly body?: unknown;
  readonly schema: z.ZodType<T>;
  /** `create` takes its token from the stock. */
  readonly access: "public" | "signed" | "create";
  readonly pace: Pace;
  /**
   * Whether it may be sent again when nobody knows what became of it. `safe`: it changes nothing, or nothing more the
   * second time. `never`: it places, edits or moves; only a token that the API refused, which proves that it was not let
   * in, is answered with another.
   */
  readonly repeat: "safe" | "never";
  /** Of a create: asked just before its first byte leaves, why it must not, or null. */
  readonly heldBack?: () => string | null;
}

export interface Http {
  /** Never throws. */
  call<T>(call: Call<T>): Promise<Result<T, Fault>>;
  /** What the venue last said of our allowance. */
  rates(): Rates;
  close(): void;
}
