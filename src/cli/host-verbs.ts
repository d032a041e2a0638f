/** The verbs `restore` and `trust`: what is undone at the machine the desk runs on, and nowhere else. The desk has to run. */
import { type AdminSaid, askDesk } from "../adapters/http/admin-client.ts";
import { adminToken } from "../adapters/http/admin-token.ts";
import { loadConfig } from "../config/load.ts";
import { UsageError } from "./flags.ts";
import { flagsOf, SHELL, type Shell, told } from "./look.ts";
import { StartError } from "./start-error.ts";

const FLAGS = { profile: { type: "string" }, help: { type: "boolean" } } as const;

const VERBS = {
  restore: {
    field: "person",
    shape: /^[a-z0-9][a-z0-9_-]{0,31}$/,
    help: `npm run claudbot -- restore <person> [--profile NAME]
  gives a suspended person back what their role lets them; the id in people.yaml;
  ends with 2 when the desk did it and its journal does not answer: ask again later
`,
  },
  trust: {
    field: "platform",
    shape: /^(telegram|slack)$/,
    help: `npm run claudbot -- trust telegram|slack [--profile NAME]
  takes what raises risk from a platform again, after its token was renewed or the sign of theft explained;
  ends with 2 when the desk did it and its journal does not answer: ask again later
`,
  },
} as const;

type HostVerb = keyof typeof VERBS;

const verbOf =
  (verb: HostVerb) =>
  (args: readonly string[], shell: Shell = SHELL): Promise<number> =>
    told(verb, shell, () => run(verb, args, shell), "acts");

export const restore = verbOf("restore");
export const trust = verbOf("trust");

async function run(verb: HostVerb, args: readonly string[], shell: Shell): Promise<number> {
  const { values, positionals } = flagsOf(args, FLAGS);
  const { field, shape, help } = VERBS[verb];
  if (values.help) {
    shell.out(help);
    return 0;
  }
  const [named = "", ...rest] = positionals;
  if (!shape.test(named) || rest.length > 0) {
    throw new UsageError(`name one ${field}: npm run claudbot -- ${verb} --help`);
  }
  const { config, secrets } = loadConfig(shell.env(), { profile: values.profile ?? null });
  const own = secrets.adminToken === null ? await adminToken(config.dataDir) : null;
  if (own !== null && !own.ok) throw new StartError(own.error);
  const token = own?.value ?? secrets.adminToken?.reveal() ?? "";
  const { host: bound, port } = config.http;
  const host = bound === "0.0.0.0" || bound === "::" ? "127.0.0.1" : bound;
  const at = { host, port, token };
  const said = await askDesk(at, verb, { [field]: named });
  shell.out(`${saidBy(said, port)}\n`);
  return isPerhaps(said) ? PERHAPS : 0;
}

/** The desk did it, and cannot write it down: perhaps it is undone by a crash. */
const PERHAPS = 2;
const isPerhaps = (said: AdminSaid): boolean => said.kind === "said" && said.status === 202;

/** @throws StartError for all but a yes, a perhaps, or what is so already */
function saidBy(said: AdminSaid, port: number): string {
  if (said.kind === "nobody") {
    throw new StartError(
      `no desk listens on port ${port} of this machine: start it, or give the PORT it has; a suspension outlives a start`,
    );
  }
  if (said.kind === "failed") throw new StartError(`the desk did not answer: ${said.why}`);
  const { says, note, error } = said.body;
  if (said.status === 200 && typeof says === "string") return says;
  if (isPerhaps(said) && typeof says === "string") {
    return [`Perhaps: ${says}`, ...(typeof note === "string" ? [note] : [])].join("\n");
  }
  if (typeof says === "string") throw new StartError(says);
  const fault = typeof error === "object" && error !== null ? Object.values(error).join(": ") : "";
  throw new StartError(`the desk refused it (${said.status})${fault === "" ? "" : `: ${fault}`}`);
}
