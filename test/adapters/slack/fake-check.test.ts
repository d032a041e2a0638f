/** What the fake of Slack refuses for its form: the schemas of Slack's own types, and the rules they do not tell. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { originOf, recorded } from "../../kit/schemas-origin.ts";
import { type SlackFake, slackFake } from "../../kit/slack-fake.ts";
import { actions, button, plain, section, type Told } from "../../kit/slack-fake-plain.ts";

let slack: SlackFake;
beforeEach(async () => {
  slack = await slackFake();
  slack.addUser("U0ANA");
  slack.addChannel("C0DESK");
});
afterEach(() => slack[Symbol.asyncDispose]());
const { ask, error } = plain(() => slack);

describe("what no correct app sends is refused and kept", () => {
  const bad: readonly (readonly [string, string, Told])[] = [
    [
      "mrkdwn in a button",
      "invalid_blocks",
      { blocks: [actions(button("x", { text: { type: "mrkdwn", text: "x" } }))] },
    ],
    [
      "a style there is not",
      "invalid_blocks",
      { blocks: [actions(button("x", { style: "warning" }))] },
    ],
    ["a field there is not", "invalid_blocks", { blocks: [section("x", { colour: "red" })] }],
    ["a block there is not", "invalid_blocks", { blocks: [{ type: "banner" }] }],
    ["3,001 characters in a section", "invalid_blocks", { blocks: [section("x".repeat(3001))] }],
    ["76 characters on a button", "invalid_blocks", { blocks: [actions(button("x".repeat(76)))] }],
    [
      "a value of 2,001 characters",
      "invalid_blocks",
      { blocks: [actions(button("x", { value: "x".repeat(2001) }))] },
    ],
    [
      "26 buttons in a row",
      "invalid_blocks",
      { blocks: [actions(...Array.from({ length: 26 }, (_, at) => button(`b${at}`)))] },
    ],
    ["51 blocks", "invalid_blocks", { blocks: Array.from({ length: 51 }, () => section("x")) }],
    [
      "a header of 151 characters",
      "invalid_blocks",
      { blocks: [{ type: "header", text: { type: "plain_text", text: "x".repeat(151) } }] },
    ],
    [
      "11 elements of context",
      "invalid_blocks",
      {
        blocks: [
          {
            type: "context",
            elements: Array.from({ length: 11 }, () => ({ type: "mrkdwn", text: "x" })),
          },
        ],
      },
    ],
    ["an empty text", "invalid_blocks", { blocks: [section("")] }],
    ["a section of nothing", "invalid_blocks", { blocks: [{ type: "section" }] }],
    ["a row of no buttons", "invalid_blocks", { blocks: [actions()] }],
    [
      "the same action twice in a row",
      "invalid_blocks",
      { blocks: [actions(button("x"), button("x"))] },
    ],
    [
      "the same block id twice",
      "invalid_blocks",
      { blocks: [section("x", { block_id: "b" }), section("y", { block_id: "b" })] },
    ],
    ["blocks that are no list", "invalid_blocks_format", { blocks: { type: "section" } }],
    ["metadata without a payload", "invalid_metadata_format", { metadata: { event_type: "x" } }],
    ["an argument there is not", "invalid_arguments", { silent: true }],
    ["an argument of another type", "invalid_arguments", { thread_ts: 12 }],
    ["attachments of another form", "invalid_attachments", { attachments: [{ shade: "red" }] }],
  ];
  test.each(bad)("%s: %s", async (_, name, given) => {
    const answer = await ask("chat.postMessage", { channel: "C0DESK", text: "t", ...given });
    expect(answer["error"]).toBe(name);
    expect(slack.violations).toEqual([expect.stringContaining(`chat.postMessage: ${name}: `)]);
    expect(slack.visible("C0DESK")).toEqual([]);
  });

  test("a method there is not", async () => {
    expect(await error("chat.postMessages", {})).toBe("unknown_method");
    expect(slack.violations).toEqual(["chat.postMessages: unknown_method"]);
  });

  test("a modal with a title of 25 characters, or with an input and no way to send it", async () => {
    slack.push("interactive", { trigger_id: "1.2.x", user: { id: "U0ANA" } });
    const title = (words: string) => ({ type: "plain_text", text: words });
    const element = { type: "plain_text_input", action_id: "a" };
    const blocks = [{ type: "input", label: title("Code"), element }];
    const modal = (more: Told) => ({
      trigger_id: "1.2.x",
      view: { type: "modal", blocks, ...more },
    });
    const submit = title("Send");
    expect(await error("views.open", modal({ title: title("x".repeat(25)), submit }))).toBe(
      "invalid_arguments",
    );
    expect(await error("views.open", modal({ title: title("x") }))).toBe("invalid_arguments");
    expect(slack.violations).toHaveLength(2);
    expect(await error("views.open", modal({ title: title("x"), submit }))).toBeUndefined();
  });
});

test("the schemas on disk were made from the installed types of Slack (npm run schemas)", () => {
  expect(recorded()["slack"]).toBe(originOf("slack"));
});
