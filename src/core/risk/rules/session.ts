/** With sessions in the policy, an entry is taken inside one of them only. */
import { cannotSee, type Rule } from "../rule.ts";
import { isInside } from "./lockout.ts";

export const session: Rule = {
  name: "session-window",
  binds: "entries",
  needs: ["policy"],
  check(_intent, { at, policy }) {
    if (!policy) return cannotSee("policy");
    const { session_windows: windows } = policy;
    if (windows === undefined) return null;
    let isBound = false;
    for (const window of windows) {
      if (!window.enabled) continue;
      if (isInside(window, at)) return null;
      isBound = true;
    }
    if (!isBound) return null;
    const names = windows.filter(({ enabled }) => enabled).map(({ name }) => name);
    return { observed: "outside", limit: names.join(" or "), unit: "state", missing: null };
  },
};
