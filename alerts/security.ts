/** Somebody may use the desk's name or try its doors, or the key of the venue is not as it should be. Told on every platform; nothing may ever mute this. */
import { alert, type Voice } from "../src/chat/alert.ts";
import { isCrowd, securityRoll } from "../src/chat/alert-memory.ts";
import { button, card } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { many } from "../src/chat/format.ts";
import { isNameless } from "../src/chat/person.ts";
import { platformName } from "../src/chat/platform.ts";
import type { EventOf } from "../src/core/engine/event.ts";

type Security = EventOf<"security.noticed">;

interface Words {
  readonly headline: string;
  readonly lines: readonly string[];
}

const WORDS: { readonly [W in Security["what"]]: (event: Security, name: string) => Words } = {
  "second-listener": ({ platform, detail }, name) => ({
    headline: `another program reads ${name} with our token`,
    lines: [
      detail,
      "A second copy of this desk runs, or somebody has the token.",
      `Until then commands on ${name} may be lost; speak on another platform.`,
      `Stop the copy. If there is none: ${newToken(platform)}`,
    ],
  }),
  "foreign-webhook": ({ platform, detail }, name) => ({
    headline: `${name} was told to send our messages elsewhere`,
    lines: [
      detail,
      "We did not set that address: somebody has the token.",
      `Commands on ${name} may be lost; speak on another platform.`,
      `Do this now: ${newToken(platform)}`,
    ],
  }),
  "hook-moved": ({ detail }, name) => ({
    headline: `${name} sends our messages to another machine`,
    lines: [
      detail,
      "The name of our address has a new number. Whoever runs that name can change it.",
      `If none of you did: speak on another platform and look who answers there.`,
    ],
  }),
  "listener-once": ({ detail }, name) => ({
    headline: `another program asked ${name} for our messages`,
    lines: [
      detail,
      "Setup beside a running desk does that, and a second copy of it.",
      `If it goes on, nothing that raises risk is taken from ${name} any more.`,
    ],
  }),
  "forged-button": ({ platform, count, detail }, name) => ({
    headline:
      count === 1
        ? `a button on ${name} that is not mine was pressed`
        : `${count} buttons on ${name} that are not mine were pressed`,
    lines: [
      `${detail}. Nothing was done.`,
      "It asked for what is only ever typed: somebody makes buttons in my name.",
      `Trust no button there now. ${newToken(platform)}`,
    ],
  }),
  strangers: ({ count, detail }, name) => ({
    headline: `${many(count, "message")} from people I do not know`,
    lines: [
      `On ${name}: ${detail}`,
      "None was obeyed.",
      "Whoever belongs here is added with npm run setup.",
    ],
  }),
  "turned-away": ({ count, detail }, name) => ({
    headline: `${many(count, "message")} turned away on ${name}`,
    lines: [detail, "Such messages are never obeyed, whoever they seem to come from."],
  }),
  "wrong-codes": ({ count, detail }, name) => ({
    headline: `${count} wrong codes ${isNameless(detail) ? "at the console" : `by ${detail}`}`,
    lines: [
      `The last on ${name}. What raises risk is refused to them for 15 min.`,
      "Reading and what lowers risk still work for them.",
      `If it was somebody else with their account: ${isNameless(detail) ? "/suspend me, there" : `/suspend ${detail}`}`,
    ],
  }),
  "admin-refused": ({ count, detail }) => ({
    headline: `${many(count, "request")} without the admin token`,
    lines: [
      `Over HTTP, ${detail}. None was obeyed.`,
      "A program of yours has an old token, or somebody on this machine tries the door.",
      "Another token: delete admin.token in the data folder (or change ADMIN_TOKEN) and restart.",
    ],
  }),
  "recovery-code": ({ detail }, name) => ({
    headline: "a recovery code was used",
    lines: [
      `On ${name}: ${detail}`,
      "It stands for the person's authenticator, once.",
      "If it was not them: /pause, and /suspend with their name.",
    ],
  }),
  "key-changed": ({ detail }) => ({
    headline: "the API key was changed",
    lines: [
      detail,
      "Orders are signed with it from now on; the old one can be deleted at Coinbase.",
      "If none of you did this, somebody can write where the key stands: /kill, delete both keys.",
    ],
  }),
  "key-refused": ({ detail }) => ({
    headline: "a new API key was not taken over",
    lines: [detail, "The desk goes on with the key it has."],
  }),
  "key-old": ({ detail }) => ({
    headline: "the API key is too old",
    lines: [
      detail,
      "Make a new one at Coinbase and put it where the old one stands.",
      "The desk takes it over as it runs; delete the old one then.",
    ],
  }),
  "key-may-transfer": ({ detail }) => ({
    headline: "the API key may move money out",
    lines: [
      detail,
      "A desk needs view and trade. Whoever reads this key can empty the account.",
      "Take the right away at Coinbase, or put a new key in its place.",
    ],
  }),
  "key-cannot-trade": ({ detail }) => ({
    headline: "the API key may not trade any more",
    lines: [
      detail,
      "Entries are paused. Stops and cancels would be refused too: look at your orders at Coinbase.",
      "Give the right back, or put a new key in its place, then /resume.",
    ],
  }),
};

function newToken(platform: string): string {
  const where =
    platform === "telegram" ? "/revoke at @BotFather" : "rotate it where the app is set up";
  return `${where}, set the new token, restart.`;
}

/** What has an innocent reason as often as not. */
const LESSER: ReadonlySet<Security["what"]> = new Set(["hook-moved", "listener-once"]);

/** What can go on for long is one message whose count is edited; a few in a minute ring nobody. */
const ROLLING: ReadonlySet<Security["what"]> = new Set(["strangers", "turned-away"]);

export const security: Voice<Security> = (event, seq, at, { memory, clock }) => {
  const { headline, lines } = WORDS[event.what](event, platformName(event.platform));
  const name = securityRoll(event);
  const roll = ROLLING.has(event.what) ? memory.rolls.get(name) : undefined;
  const again = roll !== undefined && roll.count > 1;
  const said = card({
    headline: `SECURITY: ${headline}`,
    mark: "⚠️",
    lines: [
      ...lines,
      again
        ? `The latest of ${roll.count} such minutes since ${clock.minutes(roll.since)}.`
        : `${clock.seconds(at)} ${clock.zone(at)}`,
    ],
    buttons: [button("Status", "/status"), button("Pause", "/pause")],
    event: eventId(seq),
  });
  const rings = ROLLING.has(event.what) ? isCrowd(event) : !LESSER.has(event.what);
  const common = { card: said, priority: rings ? "P1" : "P2", topic: "security" } as const;
  if (roll === undefined) return [alert(common)];
  return [alert({ ...common, key: `${name}:${roll.root}`, edit: again })];
};
