/** The admin pages over HTTP: who is let in, what is refused and in which words, and that nothing is done twice. */
import { afterEach, expect, test } from "vitest";
import type { Confirmation } from "../../../src/core/control/request.ts";
import type { Requester } from "../../../src/core/control/trading.ts";
import type { EventBody } from "../../../src/core/engine/event.ts";
import { confirmationId, personId } from "../../../src/core/kernel/ids.ts";
import { instant } from "../../../src/core/kernel/time.ts";
import { ask, closeRigs, GOOD, rig, TOKEN } from "./admin-rig.ts";

const MINUTE = 60_000;
afterEach(closeRigs);

const killed = (by: Requester): readonly EventBody[] => [
  { kind: "trading.killed", latch: { at: instant(1), by, reason: "r" }, openOrders: 2 },
];

test("a kill is handed to the engine at once, as the person at the console, and answered with what came of it", async () => {
  const on = await rig();
  on.says(killed);
  const reply = await ask(on, "/admin/kill", '{"reason": "fire"}');
  expect([reply.status, reply.json]).toEqual([
    200,
    {
      request: "kill",
      outcome: "done",
      says: "Killed. 2 open orders are being cancelled; it stays killed until /rearm.",
      state: "killed",
      openOrders: 2,
      recorded: true,
    },
  ]);
  expect(on.asked).toEqual([
    {
      request: { verb: "kill", reason: "fire" },
      by: expect.objectContaining({ person: "ana", room: "http:admin" }),
    },
  ]);
  expect((await ask(on, "/admin/pause", "")).status).toBe(200);
  expect(on.asked[1]?.request).toEqual({ verb: "pause", reason: "" });
});

test("a journal that does not answer is a 202, and the words say that the kill is in force", async () => {
  const on = await rig();
  on.says(killed, null);
  const reply = await ask(on, "/admin/kill");
  expect(reply.status).toBe(202);
  expect(reply.json).toMatchObject({ outcome: "done", recorded: false });
  expect(reply.json["note"]).toMatch(/in force all the same/);
});

test("resume answers with what waits, its code and its end, and changes nothing; confirm takes the code", async () => {
  const on = await rig();
  on.says((by) => [
    {
      kind: "confirmation.opened",
      detail: ["Re-arms daily loss."],
      confirmation: {
        ...{ id: confirmationId("conf-1"), code: "K7QF", proposal: { verb: "resume" }, by },
        ...{ snapshot: {}, openedAt: instant(0), expiresAt: instant(120_000) },
      },
    },
  ]);
  const reply = await ask(on, "/admin/resume");
  expect([reply.status, reply.json["outcome"], reply.json["confirmation"]]).toEqual([
    200,
    "waits",
    {
      code: "K7QF",
      expiresAt: "1970-01-01T00:02:00.000Z",
      would: "resume",
      details: ["Re-arms daily loss."],
      next: 'POST /admin/confirm {"code": "K7QF"}, or /admin/deny',
    },
  ]);
  on.says((by) => [
    { kind: "request.answered", verb: "confirm", by, refused: true, why: "Nothing is waiting." },
  ]);
  const wrong = await ask(on, "/admin/confirm", '{"code": "zzzz"}');
  expect([wrong.status, wrong.json["outcome"]]).toEqual([409, "refused"]);
  expect(on.asked.at(-1)?.request).toEqual({ verb: "confirm", code: "zzzz" });
});

test("without the token, or with another, nothing is told or done, and five times is told as a matter of security", async () => {
  const on = await rig();
  const { authorization: _, ...bare } = GOOD;
  const near = `${TOKEN.slice(0, -1)}i`;
  for (const headers of [
    bare,
    { ...bare, authorization: `Bearer ${near}` },
    { ...bare, authorization: `Basic ${TOKEN}` },
    { ...bare, authorization: TOKEN },
  ]) {
    const reply = await ask(on, "/admin/kill", "{}", headers);
    expect([reply.status, reply.headers["www-authenticate"]]).toEqual([
      401,
      'Bearer realm="claudbot admin"',
    ]);
    expect(reply.json["error"]).toMatchObject({ field: "Authorization" });
  }
  expect(on.notices).toEqual([]);
  expect((await ask(on, "/admin/status", "", bare, "GET")).status).toBe(401);
  const told = { kind: "security", platform: "http", what: "admin-refused" };
  expect(on.notices).toEqual([expect.objectContaining({ ...told, count: 5 })]);
  for (let nth = 0; nth < 7; nth += 1) await ask(on, "/admin/nothing", "{}", bare);
  expect(on.notices).toHaveLength(1);
  await on.time.pass(16 * MINUTE);
  await ask(on, "/admin/kill", "{}", bare);
  expect(on.notices[1]).toMatchObject({ ...told, count: 8 });
  const { json } = await ask(on, "/admin/status", "", GOOD, "GET");
  expect(json["refusedRequests"]).toBe(13);
  expect(on.asked).toEqual([]);
  expect((await ask(on, "/admin/kill")).status).toBe(200);
});

test("a web page is refused whatever it brings, and so is another host", async () => {
  const on = await rig();
  for (const origin of ["http://127.0.0.1", "null", ""]) {
    expect((await ask(on, "/admin/kill", "{}", { ...GOOD, origin })).status).toBe(403);
    const looked = await ask(on, "/admin/status", "", { ...GOOD, origin }, "GET");
    expect(looked.status).toBe(403);
  }
  expect((await ask(on, "/admin/kill", "{}", { ...GOOD, host: "evil.example" })).status).toBe(403);
  expect(on.asked).toEqual([]);
});

test.each([
  ["/admin/kill", "{", 400, "body"],
  ["/admin/kill", "[]", 400, "body"],
  ["/admin/kill", '{"why": "x"}', 400, "why"],
  ["/admin/kill", '{"reason": 7}', 400, "reason"],
  ["/admin/kill", `{"reason": "${"x".repeat(301)}"}`, 400, "reason"],
  ["/admin/confirm", "{}", 400, "code"],
  ["/admin/confirm", '{"code": "../.."}', 400, "code"],
  ["/admin/pause", `{"reason": "${"x".repeat(5000)}"}`, 413, "body"],
  ["/admin/flatten", "{}", 404, "path"],
  ["/admin", "{}", 404, "path"],
] as const)(
  "%s with %s is %i, and the answer names %s and the fix",
  async (path, body, status, field) => {
    const on = await rig();
    const reply = await ask(on, path, body);
    expect([reply.status, reply.json["error"]]).toEqual([
      status,
      { field, what: expect.any(String), fix: expect.stringMatching(/\w/) },
    ]);
    expect(on.asked).toEqual([]);
  },
);

test("another content type, another method and an odd key are refused", async () => {
  const on = await rig();
  for (const type of ["text/plain", "application/x-www-form-urlencoded", ""]) {
    const headers = { ...GOOD, "content-type": type };
    expect((await ask(on, "/admin/kill", "{}", headers)).status).toBe(415);
  }
  const get = await ask(on, "/admin/kill", "", GOOD, "GET");
  expect([get.status, get.headers["allow"]]).toEqual([405, "POST"]);
  expect((await ask(on, "/admin/status")).status).toBe(405);
  const odd = { ...GOOD, "idempotency-key": "a b" };
  expect((await ask(on, "/admin/resume", "{}", odd)).status).toBe(400);
  expect(on.asked).toEqual([]);
  expect((await ask(on, "/admin/kill", "{}", odd)).status).toBe(200);
});

const under = (key: string) => ({ ...GOOD, "idempotency-key": key });

test("under one Idempotency-Key a request is done once, and another request is refused", async () => {
  const on = await rig();
  const first = await ask(on, "/admin/resume", "{}", under("k-1"));
  expect(await ask(on, "/admin/resume", "{}", under("k-1"))).toMatchObject({ json: first.json });
  expect(on.asked.map(({ by }) => by.inbound)).toEqual(["http:key:k-1"]);
  const other = '{"scope": "BTC-USD"}';
  expect((await ask(on, "/admin/resume", other, under("k-1"))).status).toBe(409);
  await ask(on, "/admin/resume");
  await ask(on, "/admin/resume");
  expect(new Set(on.asked.map(({ by }) => by.inbound)).size).toBe(3);
});

test.each(["kill", "pause"])(
  "a %s is done however often it is asked, whatever its Idempotency-Key was used for",
  async (verb) => {
    const on = await rig();
    on.says(killed);
    await ask(on, "/admin/resume", "{}", under("panic"));
    for (const body of ["{}", "{}", '{"reason": "another"}']) {
      expect((await ask(on, `/admin/${verb}`, body, under("panic"))).status).toBe(200);
    }
    expect(on.asked.map(({ request }) => request.verb)).toEqual(["resume", verb, verb, verb]);
    expect(new Set(on.asked.map(({ by }) => by.inbound)).size).toBe(4);
  },
);

test("what the engine did not take is asked anew under the same Idempotency-Key", async () => {
  const on = await rig();
  on.says(() => {
    throw new Error("the loop is busy");
  });
  expect((await ask(on, "/admin/resume", "{}", under("k-2"))).status).toBe(500);
  on.says(() => []);
  expect((await ask(on, "/admin/resume", "{}", under("k-2"))).status).toBe(200);
  expect(on.asked).toHaveLength(2);
});

test("while wrong codes lock the person, what raises risk is refused, and all else is done", async () => {
  const on = await rig();
  on.on.pending = (["resume", "flatten"] as const).map(
    (verb, nth) => ({ code: `K7Q${nth}`, proposal: { verb } }) as unknown as Confirmation,
  );
  on.on.lockedUntil = instant(900_000);
  const sent = [
    ["resume", "{}"],
    ["confirm", '{"code": "k7q0"}'],
    ["confirm", '{"code": "ZZZZ"}'],
    ["confirm", '{"code": "K7Q1"}'],
    ["deny", '{"code": "K7Q0"}'],
    ["kill", "{}"],
    ["pause", "{}"],
    ["restore", '{"person": "bo"}'],
  ] as const;
  const replies = [];
  for (const [verb, body] of sent) replies.push(await ask(on, `/admin/${verb}`, body));
  expect(replies.map(({ status }) => status)).toEqual([403, 403, 403, 200, 200, 200, 200, 200]);
  expect(replies[0]?.json["error"]).toEqual({
    field: "codes",
    what: "too many wrong, locked until 1970-01-01T00:15:00.000Z",
    fix: expect.stringContaining("kill"),
  });
  on.on.lockedUntil = null;
  expect((await ask(on, "/admin/resume", "{}")).status).toBe(200);
});

test("a desk that starts or stands by answers 503 with what helps meanwhile; a role that may not is told so", async () => {
  const on = await rig({ runs: false });
  expect(await ask(on, "/admin/kill")).toMatchObject({
    status: 503,
    json: { error: { fix: expect.stringMatching(/KILL/) } },
  });
  on.desk.standby("STANDBY: another runs");
  expect((await ask(on, "/admin/status", "", GOOD, "GET")).json).toMatchObject({
    error: { what: "STANDBY: another runs" },
  });
  const barred = await rig({ may: false });
  expect((await ask(barred, "/admin/kill")).status).toBe(403);
  expect(barred.asked).toEqual([]);
});

test("what a suspension or distrust took is given back here, as asked on the host itself", async () => {
  const on = await rig({ may: true });
  on.says((by) => [{ kind: "person.restored", person: personId("bo"), name: "Bo", by }]);
  const reply = await ask(on, "/admin/restore", '{"person": "bo"}');
  expect([reply.status, reply.json["says"]]).toEqual([
    200,
    "Bo may do again what their role lets them.",
  ]);
  expect(on.asked[0]).toMatchObject({
    request: { verb: "restore", person: "bo" },
    by: { host: true },
  });
  on.says((by) => [{ kind: "platform.trusted", platform: "slack", by }]);
  expect((await ask(on, "/admin/trust", '{"platform": "slack"}')).json["outcome"]).toBe("done");
  for (const [path, body] of [
    ["/admin/restore", "{}"],
    ["/admin/restore", '{"person": "../x"}'],
    ["/admin/trust", '{"platform": ""}'],
  ] as const) {
    expect((await ask(on, path, body)).status, `${path} ${body}`).toBe(400);
  }
});
