/** Messages of changes of risk end with the head of the audit, whatever they say and however full they are. */
import { expect, test } from "vitest";
import { ALERTS } from "../../alerts/table.ts";
import { alertsFor } from "../../src/chat/alert.ts";
import { newAlertMemory } from "../../src/chat/alert-memory.ts";
import { anchored } from "../../src/chat/anchored.ts";
import { MAX_LINES } from "../../src/chat/card.ts";
import { card } from "../../src/chat/compose.ts";
import type { EventBody } from "../../src/core/engine/event.ts";
import { quote } from "../../src/core/kernel/money.ts";
import { derive } from "../../src/run/derive.ts";
import { BY_ANA, CONFIRMATION, filled, numbered, paused, ROOMS, WALL } from "../kit/sample-desk.ts";

const HEAD = `9c41${"0".repeat(58)}e0`;

const last = (body: EventBody, auditHead?: string): string | undefined => {
  const [event] = numbered([body]);
  if (!event) throw new Error("there is one");
  const context = { clock: WALL, memory: newAlertMemory() };
  const with_ = auditHead === undefined ? context : { ...context, auditHead };
  return alertsFor(ALERTS, event, with_).at(-1)?.card.lines.at(-1);
};

const RISKY: readonly EventBody[] = [
  {
    kind: "limit.changed",
    key: "portfolio.max_daily_loss_usd",
    from: "150",
    to: "200",
    raise: true,
    by: BY_ANA,
  },
  {
    kind: "confirmation.closed",
    confirmation: CONFIRMATION,
    outcome: "confirmed",
    by: BY_ANA,
    detail: "",
  },
  { kind: "trading.rearmed", by: BY_ANA },
  { kind: "trading.resumed", by: BY_ANA, equity: quote("5000"), rearmed: [] },
];

test.each(RISKY)("$kind carries the head, and nothing where it is not known", (body) => {
  expect(last(body, HEAD)).toBe("Audit 9c41…e0");
  expect(last(body)).not.toContain("Audit");
});

test("what changes no risk does not carry it", () => {
  for (const body of [paused(), filled("0.00152")]) expect(last(body, HEAD)).not.toContain("Audit");
});

test("a full card carries it at the end of its last line", () => {
  const full = card({ headline: "x", lines: Array.from({ length: MAX_LINES }, (_, n) => `${n}`) });
  const { lines } = anchored(full, "limit.changed", HEAD);
  expect(lines).toHaveLength(MAX_LINES);
  expect(lines.at(-1)).toBe("6 · Audit 9c41…e0");
});

test("rows hold the head last heard of, also of messages that go out without the database", () => {
  const audience = { alerts: ALERTS, rooms: ROOMS, wall: WALL, auditHead: () => HEAD };
  const { critical } = derive(numbered(RISKY.slice(0, 1)), newAlertMemory(), audience);
  expect(critical.map(({ card: of }) => of.lines.at(-1))).toEqual(ROOMS.map(() => "Audit 9c41…e0"));
});
