/** The audit: each kind has its line, nobody may change one, and people can ask for it with or without a desk. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { sha256 } from "../../src/adapters/postgres/audit/chain.ts";
import { AUDITED, entryOf } from "../../src/adapters/postgres/audit/entries.ts";
import { answersTo } from "../../src/adapters/postgres/audit/story.ts";
import { openDeliveries } from "../../src/adapters/postgres/deliveries.ts";
import { cardText } from "../../src/chat/card-text.ts";
import { card } from "../../src/chat/compose.ts";
import { eventId } from "../../src/chat/event-id.ts";
import { audit } from "../../src/cli/audit.ts";
import { readEnv } from "../../src/config/env.ts";
import { type AuditRow, shortHash } from "../../src/core/control/audit.ts";
import { roomId } from "../../src/core/kernel/ids.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { type AuditChain, auditChain, EVENTS, LAST } from "../kit/audit-chain.ts";
import { AUDITED_EVENTS, ana, RAISE, SAW } from "../kit/audited-events.ts";
import { at, planned } from "./samples.ts";

let chain: AuditChain;
beforeAll(async () => {
  chain = await auditChain();
});
afterAll(() => chain.close());

test("each kind that is audited has its line, and what no person asked for has none", async () => {
  expect([...new Set(AUDITED_EVENTS.map(({ kind }) => kind))].sort()).toEqual([...AUDITED].sort());
  const rows = await chain.rows();
  expect(rows.map(({ kind }) => kind)).toEqual(AUDITED_EVENTS.map(({ kind }) => kind));
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
  expect(entryOf(planned("a"), at(0))).toBeNull();
  const cancel = { kind: "order.cancel-asked", order: planned("a"), why: "kill" } as const;
  expect(entryOf({ ...cancel, by: null } as never, at(0))).toBeNull();
});

test("a line says who, from where, with which words, what was before and after, and who agreed having seen what", async () => {
  const rows = await chain.rows();
  const closed = rows.find(({ kind }) => kind === "confirmation.closed");
  expect(closed).toMatchObject({
    platform: "telegram",
    person: "bo",
    name: "Bo",
    account: "telegram:1002",
    room: "telegram:1002",
    inbound: "telegram:77",
    words: "/approve [code] 200",
    action: "limits set portfolio.max_daily_loss_usd",
    decision: "confirmed",
    before: "150",
    after: "200",
    request: RAISE.id,
    snapshot: sha256(JSON.stringify(Object.entries(RAISE.snapshot))),
  });
  expect(JSON.parse(closed?.approvals ?? "")).toMatchObject([
    { step: "confirm", name: "Ana", room: "console:local", saw: SAW.ana },
    { step: "approve", name: "Bo", room: "telegram:1002", saw: SAW.bo },
  ]);
  expect(rows.find(({ kind }) => kind === "attempt.refused")).toMatchObject({
    person: "vic",
    words: "/resume",
    decision: "refused",
    reason: "role",
    count: 3,
  });
  expect(rows.find(({ kind }) => kind === "breaker.tripped")?.decision).toBe("by-itself");
  expect(rows.find(({ kind }) => kind === "security.noticed")?.count).toBe(12);
  expect(JSON.stringify(rows)).not.toContain(RAISE.code);
});

test("what was so already is unchanged, and not done", () => {
  const answered = {
    kind: "request.answered",
    by: ana,
    refused: false,
    why: "So already.",
  } as const;
  const decision = (verb: "pause" | "reconcile") => entryOf({ ...answered, verb }, at(0))?.decision;
  expect([decision("pause"), decision("reconcile")]).toEqual(["unchanged", "done"]);
});

test("the chain of these events has this head for ever: what was sealed can be derived again", async () => {
  expect((await chain.book.auditHead())?.hash).toBe(
    "9f4e7dde4c4507720b3e3e3b44399d381baaa66ad79b833134e68123e9e981ff",
  );
});

test("the desk may add lines and no more; the owner is stopped by the trigger", async () => {
  for (const text of [
    "update claudbot.audit set reason = 'x'",
    "delete from claudbot.audit",
    "truncate claudbot.audit",
  ]) {
    await expect(chain.desk.unsafe(text)).rejects.toThrow(/permission denied/);
    await expect(chain.owner.unsafe(text)).rejects.toThrow(/append only/);
  }
});

test("around a message stands who was told when, what each saw, what people did and after how long", async () => {
  const outbox = openDeliveries(chain.made.database.desk);
  const opened = EVENTS.find(({ body }) => body.kind === "confirmation.opened");
  const seq = opened?.seq ?? 0;
  const seen = card({ headline: "RAISE asked by Ana", lines: ["150 → 200"], event: eventId(seq) });
  const key = `confirmation:${RAISE.id}`;
  const row = {
    lane: "critical",
    eventSeq: seq,
    key,
    edit: false,
    under: null,
    card: seen,
  } as const;
  const rooms = [roomId("console:local"), roomId("telegram:1002")] as const;
  await outbox.add(
    rooms.map((room) => ({ ...row, room, dedupe: "event:3:", at: at(3000) })),
    null,
  );
  const [first] = await outbox.due(rooms[0], at(0), 1);
  await outbox.delivered(first?.id ?? 0, "m1", instant((opened?.at ?? 0) + 412));
  const story = await chain.book.about(seq);
  expect(story).toMatchObject({ firstTold: 412, firstAnswer: 1000, firstAction: 3000 });
  expect(story?.rows.map(({ decision }) => decision)).toEqual(["asked", "stepped", "confirmed"]);
  expect(story?.deliveries.map(({ room, at: when }) => [room, when === null])).toEqual([
    ["console:local", false],
    ["telegram:1002", true],
  ]);
  expect(story?.deliveries[0]?.hash).toBe(sha256(cardText(seen)).slice(0, 16));
  expect((await chain.book.shown([RAISE.id])).map(({ room }) => room)).toEqual(["console:local"]);
  const rang = { ...seen, headline: "Second person needed: Ana's RAISE" };
  await outbox.add(
    [
      {
        ...row,
        key: `${key}:second`,
        card: rang,
        room: rooms[1],
        dedupe: "event:4:",
        at: at(4000),
      },
    ],
    null,
  );
  for (const due of await outbox.due(rooms[1], at(0), 9)) {
    await outbox.delivered(due.id, "m2", instant((opened?.at ?? 0) + 900));
  }
  expect((await chain.book.shown([RAISE.id])).map(({ card: last }) => last.headline)).toEqual([
    rang.headline,
    seen.headline,
  ]);
  const trip = EVENTS.find(({ body }) => body.kind === "trading.paused");
  const incident = await chain.book.about(trip?.seq ?? 0);
  expect(incident?.rows.map(({ kind }) => kind)).toEqual([
    "trading.paused",
    "attempt.refused",
    "security.noticed",
    "trading.resumed",
  ]);
  expect(incident).toMatchObject({ firstTold: null, firstAnswer: 1000, firstAction: 3000 });
  expect(await chain.book.about(999)).toBeNull();
  await outbox.close();
});

test("after a trip neither a round of duty nor a request that changes nothing is an action; a pause is", () => {
  const row = (kind: string, action: string, decision: AuditRow["decision"], after: number) =>
    ({ kind, action, decision, at: at(after), eventSeq: after, person: "ana" }) as AuditRow;
  const trip = { seq: 1, at: at(0), kind: "breaker.tripped" };
  const rest = [
    row("duty.changed", "duty on", "done", 10),
    row("code.spent", "code", "done", 20),
    row("limit.changed", "limits set portfolio.max_daily_loss_usd", "done", 30),
  ];
  expect(answersTo(trip, rest)).toEqual({ firstAnswer: null, firstAction: null });
  const attempt = row("attempt.refused", "attempt", "refused", 40);
  const again = row("request.answered", "pause", "unchanged", 50);
  const cap = row(
    "confirmation.closed",
    "limits set portfolio.max_daily_loss_usd",
    "confirmed",
    60,
  );
  const pause = row("trading.paused", "pause all", "done", 70);
  expect(answersTo(trip, [...rest, attempt, again, cap, pause])).toEqual({
    firstAnswer: 40,
    firstAction: 70,
  });
});

async function run(line: string) {
  let out = "";
  const say = (text: string): void => {
    out += text;
  };
  const variables = { DATABASE_URL: chain.made.url, LOG_LEVEL: "error", DEPLOY_ID: "testdesk" };
  const env = () => readEnv({ variables, files: [] });
  const code = await audit(line.split(" ").filter(Boolean), { env, out: say, err: say });
  return { code, out };
}

test("the command line lists, tells and proves without a desk, and ends with 1 when the chain is broken", async () => {
  const { hash = "" } = (await chain.book.auditHead()) ?? {};
  expect(await run("verify")).toEqual({
    code: 0,
    out: `Audit whole: ${LAST} rows, head ${hash}\n`,
  });
  expect((await run(`verify ${shortHash(hash)}`)).out).toContain(`that of row ${LAST}`);
  const foreign = await run("verify 0000...00");
  expect(foreign.code).toBe(1);
  expect(foreign.out).toMatch(/^Audit: no row has the head 0000…00\n/);
  expect(foreign.out).not.toContain("whole");
  const listed = await run("2");
  expect(listed.out.split("\n").filter(Boolean)).toHaveLength(2);
  expect(listed.out).toContain("resume · refused: It is not paused.");
  expect((await run(eventId(3))).out).toContain("confirm by Ana: saw aaaaaaaa (no such row)");
  for (const wrong of ["ill", "verify 12", "5 6"]) expect((await run(wrong)).code).toBe(64);
  await chain.tampered(
    (client) => client`delete from claudbot.audit where seq = ${LAST}`,
    async () => {
      const leased = (until: string) =>
        chain.owner`update claudbot.lease set expires_at = ${until}::text::timestamptz`;
      await chain.owner`update claudbot.cursors set seq = ${LAST - 1} where name = 'audit'`;
      const cut = await run("verify");
      expect(cut.out).toMatch(
        /^Audit whole as far as it goes.*\n1 event not yet in the audit.\nNo desk/,
      );
      expect(cut.code).toBe(1);
      await leased("2999-01-01");
      expect(await run("verify")).toMatchObject({
        code: 0,
        out: expect.not.stringContaining("No desk"),
      });
      await leased("1970-01-01T00:00:00Z");
      await chain.owner`update claudbot.cursors set seq = ${LAST} where name = 'audit'`;
    },
  );
  await chain.tampered(
    (client) => client`update claudbot.audit set count = 9 where seq = 4`,
    async () => {
      const broken = await run("verify");
      expect(broken.code).toBe(1);
      expect(broken.out).toMatch(
        /^Audit BROKEN at row 4: its fields are not those that were sealed/,
      );
    },
  );
});
