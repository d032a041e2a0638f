/** What somebody wrote in their own chat with the desk is taken away when the desk asks for it; nothing else is. */
import { expect, test } from "vitest";
import { ANA, ANAS, BASIC, calls, rig, until } from "./rig.ts";

test("a message of a private chat is deleted, one of a group is not even tried", async () => {
  const { fake, telegram, ear } = await rig();
  telegram.ears.start(ear);
  fake.says(ANA, ANAS, "123456");
  await until(() => ear.echoes.length === 1);
  expect(await ear.echoes[0]?.erase?.()).toBe(true);
  // It is gone already.
  expect(await ear.echoes[0]?.erase?.()).toBe(false);
  expect(calls(fake, "deleteMessage")).toBe(2);
  fake.says(ANA, BASIC, "/code 123456");
  await until(() => ear.echoes.length === 2);
  expect(await ear.echoes[1]?.erase?.()).toBe(false);
  expect(calls(fake, "deleteMessage")).toBe(2);
});

test("a refusal and a platform that does not answer harm nothing", async () => {
  const { fake, telegram, ear } = await rig();
  telegram.ears.start(ear);
  fake.says(ANA, ANAS, "123456");
  await until(() => ear.echoes.length === 1);
  await fake.down(true);
  expect(await ear.echoes[0]?.erase?.()).toBe(false);
});
