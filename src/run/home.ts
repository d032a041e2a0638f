/** What a person sees in their own place on a platform: the state, the caps, and what waits, as the commands would answer. */

import type { Card } from "../chat/card.ts";
import { type Asker, type Command, lookUp } from "../chat/command.ts";
import type { Person } from "../chat/person.ts";
import { platformOf } from "../chat/platform.ts";
import type { WallClock } from "../chat/wall-clock.ts";
import { awaited } from "../core/control/confirmation.ts";
import type { DeskView } from "../core/engine/views.ts";
import { type RoomId, roomId } from "../core/kernel/ids.ts";
import type { Home } from "../ports/home.ts";
import type { Query } from "../ports/query.ts";
import { isBarred } from "./suspended.ts";

const SHOWN = ["status", "limits", "pending"] as const;
const ONE = 10n ** 18n;

export function homeOf(of: {
  readonly query: Query;
  readonly people: readonly Person[];
  readonly commands: readonly Command[];
  readonly wall: WallClock;
  readonly heading: () => string;
}): Home {
  const { query, people, commands, wall, heading } = of;
  return {
    page(account) {
      const person = people.find(({ accounts }) => accounts.includes(account));
      if (person === undefined) return null;
      const view = query.view();
      const who: Asker = { person, account, room: ownRoom(account), clock: wall };
      const cards = SHOWN.flatMap((word) => answer(commands, word, view, who) ?? []);
      return { heading: heading(), cards, print: `${print(view)} ${rows(cards)}` };
    },
  };
}

/** Its buttons speak in the private chat. */
const ownRoom = (account: string): RoomId =>
  roomId(
    platformOf(account) === "slack" ? `slack:@${account.slice(account.indexOf("/") + 1)}` : account,
  );

function answer(
  commands: readonly Command[],
  word: string,
  view: DeskView,
  who: Asker,
): Card | null {
  const command = lookUp(commands, { kind: "said", word, args: [] })?.command;
  if (command === undefined || isBarred(who.person.id, command, null, view)) return null;
  const parsed = command.parse([]);
  return "ask" in parsed ? parsed.ask(view, who) : null;
}

/** How much is shown, and of what: a line more or a button less is a change. */
const rows = (cards: readonly Card[]): string =>
  cards.map(({ lines, buttons }) => `${lines.length}/${buttons.map(({ line }) => line)}`).join(" ");

/** What people act on; money to the dollar, so that a home tab does not flicker with each price. */
function print(view: DeskView): string {
  const dollars = (amount: bigint | null): string => (amount === null ? "" : `${amount / ONE}`);
  return JSON.stringify([
    ...[view.trading, view.reconciled, view.killed?.at, view.halted?.at, view.paused?.at],
    view.pauses.map(({ scope }) => scope),
    view.pending.map((open) => [open.id, awaited(open, view.at), open.expiresAt]),
    view.limits.map(({ key, value, until }) => [key, value, until]),
    view.positions.map(({ product, size }) => [product, String(size)]),
    view.breakers.map(({ breaker, product, tripped }) => [breaker, product, tripped !== null]),
    ...[view.orders.length, dollars(view.glance.dayNet), dollars(view.glance.gross)],
    ...[view.suspended, view.duty, view.distrusted].map((all) => all.length),
    view.silent.map(({ platform, room }) => room ?? platform),
  ]);
}
