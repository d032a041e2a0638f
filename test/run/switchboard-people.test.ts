import { expect, test } from "vitest";
import { pressData } from "../../src/chat/press.ts";
import { approveButton } from "../../src/chat/steps.ts";
import type { DeskView } from "../../src/core/engine/views.ts";
import { manualTime } from "../kit/manual-time.ts";
import { memoryInbound } from "../kit/memory-inbound.ts";
import { BO, BY_ANA, CONFIRMATION, NOW, OTHER_ROOM, VIC, VIEW } from "../kit/sample-desk.ts";
import { seal, switchboardScene } from "../kit/switchboard-scene.ts";

const AS_BO = { account: "console:bo", room: OTHER_ROOM };
const AS_VIC = { account: "console:vic", room: OTHER_ROOM };
const SUSPENDED: DeskView = { ...VIEW, suspended: [{ person: BO.id, name: "Bo", since: NOW }] };
const sceneOf = (view: DeskView, perMinute = 20) =>
  switchboardScene(memoryInbound(), perMinute, () => false, {
    time: manualTime(NOW),
    view: () => view,
  });

test("a suspended person keeps status, pause, kill and who they are; all else is refused before the engine", async () => {
  const { hear, verbs, headlines } = sceneOf(SUSPENDED);
  for (const line of ["/pause", "/kill", "/status", "/whoami"]) await hear(line, AS_BO);
  expect(verbs()).toEqual(["pause", "kill"]);
  expect(headlines()).toHaveLength(2);
  const rest = [
    "/resume",
    "/flatten",
    "/deny K7QF",
    "/limits",
    "/duty on",
    "/suspend me",
    "/confirm K7QF",
    "/testalarm",
  ];
  for (const line of rest) {
    await hear(line, AS_BO);
    expect(headlines().at(-1), line).toMatch(/^Not allowed: .*you are suspended$/);
  }
  expect(verbs()).toEqual(["pause", "kill"]);
  await hear("/resume");
  expect(verbs().at(-1), "nobody else is").toBe("resume");
});

test("a suspended person may confirm the kill they asked for, and nothing else of theirs", async () => {
  const by = { ...BY_ANA, person: BO.id, name: "Bo" };
  const kill = { ...CONFIRMATION, by, proposal: { verb: "kill", reason: "fire" } } as const;
  const scene = sceneOf({ ...SUSPENDED, pending: [kill] });
  await scene.hear("/confirm K7QF", AS_BO);
  expect(scene.verbs()).toEqual(["confirm"]);
  const other = sceneOf({ ...SUSPENDED, pending: [{ ...CONFIRMATION, by }] });
  await other.hear("/confirm K7QF", AS_BO);
  expect(other.verbs()).toEqual([]);
});

test("a viewer may suspend themselves from any room of ours, and nobody else", async () => {
  const { hear, engine, headlines } = sceneOf(VIEW);
  await hear("/suspend me lost phone", AS_VIC);
  expect(engine.asked[0]?.request).toEqual({ verb: "suspend", person: "me", reason: "lost phone" });
  expect(engine.asked[0]?.by.person).toBe(VIC.id);
  await hear(`/suspend ${VIC.id} lost phone`, AS_VIC);
  expect(engine.asked.splice(1)).toMatchObject([{ request: { person: VIC.id } }]);
  await hear("/suspend bo", AS_VIC);
  expect(headlines().at(-1)).toBe("Not allowed: /suspend");
  expect(engine.asked).toHaveLength(1);
});

test("a pressed approval is bound to its request and goes to whoever may approve; an operator's is refused", async () => {
  const press = pressData(approveButton(CONFIRMATION), seal);
  const { hear, engine, headlines } = sceneOf(VIEW);
  await hear(press);
  expect(engine.asked[0]?.request).toMatchObject({
    verb: "approve",
    code: "K7QF",
    confirmation: CONFIRMATION.id,
  });
  await hear(press, AS_BO);
  expect(headlines().at(-1)).toBe("Not allowed: /approve");
  expect(engine.asked).toHaveLength(1);
});

test("an approval of what does not wait is a wrong code; of somebody else's request it is none", async () => {
  const { hear, noticed } = sceneOf(VIEW, 100);
  for (let i = 0; i < 6; i += 1) await hear("/approve K7QF 2500");
  expect(noticed.filter(({ kind }) => kind === "security")).toEqual([]);
  for (let i = 0; i < 5; i += 1) await hear(`/approve ZZZ${i + 3}`);
  expect(noticed.filter(({ kind }) => kind === "security")).toHaveLength(1);
});

test("what lowers risk is heard however often it is said", async () => {
  const { hear, verbs } = sceneOf(VIEW, 2);
  const lines = ["/pause", "/kill", "/deny K7QF", "/suspend me", "/limits set daily-loss 100"];
  for (let i = 0; i < 3; i += 1) for (const line of lines) await hear(line);
  expect(verbs()).toHaveLength(15);
  for (let i = 0; i < 3; i += 1) await hear("/testalarm");
  expect(verbs().filter((verb) => verb === "testalarm").length).toBe(2);
});
