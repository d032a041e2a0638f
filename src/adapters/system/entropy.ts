/** Randomness nobody can foresee, from the operating system. */
import { randomBytes } from "node:crypto";
import type { Entropy } from "../../ports/random.ts";

export const systemEntropy: Entropy = { hex: (bytes) => randomBytes(bytes).toString("hex") };
