/** Keeps out every order of a desk that was not armed for its mode. Binds exits too: unarmed means that nothing is sent at all. */
import { finding, rule } from "../rule.ts";

export const modeArmed = rule({
  name: "mode-armed",
  binds: "all",
  needs: ["mode", "armed"],
  check: (_intent, { mode, armed }) =>
    armed ? null : finding(`${mode} unarmed`, "armed", "state"),
});
