/** Opens the chat platforms that have a token, and the console. What they are is said here; what they do is theirs. */
import type { Writable } from "node:stream";
import { COMMANDS } from "../../commands/table.ts";
import { consoleMessenger } from "../adapters/console/messenger.ts";
import { serveHooks } from "../adapters/http/hooks.ts";
import { fenced } from "../adapters/net/fenced.ts";
import { netTransport } from "../adapters/net/net-transport.ts";
import { fetchOver } from "../adapters/net/transport-fetch.ts";
import { openSlack } from "../adapters/slack/open-slack.ts";
import { openSeal } from "../adapters/system/seal.ts";
import { openTelegram } from "../adapters/telegram/open-telegram.ts";
import type { Menu, Telegram } from "../adapters/telegram/telegram.ts";
import { menuOf } from "../chat/command.ts";
import type { Manner } from "../chat/line.ts";
import { atLeast, type Role } from "../chat/person.ts";
import type { Config } from "../config/config.ts";
import type { Secrets } from "../config/secrets.ts";
import type { RoomId } from "../core/kernel/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { Ears } from "../ports/hearer.ts";
import type { Home } from "../ports/home.ts";
import type { Standing } from "../ports/lease.ts";
import type { Log } from "../ports/log.ts";
import type { Messenger } from "../ports/messenger.ts";
import type { Notices, Pulse } from "../ports/notices.ts";
import type { Seal } from "../ports/seal.ts";
import type { Timers } from "../ports/timers.ts";
import { StartError } from "./start-error.ts";

/** A long poll lasts half a minute; what is sent gives up sooner by itself. */
const REQUEST_MS = 60_000;

export interface PlatformDoors {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** Of the lease: what may leave. */
  readonly standing: Standing;
  readonly pulse: Pulse;
  readonly notices: Notices;
  /** What people see in their own place on a platform. */
  readonly home: Home;
  readonly output: Writable;
  readonly headless: boolean;
  /** Called once when nothing can be printed any more. */
  readonly outputBroke?: (why: string) => void;
}

export interface Platforms {
  readonly messengers: readonly Messenger[];
  /** All but the console's. */
  readonly ears: readonly Ears[];
  readonly seal: Seal;
  /** What is open, for whoever starts the desk: name and state. */
  readonly rows: readonly (readonly [string, string])[];
  manner(room: RoomId): Manner;
  close(): Promise<void>;
}

/** @throws StartError when a port or a key file cannot be had */
export async function openPlatforms(doors: PlatformDoors): Promise<Platforms> {
  const { config, secrets, log } = doors;
  const transport = fenced(netTransport(), doors.standing.anything);
  const seal = await openSeal(config.dataDir);
  const shared = {
    ...doors,
    seal,
    fetch: fetchOver(transport, REQUEST_MS),
    openSocket: transport.openSocket,
  };
  const telegram =
    secrets.telegram && openTelegram(shared, telegramSettings(config, secrets.telegram));
  const slack = secrets.slack && openSlack(shared, slackSettings(config, secrets.slack));
  const hooks = [telegram?.hook, slack?.hook].filter((hook) => hook != null);
  const server = config.chat.hooks && (await serveHooks({ ...config.chat.hooks, hooks, log }));
  if (server && !server.ok) {
    await transport.close();
    throw new StartError(server.error);
  }
  return {
    messengers: [consoleOf(doors), ...[telegram, slack].flatMap((one) => one?.messenger ?? [])],
    ears: [telegram, slack].flatMap((one) => one?.ears ?? []),
    seal,
    rows: rowsOf(config, server?.value.url ?? null),
    manner: (room) => mannerOf(room, telegram),
    async close() {
      if (server?.ok) await server.value.close();
      await transport.close();
    },
  };
}

function consoleOf({ output, headless, outputBroke }: PlatformDoors): Messenger {
  const colour = "isTTY" in output && output.isTTY === true && !headless;
  return consoleMessenger(output, { colour, oneLine: headless }, outputBroke);
}

function mannerOf(room: RoomId, telegram: Telegram | null): Manner {
  if (room.startsWith("console:")) return { bareWords: true, ownName: null };
  const ownName = room.startsWith("telegram:") ? (telegram?.username() ?? null) : null;
  return { bareWords: false, ownName };
}

const on = (config: Config, platform: string): readonly RoomId[] =>
  config.rooms.map(({ id }) => id).filter((id) => id.startsWith(`${platform}:`));

function telegramSettings(config: Config, given: NonNullable<Secrets["telegram"]>) {
  const { apiRoot = "", webhookUrl = null } = config.chat.telegram ?? {};
  const secret = given.webhookSecret?.reveal();
  return {
    apiRoot,
    token: given.botToken.reveal(),
    rooms: on(config, "telegram"),
    menus: menus(config),
    webhook: webhookUrl === null || secret === undefined ? null : { url: webhookUrl, secret },
  };
}

function slackSettings(config: Config, given: NonNullable<Secrets["slack"]>) {
  const { apiUrl = "", command = "" } = config.chat.slack ?? {};
  return {
    apiUrl,
    command,
    botToken: given.botToken.reveal(),
    appToken: given.appToken?.reveal() ?? null,
    signingSecret: given.signingSecret?.reveal() ?? null,
    accounts: accountsOn(config, "slack:"),
  };
}

const accountsOn = (config: Config, prefix: string): readonly string[] =>
  config.people.flatMap(({ accounts }) => accounts.filter((one) => one.startsWith(prefix)));

/** Everybody sees who they are; people of ours see what their role may say. A menu is a convenience, never a right. */
function menus(config: Config): readonly Menu[] {
  const nobody = COMMANDS.filter(({ words }) => words === "help" || words === "whoami");
  const may = (role: Role) => menuOf(COMMANDS.filter((command) => atLeast(role, command.role)));
  const seen = config.people.flatMap(({ id, role, accounts }) =>
    accounts
      .filter((account) => account.startsWith("telegram:"))
      .flatMap((account) =>
        config.rooms
          .filter((room) => room.id.startsWith("telegram:"))
          .filter(({ owner }) => owner === null || owner === id)
          .map(({ id: room, owner }) => ({
            room,
            person: owner === null ? account.slice("telegram:".length) : null,
            commands: may(role),
          })),
      ),
  );
  return [{ room: null, person: null, commands: menuOf(nobody) }, ...seen];
}

function rowsOf(config: Config, hooksAt: string | null): Platforms["rows"] {
  const { telegram, slack } = config.chat;
  const heard = (name: string): string => {
    const people = accountsOn(config, `${name}:`).length;
    const rooms = on(config, name).length;
    return `${people} linked, ${rooms} ${rooms === 1 ? "room" : "rooms"}`;
  };
  const over = (called: boolean): string => (called ? `, called at ${hooksAt}` : "");
  return [
    ...(telegram
      ? [["Telegram", `${heard("telegram")}${over(telegram.webhookUrl !== null)}`] as const]
      : []),
    ...(slack ? [["Slack", `${heard("slack")}${over(slack.mode === "http")}`] as const] : []),
  ];
}
