/** Opens Telegram: puts its parts together and nothing more. */
import { openAnswers } from "./answers.ts";
import { openApi } from "./api.ts";
import { openBook } from "./book.ts";
import { openEars } from "./ears.ts";
import { openHealth } from "./health.ts";
import { openIntake } from "./intake.ts";
import { openMenus } from "./menus.ts";
import { telegramMessenger } from "./messenger.ts";
import { openPlaces } from "./places.ts";
import { openPrompts } from "./prompts.ts";
import { openRoute } from "./route.ts";
import type { Telegram, TelegramDoors, TelegramSettings } from "./telegram.ts";
import { openTellTales } from "./tell-tales.ts";
import { webhook } from "./webhook.ts";

/** Sends nothing yet: the ears begin when they are started, the mouth when it is asked to speak. */
export function openTelegram(doors: TelegramDoors, settings: TelegramSettings): Telegram {
  const { clock, timers, log, notices } = doors;
  const health = openHealth(doors.pulse, clock);
  const api = openApi(settings, { ...doors, health });
  const places = openPlaces(settings.rooms, notices, log);
  const book = openBook((chat) => places.within(chat).length > 0);
  const prompts = openPrompts();
  const answers = openAnswers(api, timers);
  const tellTales = openTellTales(notices, clock);
  const route = openRoute(settings.webhook, { api, clock, log, tellTales });
  const menus = openMenus(settings.menus, { api, places, clock, log });
  // A token begins with the bot's own number.
  let self = Number.parseInt(settings.token, 10);
  // Nobody has no name: what is addressed to somebody is then not for us, but for what stops the desk.
  let username = "";
  const intake = openIntake({
    ...{ clock, timers, log, book, places, prompts, answers, met: menus.met },
    self: () => self,
    isNamed: () => username !== "",
  });
  const ears = openEars({
    ...{ api, clock, timers, log, health, places, intake, answers, route, menus, tellTales },
    polls: settings.webhook === null,
    introduced(id, name) {
      self = id ?? self;
      username = name ?? username;
    },
  });
  const { secret } = settings.webhook ?? { secret: null };
  return {
    messenger: telegramMessenger({ api, book, places, prompts, clock, log, seal: doors.seal }),
    ears,
    hook: secret === null ? null : webhook(secret, intake, ears.hearer),
    username: () => username,
  };
}
