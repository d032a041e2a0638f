/** What the desk asks for in a private chat is answered by replying to it. */
import { expect, test } from "vitest";
import { confirmationId } from "../../../src/core/kernel/ids.ts";
import { ANA, ANAS, ANAS_ROOM, card, type Rig, rig, row, SUPER, SUPER_ROOM, until } from "./rig.ts";

const ASKS = { what: "code", confirmation: confirmationId("c0ffee00"), code: "K7QF" } as const;

async function prompted(room = ANAS_ROOM, chat = 4242) {
  const scene = await rig();
  await scene.telegram.messenger.send(
    row({ room, card: card("Code wanted", { asks: ASKS }) }),
    "LIVE",
  );
  scene.telegram.ears.start(scene.ear);
  const [shown] = scene.fake.said(chat);
  if (!shown) throw new Error("nothing was asked");
  return { ...scene, id: shown.id };
}
const heard = async ({ ear }: Rig, count = 1) => {
  await until(() => ear.arrivals.length >= count);
  return ear.arrivals.at(-1)?.text;
};

test("a prompt opens the reply on the phone, and the reply says which request it is for", async () => {
  const scene = await prompted();
  const [sent] = scene.fake.frames.filter(({ method }) => method === "sendMessage");
  expect(sent?.payload["reply_markup"]).toEqual({
    force_reply: true,
    selective: true,
    input_field_placeholder: "123456",
  });
  scene.fake.says(ANA, ANAS, "123 456", { reply_to_message: { message_id: scene.id } });
  expect(await heard(scene)).toBe("/code 123 456 c0ffee00");
});

test("a command typed as a reply is that command, and what replies to nothing of ours is what it says", async () => {
  const scene = await prompted();
  scene.fake.says(ANA, ANAS, "/kill", { reply_to_message: { message_id: scene.id } });
  expect(await heard(scene)).toBe("/kill");
  scene.fake.says(ANA, ANAS, "kill now", { reply_to_message: { message_id: scene.id } });
  expect(await heard(scene, 2)).toBe("/kill now");
  scene.fake.says(ANA, ANAS, "123456");
  expect(await heard(scene, 3)).toBe("123456");
});

test("in a group nobody answers for anybody: a reply there is what it says", async () => {
  const scene = await prompted(SUPER_ROOM, SUPER.id);
  scene.fake.says(ANA, SUPER, "123456", { reply_to_message: { message_id: scene.id } });
  expect(await heard(scene)).toBe("123456");
});
