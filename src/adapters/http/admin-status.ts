/** The desk as `GET /admin/status` shows it: what stops it, what is open, and what waits for an answer. */
import type { Latch } from "../../core/control/trading.ts";
import type { DeskView } from "../../core/engine/views.ts";
import type { PersonId, RoomId } from "../../core/kernel/ids.ts";
import { decimal, floorTo, plus, type Quote, quote } from "../../core/kernel/money.ts";
import { iso } from "../../core/kernel/time.ts";

/** @param of whose requests are shown with the code that answers them */
export function adminStatus(
  view: DeskView,
  of: { readonly person: PersonId; readonly room: RoomId },
): object {
  return {
    at: iso(view.at),
    mode: view.mode,
    name: view.name,
    state: view.trading,
    paused: latch(view.paused),
    halted: latch(view.halted),
    killed: latch(view.killed),
    reconciled: view.reconciled,
    equity: inCents(view.glance.equity),
    openOrders: view.orders.length,
    orders: view.orders.map(({ id, product, side, purpose, size, filled, state }) => ({
      ...{ id, product, side, purpose, state },
      ...{ size: decimal(size), filled: decimal(filled) },
    })),
    positions: view.positions.map(({ product, size }) => ({ product, size: decimal(size) })),
    tripped: view.breakers.flatMap(({ breaker, tripped }) => (tripped ? [breaker] : [])),
    pending: view.pending.map(({ by, code, proposal, expiresAt }) => ({
      request: proposal.verb,
      by: by.name,
      expiresAt: iso(expiresAt),
      ...(by.person === of.person && by.room === of.room ? { code } : {}),
    })),
  };
}

const CENT = quote("0.01");
const inCents = (amount: Quote): string => decimal(floorTo(plus(amount, quote("0.005")), CENT));

const latch = (of: Latch | null): object | null =>
  of && { since: iso(of.at), by: of.by?.name ?? "the desk", reason: of.reason };
