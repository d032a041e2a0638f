/** Why a call gave no answer that can be used, and the one line it becomes for logs and people. */
// What a fault proves about an order is decided in rest/create-order.ts.

export type Fault =
  /** No byte left: it certainly did not happen. */
  | { readonly kind: "not-sent"; readonly detail: string }
  /** No answer: it may have happened. */
  | { readonly kind: "ambiguous"; readonly detail: string }
  | {
      readonly kind: "status";
      readonly status: number;
      /** The API's own JSON, a bare line of text, or a page that some machine on the way made up. */
      readonly body: "json" | "text" | "page";
      /** The API's word, empty unless `body` is `json`. */
      readonly code: string;
      readonly detail: string;
    }
  /** A success whose body is not what is documented. */
  | { readonly kind: "shape"; readonly detail: string };

/** Why a call that never had its turn was not sent. */
export const HELD_BACK = "held back by our own rate limit";

/** One line for logs and people. */
export function faultText(fault: Fault): string {
  switch (fault.kind) {
    case "not-sent":
      return `not sent: ${fault.detail}`;
    case "ambiguous":
      return `no answer: ${fault.detail}`;
    case "status":
      return `HTTP ${fault.status} ${fault.code} ${fault.detail}`.replace(/\s+/g, " ").trim();
    case "shape":
      return fault.detail;
  }
}

/** Whether the call may have been let in all the same: only what never left, and what the API itself refused, was not. */
export function leavesOpen(fault: Fault): boolean {
  if (fault.kind === "not-sent") return false;
  if (fault.kind !== "status" || fault.body === "page") return true;
  if (fault.status === 401) return false;
  return fault.body !== "json" || fault.status >= 500;
}
