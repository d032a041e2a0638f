/** What is left to a suspended person: to look, to stop, and to learn who they are. */

export const LEFT_TO_SUSPENDED: ReadonlySet<string> = new Set([
  "status",
  "pause",
  "kill",
  "whoami",
  "help",
]);
