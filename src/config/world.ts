/** The settings of the world around the desk: the venue's addresses, where we listen, the zone people live in. */
// A demo talks to this machine only, and nothing but this machine is spoken to without TLS.
import type { Config, VenueAddress } from "./config.ts";
import { footingOf, type Profile } from "./profiles.ts";
import type { Reader } from "./reader.ts";

const ADDRESSES = [
  { key: "COINBASE_API_BASE", usual: "https://api.coinbase.com", plain: "http:", safe: "https:" },
  {
    key: "COINBASE_WS_URL",
    usual: "wss://advanced-trade-ws.coinbase.com",
    plain: "ws:",
    safe: "wss:",
  },
  {
    key: "COINBASE_WS_USER_URL",
    usual: "wss://advanced-trade-ws-user.coinbase.com",
    plain: "ws:",
    safe: "wss:",
  },
] as const;

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]", "::1"]);

export const isLoopback = (host: string): boolean => LOOPBACK.has(host);

/** In the demo an exchange of our own, unless all three addresses are given. */
export function readVenue(read: Reader, profile: Profile): VenueAddress {
  const set = ADDRESSES.filter(({ key }) => read.isSet(key));
  if (profile === "demo" && set.length === 0) return { kind: "loopback" };
  for (const { key } of profile === "demo" ? ADDRESSES : []) {
    if (!read.isSet(key)) {
      read.problems.push({
        where: key,
        what: `missing beside ${set[0]?.key}`,
        fix: "Set all three addresses of the exchange, or none and the demo starts its own",
      });
    }
  }
  const [rest, market, user] = ADDRESSES.map((each) => {
    const text = read.text(each.key, each.usual);
    const url = URL.canParse(text) ? new URL(text) : null;
    const near = url !== null && isLoopback(url.hostname);
    const bare =
      url !== null &&
      url.pathname === "/" &&
      url.search + url.hash + url.username + url.password === "";
    const spoken = url?.protocol === each.safe || (near && url?.protocol === each.plain);
    if (!bare || !spoken) {
      read.refuse(each.key, `an address such as ${each.usual}, without TLS only on 127.0.0.1`);
    } else if (profile === "demo" && read.isSet(each.key) && !near) {
      read.problems.push({
        where: each.key,
        what: `${text} is not this machine, and the demo trades with nobody else`,
        fix: "Unset it, or use --profile paper for real prices",
      });
    } else if (["live", "shadow"].includes(footingOf(profile)) && /sandbox/i.test(url.hostname)) {
      read.problems.push({
        where: each.key,
        what: `${text} is a sandbox, whose answers are made up`,
        fix: "Unset it for the real venue, or use --profile paper",
      });
    }
    return text.replace(/\/$/, "");
  });
  return { kind: "coinbase", rest: rest ?? "", market: market ?? "", user: user ?? "" };
}

export function readBindHost(
  read: Reader,
  key: "BIND_HOST" | "HOOK_HOST",
): { readonly address: string; readonly open: boolean } {
  const shape = /^(\[?[0-9a-fA-F:]*:[0-9a-fA-F:.]*\]?|[A-Za-z0-9]([A-Za-z0-9.-]{0,252}))$/;
  const text = read.matching(key, "127.0.0.1", shape, "an address of this machine");
  const address = text.replace(/^\[|\]$/g, "");
  return { address, open: !isLoopback(address) };
}

export function readTimeZone(read: Reader): Config["timeZone"] {
  const usual = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zone = read.text("TIME_ZONE", usual);
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    read.refuse("TIME_ZONE", "an IANA zone such as America/New_York or UTC");
    return usual;
  }
}
