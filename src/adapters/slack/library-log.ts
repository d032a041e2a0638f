/** Where the libraries complain. Their words may hold payloads and addresses: only names and codes of errors are kept. */
import { type Logger, LogLevel } from "@slack/web-api";
import type { Log } from "../../ports/log.ts";
import { fieldsOf, textOf } from "./fields.ts";

/** No token, address or sentence looks like this. */
const CODE = /^(?:[a-z]{1,20}(?:_[a-z]{1,20}){1,6}|[A-Z_]{1,40})$/;

/** What is neither an error nor a code is not kept: failed calls are told of by whoever made them. */
export function libraryLog(log: Log): Logger {
  const complain = (...said: readonly unknown[]): void => {
    const error = said.find((one) => one instanceof Error);
    const code = [fieldsOf(error)["code"], ...said].find(
      (one) => typeof one === "string" && CODE.test(one),
    );
    if (error === undefined && code === undefined) return;
    log.warn("the Slack library complained", { name: error?.name ?? null, code: textOf(code) });
  };
  const ignore = (): void => undefined;
  return {
    debug: ignore,
    info: ignore,
    warn: complain,
    error: complain,
    setLevel: ignore,
    getLevel: () => LogLevel.WARN,
    setName: ignore,
  };
}
