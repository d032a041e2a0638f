/** Opens Slack: puts its parts together. Nothing is asked of Slack before somebody listens or speaks. */
import type { Receiver } from "@slack/bolt";
import type { Hearer, Origin } from "../../ports/hearer.ts";
import type { Home } from "../../ports/home.ts";
import type { Hook } from "../../ports/hook.ts";
import { openApp } from "./bolt-app.ts";
import { type Ask, type Client, clientOptions, openClient } from "./client.ts";
import { type Health, openHealth } from "./health.ts";
import { homeTabs } from "./home.ts";
import { httpReceiver } from "./http-receiver.ts";
import { type IdentityKeeper, keepIdentity } from "./identity.ts";
import { watchListeners } from "./listeners.ts";
import { slackMessenger } from "./messenger.ts";
import type { Own } from "./origin.ts";
import { type People, watchPeople } from "./people.ts";
import { openRooms } from "./rooms.ts";
import type { Slack, SlackDoors, SlackSettings } from "./slack.ts";
import { socketReceiver } from "./socket-receiver.ts";
import { whispers } from "./whisper.ts";

const NO_HOME: Home = { page: () => null };

/** What both ways of hearing need. */
interface Inside {
  readonly doors: SlackDoors;
  readonly settings: SlackSettings;
  readonly health: Health;
  readonly hearer: () => Hearer | null;
}

export function openSlack(doors: SlackDoors, settings: SlackSettings): Slack {
  const { clock, log, timers } = doors;
  const health = openHealth(doors.pulse, () => identity.doubt());
  const options = clientOptions(doors, settings);
  const client: Client = openClient(settings.botToken, options, health);
  const { ask } = client;
  const identity: IdentityKeeper = keepIdentity({ ask, timers, log });
  const people = watchPeople(settings.accounts, { ask, timers, log });
  let hearer: Hearer | null = null;
  const inside: Inside = { doors, settings, health, hearer: () => hearer };
  const { receiver, hook } = receiverOf(inside);
  const tabs = homeTabs({ ...doors, ask, home: doors.home ?? NO_HOME });
  const app = openApp({
    receiver,
    options,
    botToken: settings.botToken,
    command: settings.command,
    identity: identity.known,
    own: () => ownOf(identity, people, settings),
    hearer: inside.hearer,
    isLinked: (account) => settings.accounts.includes(account),
    async openForm({ trigger, view }) {
      const opened = await ask("views.open", { trigger_id: trigger, view });
      if (!opened.ok) log.warn("a form could not be opened", { why: opened.error.why });
      return opened.ok;
    },
    homeOpened: tabs.opened,
    whisperTo: whispers({ ask, seal: doors.seal, log }),
    clock,
    log,
  });
  return {
    hook,
    messenger: slackMessenger({
      ...doors,
      client,
      rooms: openRooms(ask, doors.notices),
      botId: () => identity.known()?.botId ?? null,
    }),
    ears: {
      platform: "slack",
      start(given) {
        if (hearer !== null) return;
        hearer = given;
        identity.whenKnown(() => people.start(identity.known()?.team ?? ""));
        identity.start();
        void app.start();
      },
      async stop() {
        hearer = null;
        tabs.stop();
        identity.stop();
        people.stop();
        await app.stop();
      },
    },
  };
}

function receiverOf(inside: Inside): { readonly receiver: Receiver; readonly hook: Hook | null } {
  const { doors, settings, health, hearer } = inside;
  const turnedAway = (origin: Origin): void => hearer()?.turnedAway("slack", origin);
  if (settings.appToken !== null) {
    const options = clientOptions(doors, settings);
    const ask: Ask = openClient(settings.appToken, options, null).ask;
    const receiver = socketReceiver({
      ...doors,
      ask,
      health,
      turnedAway,
      listeners: watchListeners({ ...doors, isFirst: settings.isFirst ?? false }),
    });
    return { receiver, hook: null };
  }
  return httpReceiver({
    ...doors,
    turnedAway,
    signingSecret: settings.signingSecret,
    isListening: () => hearer() !== null,
    heard: () => health.well("ears"),
  });
}

/** Until Slack has told it, our workspace is that of the people who may speak: their accounts are Slack's own word too. */
function ownOf(identity: IdentityKeeper, people: People, settings: SlackSettings): Own {
  const us = identity.known();
  const linked = settings.accounts.map((account) => account.split(/[:/]/)[1] ?? "");
  return {
    teams: us === null ? linked : [us.team],
    enterprise: us === null ? undefined : us.enterprise,
    botId: us?.botId ?? null,
    botUserId: us?.botUserId ?? null,
    isGuest: people.isGuest,
  };
}
