import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { EVENTS, SHORTCUTS } from "../../../src/adapters/slack/bolt-app.ts";
import { METHODS } from "../../../src/adapters/slack/client.ts";

interface Manifest {
  readonly features: {
    readonly slash_commands: readonly { readonly command: string; readonly usage_hint: string }[];
    readonly shortcuts: readonly {
      readonly type: string;
      readonly callback_id: string;
      readonly name: string;
      readonly description: string;
    }[];
    readonly app_home: Readonly<Record<string, boolean>>;
    readonly bot_user: { readonly display_name: string };
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: {
    readonly event_subscriptions: { readonly bot_events: readonly string[] };
    readonly interactivity: { readonly is_enabled: boolean };
    readonly socket_mode_enabled: boolean;
  };
}

const FOLDER = "src/adapters/slack";
const source = readdirSync(FOLDER)
  .map((name) => readFileSync(`${FOLDER}/${name}`, "utf8"))
  .join("\n");
const manifest: Manifest = parse(readFileSync("ops/slack-manifest.yaml", "utf8"));
const scopes = manifest.oauth_config.scopes.bot;

/** By Slack's reference of each method; history is read in public channels, private ones and direct messages. */
const HISTORY = ["channels:history", "groups:history", "im:history"];
const BY_METHOD: Readonly<Record<string, readonly string[]>> = {
  // Asked with the app's own token and its scope connections:write.
  "apps.connections.open": [],
  "auth.test": [],
  "chat.postEphemeral": ["chat:write"],
  "chat.postMessage": ["chat:write"],
  "chat.update": ["chat:write"],
  "conversations.history": HISTORY,
  "conversations.open": ["im:write"],
  "conversations.replies": HISTORY,
  "users.info": ["users:read"],
  // A form needs a trigger, and the home tab is the app's own.
  "views.open": [],
  "views.publish": [],
  filesUploadV2: ["files:write"],
};
/** What the manifest subscribes to for each event that is listened to, and what that needs. */
const BY_EVENT: Readonly<Record<string, readonly [event: string, scope: string | null]>> = {
  app_mention: ["app_mention", "app_mentions:read"],
  message: ["message.im", "im:history"],
  app_home_opened: ["app_home_opened", null],
};

const called = [...METHODS, "filesUploadV2"];

test("every call in the code is one of those listed, and each that is listed is made", () => {
  const written = new Set(
    [...source.matchAll(/"((?:chat|conversations|users|auth|apps|files|views)\.[a-zA-Z.]+)"/g)].map(
      ([, method]) => method,
    ),
  );
  expect([...written].sort()).toEqual([...METHODS].sort());
  for (const method of METHODS) {
    expect(source.split(`"${method}"`).length, method).toBeGreaterThan(2);
  }
  expect(source).toContain(".filesUploadV2(");
  expect(source.match(/\.apiCall\(/g)).toHaveLength(
    source.match(/\.apiCall\(method,/g)?.length ?? 0,
  );
});

test("the manifest asks for what the calls, events and commands need, and for nothing beside", () => {
  const needed = new Set([
    "commands",
    ...called.flatMap((method) => BY_METHOD[method] ?? [`no scope is known for ${method}`]),
    ...EVENTS.flatMap((event) => {
      const [known, scope] = BY_EVENT[event] ?? [];
      return known === undefined ? [`no scope is known for ${event}`] : (scope ?? []);
    }),
  ]);
  expect([...scopes].sort()).toEqual([...needed].sort());
});

test("the manifest subscribes to every event that is listened to, and to no other", () => {
  expect([...manifest.settings.event_subscriptions.bot_events].sort()).toEqual(
    EVENTS.map((event) => BY_EVENT[event]?.[0]).sort(),
  );
});

test("one command, buttons, direct messages and Socket Mode are switched on", () => {
  expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual(["/claudbot"]);
  expect(manifest.features.slash_commands[0]?.usage_hint).not.toBe("");
  expect(manifest.settings.interactivity.is_enabled).toBe(true);
  expect(manifest.settings.socket_mode_enabled).toBe(true);
  // Without this tab people cannot write to the bot.
  expect(manifest.features.app_home).toMatchObject({
    messages_tab_enabled: true,
    messages_tab_read_only_enabled: false,
    // Here stands what the desk is doing and what waits.
    home_tab_enabled: true,
  });
});

test("every shortcut that is listened to is offered at messages, and no other, in the length that Slack takes", () => {
  const { shortcuts } = manifest.features;
  expect(shortcuts.map(({ callback_id }) => callback_id)).toEqual([...SHORTCUTS]);
  for (const { type, name, description } of shortcuts) {
    expect(type).toBe("message");
    expect(name.length).toBeLessThanOrEqual(24);
    expect(description.length).toBeLessThanOrEqual(150);
  }
});
