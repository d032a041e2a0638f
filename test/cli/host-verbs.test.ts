import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, onTestFinished, test } from "vitest";
import { restore, trust } from "../../src/cli/host-verbs.ts";
import { readEnv } from "../../src/config/env.ts";
import { personId } from "../../src/core/kernel/ids.ts";
import { closeRigs, rig, TOKEN } from "../adapters/http/admin-rig.ts";

afterEach(closeRigs);

/** A shell whose desk listens on this port. */
async function shell(port: number, over: Readonly<Record<string, string>> = {}) {
  const dir = await mkdtemp(join(tmpdir(), "claudbot-host-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const said = { out: "", err: "" };
  const variables = { DATA_DIR: dir, PORT: String(port), ADMIN_TOKEN: TOKEN, ...over };
  return {
    said,
    shell: {
      env: () => readEnv({ variables, files: [], cwd: dir }),
      out(text: string) {
        said.out += text;
      },
      err(text: string) {
        said.err += text;
      },
    },
  };
}

test("restore and trust ask the desk that runs, and say what it said", async () => {
  const on = await rig();
  const { said, shell: here } = await shell(on.server.port);
  on.says((by) => [{ kind: "person.restored", person: personId("bo"), name: "Bo", by }]);
  expect(await restore(["bo"], here)).toBe(0);
  on.says((by) => [{ kind: "platform.trusted", platform: "slack", by }]);
  expect(await trust(["slack"], here)).toBe(0);
  expect(said.out.trim().split("\n")).toEqual([
    "Bo may do again what their role lets them.",
    "What raises risk is taken from slack again.",
  ]);
  expect(on.asked.map(({ request, by }) => [request.verb, by.host])).toEqual([
    ["restore", true],
    ["trust", true],
  ]);
});

test("while the journal does not answer, what was said is told with what it means, and is neither a yes nor an error", async () => {
  const on = await rig();
  on.says((by) => [{ kind: "person.restored", person: personId("bo"), name: "Bo", by }], null);
  const { said, shell: here } = await shell(on.server.port);
  expect(await restore(["bo"], here)).toBe(2);
  expect(said.out).toMatch(
    /^Perhaps: Bo may do again what their role lets them\.\nThe journal does not answer: ask again .*\n$/,
  );
  expect(said.err).toBe("");
});

test("a person whom nobody knows ends with 1 and the words of the desk", async () => {
  const on = await rig();
  const why = "Nobody is called nobody: it is one of ana, bo.";
  on.says((by) => [{ kind: "request.answered", verb: "restore", by, refused: true, why }]);
  const { said, shell: here } = await shell(on.server.port);
  expect(await restore(["nobody"], here)).toBe(1);
  expect(said.err).toContain(why);
});

test("what the desk refuses, a desk that is not there and a slip of the finger are each said with the fix", async () => {
  const on = await rig();
  const wrong = await shell(on.server.port, { ADMIN_TOKEN: `${TOKEN}x` });
  expect(await restore(["bo"], wrong.shell)).toBe(1);
  expect(wrong.said.err).toMatch(/401.*Authorization/);
  const none = await shell(1);
  expect(await trust(["slack"], none.shell)).toBe(1);
  expect(none.said.err).toMatch(/no desk listens on port 1 /);
  const slip = await shell(on.server.port);
  expect(await trust(["whatsapp"], slip.shell)).toBe(64);
  expect(await restore([], slip.shell)).toBe(64);
  expect(on.asked).toEqual([]);
  expect(JSON.stringify([wrong.said, none.said, slip.said])).not.toContain(TOKEN);
});
