/** Updates that somebody else has read are missed by their numbers, and by nothing else. */
import { expect, test } from "vitest";
import { openGaps } from "../../../src/adapters/telegram/gaps.ts";
import { instant } from "../../../src/core/kernel/time.ts";
import { ok, pass, type Script, script } from "./script.ts";

/** Brings these numbers with the next poll, all at once. */
const bring = async (scene: Script, ...numbers: readonly number[]): Promise<void> => {
  scene.answers["getUpdates"] = ({ timeout }) => {
    scene.answers["getUpdates"] = () => ok([]);
    return timeout === undefined
      ? undefined
      : ok(numbers.map((id) => ({ update_id: id, poll: {} })));
  };
  await pass(scene, 3);
};

async function listening(): Promise<Script> {
  const scene = script({ getUpdates: () => ok([]) });
  scene.telegram.ears.start(scene.ear);
  await pass(scene, 2);
  return scene;
}

const told = ({ notices }: Script) =>
  notices.flatMap((notice) => (notice.kind === "security" ? [[notice.what, notice.detail]] : []));

test("a gap between two lists is told, with how many are missing", async () => {
  const scene = await listening();
  await bring(scene, 10, 11);
  await bring(scene, 12);
  expect(told(scene)).toEqual([]);
  await bring(scene, 16, 17);
  expect(told(scene)).toEqual([["second-listener", "3 updates were read by somebody else"]]);
});

test("gaps are told at most once an hour", async () => {
  const scene = await listening();
  for (const id of [10, 12, 14, 16]) {
    await pass(scene, 90);
    await bring(scene, id);
  }
  expect(scene.notices).toMatchObject([{ count: 1, detail: "1 update was read by somebody else" }]);
  await pass(scene, 3_600);
  await bring(scene, 20);
  expect(scene.notices).toMatchObject([{ count: 1 }, { count: 3 }]);
});

test("the first list is after no other", async () => {
  const scene = await listening();
  await bring(scene, 5_000);
  expect(told(scene)).toEqual([]);
});

test("a list that comes again is no gap, nor is the next", async () => {
  const scene = await listening();
  await bring(scene, 10, 11, 12);
  await bring(scene, 10);
  await bring(scene, 13);
  expect(told(scene)).toEqual([]);
});

test("after a silent week the numbers begin anywhere", () => {
  let at = 1_700_000_000_000;
  const seen: string[] = [];
  const gaps = openGaps(
    { now: () => instant(at) },
    { seen: (sign, detail) => seen.push(`${sign}: ${detail}`) },
  );
  gaps.polled([10]);
  for (let poll = 0; poll < 7 * 24 * 60; poll += 1) {
    at += 60_000;
    gaps.polled([]);
  }
  gaps.polled([900]);
  at += 60_000;
  gaps.polled([902]);
  expect(seen).toEqual(["gap: 1 update was read by somebody else"]);
});

test("what Telegram forgot while nobody asked was read by nobody", async () => {
  const scene = await listening();
  await bring(scene, 10);
  scene.answers["getUpdates"] = () => ({ ok: false, error_code: 500, description: "" });
  await pass(scene, 200);
  scene.answers["getUpdates"] = () => ok([]);
  await pass(scene, 40);
  await bring(scene, 14);
  expect(told(scene)).toEqual([]);
});
