/** The flags of `setup`. Whatever is not one of them is refused with the list of those that are. */
import { parseArgs } from "node:util";
import { ROLES, type Role } from "../chat/person.ts";
import type { Topics } from "../config/people-edit.ts";
import { type PersonId, personId } from "../core/kernel/ids.ts";
import { UsageError } from "./flags.ts";

const FLAGS = {
  person: { type: "string" },
  name: { type: "string" },
  role: { type: "string" },
  hears: { type: "string" },
  replace: { type: "boolean" },
  room: { type: "boolean" },
  "take-over": { type: "boolean" },
  help: { type: "boolean" },
} as const;

export const SETUP_HELP = `npm run claudbot -- setup telegram|slack [flags]
  Checks the tokens, then links a person, so that the desk obeys them there.
  --person ana           the person's id in people.yaml; your login name unless told
  --name Ana             the name that is shown
  --role operator        viewer, operator, risk or admin; the first person gets risk, others operator
  --hears all            what they are told unasked: all, none, or incidents,activity
  --replace              move an account that is linked already
npm run claudbot -- setup telegram|slack --room [flags]
  Adds a group or a channel, so that the desk speaks there.
  --name ops             its name in people.yaml
  --hears all            what is told there unasked; all unless told
Both
  --take-over            Telegram: take the bot's messages back from another program's webhook
`;

const PLATFORMS = ["telegram", "slack"] as const;

export interface SetupFlags {
  readonly platform: (typeof PLATFORMS)[number];
  readonly takeOver: boolean;
  readonly what:
    | {
        readonly kind: "person";
        readonly id: PersonId | null;
        readonly name: string | null;
        readonly role: Role | null;
        readonly hears: Topics | null;
        readonly replace: boolean;
      }
    | { readonly kind: "room"; readonly name: string | null; readonly hears: Topics | null };
}

const PERSON_NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,31}$/u;
const ROOM_NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/;
const HEARS: Readonly<Record<string, Topics>> = {
  all: ["incidents", "activity"],
  none: [],
  incidents: ["incidents"],
  activity: ["activity"],
  "incidents,activity": ["incidents", "activity"],
  "activity,incidents": ["activity", "incidents"],
};

/** Null when help was asked for. @throws UsageError */
export function setupFlags(args: readonly string[]): SetupFlags | null {
  const { values, positionals } = parsed(args);
  if (values.help) return null;
  const [word, ...rest] = positionals;
  const platform = PLATFORMS.find((one) => one === word);
  if (platform === undefined || rest.length > 0) {
    const odd = positionals.length === 0 ? "" : `; not "${positionals.join(" ")}"`;
    throw new UsageError(`say which: npm run claudbot -- setup telegram, or … setup slack${odd}`);
  }
  const hears =
    values.hears === undefined
      ? null
      : (HEARS[values.hears.replace(/\s/g, "")] ??
        bad("hears", values.hears, "all, none, incidents or activity"));
  const takeOver = values["take-over"] ?? false;
  if (values.room) {
    const odd = ["person", "role", "replace"].find((flag) => flag in values);
    if (odd) throw new UsageError(`--${odd} is about a person and does not go with --room`);
    const name = shaped(
      "name",
      values.name,
      ROOM_NAME,
      "lower-case letters, digits, - and _, e.g. ops",
    );
    return { platform, takeOver, what: { kind: "room", name, hears } };
  }
  const name = shaped("name", values.name, PERSON_NAME, "up to 32 letters and digits, e.g. Ana");
  const { replace = false } = values;
  const id = values.person === undefined ? null : idOf(values.person);
  return {
    platform,
    takeOver,
    what: { kind: "person", id, name, role: roleOf(values.role), hears, replace },
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, strict: true, allowPositionals: true });
  } catch (error) {
    const what = error instanceof Error ? error.message.split(/[.\n]/, 1)[0] : String(error);
    throw new UsageError(`${what}; flags are --${Object.keys(FLAGS).join(", --")}`);
  }
}

function bad(flag: string, text: string, allowed: string): never {
  throw new UsageError(`--${flag} cannot be ${JSON.stringify(text)}; give ${allowed}`);
}

function shaped(flag: string, text: string | undefined, shape: RegExp, allowed: string) {
  if (text === undefined) return null;
  return shape.test(text) ? text : bad(flag, text, allowed);
}

function roleOf(text: string | undefined): Role | null {
  if (text === undefined) return null;
  return ROLES.find((role) => role === text) ?? bad("role", text, ROLES.join(", "));
}

function idOf(text: string): PersonId {
  // The console's own person stands in no file.
  if (text === "console" || !ROOM_NAME.test(text)) {
    return bad("person", text, "lower-case letters, digits, - and _, e.g. ana");
  }
  return personId(text);
}

/** A person's id and name from the name of the account this runs under. */
export function loginPerson(login: string): { readonly id: PersonId; readonly name: string } {
  const name = login
    .replace(/[^\p{L}\p{N} ._-]/gu, "")
    .slice(0, 32)
    .trim();
  const id = login
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "")
    .slice(0, 32);
  const usual = id === "" || id === "console" ? "owner" : id;
  return { id: personId(usual), name: PERSON_NAME.test(name) ? name : usual };
}
