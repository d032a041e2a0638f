/** Telegram is alive only while it can be heard and spoken to: whoever believes to be able to stop the desk must be able to. */
import { describe, expect, test } from "vitest";
import { card, row } from "./rig.ts";
import { no, ok, pass, type Script, START, script } from "./script.ts";

const CONFLICT = no(409, "Conflict: terminated by other getUpdates request");
const unreached = (failed: string) => (): never => {
  throw Object.assign(new TypeError("fetch failed"), { failed });
};
const say = ({ telegram }: Script) =>
  telegram.messenger.send(row({ card: card("x") }), "LIVE nyc1");
let messages = 100;
const said = () => {
  messages += 1;
  return ok({ message_id: messages });
};
const beats = ({ pulse }: Script): readonly string[] => [...new Set(pulse.splice(0))];

describe("polling", () => {
  test.each([
    ["another reader", CONFLICT, "updates do not come: Conflict: terminated by other"],
    ["a refusal", no(400, "Bad Request: no"), "updates do not come: Bad Request: no"],
    ["too many requests", no(429, "Too Many Requests"), "updates do not come: Too Many"],
    ["no list", ok({}), "updates without numbers"],
    ["a list without numbers", ok([{}]), "updates without numbers"],
  ])(
    "that brings %s is failing, whatever is said meanwhile, until it brings a list",
    async (_, answer, why) => {
      const scene = script({ getUpdates: () => answer, sendMessage: said });
      scene.telegram.ears.start(scene.ear);
      await pass(scene, 1);
      for (let i = 0; i < 5; i += 1) {
        await say(scene);
        await pass(scene, 20);
      }
      expect(beats(scene).filter((one) => !one.startsWith(why))).toEqual([]);
      scene.answers["getUpdates"] = () => ok([]);
      await pass(scene, 31);
      expect(scene.pulse).toContain("alive");
    },
  );

  test("is alive before anything is said", async () => {
    const scene = script({ getUpdates: () => ok([]) });
    scene.telegram.ears.start(scene.ear);
    await pass(scene, 3);
    expect(beats(scene)).toEqual(["alive"]);
  });

  test("waits for nothing when it is tried again, unless somebody else reads", async () => {
    const scene = script({ getUpdates: unreached("not-sent") });
    scene.telegram.ears.start(scene.ear);
    await pass(scene, 2);
    scene.answers["getUpdates"] = () => CONFLICT;
    await pass(scene, 20);
    const waits = scene.asked.flatMap(({ method, payload }) =>
      method === "getUpdates" ? [payload["timeout"]] : [],
    );
    expect(waits.slice(0, 2)).toEqual([30, 0]);
    expect(waits.at(-1)).toBe(30);
  });

  test("of a server that gives the same list for ever makes no busy loop", async () => {
    const scene = script({ getUpdates: () => ok([{ update_id: 5, poll: {} }]) });
    scene.telegram.ears.start(scene.ear);
    await pass(scene, 10);
    expect(scene.count("getUpdates")).toBeLessThanOrEqual(13);
  });
});

describe("speaking", () => {
  test("that brings no answer is failing, though updates come, until it does or nobody speaks for a minute", async () => {
    const scene = script({ getUpdates: () => ok([]), sendMessage: unreached("ambiguous") });
    scene.telegram.ears.start(scene.ear);
    await pass(scene, 2);
    beats(scene);
    await say(scene);
    await pass(scene, 50);
    expect(beats(scene)).toEqual(["no answer that can be read"]);
    scene.answers["sendMessage"] = said;
    await say(scene);
    expect(beats(scene)).toEqual(["alive"]);
    scene.answers["sendMessage"] = unreached("ambiguous");
    await say(scene);
    await pass(scene, 62);
    expect(scene.pulse.at(-1)).toBe("alive");
  });

  test.each([
    ["nobody is reached", unreached("not-sent"), "Telegram cannot be reached"],
    ["the token is refused", () => no(401, "Unauthorized"), "!the bot token is refused"],
  ])("while %s is well again with the next poll that is", async (_, answer, why) => {
    const scene = script({ getUpdates: () => ok([]), sendMessage: answer });
    await say(scene);
    expect(beats(scene)).toEqual([why]);
    scene.telegram.ears.start(scene.ear);
    await pass(scene, 2);
    expect(beats(scene)).toEqual(["alive"]);
  });
});

describe("listening", () => {
  const KILL = {
    ...{ message_id: 5, date: START, text: "/kill" },
    ...{ from: { id: 42, is_bot: false }, chat: { id: 42, type: "private" } },
  };

  test("goes on when whoever is told of a sign breaks", async () => {
    const notices = Object.assign([], {
      push(): never {
        throw new Error("broken");
      },
    });
    const scene = script({ getUpdates: () => CONFLICT }, { spoil: { notices } });
    scene.telegram.ears.start(scene.ear);
    await pass(scene, 1);
    expect(scene.pulse).toContain("listening has broken off");
    let sent = false;
    scene.answers["getUpdates"] = () => {
      if (sent) return undefined;
      sent = true;
      return ok([{ update_id: 5, message: KILL }]);
    };
    await pass(scene, 15);
    expect(scene.ear.arrivals.map(({ text }) => text)).toEqual(["/kill"]);
    expect(scene.pulse.at(-1)).toBe("alive");
  });

  test("goes on when whoever hears the pulse breaks, and whoever counts what is turned away", async () => {
    const pulse = Object.assign([], {
      push(): never {
        throw new Error("broken");
      },
    });
    let sent = false;
    const getUpdates = () => {
      if (sent) return undefined;
      sent = true;
      return ok([
        { update_id: 4, channel_post: {} },
        { update_id: 5, message: KILL },
      ]);
    };
    const scene = script({ getUpdates }, { spoil: { pulse } });
    const { receive } = scene.ear;
    scene.telegram.ears.start({
      receive,
      turnedAway() {
        throw new Error("broken");
      },
    });
    await pass(scene, 1);
    expect(scene.ear.arrivals.map(({ text }) => text)).toEqual(["/kill"]);
    expect(scene.count("getUpdates")).toBe(2);
  });
});
