/** What the admin pages answer: what came of the request itself, in figures that people read. */
import { afterEach, expect, test } from "vitest";
import type { Confirmation } from "../../../src/core/control/request.ts";
import type { Requester, Scope } from "../../../src/core/control/trading.ts";
import type { EventBody } from "../../../src/core/engine/event.ts";
import { confirmationId, productId } from "../../../src/core/kernel/ids.ts";
import { quote } from "../../../src/core/kernel/money.ts";
import { instant } from "../../../src/core/kernel/time.ts";
import { ask, closeRigs, GOOD, rig } from "./admin-rig.ts";

const BTC: Scope = `product ${productId("BTC-USD")}`;
afterEach(closeRigs);

const killed = (by: Requester): readonly EventBody[] => [
  { kind: "trading.killed", latch: { at: instant(1), by, reason: "r" }, openOrders: 2 },
];

test("a request that replaces an older one, or answers while others are voided, is told with its own outcome", async () => {
  const on = await rig();
  const waiting = (by: Requester, code: string): Confirmation => ({
    ...{ id: confirmationId(`conf-${code}`), code, proposal: { verb: "resume" }, by },
    ...{ snapshot: {}, openedAt: instant(0), expiresAt: instant(120_000) },
  });
  const closed = (by: Requester, code: string, outcome: "superseded" | "voided"): EventBody => ({
    ...({ kind: "confirmation.closed", confirmation: waiting(by, code), outcome, by } as const),
    detail: "a newer request replaced it",
  });
  on.says((by) => [
    closed(by, "AAAA", "superseded"),
    { kind: "confirmation.opened", detail: [], confirmation: waiting(by, "K7QF") },
  ]);
  const reply = await ask(on, "/admin/resume");
  expect([reply.status, reply.json["outcome"]]).toEqual([200, "waits"]);
  expect(reply.json["confirmation"]).toMatchObject({ code: "K7QF" });
  on.says((by) => [...killed(by), closed(by, "AAAA", "voided")]);
  expect((await ask(on, "/admin/kill")).json).toMatchObject({ outcome: "done" });
  on.says((by) => [closed(by, "K7QF", "voided")]);
  const own = await ask(on, "/admin/confirm", '{"code": "K7QF"}');
  expect([own.status, own.json["outcome"]]).toEqual([409, "refused"]);
});

test("a scope that names nothing pauses everything, and the answer says so; one that names something does not", async () => {
  const on = await rig();
  const paused = (scope: object) => (by: Requester) =>
    [
      { kind: "trading.paused", latch: { at: instant(1), by, reason: "r" }, ...scope },
    ] as readonly EventBody[];
  on.says(paused({}));
  const slip = await ask(on, "/admin/pause", '{"scope": "BTC-US"}');
  expect([slip.status, slip.json["note"]]).toEqual([
    200,
    "no product or strategy BTC-US: everything is paused",
  ]);
  on.on.pauses = [{ scope: BTC }];
  on.says(paused({ scope: BTC }));
  const right = await ask(on, "/admin/pause", '{"scope": "btc-usd"}');
  expect([right.json["says"], right.json["note"]]).toEqual([
    "Paused BTC-USD: no entries; exits still work.",
    undefined,
  ]);
  on.on.pauses = [];
  on.says(paused({}), null);
  expect((await ask(on, "/admin/pause", '{"scope": "BTC-US"}')).json["note"]).toMatch(
    /everything is paused.*The journal does not answer/,
  );
});

test("figures of the admin pages: equity in cents, and a kill with nothing open says so", async () => {
  const on = await rig();
  on.on.equity = quote("9989.8466469455088");
  expect((await ask(on, "/admin/status", "", GOOD, "GET")).json["equity"]).toBe("9989.85");
  on.says((by) => [
    { kind: "trading.killed", latch: { at: instant(1), by, reason: "r" }, openOrders: 0 },
  ]);
  expect((await ask(on, "/admin/kill")).json["says"]).toBe(
    "Killed. No order was open; it stays killed until /rearm.",
  );
});
