/** The last door before a request is made: whatever would move money is refused, though no code of ours asks for it. */
import type { Call } from "./call.ts";

/** Words in the addresses of Coinbase that move money between accounts, portfolios, currencies or networks. */
const MOVES = /transfer|withdraw|deposit|move_funds|convert|send|transactions|addresses/i;

/** Why the call must not be made, or null. Reading is never refused. */
export const refusedTransfer = ({ method, path }: Pick<Call<unknown>, "method" | "path">) =>
  method !== "GET" && MOVES.test(path) ? "this program moves no money" : null;
