import { expect, test } from "vitest";
import { failureOf } from "../../../src/adapters/slack/failure.ts";
import { openHealth } from "../../../src/adapters/slack/health.ts";
import { libraryLog } from "../../../src/adapters/slack/library-log.ts";
import { told } from "./rig.ts";

const said = (error: unknown, response_metadata: object = {}) => ({
  data: { ok: false, error, response_metadata },
});

test.each([
  ["ratelimited", "later"],
  ["invalid_auth", "locked-out"],
  ["token_revoked", "locked-out"],
  ["account_inactive", "locked-out"],
  ["not_authed", "locked-out"],
  ["missing_scope", "locked-out"],
  ["link_disabled", "locked-out"],
  ["channel_not_found", "no-room"],
  ["not_in_channel", "no-room"],
  ["is_archived", "no-room"],
  ["user_not_found", "no-room"],
  ["invalid_blocks", "markup"],
  ["msg_blocks_too_long", "markup"],
  ["msg_too_long", "markup"],
  ["thread_not_found", "no-thread"],
  ["message_not_found", "no-message"],
  ["internal_error", "unclear"],
  ["fatal_error", "unclear"],
  ["service_unavailable", "unclear"],
  ["duplicate_message_not_found", "unclear"],
  ["no_text", "denied"],
  ["a_code_of_tomorrow", "denied"],
  ["constructor", "denied"],
])("Slack's %s is %s", (error, kind) => {
  expect(failureOf(said(error))).toMatchObject({ kind, why: error });
});

test("what is no code of Slack's is no answer of Slack's, and nothing of it is kept", () => {
  const unclear = { kind: "unclear", why: "an answer that is not Slack's" };
  expect(failureOf(said("<html>502 xoxb-1-secret</html>"))).toEqual(unclear);
  expect(failureOf(said("x".repeat(80)))).toEqual(unclear);
  expect(failureOf(said(undefined))).toEqual(unclear);
  expect(failureOf(said({}))).toEqual(unclear);
});

test("how long to wait is what Slack says, and half a minute when it does not", () => {
  expect(failureOf({ retryAfter: 7 })).toMatchObject({ kind: "later", afterMs: 7_000 });
  expect(failureOf(said("ratelimited", { retryAfter: 3 }))).toMatchObject({ afterMs: 3_000 });
  expect(failureOf(said("ratelimited"))).toMatchObject({ afterMs: 30_000 });
  expect(failureOf({ statusCode: 429 })).toMatchObject({ kind: "later", afterMs: 30_000 });
});

test("a server that fails may have done it; a door that refuses the request has not", () => {
  expect(failureOf({ statusCode: 500 })).toEqual({ kind: "unclear", why: "http 500" });
  expect(failureOf({ statusCode: 408 })).toMatchObject({ kind: "unclear" });
  expect(failureOf({ statusCode: 302 })).toMatchObject({ kind: "unclear" });
  expect(failureOf({ statusCode: 403 })).toMatchObject({ kind: "later", why: "http 403" });
});

test("whether a request left is known only where the connection says so, however deep it is wrapped", () => {
  const wrapped = (inner: object) => Object.assign(new Error("x"), { original: inner });
  const sent = (failed: string) => Object.assign(new Error("/bot/secret"), { failed });
  expect(failureOf(wrapped(wrapped(sent("not-sent"))))).toMatchObject({ kind: "unreached" });
  expect(failureOf(wrapped(sent("ambiguous")))).toEqual({ kind: "unclear", why: "no answer" });
  expect(failureOf(new Error("x", { cause: sent("not-sent") }))).toMatchObject({
    kind: "unreached",
  });
  expect(failureOf(wrapped(new Error("x", { cause: { code: "ECONNREFUSED" } })))).toEqual({
    kind: "unreached",
    why: "ECONNREFUSED",
  });
  expect(failureOf(wrapped({ code: "ECONNRESET" }))).toMatchObject({ kind: "unclear" });
  expect(failureOf(new DOMException("late", "TimeoutError"))).toMatchObject({ kind: "unclear" });
  expect(failureOf(null)).toMatchObject({ kind: "unclear" });
  expect(failureOf("text")).toMatchObject({ kind: "unclear" });
});

test("Slack is alive for us only when we can both speak and hear; a refusal of one message is a sign of life", () => {
  const { health, pulse } = told();
  let doubts = 0;
  const both = openHealth(pulse, () => {
    doubts += 1;
  });
  both.well("mouth");
  both.bad("ears", "link_disabled", true);
  both.failed({ kind: "no-room", why: "channel_not_found" });
  expect(health).toEqual(["alive", "lasting: link_disabled"]);
  both.well("ears");
  both.failed({ kind: "locked-out", why: "token_revoked" });
  both.failed({ kind: "locked-out", why: "token_revoked" });
  both.well("ears");
  expect(health).toEqual(["alive", "lasting: link_disabled", "alive", "lasting: token_revoked"]);
  expect(doubts).toBe(1);
  both.failed({ kind: "later", why: "ratelimited", afterMs: 1 });
  expect(health.at(-1)).toBe("alive");
  const before = health.length;
  for (const why of ["missing_scope", "not_allowed_token_type", "access_denied"]) {
    both.failed({ kind: "locked-out", why });
    both.well("mouth");
  }
  expect(health).toHaveLength(before);
});

test("of what the libraries complain about only names and codes are kept", () => {
  const { log, logged } = told();
  const library = libraryLog(log);
  library.warn("http request failed", "connect to https://x/?token=xoxb-1");
  library.warn("xoxb-700000000001-canary", "T0CLAUD", "https://x");
  library.info("xoxb-1");
  library.debug("http request body: {}");
  library.error(Object.assign(new TypeError("xoxb-1"), { code: "slack_webapi_http_error" }));
  library.error(Object.assign(new Error("xoxb-1"), { code: "xoxb-1 in a sentence" }));
  library.warn("missing_charset");
  const said = "the Slack library complained ";
  expect(logged).toEqual([
    `${said}{"name":"TypeError","code":"slack_webapi_http_error"}`,
    `${said}{"name":"Error","code":null}`,
    `${said}{"name":null,"code":"missing_charset"}`,
  ]);
});
