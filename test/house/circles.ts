/** Finds circles among imports. Type-only imports count: two files that need each other are one file. */

/** One circle for each group of files that reach one another, beginning with the file first in the alphabet. */
export function circles(
  graph: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] {
  const found = new Map<string, readonly string[]>();
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]): void => {
    const since = trail.indexOf(path);
    if (since >= 0) {
      const circle = trail.slice(since);
      const first = circle.indexOf([...circle].sort()[0] ?? "");
      const turned = [...circle.slice(first), ...circle.slice(0, first)];
      found.set(turned.join(" "), turned);
      return;
    }
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) walk(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) walk(path, []);
  return [...found.values()];
}
