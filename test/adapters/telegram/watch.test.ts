/** What the ears notice beside messages, and what they see to: signs of a thief, rooms that come and go, menus. */
import { describe, expect, test } from "vitest";
import { roomId } from "../../../src/core/kernel/ids.ts";
import { instant } from "../../../src/core/kernel/time.ts";
import { manualTime } from "../../kit/manual-time.ts";
import { user } from "../../kit/telegram-fake.ts";
import {
  ANA,
  ANAS,
  ANAS_ROOM,
  BASIC_ROOM,
  calls,
  card,
  ear,
  passUntil,
  type Rig,
  rig,
  row,
  until,
} from "./rig.ts";

const START = instant(1_700_000_000_000);
const polls = ({ fake }: Rig): number => calls(fake, "getUpdates");

async function listening(options: Parameters<typeof rig>[0] = {}): Promise<Rig> {
  const scene = await rig(options);
  scene.telegram.ears.start(scene.ear);
  await until(() => polls(scene) > 0);
  return scene;
}

describe("signs of a stolen token", () => {
  test("a second listener is told at most once a minute, with a count, and not fought in a hurry", async () => {
    const time = manualTime(START);
    const scene = await rig({ time });
    scene.fake.fault("getUpdates", { kind: "409" }, 8);
    scene.telegram.ears.start(scene.ear);
    await passUntil(time, 1_000, () => polls(scene) === 9);
    expect(time.clock.now() - START).toBeGreaterThanOrEqual(80_000);
    expect(scene.notices).toMatchObject([
      { kind: "security", platform: "telegram", what: "listener-once", count: 1 },
      { kind: "security", platform: "telegram", what: "second-listener", count: 1 },
    ]);
  });

  test("one that asked once, such as setup beside a desk, is told as no more than that", async () => {
    const time = manualTime(START);
    const scene = await rig({ time });
    scene.fake.fault("getUpdates", { kind: "409" }, 2);
    scene.telegram.ears.start(scene.ear);
    await passUntil(time, 1_000, () => polls(scene) === 3);
    expect(scene.notices).toMatchObject([{ kind: "security", what: "listener-once" }]);
  });

  const hookAt = async ({ fake }: Rig, url: string): Promise<void> => {
    await fetch(`${fake.url}/bot${fake.token}/setWebhook?url=${encodeURIComponent(url)}`);
  };
  const SECRET_URL = "http://127.0.0.1:1/very-secret-path";

  test("a webhook that is not ours is told and taken away, and nothing that waited is lost", async () => {
    const scene = await rig();
    scene.fake.says(ANA, ANAS, "/kill");
    await hookAt(scene, SECRET_URL);
    scene.telegram.ears.start(scene.ear);
    await until(() => scene.ear.arrivals.length === 1);
    expect(scene.fake.webhookTo()).toBeNull();
    expect(scene.notices).toMatchObject([
      {
        kind: "security",
        what: "foreign-webhook",
        count: 1,
        detail: "updates were sent to 127.0.0.1:1",
      },
    ]);
    expect(JSON.stringify([scene.notices, scene.log.sentences])).not.toContain("very-secret");
  });

  test("a webhook that appears while we poll is told and taken away", async () => {
    const time = manualTime(START);
    const scene = await listening({ time });
    await hookAt(scene, SECRET_URL);
    scene.fake.says(ANA, ANAS, "/kill");
    await passUntil(time, 1_000, () => scene.ear.arrivals.length === 1);
    expect(scene.notices).toMatchObject([{ kind: "security", what: "foreign-webhook", count: 1 }]);
  });

  test("no webhook is taken away unlooked", async () => {
    const scene = await listening();
    expect(calls(scene.fake, "deleteWebhook")).toBe(0);
  });
});

describe("rooms", () => {
  test("that put us out are lost, and back when they let us in", async () => {
    const scene = await listening();
    scene.fake.block(4242, true);
    await until(() => scene.notices.length === 1);
    scene.fake.block(4242, false);
    await until(() => scene.notices.length === 2);
    expect(scene.notices).toMatchObject([
      { kind: "lost", room: ANAS_ROOM },
      { kind: "back", room: ANAS_ROOM },
    ]);
  });

  test("of strangers come and go unnoticed", async () => {
    const scene = await listening();
    const stranger = user(999);
    scene.fake.says(stranger, { id: 999, type: "private" }, "/start");
    scene.fake.block(999, true);
    scene.fake.says(ANA, ANAS, "/kill");
    await until(() => scene.ear.arrivals.length === 2);
    expect(scene.notices).toEqual([]);
  });

  test("that became supergroups keep their name, for what is said and what is sent", async () => {
    const scene = await listening();
    scene.fake.migrate(-77, -1009876543210);
    scene.fake.says(ANA, { id: -1009876543210, type: "supergroup" }, "/kill");
    await until(() => scene.ear.arrivals.length === 1);
    expect(scene.ear.arrivals[0]?.room).toBe(BASIC_ROOM);
    const { under = null } = scene.ear.arrivals[0] ?? {};
    await scene.telegram.messenger.send(
      row({ room: BASIC_ROOM, rootId: under, card: card("answer") }),
      "LIVE",
    );
    expect(scene.fake.said(-1009876543210)).toMatchObject([{ replyTo: expect.any(Number) }]);
    expect(calls(scene.fake, "sendMessage")).toBe(1);
  });
});

describe("a group that became a supergroup while nobody listened", () => {
  const MOVED = { id: -1009876543210, type: "supergroup" } as const;

  /** Somebody was told of the move, and this desk was not. */
  async function restarted(): Promise<Rig> {
    const scene = await listening();
    scene.fake.migrate(-77, MOVED.id);
    await until(() => scene.fake.updates.confirmed === 2);
    await scene.telegram.ears.stop();
    return { ...scene, telegram: scene.again(), ear: ear() };
  }
  const asked = ({ fake }: Rig): number =>
    fake.frames.filter(({ method, status }) => method === "getChatMemberCount" && status > 0)
      .length;

  test("is our room all the same", async () => {
    const scene = await restarted();
    scene.telegram.ears.start(scene.ear);
    await until(() => asked(scene) === 2);
    scene.fake.says(ANA, MOVED, "/kill");
    await until(() => scene.ear.arrivals.length === 1);
    expect(scene.ear.arrivals[0]?.room).toBe(BASIC_ROOM);
  });

  test("is asked for until Telegram answers, and holds up nothing", async () => {
    const scene = await restarted();
    scene.fake.fault("getChatMemberCount", { kind: "500" });
    scene.telegram.ears.start(scene.ear);
    await until(() => asked(scene) === 2);
    scene.fake.says(ANA, ANAS, "/status");
    await until(() => scene.ear.arrivals.length === 1);
    await until(() => asked(scene) === 3);
    scene.fake.says(ANA, MOVED, "/kill");
    await until(() => scene.ear.arrivals.length === 2);
    expect(scene.ear.arrivals[1]?.room).toBe(BASIC_ROOM);
  });

  test("is asked for once when it has not moved, and so is no other room", async () => {
    const time = manualTime(START);
    const scene = await listening({ time });
    await passUntil(time, 30_000, () => time.clock.now() - START > 600_000);
    expect(calls(scene.fake, "getChatMemberCount")).toBe(1);
  });
});

describe("menus", () => {
  const menu = (room: string | null, person: string | null, command: string) => ({
    ...{ room: room === null ? null : roomId(room), person },
    commands: [{ command, description: "what it does" }],
  });
  const MENUS = [
    menu(null, null, "help"),
    menu("telegram:4242", null, "status"),
    menu("telegram:-1001234567890/5", "4242", "kill"),
    menu("telegram:-1001234567890/7", "4242", "kill"),
  ];

  test("are set for everybody, for a chat, and for a person in a chat, once each", async () => {
    const scene = await listening({ menus: MENUS });
    await until(() => scene.fake.menus.size === 3);
    expect([...scene.fake.menus].map(([scope, [first]]) => [scope, first?.["command"]])).toEqual([
      ['{"type":"default"}', "help"],
      ['{"type":"chat","chat_id":4242}', "status"],
      ['{"type":"chat_member","chat_id":-1001234567890,"user_id":4242}', "kill"],
    ]);
    expect(calls(scene.fake, "setMyCommands")).toBe(3);
    expect(scene.fake.violations).toEqual([]);
  });

  test("that fail do not hold up listening, and are set when the connection is back", async () => {
    const time = manualTime(START);
    const scene = await rig({ menus: MENUS, time });
    scene.fake.fault("setMyCommands", { kind: "hang" });
    scene.fake.says(ANA, ANAS, "/kill");
    scene.telegram.ears.start(scene.ear);
    await until(() => scene.ear.arrivals.length === 1);
    // Every poll that goes well is an occasion.
    let said = 1;
    await passUntil(time, 5_000, () => {
      if (scene.ear.arrivals.length === said) said += Math.min(1, scene.fake.says(ANA, ANAS, "/x"));
      return scene.fake.menus.size === 3;
    });
  });

  test("that are refused are tried again only after trouble", async () => {
    const time = manualTime(START);
    const scene = await rig({ menus: MENUS.slice(0, 1), time });
    scene.fake.fault("setMyCommands", { kind: "400", description: "no" });
    scene.telegram.ears.start(scene.ear);
    await until(() => calls(scene.fake, "setMyCommands") === 1);
    for (let said = 1; said <= 3; said += 1) {
      scene.fake.says(ANA, ANAS, "/x");
      await passUntil(time, 30_000, () => scene.ear.arrivals.length === said);
    }
    expect(calls(scene.fake, "setMyCommands")).toBe(1);
    scene.fake.fault("getUpdates", { kind: "500" });
    scene.fake.says(ANA, ANAS, "/x");
    await passUntil(time, 500, () => scene.ear.arrivals.length === 4);
    scene.fake.says(ANA, ANAS, "/x");
    await passUntil(time, 500, () => scene.fake.menus.size === 1);
  });

  const refusedAtFirst = async (): Promise<Rig> => {
    const scene = await rig({ menus: MENUS.slice(1, 2) });
    const closed = { kind: "400", description: "chat not found" } as const;
    scene.fake.fault("setMyCommands", closed);
    scene.telegram.ears.start(scene.ear);
    await until(() => scene.log.sentences.includes("a menu of commands is not set"));
    return scene;
  };

  test("of a private chat are set when it is opened later", async () => {
    const scene = await refusedAtFirst();
    scene.fake.block(4242, true);
    scene.fake.block(4242, false);
    await until(() => scene.fake.menus.size === 1);
    expect(calls(scene.fake, "setMyCommands")).toBe(2);
  });

  test("of a private chat are set when something is said there for the first time", async () => {
    const scene = await refusedAtFirst();
    scene.fake.fault("setMyCommands", { kind: "400", description: "chat not found" });
    for (let said = 1; said <= 3; said += 1) {
      scene.fake.says(ANA, ANAS, "/x");
      await until(() => scene.ear.arrivals.length === said);
    }
    await until(() => scene.log.sentences.filter((one) => one.startsWith("a menu")).length === 2);
    expect(calls(scene.fake, "setMyCommands")).toBe(2);
  });
});
