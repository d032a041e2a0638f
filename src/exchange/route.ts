/** What a route is, and which of them a request is for. */
// Nothing is answered here.
import type { ApiKey } from "./keys.ts";
import type { Permission } from "./options.ts";

/** By name in lower case. */
export type Headers = Readonly<Record<string, string | undefined>>;

export interface Request {
  readonly query: URLSearchParams;
  /** The `{…}` parts of the path, by name. */
  readonly path: ReadonlyMap<string, string>;
  readonly headers: Headers;
  /** Path and query as they came. */
  readonly target: string;
  readonly body: unknown;
  /** The key of the token; null on public routes. */
  readonly key: ApiKey | null;
}

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the prefix, e.g. `/products/{product_id}`. */
  readonly pattern: string;
  /**
   * A page of this exchange and no part of the API: the pattern stands alone, without the prefix,
   * and only this machine may ask.
   */
  readonly root?: boolean;
  readonly needs: Permission | "nothing";
  /** @throws ApiError for every answer but 200. */
  handle(request: Request): unknown;
}

export interface Match {
  readonly route: Route;
  readonly path: ReadonlyMap<string, string>;
}

export const routeName = ({ method, pattern }: Pick<Route, "method" | "pattern">): string =>
  `${method} ${pattern}`;

export function findRoute(
  { routes, prefix }: { readonly routes: readonly Route[]; readonly prefix: string },
  method: string,
  pathname: string,
): Match | null {
  for (const route of routes) {
    if (route.method !== method) continue;
    const path = partsOf(route.root === true ? route.pattern : prefix + route.pattern, pathname);
    if (path !== null) return { route, path };
  }
  return null;
}

function partsOf(pattern: string, pathname: string): ReadonlyMap<string, string> | null {
  const wanted = pattern.split("/");
  const given = pathname.split("/");
  if (wanted.length !== given.length) return null;
  const path = new Map<string, string>();
  for (const [index, part] of wanted.entries()) {
    const text = given[index] ?? "";
    if (part.startsWith("{") && text !== "") path.set(part.slice(1, -1), text);
    else if (part !== text) return null;
  }
  return path;
}
