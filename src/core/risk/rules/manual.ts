/** Keeps out what only a person can want unless one has confirmed it. Binds all: a flatten passes where nothing else does. */
import { finding, rule } from "../rule.ts";

export const manual = rule({
  name: "manual",
  binds: "all",
  applies: ({ purpose }) => purpose === "flatten",
  needs: ["confirmed"],
  check: (_intent, { confirmed }) =>
    confirmed ? null : finding("nobody's request", "a confirmed request", "state"),
});
