/** What a key says of itself before the venue is asked: its encoding, the kind of its name, its age. */
// It never repeats a private key, and of a name only the end.
import { keyTag, type SigningKey } from "../../adapters/coinbase/keys.ts";
import { ageNote, keyAge } from "../key-policy.ts";
import { type Finding, fails, NO_VENUE, pass, unknown } from "./finding.ts";
import type { Ward } from "./ward.ts";

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const CDP_NAME = new RegExp(`^organizations/${UUID}/apiKeys/${UUID}$`, "i");
const BARE_ID = new RegExp(`^${UUID}$`, "i");
export const isKeySetting = (where: string): boolean =>
  /^(COINBASE_API_(KEY|SECRET|PRIVATE)|COINBASE_KEY_|ADV_API_KEY)/.test(where);

/** How the private key is written down; it has been read before, so it is one of these. */
export function encodingOf(secret: string): string {
  const label = /-----BEGIN ([A-Z ]+)-----/.exec(secret)?.[1];
  if (label === "EC PRIVATE KEY") return "SEC1 PEM";
  if (label !== undefined) return "PKCS8 PEM";
  if (secret.trim().startsWith("{")) return "a key file";
  const bytes = Buffer.from(secret.replace(/\s+/g, ""), "base64").length;
  return bytes === 64 ? "base64 of seed and public half" : "base64 of the seed";
}

/** Null when the name is one of a CDP key of this kind. */
export function nameTrouble({ name, algorithm }: SigningKey): Finding | null {
  if (CDP_NAME.test(name)) return null;
  const fix =
    "In the CDP portal download the key file and copy its name whole: organizations/…/apiKeys/…";
  if (BARE_ID.test(name)) {
    return algorithm === "EdDSA"
      ? null
      : fails("the name is only an id: an ECDSA key's name begins with organizations/", fix);
  }
  if (/^[0-9a-f]{32}$/i.test(name) || /^[A-Za-z0-9]{16}$/.test(name)) {
    return fails(
      "the name is that of a legacy key (HMAC), which this API no longer takes",
      "Create a CDP key (ECDSA) in the CDP portal",
    );
  }
  return fails(`${keyTag(name)} is not the name of a CDP key`, fix);
}

export function lookAtKeyAge({ venue, loaded, clock }: Ward): Finding {
  if (venue === null) return NO_VENUE;
  if (venue.at.own) return pass("made for this look");
  const created = loaded?.secrets.venueKey?.created ?? null;
  if (created === null) {
    return unknown(
      "nobody said when the key was made",
      "Set COINBASE_KEY_CREATED=YYYY-MM-DD, the day the portal shows",
    );
  }
  const age = keyAge(created, clock.now());
  const note = ageNote(age);
  if (age.days < 0) return fails("the key's day lies ahead", "Correct COINBASE_KEY_CREATED");
  if (note === null) return pass(`the key is ${age.days} days old`);
  return fails(note, "Create a key in the CDP portal, swap it in, delete this one there");
}
