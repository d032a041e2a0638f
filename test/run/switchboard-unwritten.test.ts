/** What people are told of a request while the journal does not answer: what is in force, and no more. */
import { expect, test } from "vitest";
import type { DeskView } from "../../src/core/engine/views.ts";
import { productId } from "../../src/core/kernel/ids.ts";
import { memoryInbound } from "../kit/memory-inbound.ts";
import { BY_ANA, NOW, VIEW } from "../kit/sample-desk.ts";
import { switchboardScene } from "../kit/switchboard-scene.ts";

/** A desk that stops as the engine would, and writes nothing down. */
function unwritten({ killAsks = false } = {}) {
  let view: DeskView = VIEW;
  const latch = { at: NOW, by: BY_ANA, reason: "fire" };
  const scene = switchboardScene(memoryInbound(), 20, () => false, { view: () => view });
  scene.engine.reply = async ({ verb, ...request }) => {
    if (verb === "kill" && !killAsks) view = { ...view, killed: latch };
    else if (verb === "kill") view = { ...view, paused: latch };
    else if (verb === "pause" && "scope" in request) {
      view = { ...view, pauses: [{ scope: `product ${productId("BTC-USD")}`, latch }] };
    } else if (verb === "pause") view = { ...view, paused: latch };
    return null;
  };
  return scene;
}

test("while the journal does not answer, a kill that is only asked is not called one: the pause is", async () => {
  const { hear, said } = unwritten({ killAsks: true });
  await hear("/kill fire");
  expect(said.map(({ headline, lines }) => [headline, ...lines])).toEqual([
    [
      "Paused only: /kill is not confirmed; the journal does not answer",
      "The pause is in force and survives a restart.",
      "No order is cancelled: confirm it (/pending), or put a file named KILL in the data folder.",
    ],
  ]);
});

test("a pause of one product counts as taken when that is paused, and not when something else is", async () => {
  const { hear, headlines } = unwritten();
  await hear("/pause btc-usd");
  await hear("/pause ETH-USD");
  expect(headlines()).toEqual([
    "/pause was taken; the journal does not answer",
    "Not done yet: /pause, the journal does not answer",
  ]);
});

test("when the journal does not answer only a kill and a pause are in force", async () => {
  const { hear, headlines, engine, said } = unwritten();
  for (const text of ["/pause", "/kill", "/deny K7QF", "/flatten"]) await hear(text);
  engine.reply = () => Promise.reject(new Error("bug"));
  await hear("/resume");
  expect(headlines()).toEqual([
    "/pause was taken; the journal does not answer",
    "/kill was taken; the journal does not answer",
    "Not done yet: /deny, the journal does not answer",
    "Not done yet: /flatten, the journal does not answer",
    "/resume failed inside the desk",
  ]);
  const survives = said.map(({ lines }) => lines.join(" ").includes("survives a restart"));
  expect(survives).toEqual([true, true, false, false, false]);
});
