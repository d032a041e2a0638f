/** Names of things. Each is a branded string born in one constructor that checks its shape. */

declare const brand: unique symbol;
type Id<B extends string> = string & { readonly [brand]: B };

/** `BTC-USD`: what is traded against what. */
export type ProductId = Id<"ProductId">;
/** Ours, derived from the intent, sent to the venue as client_order_id. */
export type OrderId = Id<"OrderId">;
/** The venue's own id for an order. */
export type VenueOrderId = Id<"VenueOrderId">;
/** One decision of one strategy; the same decision always has the same id. */
export type IntentId = Id<"IntentId">;
export type ConfirmationId = Id<"ConfirmationId">;
/** A human, whatever platform they speak from. */
export type PersonId = Id<"PersonId">;
/** A place we speak in, as `platform:address`, e.g. `console:local`. */
export type RoomId = Id<"RoomId">;
/** One message that reached us, unique on its platform; makes handling it twice harmless. */
export type InboundId = Id<"InboundId">;

function checked<T extends string>(what: string, shape: RegExp): (text: string) => T {
  return (text) => {
    if (!shape.test(text))
      throw new RangeError(`not ${what}: ${JSON.stringify(text.slice(0, 80))}`);
    return text as T;
  };
}

export const productId = checked<ProductId>(
  "a product id such as BTC-USD",
  /^[A-Z0-9]+-[A-Z0-9]+$/,
);
export const orderId = checked<OrderId>("an order id", /^[A-Za-z0-9_-]{1,128}$/);
export const venueOrderId = checked<VenueOrderId>("a venue order id", /^[A-Za-z0-9_-]{1,128}$/);
export const intentId = checked<IntentId>("an intent id", /^[A-Za-z0-9|:._-]{1,200}$/);
export const confirmationId = checked<ConfirmationId>("a confirmation id", /^[A-Za-z0-9_-]{4,64}$/);
export const personId = checked<PersonId>("a person id", /^[a-z0-9][a-z0-9_-]{0,31}$/);
export const roomId = checked<RoomId>(
  "a room id such as console:local",
  /^[a-z]+:[A-Za-z0-9_@:./-]{1,100}$/,
);
export const inboundId = checked<InboundId>("an inbound id", /^[A-Za-z0-9_:.-]{1,160}$/);

/** `BTC-USD` -> `BTC`, `USD`. */
export const baseOf = (product: ProductId): string => product.slice(0, product.indexOf("-"));
export const quoteOf = (product: ProductId): string => product.slice(product.indexOf("-") + 1);
