/** Looks at the two sockets: the right endpoint, whether it lets us in, what it acknowledges, whether it lives and loses nothing. */
// coinbase.md §9.
import { explain, proxyAdvice } from "./explain.ts";
import { type Finding, fails, NO_VENUE, pass, unknown } from "./finding.ts";
import { type SocketVisit, visit } from "./visit.ts";
import { circumstances, type OpenVenue, type Ward } from "./ward.ts";

type Endpoint = SocketVisit["endpoint"];

/** Hosts of the live service: each belongs to one setting. */
const LIVE = {
  market: { host: "advanced-trade-ws.coinbase.com", setting: "COINBASE_WS_URL" },
  user: { host: "advanced-trade-ws-user.coinbase.com", setting: "COINBASE_WS_USER_URL" },
} as const;
export const isVenueSocket = (url: string): boolean =>
  [LIVE.market.host, LIVE.user.host].some((host) => host === new URL(url).hostname);
/** A token is now and then refused, and a socket closed, without cause: three times in a row is no chance. */
const VISITS = 3;
const BETWEEN_MS = 300;
/** Messages a second that one address may send without tokens. */
const PLAIN_MESSAGES = 8;

export const lookAtMarketSocket = (ward: Ward): Promise<Finding> => lookAtSocket(ward, "market");
export const lookAtUserSocket = (ward: Ward): Promise<Finding> => lookAtSocket(ward, "user");

async function lookAtSocket(ward: Ward, endpoint: Endpoint): Promise<Finding> {
  const { venue, loaded } = ward;
  if (venue === null || loaded === null) return NO_VENUE;
  const url = venue.at[endpoint];
  const other = endpoint === "market" ? LIVE.user : LIVE.market;
  if (new URL(url).hostname === other.host) {
    return fails(
      `${LIVE[endpoint].setting} names ${other.host}, which is the other endpoint`,
      `Unset it, or set it to wss://${LIVE[endpoint].host}`,
    );
  }
  const visited = await visits(ward, venue, { endpoint, url, products: loaded.config.products });
  const host = new URL(url).host;
  if (visited.error !== null) return refused(visited, ward, venue);
  if (visited.frames === 0) {
    return visited.ended === null
      ? fails(
          `${host} opened and said nothing within ${ward.patienceMs / 1000} s`,
          "Look again; if it stays so, write the bundle (--bundle) and ask venue support",
        )
      : fails(
          `${host} cannot be used: ${visited.ended}`,
          `${proxyAdvice(ward.env)} Sockets need their own host: wss://${LIVE[endpoint].host}`,
        );
  }
  if (visited.ended !== null) {
    return fails(
      `${host} closes what it opened: ${visited.ended}`,
      "Look again; a desk reconnects by itself. If it stays so, write the bundle (--bundle)",
    );
  }
  return pass(`${host} lets us in${visited.tokenAt === null ? ", without a token" : ""}`);
}

/** Again after an error or an end, up to three times; silence is waited out only once. */
async function visits(
  { clock, timers, patienceMs, seen }: Ward,
  { transport, signer }: OpenVenue,
  to: Pick<SocketVisit, "endpoint" | "url" | "products">,
): Promise<SocketVisit> {
  for (let nth = 1; ; nth += 1) {
    const made = await visit({ ...to, signer, patienceMs }, { transport, clock, timers });
    seen.visits.push(made);
    const broke = made.error !== null || made.ended !== null;
    if (!broke || nth === VISITS) return made;
    await new Promise<void>((resolve) => timers.after(BETWEEN_MS, resolve));
  }
}

function refused({ error, url }: SocketVisit, ward: Ward, venue: OpenVenue): Finding {
  const host = new URL(url).host;
  if (/rate limit/i.test(error ?? "")) {
    return fails(
      `${host} says: ${error}`,
      "Fewer programs on this address and key, or wait a minute: the venue takes 8 new sockets and 8 messages without token a second",
    );
  }
  if (/authentication/i.test(error ?? "")) {
    const why = explain(
      { kind: "status", status: 401, body: "text", code: "", detail: "" },
      circumstances(ward, venue),
    );
    return fails(
      `${host} says: ${error} (it says so of a bad token and of an unknown channel)`,
      why.fix ?? "",
    );
  }
  return fails(`${host} says: ${error}`, "Write the bundle (--bundle) and ask venue support");
}

const newest = ({ seen }: Ward, endpoint: Endpoint): SocketVisit | null =>
  seen.visits.filter((each) => each.endpoint === endpoint).at(-1) ?? null;

const NOT_VISITED = unknown("no socket was visited");

export function lookAtSubscriptions(ward: Ward): Finding {
  const visited = newest(ward, "market");
  if (visited === null) return NOT_VISITED;
  const missing = visited.channels.filter((channel) => !visited.acknowledged.has(channel));
  if (missing.length > 0) {
    return fails(
      `not acknowledged: ${missing.join(", ")}`,
      "Look again; if it stays so, write the bundle (--bundle) and ask venue support",
    );
  }
  const served = visited.acknowledged.get("ticker") ?? [];
  const alike = (id: string): string => id.replace(/-USDC$/, "-USD");
  const left = visited.products.filter((id) => !served.some((each) => alike(each) === alike(id)));
  if (left.length > 0) {
    return fails(
      `the venue streams no prices of ${left.join(", ")}`,
      "Correct PRODUCTS: an unknown product is left out without a word",
    );
  }
  return pass(
    `${visited.sent} messages for ${visited.products.length} products, all acknowledged; ${PLAIN_MESSAGES} a second are allowed without token`,
  );
}

export function lookAtHeartbeats(ward: Ward): Finding {
  const both = [newest(ward, "market"), newest(ward, "user")].filter((each) => each !== null);
  if (both.length === 0) return NOT_VISITED;
  const silent = both.filter(({ heartbeats }) => heartbeats === 0);
  if (silent.length > 0) {
    const which = silent.map(({ endpoint }) => endpoint).join(" and ");
    return fails(
      `no heartbeat from the ${which} socket within ${ward.patienceMs / 1000} s`,
      "A desk takes such a stream for dead and renews it. Look again; if it stays so, write the bundle (--bundle)",
    );
  }
  return pass(both.map(({ endpoint, heartbeats }) => `${endpoint} ${heartbeats}`).join(", "));
}

export function lookAtBooks(ward: Ward): Finding {
  const visited = newest(ward, "market");
  if (visited === null) return NOT_VISITED;
  const alike = (id: string): string => id.replace(/-USDC$/, "-USD");
  const missing = visited.products.filter((id) => !visited.books.includes(alike(id)));
  const without = missing.filter((id) => !visited.books.includes(id));
  return without.length === 0
    ? pass(`whole books of ${visited.books.join(", ")}`)
    : fails(`no book of ${without.join(", ")} came`, "Correct PRODUCTS, or look again");
}

export function lookAtSequence({ seen }: Ward): Finding {
  const frames = seen.visits.reduce((sum, { frames: count }) => sum + count, 0);
  const lost = seen.visits.reduce((sum, { lost: count }) => sum + count, 0);
  if (frames === 0) return NOT_VISITED;
  return lost === 0
    ? pass(`${frames} frames, none lost`)
    : fails(
        `${lost} of ${frames + lost} frames were lost`,
        "A desk drops its books and reconnects on a gap. If it happens each time: the network, or --bundle and venue support",
      );
}
