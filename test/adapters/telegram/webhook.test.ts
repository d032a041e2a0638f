/** Telegram's ears when updates are sent to us: only Telegram is believed, and it forgets nothing that was not taken. */
import { describe, expect, onTestFinished, test } from "vitest";
import { serveHooks } from "../../../src/adapters/http/hooks.ts";
import { instant } from "../../../src/core/kernel/time.ts";
import type { Hook, HookRequest } from "../../../src/ports/hook.ts";
import { manualTime } from "../../kit/manual-time.ts";
import { quietLog } from "../../kit/quiet-log.ts";
import { ANA, ANAS, calls, passUntil, type Rig, rig, until } from "./rig.ts";

const SECRET = "a-secret-of-enough-letters";
const HEADER = "x-telegram-bot-api-secret-token";
const UPDATE = {
  update_id: 3,
  message: {
    ...{ message_id: 9, date: 1_700_000_000, text: "/kill" },
    ...{ from: ANA, chat: { id: 4242, type: "private" } },
  },
};

const request = (of: Partial<HookRequest> = {}, update: unknown = UPDATE): HookRequest => ({
  method: "POST",
  headers: { [HEADER]: SECRET },
  body: Buffer.from(JSON.stringify(update)),
  ...of,
});

async function hooked(options: Parameters<typeof rig>[0] = {}) {
  const url = "http://127.0.0.1:1/telegram";
  const scene = await rig({ webhook: { url, secret: SECRET }, ...options });
  const { hook } = scene.telegram;
  if (!hook) throw new Error("no hook");
  return { ...scene, hook };
}

const started = async (options: Parameters<typeof rig>[0] = {}) => {
  const scene = await hooked(options);
  scene.telegram.ears.start(scene.ear);
  await until(() => scene.fake.webhookTo() !== null);
  return scene;
};

describe("a request", () => {
  test("with the secret is taken, then answered", async () => {
    const { hook, ear } = await started();
    ear.takes = false;
    const answer = hook.answer(request());
    let status = 0;
    void answer.then((reply) => {
      status = reply.status;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([ear.arrivals.length, status]).toEqual([1, 0]);
    ear.echoes[0]?.taken();
    expect(await answer).toEqual({ status: 200 });
    expect(ear.arrivals[0]).toMatchObject({ id: "telegram:3", text: "/kill" });
  });

  test("whose message nobody takes is answered after three seconds", async () => {
    const time = manualTime(instant(1_700_000_000_000));
    const { hook, ear } = await started({ time });
    ear.takes = false;
    const answer = hook.answer(request());
    await time.pass(3_000);
    expect(await answer).toEqual({ status: 200 });
  });

  test.each([
    ["without a secret", {}],
    ["with another secret", { [HEADER]: `${SECRET}x` }],
    ["with the beginning of the secret", { [HEADER]: SECRET.slice(0, -1) }],
    ["with an empty secret", { [HEADER]: "" }],
  ])("%s is not Telegram's", async (_, headers) => {
    const { hook, ear } = await started();
    expect(await hook.answer(request({ headers }))).toEqual({ status: 401 });
    expect([ear.arrivals, ear.origins]).toEqual([[], ["telegram unsigned"]]);
  });

  test.each(["GET", "PUT", "DELETE", "HEAD"])("by %s is none", async (method) => {
    const { hook, ear } = await started();
    expect(await hook.answer(request({ method }))).toEqual({ status: 405 });
    expect(ear.arrivals).toEqual([]);
  });

  test.each(["", "{", "null", "[]", '"x"', "\u0000"])(
    "whose body is %o is refused",
    async (body) => {
      const { hook, ear } = await started();
      expect(await hook.answer(request({ body: Buffer.from(body) }))).toEqual({ status: 400 });
      expect([ear.arrivals, ear.origins]).toEqual([[], []]);
    },
  );

  test("of an update that must not be obeyed is answered, so that it does not come again", async () => {
    const { hook, ear } = await started();
    const edited = { update_id: 4, edited_message: UPDATE.message };
    expect(await hook.answer(request({}, edited))).toEqual({ status: 200 });
    expect([ear.arrivals, ear.origins]).toEqual([[], ["telegram edited"]]);
  });

  test("before the start and after the end is kept by Telegram for later", async () => {
    const { hook, telegram, ear } = await hooked();
    expect((await hook.answer(request())).status).toBe(503);
    telegram.ears.start(ear);
    expect((await hook.answer(request())).status).toBe(200);
    await telegram.ears.stop();
    expect((await hook.answer(request())).status).toBe(503);
  });
});

test("a request under way when the desk stops is kept by Telegram, even if it is taken after that", async () => {
  const { hook, ear, telegram } = await started();
  ear.takes = false;
  const answer = hook.answer(request());
  const stopped = telegram.ears.stop();
  ear.echoes[0]?.taken();
  await stopped;
  expect(await answer).toEqual({ status: 503 });
});

test("while the bot's name is not known, nothing addressed to somebody is for it but what stops the desk", async () => {
  const { hook, ear, telegram, fake } = await hooked();
  fake.fault("getMe", { kind: "hang" });
  telegram.ears.start(ear);
  for (const text of ["/flatten@other_bot", "/kill@other_bot"]) {
    await hook.answer(request({}, { update_id: 3, message: { ...UPDATE.message, text } }));
  }
  expect(ear.arrivals.map(({ text }) => text)).toEqual(["/flatten@other_bot", "/kill"]);
  // Any name differs from this one.
  expect(telegram.username()).toBe("");
});

test("whoever counts badly what is turned away breaks no answer", async () => {
  const { hook, ear, telegram } = await hooked();
  const broken = {
    receive: ear.receive,
    turnedAway() {
      throw new Error("broken");
    },
  };
  telegram.ears.start(broken);
  const edited = { update_id: 4, edited_message: UPDATE.message };
  expect(await hook.answer(request({}, edited))).toEqual({ status: 200 });
  expect(await hook.answer(request({ headers: {} }))).toEqual({ status: 401 });
});

describe("the webhook", () => {
  test("is set at the start, with the secret, for what we want to hear, one at a time", async () => {
    const scene = await started();
    const set = scene.fake.frames.find(({ method }) => method === "setWebhook");
    expect(set?.payload).toEqual({
      url: "http://127.0.0.1:1/telegram",
      secret_token: SECRET,
      allowed_updates: ["message", "callback_query", "my_chat_member"],
      max_connections: 1,
    });
    expect(calls(scene.fake, "getUpdates")).toBe(0);
    expect(scene.notices).toEqual([]);
    expect(scene.fake.violations).toEqual([]);
  });

  test("brings what people say, in order, over a real server", async () => {
    const log = quietLog();
    const hooks: Hook[] = [];
    const server = await serveHooks({ host: "127.0.0.1", port: 0, hooks, log });
    if (!server.ok) throw new Error(server.error);
    onTestFinished(() => server.value.close());
    const webhook = { url: `${server.value.url}/telegram`, secret: SECRET };
    const scene = await hooked({ webhook });
    hooks.push(scene.hook);
    for (const text of ["/pause", "/status", "/kill"]) scene.fake.says(ANA, ANAS, text);
    scene.telegram.ears.start(scene.ear);
    await until(() => scene.fake.updates.confirmed === 3);
    expect(scene.ear.arrivals.map(({ text }) => text)).toEqual(["/pause", "/status", "/kill"]);
  });

  const hookAt = async ({ fake }: Rig, url: string): Promise<void> => {
    await fetch(`${fake.url}/bot${fake.token}/setWebhook?url=${encodeURIComponent(url)}`);
  };

  test("that somebody else sets is told and replaced within a minute", async () => {
    const time = manualTime(instant(1_700_000_000_000));
    const scene = await started({ time });
    await hookAt(scene, "http://127.0.0.1:2/theirs");
    await passUntil(time, 1_000, () => scene.fake.webhookTo()?.url.endsWith("/telegram") ?? false);
    expect(time.clock.now() - 1_700_000_000_000).toBeLessThanOrEqual(62_000);
    expect(scene.notices).toMatchObject([
      { kind: "security", what: "foreign-webhook", detail: "updates were sent to 127.0.0.1:2" },
    ]);
  });

  test("is set when Telegram is back, however long that takes", async () => {
    const time = manualTime(instant(1_700_000_000_000));
    const scene = await hooked({ time });
    scene.fake.fault("setWebhook", { kind: "500" }, 5);
    scene.telegram.ears.start(scene.ear);
    await passUntil(time, 1_000, () => scene.fake.webhookTo() !== null);
    expect(calls(scene.fake, "setWebhook")).toBe(6);
  });
});
