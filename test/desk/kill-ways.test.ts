/** Each way to kill beside chat: every open order is cancelled at the exchange, and the next start is killed still. */
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { HIGH } from "../kit/desk-market.ts";
import { hasOpinion, until } from "../kit/desk-process.ts";
import { deskHere } from "../kit/desk-run.ts";
import { bodies, record } from "../kit/desk-truth.ts";
import { hangingProxy } from "../kit/hanging-proxy.ts";
import { cancelledOf } from "../kit/resting-orders.ts";
import { admin, ground, killedBy, WAYS } from "./kill-lives.ts";

/** Fifty in the long form. */
const SOME = 5;

test.each(WAYS)("$name cancels every open order, and the next start is killed", (way) =>
  killedBy(way, SOME),
);

test("POST /admin/kill and a KILL file work while the database hangs, and say that it does", async () => {
  await using on = await ground(SOME);
  await using proxy = await hangingProxy(on.made.url);
  {
    await using desk = deskHere({ env: { ...on.env, DATABASE_URL: proxy.url } });
    await desk.says(/In agreement with the venue/);
    proxy.hang();
    const reply = await admin(desk, on, "pause", { reason: "first" });
    expect([reply.status, await reply.json()]).toEqual([
      202,
      expect.objectContaining({ outcome: "done", state: "reducing", recorded: false }),
    ]);
    mkdirSync(join(on.data, "KILL"));
    await until(() => cancelledOf(on.market, on.ids) === SOME, "the cancels");
    const again = await admin(desk, on, "kill");
    expect(again.status).toBe(202);
    const text = readFileSync(join(on.data, "demo/emergency.jsonl"), "utf8");
    expect(text).toMatch(/"latch":"killed"/);
    proxy.goOn();
  }
  const kept = await record(on.made.database.desk);
  expect(kept.desk.killed?.reason).toBe("the KILL file");
});

test("--reduce-only begins paused, durably: an entry is refused", async () => {
  await using on = await ground(0);
  {
    await using desk = deskHere({ env: on.env, reduceOnly: true });
    await hasOpinion(desk);
    on.market.price(HIGH);
    await desk.says(/desk is paused/);
  }
  const kept = await record(on.made.database.desk);
  const by = { name: "the command line" };
  expect(kept.desk.paused).toMatchObject({ reason: "--reduce-only", by });
  expect(bodies(kept, "order.planned")).toEqual([]);
});

test("the token's file is for this account alone, and is kept; exits that rest stay under --reduce-only", async () => {
  await using on = await ground(SOME);
  const path = join(on.data, "admin.token");
  const read = async () => {
    await using desk = deskHere({ env: on.env, reduceOnly: true });
    await desk.says(/In agreement with the venue/);
    expect(desk.out).not.toContain(readFileSync(path, "utf8").trim());
    return readFileSync(path, "utf8");
  };
  const first = await read();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await read()).toBe(first);
  expect(cancelledOf(on.market, on.ids)).toBe(0);
});
