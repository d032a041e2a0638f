/** What a key may do, asked with the key itself, and the change to a new key while calls go on. */
// A new key is proved before it is used; a key that fails leaves everything as it was.
import { fail, ok, type Result } from "../../core/kernel/result.ts";
import type { VenueFault } from "../../ports/venue.ts";
import type { Http } from "./call.ts";
import type { Fault } from "./fault.ts";
import type { SigningKey } from "./keys.ts";
import { keyPermissions, type Permissions } from "./rest/key-permissions.ts";
import type { RotatingSigner, Signer } from "./sign.ts";
import { venueFault } from "./venue-fault.ts";

/** Null when a key with these permissions may be used, else why not. */
export type Admit = (permissions: Permissions) => string | null;

export interface KeyInUse {
  /** What the key may do. */
  permissions(): Promise<Result<Permissions, VenueFault>>;
  /**
   * Proves another key by asking what it may do, and signs with it from then on when `admit` finds nothing against it.
   * Failing leaves the key that was. Requests signed before go out as they are; one that is refused for it is signed anew,
   * as after any 401. Sockets stay open; their next subscription is signed by the new key.
   */
  rotate(key: SigningKey, admit: Admit): Promise<Result<Permissions, VenueFault>>;
}

/** `signer` null: there is no key, or its tokens are not made here. */
export function keyInUse(
  first: SigningKey | null,
  signer: RotatingSigner | null,
  {
    road,
    roadOf,
  }: {
    readonly road: Http;
    /** A road of its own, so that no other call is signed by a key that is not proved. */
    readonly roadOf: (signer: Signer) => Http;
  },
): KeyInUse {
  let key = first;
  let rotating = false;
  const prove = async (next: SigningKey, signer: RotatingSigner, admit: Admit) => {
    const trial = roadOf(signer.trial(next));
    const permissions = await permissionsOf(trial, next);
    trial.close();
    if (!permissions.ok) return permissions;
    const refused = admit(permissions.value);
    if (refused !== null) return fail<VenueFault>({ kind: "refused", detail: refused });
    // Nothing is awaited from here to the end: no call sees half a change.
    signer.rotate(next);
    key = next;
    return ok(permissions.value);
  };
  return {
    permissions: () => permissionsOf(road, key),
    rotate: async (next, admit) => {
      if (signer === null) return fail({ kind: "refused", detail: "there is no key to change" });
      if (rotating) return fail({ kind: "unavailable", detail: "another change is under way" });
      rotating = true;
      try {
        return await prove(next, signer, admit);
      } finally {
        rotating = false;
      }
    },
  };
}

/** With what is usually the cause, where the venue refuses the key. */
async function permissionsOf(
  road: Http,
  key: SigningKey | null,
): Promise<Result<Permissions, VenueFault>> {
  const permissions = await keyPermissions(road);
  if (permissions.ok) return permissions;
  const { kind, detail } = venueFault(permissions.error);
  const advice = adviceOn(permissions.error, key);
  return fail({ kind, detail: advice === null ? detail : `${detail} (${advice})` });
}

function adviceOn(fault: Fault, key: SigningKey | null): string | null {
  if (fault.kind !== "status") return null;
  if (fault.status === 403) {
    return "the key is known but may not do this: check its permissions and that this machine's address is on its allowlist";
  }
  if (fault.status !== 401) return null;
  const all =
    "check that the key still exists, that this machine's address is on its allowlist, and the clock";
  return key?.algorithm === "EdDSA"
    ? `${all}; if they are right, create an ECDSA key in the CDP portal`
    : all;
}
