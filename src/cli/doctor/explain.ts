/** From what a call came to, to what is probably the cause and what to do: the triage of 401, 403, 407, 429, pages and silence. */
// coinbase.md §8, §10. Pure: it is told what is known of key and clock.
import { type Fault, faultText, HELD_BACK } from "../../adapters/coinbase/fault.ts";
import { type Finding, fails, unknown } from "./finding.ts";

export interface Circumstances {
  /** Host of the REST address. */
  readonly host: string;
  /** Null when the call went out without a key. */
  readonly algorithm: "ES256" | "EdDSA" | null;
  /** How far the venue's clock is ahead, when that was measured. */
  readonly aheadMs: number | null;
  /** Names of proxy variables that are set. */
  readonly proxies: readonly string[];
}

export function explain(fault: Fault, about: Circumstances): Finding {
  switch (fault.kind) {
    case "not-sent":
      if (fault.detail === HELD_BACK) {
        return unknown(
          `not asked: ${about.host} throttles us or told that its allowance is used up, and we hold back`,
          "Stop other programs that use this key or address, wait a minute, look again",
        );
      }
      return unknown(`no answer from ${about.host}: ${fault.detail}`, proxyAdvice(about));
    case "ambiguous":
      return unknown(`no answer from ${about.host}: ${fault.detail}`, proxyAdvice(about));
    case "shape":
      return /not JSON/.test(fault.detail)
        ? page(200, fault.detail, about)
        : fails(
            `${about.host} answers in another shape than documented: ${fault.detail}`,
            "Look for a newer claudbot; if there is none, write the bundle (--bundle) and report it",
          );
    case "status":
      return ofStatus(fault, about);
  }
}

function ofStatus(
  fault: Extract<Fault, { readonly kind: "status" }>,
  about: Circumstances,
): Finding {
  const { status, body } = fault;
  if (status === 407) {
    return fails(
      `a proxy before ${about.host} wants a login (407)`,
      "Let this machine reach the venue directly: claudbot uses no proxy",
    );
  }
  if (status === 429) {
    return unknown(
      `${about.host} throttles us (429)`,
      "Stop other programs that use this key or address, wait a minute, look again",
    );
  }
  if (status === 401) return unauthorized(fault, about);
  if (status === 403) return forbidden(fault, about);
  if (status >= 500) {
    return unknown(
      `${about.host} has trouble of its own: ${faultText(fault)}`,
      "Wait, look again, see https://status.coinbase.com",
    );
  }
  if (body === "page") return page(status, fault.detail, about);
  return fails(
    `${about.host} refuses the call: ${faultText(fault)}`,
    status === 404
      ? "Check COINBASE_API_BASE: the API lies at https://api.coinbase.com"
      : "Read what the venue says in it",
  );
}

function page(status: number, detail: string, about: Circumstances): Finding {
  return fails(
    `${about.host} answers with a web page instead of JSON (${status}): ${detail.slice(0, 80)}`,
    `Wrong host or path, or a proxy in between. Unset COINBASE_API_BASE for https://api.coinbase.com.${proxyNote(about)}`,
  );
}

/** By elimination: what is known to be right is said, so that what is left is the cause. */
function unauthorized(
  fault: Extract<Fault, { readonly kind: "status" }>,
  about: Circumstances,
): Finding {
  if (about.algorithm === null) {
    return fails(
      `${about.host} wants a token where the API needs none (401)`,
      `Something stands between: a gateway or a proxy. Check COINBASE_API_BASE.${proxyNote(about)}`,
    );
  }
  if (fault.body === "page") {
    return fails(
      "a page refuses us with 401, not the API",
      `A proxy or gateway in between wants its own login. Check COINBASE_API_BASE.${proxyNote(about)}`,
    );
  }
  // Once it is measured, tokens are dated by the venue's clock, however far off ours is.
  const isDated = about.aheadMs !== null;
  const right = [
    `the private key reads and proves itself (${about.algorithm})`,
    ...(isDated ? ["the token is dated by the venue's own clock"] : []),
    `the token names ${about.host}`,
  ];
  const ecdsa =
    about.algorithm === "EdDSA" ? "; if all that is right, create an ECDSA key instead" : "";
  return fails(
    `the token is refused (401), a new one too, though ${right.join(", ")}`,
    `${isDated ? "" : "Is this machine's clock right (it was not measured)? "}In the CDP portal: does the key still exist, does this name belong to this private key (download the key file again), is this machine's address on its IP allowlist${ecdsa}`,
  );
}

function forbidden(
  fault: Extract<Fault, { readonly kind: "status" }>,
  about: Circumstances,
): Finding {
  if (fault.body === "json") {
    return fails(
      `the key lacks a right (403): ${fault.detail || fault.code}`,
      "In the CDP portal give the key View and Trade, never Transfer, on the portfolio the desk trades",
    );
  }
  return fails(
    `${about.host} does not let this machine in (403)`,
    `Not the API speaks but what stands before it: the IP allowlist of the key, the country, or a proxy.${proxyNote(about)}`,
  );
}

export const proxyAdvice = (about: Pick<Circumstances, "proxies">): string =>
  `Check the network, firewall and COINBASE_API_BASE.${proxyNote(about)}`;

const proxyNote = ({ proxies }: Pick<Circumstances, "proxies">): string =>
  proxies.length === 0
    ? ""
    : ` ${proxies.join(" and ")} is set: claudbot connects directly and does not use it`;
