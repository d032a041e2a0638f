/** /audit as it is answered in a chat: lines, stories and proofs from a journal that may be slow or gone. */
import { describe, expect, test } from "vitest";
import { auditLine } from "../../src/chat/audit-line.ts";
import type { AuditRow } from "../../src/core/control/audit.ts";
import { memoryInbound } from "../kit/memory-inbound.ts";
import { BY_ANA, CONSOLE, NOW, OTHER_ROOM, ROOMS } from "../kit/sample-desk.ts";
import { switchboardScene } from "../kit/switchboard-scene.ts";

const VIC = { account: "console:vic", room: OTHER_ROOM };

describe("/audit", () => {
  const line: AuditRow = {
    ...{ seq: 7, eventSeq: 15203, at: NOW, kind: "trading.paused", platform: "console" },
    ...{ person: "ana", name: "Ana", account: "console:local", room: CONSOLE },
    ...{ inbound: BY_ANA.inbound, words: "/pause lunch", action: "pause all", decision: "done" },
    ...{ reason: "lunch", snapshot: null, before: null, after: null, approvals: [] },
    ...{ request: null, count: 1, previous: "0".repeat(64), hash: `9c41${"0".repeat(58)}e0` },
  };
  const book = {
    last: async (count: number) => Array.from({ length: count }, () => line),
    about: async (eventSeq: number) => ({
      event: { seq: eventSeq, at: NOW, kind: "trading.paused" },
      ...{ rows: [line], firstTold: 412, firstAnswer: 42_000, firstAction: null },
      deliveries: [
        { room: CONSOLE, eventSeq, headline: "PAUSED", state: "delivered", at: NOW, hash: "" },
      ],
    }),
    verify: async (anchor?: string) => ({
      ...{ rows: 7, head: { seq: 7, hash: line.hash }, upTo: 9, behind: 0 },
      broken: anchor === undefined ? null : { row: 3, why: "it is missing" },
    }),
    auditHead: async () => line,
    shown: async () => [],
  };

  test("the newest lines, what is around a message, and the proof are answered from the journal", async () => {
    const { hear, said } = switchboardScene(memoryInbound(), 100, () => false, { book });
    await hear("/audit");
    expect(said.at(-1)?.headline).toBe("Audit · rows 7–7, newest first");
    expect(said.at(-1)?.lines).toHaveLength(6);
    expect(said.at(-1)?.lines[0]).toBe("13:07:05 Ana, Console: pause all · done: lunch #0EV3");
    await hear("/audit #0ev3");
    expect(said.at(-1)?.headline).toBe("#0EV3 trading.paused · Nov 18 13:07:05 EST");
    expect(said.at(-1)?.lines.slice(0, 2)).toEqual([
      "First told after 412 ms · first answer 42.0 s · action not yet",
      "console:local after 0 ms",
    ]);
    await hear("/audit verify");
    expect(said.at(-1)?.headline).toBe("Audit whole: 7 rows, head 9c41…e0");
    expect(said.at(-1)?.lines[0]).toBe(`Head ${line.hash}`);
    await hear("/audit verify 9c41...e0");
    expect(said.at(-1)?.headline).toBe("Audit BROKEN at row 3: it is missing");
  });

  test("who said no or the second yes is told before what happened, and what has no place is counted", async () => {
    const step = (name: string, of: "confirm" | "code" | "approve") =>
      ({ step: of, name, person: name, room: CONSOLE, at: NOW, saw: null }) as const;
    const approvals = [step("Ana", "confirm"), step("Ana", "code"), step("Bo", "approve")];
    const rows = Array.from({ length: 5 }, () => ({ ...line, approvals }));
    const long = { ...book, about: async (seq: number) => ({ ...(await book.about(seq)), rows }) };
    const { hear, said } = switchboardScene(memoryInbound(), 100, () => false, { book: long });
    await hear("/audit #0ev3");
    const lines = said.at(-1)?.lines ?? [];
    expect(lines[2]).toContain("approve by Bo");
    expect(lines).toHaveLength(7);
    expect(lines.at(-1)).toBe("4 lines more: npm run claudbot -- audit 0EV3");
  });

  test("a room that is masked hears neither values nor what was typed with them", async () => {
    const raise: AuditRow = {
      ...{ ...line, kind: "confirmation.opened", decision: "asked", before: "150", after: "200" },
      ...{ action: "limits set portfolio.max_daily_loss_usd", reason: "" },
    };
    const typed: AuditRow = {
      ...{ ...line, kind: "attempt.refused", action: "attempt", decision: "refused" },
      ...{ words: "/limits set daily-loss 200", reason: "role" },
    };
    const rows = [raise, typed];
    const known = {
      ...book,
      last: async () => rows,
      about: async (seq: number) => ({ ...(await book.about(seq)), rows }),
    };
    for (const masked of [false, true]) {
      const rooms = ROOMS.map((room) => ({ ...room, masked }));
      const scene = switchboardScene(memoryInbound(), 100, () => false, { book: known, rooms });
      for (const asked of ["/audit", "/audit #0ev3"]) {
        await scene.hear(asked);
        const text = scene.said.at(-1)?.lines.join("\n") ?? "";
        if (masked) expect(text).not.toMatch(/150|200/);
        else expect(text).toMatch(/150 → 200 · asked.*daily-loss 200/s);
        expect(text).toContain("limits set portfolio.max_daily_loss_usd");
        expect(text).toContain("/limits");
      }
    }
  });

  test("a value that nothing came after stands alone", () => {
    const kill = { ...line, action: "kill", before: "open orders 0", reason: "" };
    expect(auditLine(kill, () => "13:07:05")).toContain("kill open orders 0 · done #");
  });

  test("a proof that takes too long for a chat says so, and a head that no row has is never headlined as whole", async () => {
    const slow = { ...book, verify: () => new Promise<never>(() => undefined) };
    const late = switchboardScene(memoryInbound(), 100, () => false, { book: slow });
    await late.hear("/audit verify 9c41...e0");
    await late.time.pass(10_000);
    expect(late.said.at(-1)).toMatchObject({
      headline: "Not verified: the audit is too long for a chat",
      lines: ["On the desk's own machine: npm run claudbot -- audit verify 9c41...e0"],
    });
    const whole = { rows: 7, head: { seq: 7, hash: line.hash }, upTo: 9, broken: null } as const;
    const foreign = { ...book, verify: async () => ({ ...whole, behind: 2, anchored: null }) };
    const { hear, said } = switchboardScene(memoryInbound(), 100, () => false, { book: foreign });
    await hear(`/audit verify 1234${"0".repeat(58)}56`);
    expect(said.at(-1)?.headline).toBe("Audit: no row has the head 1234…56");
    expect(said.at(-1)?.lines).toContain("2 events not yet in the audit.");
    const failing = { ...book, verify: () => Promise.reject(new Error("gone")) };
    const gone = switchboardScene(memoryInbound(), 100, () => false, { book: failing });
    await gone.hear("/audit verify");
    expect(gone.said.at(-1)?.headline).toBe("Not known: the journal does not answer");
  });

  test("a viewer may not ask, nonsense is told how to ask, and a journal that is silent is said to be", async () => {
    const silent = { ...book, last: () => new Promise<never>(() => undefined) };
    const { hear, said, time } = switchboardScene(memoryInbound(), 100, () => false, {
      book: silent,
    });
    await hear("/audit", VIC);
    expect(said.at(-1)?.headline).toBe("Not allowed: /audit");
    for (const wrong of ["/audit 0", "/audit ill", "/audit verify 12", "/audit 3 x"]) {
      await hear(wrong);
      expect(said.at(-1)?.headline).toContain("/audit [count]");
    }
    await hear("/audit");
    await hear("/status");
    await time.pass(10_000);
    expect(said.slice(-2).map(({ headline }) => headline)).toEqual([
      "Not known: the journal does not answer",
      expect.stringContaining("RUNNING"),
    ]);
  });
});
