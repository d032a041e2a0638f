import { expect, test } from "vitest";
import { TEAM } from "../../kit/slack-fake.ts";
import { lineScene, listen, refuse, slash } from "./line-scene.ts";

const at = lineScene();

test("what is no JSON, or of no known kind, is passed over", async () => {
  const line = await listen(at);
  for (const text of ["", "{", "null", "[]", '{"type":"later"}', '{"type":7}']) line?.message(text);
  slash(line, "e1");
  await at.time.settle();
  expect(at.heard.arrivals).toHaveLength(1);
});

test("a payload that is none is acknowledged and counted", async () => {
  const line = await listen(at);
  line?.message('{"envelope_id":"e1","payload":{"event":"text"}}');
  line?.message('{"envelope_id":"e2","payload":7}');
  await at.time.settle();
  expect(line?.sent).toEqual(['{"envelope_id":"e1"}', '{"envelope_id":"e2"}']);
  expect(at.heard.away).toEqual(["malformed"]);
});

test("people who are no full members are not heard; it is looked up at the start and every day, and again when that fails", async () => {
  at.answers["users.info"] = () => ({ ok: true, user: { is_restricted: true } });
  const line = await listen(at);
  await at.time.settle();
  slash(line, "e1");
  await at.time.settle();
  expect(at.heard.away).toEqual(["guest"]);
  expect(at.all.logged.join()).toContain("a linked account is no full member");
  at.answers["users.info"] = refuse("internal_error");
  const looked = () => at.asked.filter(([method]) => method === "users.info").map(([, at]) => at);
  for (let hour = 0; hour < 24 * 60 * 3; hour += 1) {
    line?.ping?.();
    await at.time.pass(20_000);
  }
  expect(looked()).toEqual([0, 86_400_000]);
  line?.ping?.();
  at.answers["users.info"] = () => ({ ok: true, user: {} });
  for (let third = 0; third < 3; third += 1) {
    line?.ping?.();
    await at.time.pass(20_000);
  }
  expect(looked()).toEqual([0, 86_400_000, 86_460_000]);
  slash(line, "e2");
  await at.time.settle();
  expect(at.heard.arrivals).toHaveLength(1);
});

test("an account that Slack places in another workspace is not heard, unless the person is in ours as well", async () => {
  const user: Record<string, unknown> = { team_id: "T0OTHER" };
  at.answers["users.info"] = () => ({ ok: true, user });
  const line = await listen(at);
  await at.time.settle();
  slash(line, "e1");
  await at.time.settle();
  expect(at.heard.away).toEqual(["guest"]);
  user["enterprise_user"] = { teams: ["T0OTHER", TEAM] };
  for (let third = 0; third < 24 * 60 * 3; third += 1) {
    line?.ping?.();
    await at.time.pass(20_000);
  }
  slash(line, "e2");
  await at.time.settle();
  expect(at.heard.arrivals).toHaveLength(1);
});

test("a scope that is lacking is said once, and Slack is not taken for lost and found by it", async () => {
  at.answers["users.info"] = refuse("missing_scope");
  const line = await listen(at);
  for (let third = 0; third < 30; third += 1) {
    line?.ping?.();
    await at.time.pass(20_000);
  }
  expect(at.all.health).toEqual(["alive"]);
  expect(at.all.logged).toEqual([
    'linked accounts could not be looked up {"count":1,"why":"missing_scope"}',
  ]);
});

test("until Slack has answered for somebody, the link counts", async () => {
  at.answers["users.info"] = refuse("internal_error");
  slash(await listen(at), "e1");
  await at.time.settle();
  expect(at.heard.arrivals).toHaveLength(1);
});
