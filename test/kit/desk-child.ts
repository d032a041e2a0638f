/** A desk as a process of its own, as `start` runs it, but with bars shorter than a second and with faults that were ordered. */

import { systemTimers } from "../../src/adapters/system/timers.ts";
import { runDesk } from "../../src/cli/run-desk.ts";
import { concluded } from "../../src/cli/start.ts";
import { readEnv } from "../../src/config/env.ts";
import { loadConfig } from "../../src/config/load.ts";
import { chatCrash, dyingChat, hurried, unpaced } from "./chat-faults.ts";
import {
  crashPoint,
  deedOf,
  dying,
  dyingNet,
  dyingStore,
  dyingTalk,
  restingSales,
} from "./desk-faults.ts";

const loaded = loadConfig(readEnv(), { profile: null });
const at = process.env["DESK_CRASH"];
const crash = at === undefined ? null : crashPoint(at);
const deed = deedOf(process.env["DESK_DOES"] ?? "die");
const chatCrashes = process.env["DESK_CHAT_CRASH"];
const hurry = process.env["DESK_HURRY"];
const rests = process.env["DESK_RESTING_SALES"] !== undefined;
const leaseMs = process.env["DESK_LEASE_MS"];
const end = await runDesk({
  ...loaded,
  config: { ...loaded.config, barMs: Number(process.env["DESK_BAR_MS"]) },
  headless: false,
  keep: true,
  standby: process.env["DESK_STANDBY"] !== undefined,
  ...(leaseMs !== undefined && { leaseMs: Number(leaseMs) }),
  input: process.stdin,
  output: process.stdout,
  until: new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
  }),
  decorateChat: (ports) => {
    const dying = chatCrashes ? dyingChat(ports, chatCrash(chatCrashes)) : ports;
    const talk = crash ? dyingTalk(dying, crash, deed) : dying;
    return hurry ? unpaced(talk) : talk;
  },
  ...(crash && {
    decorateStore: dyingStore(crash, deed),
    decorateNet: (net) => dyingNet(net, crash, deed),
  }),
  ...(process.env["DESK_RECORDS"] !== undefined && { record: { folder: "" } }),
  ...(hurry && { chatTimers: hurried(systemTimers, Number(hurry)) }),
  decorate: (ports) => {
    const resting = rests ? restingSales(ports) : ports;
    return crash ? dying(resting, crash, deed) : resting;
  },
});
process.exitCode = concluded(end);
process.stdin.destroy();
