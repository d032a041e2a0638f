/** Updates that are sent to us, or should be: it is noticed when they do not come, and when somebody has changed how. */
import { describe, expect, test } from "vitest";
import { card, row } from "./rig.ts";
import { type Answers, no, ok, pass, type Script, START, script } from "./script.ts";

const URL = "https://desk.example.org/telegram";
const OURS = {
  ...{ url: URL, pending_update_count: 0, ip_address: "203.0.113.5" },
  allowed_updates: ["message", "callback_query", "my_chat_member"],
};

function hooked(info: object, answers: Answers = {}): Script {
  const scene = script(
    {
      getWebhookInfo: () => ok(info),
      setWebhook: () => ok(true),
      sendMessage: () => ok({ message_id: 9 }),
      ...answers,
    },
    { webhook: { url: URL, secret: "s".repeat(20) } },
  );
  scene.telegram.ears.start(scene.ear);
  return scene;
}

const now = ({ time }: Script): number => Math.floor(time.clock.now() / 1_000);
const complaints = ({ log }: Script): number =>
  log.sentences.filter((one) => one === "updates of Telegram do not come").length;
const last = ({ pulse }: Script): string | undefined => pulse.at(-1);

describe("a webhook that Telegram refuses", () => {
  const REFUSED = "Bad Request: bad webhook: Failed to resolve host";

  test("is failing until it is taken, whatever is said meanwhile, and complained of once for each reason", async () => {
    const scene = hooked({ url: "" }, { setWebhook: () => no(400, REFUSED) });
    await pass(scene, 20);
    await scene.telegram.messenger.send(row({ card: card("x") }), "LIVE nyc1");
    await pass(scene, 100);
    expect(new Set(scene.pulse)).toEqual(new Set([`updates do not come: ${REFUSED}`]));
    expect(complaints(scene)).toBe(1);
    scene.answers["setWebhook"] = () => no(400, "Bad Request: another reason");
    await pass(scene, 100);
    expect(complaints(scene)).toBe(2);
    scene.answers["setWebhook"] = () => ok(true);
    scene.answers["getWebhookInfo"] = () => ok(OURS);
    await pass(scene, 40);
    expect(last(scene)).toBe("alive");
  });

  test("while the token is refused is lasting", async () => {
    const scene = hooked({ url: "" }, { setWebhook: () => no(401, "Unauthorized") });
    await pass(scene, 5);
    expect(last(scene)).toBe("!the bot token is refused");
  });
});

describe("a webhook that is as we want it", () => {
  const broken = (scene: Script, of: object = {}) => {
    scene.answers["getWebhookInfo"] = () =>
      ok({
        ...{ ...OURS, pending_update_count: 3, last_error_date: now(scene) - 5 },
        ...{ last_error_message: "Wrong response from the webhook: 502 Bad Gateway", ...of },
      });
  };
  const WHY = "updates do not come: Wrong response from the webhook: 502 Bad Gateway";

  test("but does not work is failing, set again at most once a minute, and well when nothing waits", async () => {
    const scene = hooked(OURS);
    await pass(scene, 5);
    expect([last(scene), scene.count("setWebhook")]).toEqual(["alive", 1]);
    broken(scene);
    await pass(scene, 60);
    expect([last(scene), complaints(scene)]).toEqual([WHY, 1]);
    await scene.telegram.messenger.send(row({ card: card("x") }), "LIVE nyc1");
    await pass(scene, 240);
    expect([last(scene), complaints(scene)]).toEqual([WHY, 1]);
    expect(scene.count("setWebhook")).toBeGreaterThanOrEqual(4);
    expect(scene.count("setWebhook")).toBeLessThanOrEqual(6);
    broken(scene, { pending_update_count: 0 });
    await pass(scene, 31);
    expect(last(scene)).toBe("alive");
    expect(scene.notices).toEqual([]);
  });

  test.each([
    ["an old error", { pending_update_count: 3, last_error_date: START - 200 }],
    ["an error of what came in the end", { pending_update_count: 0, last_error_date: START + 100 }],
    ["something that waits, without an error", { pending_update_count: 3 }],
  ])("with %s is well", async (_, of) => {
    const scene = hooked({ ...OURS, ...of, last_error_message: "x" });
    await pass(scene, 130);
    expect(new Set(scene.pulse)).toEqual(new Set(["alive"]));
    expect(scene.count("setWebhook")).toBe(1);
  });
});

describe("somebody who changes", () => {
  const changed = async (of: object): Promise<Script> => {
    const scene = hooked(OURS);
    await pass(scene, 65);
    scene.answers["getWebhookInfo"] = () => ok({ ...OURS, ...of });
    await pass(scene, 61);
    return scene;
  };

  test.each([
    ["what is sent", { allowed_updates: ["poll"] }, "somebody has changed which updates are sent"],
    ["what is sent, to all", { allowed_updates: undefined }, "somebody has changed which"],
  ])("%s is told, and it is set again", async (_, of, detail) => {
    const scene = await changed(of);
    expect(scene.notices).toMatchObject([
      { kind: "security", what: "foreign-webhook", detail: expect.stringContaining(detail) },
    ]);
    expect(scene.count("setWebhook")).toBe(2);
  });

  test("a name that leads to another machine is told as that, once for each, and is no sign of a thief", async () => {
    const scene = await changed({ ip_address: "198.51.100.7" });
    expect(scene.notices).toMatchObject([
      { kind: "security", what: "hook-moved", detail: expect.stringContaining("198.51.100.7") },
    ]);
    expect(scene.count("setWebhook")).toBe(1);
    scene.answers["getWebhookInfo"] = () => ok(OURS);
    await pass(scene, 120);
    scene.answers["getWebhookInfo"] = () => ok({ ...OURS, ip_address: "198.51.100.7" });
    await pass(scene, 120);
    expect(scene.notices).toHaveLength(1);
  });

  test.each([
    ["the order of what is sent", { allowed_updates: [...OURS.allowed_updates].reverse() }],
    ["a machine that is not known yet", { ip_address: "<unknown>" }],
  ])("only %s has changed nothing", async (_, of) => {
    const scene = await changed(of);
    expect(scene.notices).toEqual([]);
    expect(scene.count("setWebhook")).toBe(1);
  });

  test("what was there before our start changes nothing of ours", async () => {
    const scene = hooked({ ...OURS, allowed_updates: ["poll"], ip_address: "198.51.100.7" });
    scene.answers["setWebhook"] = () => {
      scene.answers["getWebhookInfo"] = () => ok(OURS);
      return ok(true);
    };
    await pass(scene, 130);
    expect(scene.notices).toEqual([]);
  });
});
