/** Every kind of event has a voice here or is silent on purpose; a new kind does not compile until it is listed. */
import type { AlertTable } from "../src/chat/alert.ts";
import * as account from "./account.ts";
import { answered } from "./answer.ts";
import { barsDiffered } from "./bars.ts";
import * as chat from "./chat.ts";
import * as confirmation from "./confirmation.ts";
import { stepped } from "./confirmation-steps.ts";
import * as duty from "./duty.ts";
import * as feed from "./feed.ts";
import { fill } from "./fill.ts";
import * as journal from "./journal.ts";
import * as kill from "./kill.ts";
import * as lifecycle from "./lifecycle.ts";
import { limitChanged, limitEnding, limitReverted, policyAdopted } from "./limit.ts";
import * as order from "./order.ts";
import * as people from "./people.ts";
import * as price from "./price.ts";
import { quarantined } from "./quarantine.ts";
import { security } from "./security.ts";
import { stageChanged } from "./stage.ts";
import * as trading from "./trading.ts";
import { cleared, halt, trip } from "./trip.ts";
import { veto } from "./veto.ts";

export const ALERTS: AlertTable = {
  "desk.started": lifecycle.started,
  "desk.stopped": lifecycle.stopped,
  "policy.adopted": policyAdopted,
  "venue.reconciled": lifecycle.reconciled,
  // The day's figures stand in /status and under every fill.
  "day.opened": "silent",
  "risk.measured": "silent",
  "intent.vetoed": veto,
  // A marketable order has no "placed" message; a resting one speaks when the venue took it.
  "order.planned": "silent",
  "order.acknowledged": order.acknowledged,
  "order.rejected": order.rejected,
  "order.unknown": order.unknown,
  "order.resent": order.resent,
  "order.released": order.released,
  "order.absent": order.absent,
  "order.progressed": "silent",
  "order.cancel-asked": order.cancelAsked,
  "order.previewed": order.previewed,
  "order.filled": fill,
  "order.corrected": "silent",
  // A fill has spoken already; its trades only prove it.
  "order.traded": "silent",
  "order.settled": "silent",
  "order.quarantined": quarantined,
  "order.closed": order.closed,
  "balance.adjusted": account.adjusted,
  "external.seen": account.externalSeen,
  "external.gone": account.externalGone,
  "venue.checked": account.checked,
  "breaker.tripped": trip,
  "breaker.cleared": cleared,
  "feed.broke": feed.broke,
  "feed.recovered": feed.recovered,
  "price.lost": price.lost,
  "price.recovered": price.recovered,
  "bars.differed": barsDiffered,
  "journal.lost": journal.lost,
  "journal.recovered": journal.recovered,
  "chat.lost": chat.lost,
  "chat.recovered": chat.recovered,
  "security.noticed": security,
  "trading.paused": trading.paused,
  "trading.resumed": trading.resumed,
  "trading.halted": halt,
  "trading.killed": kill.killed,
  "kill.progressed": kill.progress,
  "kill.finished": kill.finished,
  "trading.rearmed": trading.rearmed,
  "limit.changed": limitChanged,
  "limit.ending": limitEnding,
  "limit.reverted": limitReverted,
  "confirmation.opened": confirmation.opened,
  "confirmation.closed": confirmation.closed,
  "confirmation.stepped": stepped,
  "code.spent": people.codeSpent,
  "stage.changed": stageChanged,
  "person.suspended": people.suspended,
  "person.restored": people.restored,
  "platform.trusted": people.trusted,
  "duty.changed": duty.dutyChanged,
  "alarm.tested": duty.alarmTested,
  "alarm.heard": duty.alarmHeard,
  "attempt.refused": people.attempted,
  "request.answered": answered,
  unfollowed: order.unfollowed,
};
