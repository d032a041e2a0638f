/** The platforms fail, alone and together with the database: the desk trades on, /kill works, and everything comes back by itself. */
import { describe, expect, test } from "vitest";
import { slackRoom, telegramRoom } from "../kit/chat-room.ts";
import { ANA, CHANNEL, chatScene } from "../kit/chat-scene.ts";
import { HIGH } from "../kit/desk-market.ts";
import { childDesk, hasOpinion, until } from "../kit/desk-process.ts";
import { bodies, record } from "../kit/desk-truth.ts";
import { KILLED_IN_TROUBLE, killedInTrouble } from "./chat-trouble-lives.ts";

describe.concurrent("a platform that is not there", () => {
  test.each(["telegram"] as const)(`/kill ${KILLED_IN_TROUBLE}`, killedInTrouble);

  test("at start, both: the desk trades, its console says which are silent, and both are told everything once they come", {
    timeout: 60_000,
  }, async () => {
    await using scene = await chatScene();
    await Promise.all([scene.telegram.down(true), scene.slack.down(true)]);
    await using desk = childDesk({ ...scene.env, DESK_HURRY: "10" });
    await desk.says(/In agreement with the venue/);
    await hasOpinion(desk);
    scene.market.price(HIGH);
    await desk.says(/BUY filled/);
    await desk.says(/TELEGRAM .*silent|Telegram .*silent/i);
    await desk.says(/SLACK .*silent|Slack .*silent/i);
    await Promise.all([scene.telegram.down(false), scene.slack.down(false)]);
    const rooms = [telegramRoom(scene), slackRoom(scene)];
    await Promise.all(rooms.map((room) => room.hears(/BUY filled/)));
    // A command typed while no socket is open is an error on the person's own screen, and never reaches us.
    await until(() => scene.slack.connections > 0, "Slack's socket to be open");
    for (const room of rooms) await room.asks(ANA, "/status", /RUNNING/);
    for (const room of rooms) {
      expect(room.said().filter(({ text }) => /BUY filled/.test(text))).toHaveLength(1);
    }
    await desk.stop();
  });

  test("because its token is wrong: the other platform says so, and the right one is heard again", async () => {
    await using scene = await chatScene();
    scene.telegram.revoke(true);
    await using desk = childDesk({ ...scene.env, DESK_HURRY: "10" });
    const [telegram, slack] = [telegramRoom(scene), slackRoom(scene)];
    await slack.hears(/Telegram .*silent|TELEGRAM SILENT/i);
    await slack.asks(ANA, "/status", /Telegram silent/i);
    scene.telegram.revoke(false);
    await slack.hears(/Telegram .*back|TELEGRAM BACK/i);
    await telegram.asks(ANA, "/status", /RUNNING/);
    expect(desk.errors).not.toMatch(/unhandled/i);
    await desk.stop();
  });

  test("because its token is revoked while it runs: trading goes on, the other tells it, and it recovers by itself", async () => {
    await using scene = await chatScene();
    await using desk = childDesk({ ...scene.env, DESK_HURRY: "10" });
    const [telegram, slack] = [telegramRoom(scene), slackRoom(scene)];
    await Promise.all([telegram, slack].map((room) => room.hears(/In agreement with the venue/)));
    scene.slack.revoke(true);
    scene.slack.dropSockets("tcp");
    await telegram.hears(/Slack .*silent|SLACK SILENT/i);
    await hasOpinion(desk);
    scene.market.price(HIGH);
    await telegram.hears(/BUY filled/);
    scene.slack.revoke(false);
    await telegram.hears(/Slack .*back|SLACK BACK/i);
    await slack.hears(/BUY filled/);
    await until(() => scene.slack.connections > 0, "Slack's socket to be open");
    await slack.asks(ANA, "/status", /RUNNING/);
    const kept = await record(scene.made.database.desk);
    expect(bodies(kept, "chat.lost").map(({ platform }) => platform)).toEqual(["slack"]);
    expect(bodies(kept, "chat.recovered").map(({ platform }) => platform)).toEqual(["slack"]);
    expect(scene.slack.said(CHANNEL).filter(({ plain }) => /BUY filled/.test(plain))).toHaveLength(
      1,
    );
    await desk.stop();
  });
});
