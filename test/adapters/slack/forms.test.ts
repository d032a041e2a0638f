import { afterEach, beforeEach, expect, test } from "vitest";
import type { Asked, Button } from "../../../src/chat/card.ts";
import { button, card } from "../../../src/chat/compose.ts";
import { confirmationId } from "../../../src/core/kernel/ids.ts";
import type { HomePage } from "../../../src/ports/home.ts";
import { manualTime } from "../../kit/manual-time.ts";
import { NOW } from "../../kit/sample-desk.ts";
import { type SlackFake, slackFake, TEAM } from "../../kit/slack-fake.ts";
import {
  ANA,
  ANAS,
  CARD,
  delivery,
  ear,
  type Heard,
  OPS,
  type Opened,
  open,
  ROOM,
  SEAL,
  settingsOf,
  until,
} from "./rig.ts";

const ID = confirmationId("c0ffee00");
const ASKS: Asked<"code"> = { what: "code", confirmation: ID, code: "K7QF" };
const APPROVE: Button = {
  ...button("Approve…", "/approve K7QF"),
  answers: { confirmation: ID, verb: "approve" },
  asks: { ...ASKS, what: "value" },
};
const DENY: Button = {
  ...button("Deny", "/deny K7QF"),
  answers: { confirmation: ID, verb: "deny" },
};

let fake: SlackFake;
let opened: Opened;
let heard: Heard;
let page: HomePage | null;
const asked: string[] = [];
const time = manualTime(NOW);

beforeEach(async () => {
  fake = await slackFake();
  fake.addChannel(OPS);
  fake.addUser(ANA);
  fake.addUser("U0EVE");
  heard = ear();
  page = null;
  asked.length = 0;
  opened = open(settingsOf(fake), {
    home: {
      page(account) {
        asked.push(account);
        return page;
      },
    },
  });
  opened.slack.ears.start(heard);
  await until(() => fake.connections === 1);
  await until(() => fake.frames.some(({ method }) => method === "users.info"));
});
afterEach(async () => {
  await opened.close();
  expect(fake.violations).toEqual([]);
  expect(opened.logged.join()).not.toMatch(/xoxb|xapp|123456|canary/i);
  await fake[Symbol.asyncDispose]();
});

const send = (of: Partial<typeof CARD>) =>
  opened.slack.messenger.send(delivery({ card: { ...CARD, ...of } }), "LIVE nyc1");
const shown = () => {
  const last = fake.said(OPS).at(-1);
  if (!last) throw new Error("nothing was said");
  return last;
};
const modal = async () => {
  await until(() => fake.views(ANA).length > 0, "no form was opened");
  const [view] = fake.views(ANA);
  if (!view) throw new Error("no form was opened");
  return view;
};
const arrived = async (count = 1) => {
  await until(() => heard.arrivals.length >= count, "nothing arrived");
  return heard.arrivals.at(-1);
};

test("a code is typed into a form, and arrives as if typed in the private chat, for the request it was asked for", async () => {
  await send({ asks: ASKS });
  fake.presses(ANA, shown(), "Enter code…");
  const form = await modal();
  fake.submits(form, { code: "123456" });
  expect(await arrived()).toMatchObject({
    text: "/code 123456 c0ffee00",
    room: ANAS,
    account: `slack:${TEAM}/${ANA}`,
  });
  await until(() => fake.views(ANA).length === 0, "the form stayed open");
});

test("what an approval takes is typed into a form that names the request", async () => {
  await send({ buttons: [APPROVE, DENY] });
  fake.presses(ANA, shown(), "Approve…");
  fake.submits(await modal(), { value: "$2,500" });
  expect(await arrived(), "where its button was pressed").toMatchObject({
    text: "/approve K7QF $2,500",
    room: ROOM,
  });
});

test("an approval that is asked for in the home tab is given in private", async () => {
  page = { heading: "LIVE nyc1", cards: [card({ headline: "1", buttons: [APPROVE] })], print: "1" };
  fake.opensHome(ANA);
  const home = await modal();
  fake.pressesHome(ANA, home, "Approve…");
  await until(() => fake.views(ANA).length > 1, "no form was opened");
  const form = fake.views(ANA).find(({ type }) => type === "modal");
  if (!form) throw new Error("no form was opened");
  fake.submits(form, { value: "2500" });
  expect(await arrived()).toMatchObject({ text: "/approve K7QF 2500", room: ANAS });
});

test("/limits set alone opens a form, and what it says is asked where the command was typed", async () => {
  fake.slash(ANA, OPS, "limits set");
  const form = await modal();
  expect(heard.arrivals).toEqual([]);
  fake.submits(form, { key: "daily-loss", value: "120", for: "4h", because: "odd fills" });
  expect(await arrived()).toMatchObject({
    text: "/limits set daily-loss 120 for 4h because odd fills",
    room: ROOM,
  });
  fake.slash(ANA, OPS, "limits set daily-loss 110");
  expect(await arrived(2)).toMatchObject({ text: "/limits set daily-loss 110" });
  expect(fake.frames.filter(({ method }) => method === "views.open")).toHaveLength(1);
});

test("a form that cannot be opened is no dead end: the command is heard as it was typed", async () => {
  fake.fault("views.open", { kind: "error", error: "expired_trigger_id" });
  fake.slash(ANA, OPS, "limits set");
  expect(await arrived()).toMatchObject({ text: "/limits set" });
});

test("nobody but our people is shown a form or a home tab", async () => {
  page = { heading: "LIVE nyc1", cards: [CARD], print: "1" };
  fake.slash("U0EVE", OPS, "limits set");
  expect(await arrived()).toMatchObject({ account: `slack:${TEAM}/U0EVE`, text: "/limits set" });
  await send({ asks: ASKS });
  const envelope = fake.presses("U0EVE", shown(), "Enter code…");
  const home = fake.opensHome("U0EVE");
  await until(() => fake.acks.has(envelope) && fake.acks.has(home));
  expect(fake.frames.filter(({ method }) => method.startsWith("views."))).toEqual([]);
  expect(asked).toEqual([]);
});

test("the shortcut at a request presses its button to deny; at anything else it asks what waits", async () => {
  await send({ buttons: [APPROVE, DENY] });
  fake.shortcuts(ANA, shown(), "deny_request");
  const denied = `c1.${SEAL.of(ID, "deny")}.d`;
  expect(await arrived()).toMatchObject({ text: denied, room: ROOM });
  await send({});
  fake.shortcuts(ANA, shown(), "deny_request");
  expect(await arrived(2)).toMatchObject({ text: "/pending", room: ROOM });
});

test("at a message of several requests the shortcut denies none of them: it asks what waits", async () => {
  const other = confirmationId("c0ffee01");
  const second = {
    ...DENY,
    label: "Deny B2",
    answers: { confirmation: other, verb: "deny" },
  } as const;
  await send({ buttons: [DENY, second] });
  fake.shortcuts(ANA, shown(), "deny_request");
  expect(await arrived()).toMatchObject({ text: "/pending", room: ROOM });
});

test("what a person wrote has no button of ours, whatever it is made to look like", async () => {
  await send({ buttons: [DENY] });
  const said = shown();
  fake.shortcuts(ANA, said, "deny_request", { message: { bot_id: "B0EVIL" } });
  expect(await arrived()).toMatchObject({ text: "/pending" });
});

test("the home tab shows what the desk says of itself, and its buttons speak in the private chat", async () => {
  page = {
    heading: "LIVE nyc1",
    cards: [
      card({ headline: "RUNNING", lines: ["Day −$3.10"] }),
      card({ headline: "1 waits", buttons: [DENY] }),
    ],
    print: "1",
  };
  fake.opensHome(ANA);
  const home = await modal();
  expect(home.type).toBe("home");
  expect(JSON.stringify(home.view)).toContain("LIVE nyc1 · RUNNING");
  fake.pressesHome(ANA, home, "Deny");
  expect(await arrived()).toMatchObject({ text: `c1.${SEAL.of(ID, "deny")}.d`, room: ANAS });
});

test("the home tab is shown anew when something changed, no more often than every fifteen seconds, and not to whoever left long ago", async () => {
  const { homeTabs } = await import("../../../src/adapters/slack/home.ts");
  let print = "1";
  const calls: unknown[] = [];
  const tabs = homeTabs({
    ...time,
    ask: async (_method, args) => {
      calls.push(args);
      return { ok: true, value: {} };
    },
    home: { page: () => ({ heading: "LIVE nyc1", cards: [CARD], print }) },
    seal: SEAL,
    log: opened.log,
  });
  tabs.opened(`slack:${TEAM}/${ANA}`);
  await time.pass(60_000);
  expect(calls).toHaveLength(1);
  print = "2";
  await time.pass(14_000);
  await time.pass(2_000);
  expect(calls).toHaveLength(2);
  await time.pass(1_800_000);
  print = "3";
  await time.pass(60_000);
  expect(calls).toHaveLength(2);
  tabs.stop();
});
