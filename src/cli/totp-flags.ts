/** The words and flags of `totp`. No seed and no code is ever one of them: arguments can be read by others. */
import { parseArgs } from "node:util";
import { type PersonId, personId } from "../core/kernel/ids.ts";
import { UsageError } from "./flags.ts";

export const TOTP_HELP = `npm run claudbot -- totp enroll --person ana
  Shows a QR code for an authenticator app, asks for its first code, prints ten recovery codes once.
npm run claudbot -- totp status
  Who has an authenticator, since when, and how many recovery codes are left.
npm run claudbot -- totp recovery --person ana
  Ten new recovery codes; the old ones are void.
npm run claudbot -- totp remove --person ana
  Takes the authenticator and the recovery codes away.
  --person ana           the person's id in people.yaml
A running desk takes the change up by itself.
`;

const ABOUT_A_PERSON = ["enroll", "recovery", "remove"] as const;

export type TotpFlags =
  | { readonly what: "status" }
  | { readonly what: (typeof ABOUT_A_PERSON)[number]; readonly person: PersonId };

/** Null when help was asked for. @throws UsageError */
export function totpFlags(args: readonly string[]): TotpFlags | null {
  const { values, positionals } = parsed(args);
  if (values.help) return null;
  const [word, ...rest] = positionals;
  if (rest.length > 0) {
    throw new UsageError("totp takes one word and --person; a code is typed when it is asked for");
  }
  if (word === "status") {
    if (values.person === undefined) return { what: "status" };
    throw new UsageError("totp status shows everybody and takes no --person");
  }
  const what = ABOUT_A_PERSON.find((one) => one === word);
  if (what === undefined)
    throw new UsageError(`say which: npm run claudbot -- totp enroll, status, recovery or remove`);
  const { person } = values;
  if (person === undefined)
    throw new UsageError(`say whose: npm run claudbot -- totp ${what} --person ana`);
  if (!/^[a-z0-9][a-z0-9_-]{0,31}$/.test(person)) {
    throw new UsageError("--person is no id; give one of people.yaml, e.g. ana");
  }
  return { what, person: personId(person) };
}

function parsed(args: readonly string[]) {
  const options = { person: { type: "string" }, help: { type: "boolean" } } as const;
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
  } catch (error) {
    const what = error instanceof Error ? error.message.split(/[.\n]/, 1)[0] : String(error);
    throw new UsageError(`${what}; flags are --person, --help`);
  }
}
