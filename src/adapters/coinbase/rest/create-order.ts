/** POST /orders: one order as planned, and the venue's three answers. */
// coinbase.md §6.1 to §6.5, core.md §7.3. Unless the API itself said no, nobody knows: that is "unknown".
import { z } from "zod";
import type { Answer } from "../../../core/engine/input.ts";
import { venueOrderId } from "../../../core/kernel/ids.ts";
import type { Plan } from "../../../core/order/state.ts";
import { endsAtVenue } from "../../../core/order/venue-end.ts";
import type { Http } from "../call.ts";
import { explained, explainStatus, explainWord } from "../error-words.ts";
import { isDuplicate, plain } from "../errors.ts";
import { type Fault, faultText } from "../fault.ts";
import { reading } from "../read.ts";
import { text } from "./fields.ts";
import { type OrderConfiguration, orderConfiguration } from "./order-configuration.ts";

const Reply = z.object({
  success: z.boolean(),
  /** Top level before 2025. */
  order_id: text,
  success_response: z.object({ order_id: text, client_order_id: text }).nullish(),
  error_response: z
    .object({
      new_order_failure_reason: text,
      error: text,
      preview_failure_reason: text,
      message: text,
      error_details: text,
    })
    .nullish(),
});
type Reply = z.output<typeof Reply>;

/**
 * The client order id is the plan's: sent again, the venue returns the order it already has.
 * @throws RangeError for a plan without size or price, or for a sum that is not a buy
 */
export function createBody(plan: Plan) {
  return {
    client_order_id: plan.id,
    product_id: plan.product,
    side: plan.side === "buy" ? "BUY" : "SELL",
    order_configuration: orderConfiguration(configurationOf(plan)),
  };
}

/** @throws RangeError when the parts of the plan do not go together */
export function configurationOf(plan: Plan): OrderConfiguration {
  const { side, size: base, limit, timeInForce, spend, slices, postOnly = false } = plan;
  if (spend !== undefined) {
    if (side === "buy" && timeInForce === "ioc") return { type: "market_market_ioc", quote: spend };
    throw new RangeError("only a buy at once may be for a sum");
  }
  if (timeInForce === "ioc") return { type: "sor_limit_ioc", base, limit };
  if (timeInForce === "gtc") {
    const end = endsAtVenue(plan);
    return end === null
      ? { type: "limit_limit_gtc", base, limit, postOnly }
      : { type: "limit_limit_gtd", base, limit, postOnly, end };
  }
  if (slices === undefined) throw new RangeError("an order in parts has parts");
  return { type: "twap_limit_gtd", base, limit, ...slices };
}

export async function createOrder(
  http: Http,
  plan: Plan,
  heldBack?: () => string | null,
): Promise<Answer> {
  const body = reading(() => createBody(plan));
  if (!body.ok) return { kind: "rejected", reason: NOT_SENT, message: body.error };
  const reply = await http.call({
    method: "POST",
    path: "/orders",
    body: body.value,
    schema: Reply,
    access: "create",
    pace: plan.purpose === "entry" ? "trade" : "exit",
    repeat: "never",
    ...(heldBack && { heldBack }),
  });
  return reply.ok ? answerOf(reply.value, plan) : faultAnswer(reply.error);
}

/**
 * A duplicate client id looks like a fresh success with the old order's id. Our ids are derived from the decision, so that
 * the old order is this one: accepted is the truth.
 */
function answerOf(reply: Reply, plan: Plan): Answer {
  if (!reply.success) return refusal(reply);
  const echoed = reply.success_response?.client_order_id ?? null;
  if (echoed !== null && echoed !== plan.id) {
    return { kind: "unknown", cause: "the reply speaks of another client order id" };
  }
  const id = reading(() => venueOrderId(reply.success_response?.order_id ?? reply.order_id ?? ""));
  return id.ok
    ? { kind: "accepted", venueId: id.value }
    : { kind: "unknown", cause: "a success without an order id" };
}

/** A no has a word or a sentence, and no order beside it. Anything else does not say whether there is one. */
function refusal(reply: Reply): Answer {
  const error = reply.error_response;
  const words = [
    error?.new_order_failure_reason,
    error?.error,
    error?.preview_failure_reason,
  ].filter((word) => typeof word === "string");
  const sentences = [error?.message, error?.error_details].filter(
    (each) => typeof each === "string",
  );
  if ([...words, ...sentences].some(isDuplicate)) return ALREADY_THERE;
  if ((reply.success_response?.order_id ?? reply.order_id ?? null) !== null) {
    return { kind: "unknown", cause: "a failure with an order id" };
  }
  if (words.length + sentences.length === 0) {
    return { kind: "unknown", cause: "a failure without a reason" };
  }
  const reason = words.find((word) => !word.startsWith("UNKNOWN_")) ?? words[0] ?? "UNKNOWN";
  const said = plain(sentences[0] ?? "");
  return { kind: "rejected", reason: plain(reason), message: inWords(reason, said) };
}

const ALREADY_THERE: Answer = {
  kind: "unknown",
  cause: "the venue already has an order with this client id",
};

/** The venue's own word on a wallet that is not there is a message and no reason. coinbase.md §6.4. */
function inWords(reason: string, said: string): string {
  if (/account is not available/i.test(said)) {
    return `${said}: the key's portfolio has no wallet for this pair, or your region no access to it; open the wallet or trade another pair`;
  }
  return explained(said, explainWord(reason));
}

/** What the engine calls an order that never left: no word of the venue, and not counted as one. */
const NOT_SENT = "not-sent";
/** Statuses with which the API refuses an order for good, once its own JSON says so. */
const FINAL = new Set([400, 403, 404, 422]);

const BEFORE_IT =
  "not the API speaks but what stands before it: the IP allowlist of the key, the country, or a proxy";

/** A page proves nothing, whatever its status: it is not the API that speaks. */
function faultAnswer(fault: Fault): Answer {
  switch (fault.kind) {
    case "not-sent":
      return { kind: "rejected", reason: NOT_SENT, message: fault.detail };
    case "ambiguous":
    case "shape":
      return { kind: "unknown", cause: faultText(fault) };
    case "status": {
      const { status, body, code, detail } = fault;
      const unknown: Answer = { kind: "unknown", cause: faultText(fault) };
      if (body === "page") return unknown;
      if (status === 403 && body === "text") {
        return { kind: "unknown", cause: `${faultText(fault)}: ${BEFORE_IT}` };
      }
      if (isDuplicate(code) || isDuplicate(detail)) return ALREADY_THERE;
      if (status === 401) {
        const message = explained(detail, explainStatus(status));
        return { kind: "rejected", reason: "unauthorized", message };
      }
      if (body !== "json") return unknown;
      if (status === 429) {
        const message = explained(detail, explainStatus(status));
        return { kind: "rejected", reason: "throttled", message };
      }
      if (!FINAL.has(status)) return unknown;
      const known = explainWord(code);
      const meaning = known.class === "unknown" ? explainStatus(status) : known;
      return { kind: "rejected", reason: code, message: explained(detail, meaning) };
    }
  }
}
