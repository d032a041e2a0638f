/** Unpredictable text for codes, nonces and run ids. Simulation puts a seeded one here. */

export interface Entropy {
  /** `bytes` random bytes as lower-case hex. */
  hex(bytes: number): string;
}
