/** The verb `jwt`: prints a token for one call and nothing else, for use in a shell. It is good for two minutes. */
import { UsageError } from "./flags.ts";
import { flagsOf, looking, needsKey, SHELL, told, VenueError } from "./look.ts";

const FLAGS = { profile: { type: "string" } } as const;
const USAGE = "write npm run -s claudbot -- jwt GET /api/v3/brokerage/products, or … jwt ws";

export const jwt = (args: readonly string[], shell = SHELL): Promise<number> =>
  told("jwt", shell, async () => {
    const { values, positionals } = flagsOf(args, FLAGS);
    const [method = "", path = "", ...rest] = positionals;
    const forStream = method === "ws" && path === "" && rest.length === 0;
    if (!forStream && !(/^[A-Za-z]+$/.test(method) && /^\/[^\s?#]*$/.test(path) && !rest[0])) {
      throw new UsageError(`${USAGE}; the path without its query`);
    }
    return looking(shell, values.profile, async (look) => {
      if (look.at.own) {
        throw new VenueError(
          "the demo's own exchange ends with this command: a token for it is of no use. Set the addresses of a running exchange, or use --profile paper with a key",
        );
      }
      needsKey(look);
      const { signer, base } = look.calls;
      const token = forStream
        ? await signer?.stream()
        : await signer?.rest(method.toUpperCase(), `${base.host}${path}`);
      look.say(`${token ?? ""}\n`);
      return 0;
    });
  });
