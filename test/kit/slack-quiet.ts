/** A logger for Slack's own libraries that says nothing. */
import { type Logger, LogLevel } from "@slack/bolt";

const silent = (): void => undefined;

export const QUIET_SLACK: Logger = {
  ...{ debug: silent, info: silent, warn: silent, error: silent, setLevel: silent },
  ...{ setName: silent, getLevel: () => LogLevel.ERROR },
};
