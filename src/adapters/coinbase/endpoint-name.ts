/** What a call is called where calls are counted: ids taken out, so that there are few names. */
import type { Call } from "./call.ts";

/** `GET /orders/historical/{id}`. Segments of an endpoint are lower-case words; anything else is an id. */
export const endpointName = ({ method, path }: Pick<Call<unknown>, "method" | "path">): string =>
  `${method} ${path.replace(/[^/]+/g, (part) => (/^[a-z_]+$/.test(part) ? part : "{id}"))}`;
