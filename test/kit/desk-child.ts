/** A desk as a process of its own, as `start` runs it, but with bars shorter than a second and with faults that were ordered. */

import { systemTimers } from "../../src/adapters/system/timers.ts";
import { runDesk } from "../../src/cli/run-desk.ts";
import { readEnv } from "../../src/config/env.ts";
import { loadConfig } from "../../src/config/load.ts";
import { chatCrash, dyingChat, hurried, unpaced } from "./chat-faults.ts";
import { crashPoint, dying, restingSales } from "./desk-faults.ts";

const loaded = loadConfig(readEnv(), { profile: null });
const crash = process.env["DESK_CRASH"];
const chatCrashes = process.env["DESK_CHAT_CRASH"];
const hurry = process.env["DESK_HURRY"];
const rests = process.env["DESK_RESTING_SALES"] !== undefined;
const { summary, fatal } = await runDesk({
  ...loaded,
  config: { ...loaded.config, barMs: Number(process.env["DESK_BAR_MS"]) },
  headless: false,
  keep: true,
  input: process.stdin,
  output: process.stdout,
  until: new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
  }),
  decorateChat: (ports) => {
    const dying = chatCrashes ? dyingChat(ports, chatCrash(chatCrashes)) : ports;
    return hurry ? unpaced(dying) : dying;
  },
  ...(hurry && { chatTimers: hurried(systemTimers, Number(hurry)) }),
  decorate: (ports) => {
    const resting = rests ? restingSales(ports) : ports;
    return crash ? dying(resting, crashPoint(crash)) : resting;
  },
});
process.stdout.write(`${JSON.stringify(summary)}\n`);
process.exitCode = fatal === null ? 0 : 1;
process.stdin.destroy();
