/** The table of the house: which room may open which door. Everything that is not said here is shut. */
// Rooms are folders. Inside core, a room opens only onto the rooms below it.

/** From the ground up; rooms on one floor do not know each other. */
const FLOORS: readonly (readonly string[])[] = [
  ["kernel"],
  ["market", "order"],
  ["portfolio"],
  ["strategy"],
  ["risk"],
  ["control"],
  ["engine"],
];

interface Doors {
  /** Folders; a door to a folder is a door to everything below it. */
  readonly to: readonly string[];
  /** `npm`: packages and Node's own modules. `none`: neither. */
  readonly packages: "npm" | "none";
}

const ADAPTER: Doors = { to: ["src/core", "src/chat", "src/ports"], packages: "npm" };
const EVERYTHING = ["src", "commands", "alerts", "db"];

const ROOMS: Readonly<Record<string, Doors>> = {
  "src/chat": { to: ["src/core"], packages: "none" },
  "src/ports": { to: ["src/core", "src/chat"], packages: "none" },
  "src/adapters/postgres": { to: [...ADAPTER.to, "db"], packages: "npm" },
  "src/run": { to: ["src/core", "src/chat", "src/ports"], packages: "none" },
  "src/backtest": { to: ["src/core", "src/ports", "src/adapters/paper"], packages: "npm" },
  "src/exchange": { to: ["src/core", "src/ports", "src/adapters/paper"], packages: "npm" },
  "src/config": { to: ["src/core", "src/chat", "src/ports"], packages: "npm" },
  "src/cli": { to: EVERYTHING, packages: "npm" },
  "src/main.ts": { to: ["src/cli", "src/config"], packages: "npm" },
  commands: { to: ["src/core", "src/chat"], packages: "none" },
  alerts: { to: ["src/core", "src/chat"], packages: "none" },
  db: { to: [], packages: "npm" },
  bench: { to: [...EVERYTHING, "test"], packages: "npm" },
  test: { to: [...EVERYTHING, "bench"], packages: "npm" },
};

/** The room a file stands in: `src/core/kernel`, `src/adapters/http`, `src/run`, `commands`. */
export function roomOf(path: string): string {
  const parts = path.split("/");
  const deep = parts[0] === "src" && (parts[1] === "core" || parts[1] === "adapters");
  const depth = deep ? 3 : parts[0] === "src" ? 2 : 1;
  return parts.slice(0, depth).join("/");
}

const floorOf = (room: string): number =>
  FLOORS.findIndex((floor) => room.startsWith("src/core/") && floor.includes(room.slice(9)));

function doorsOf(room: string): Doors | null {
  const floor = floorOf(room);
  if (floor >= 0) {
    const below = FLOORS.slice(0, floor).flat();
    return { to: below.map((name) => `src/core/${name}`), packages: "none" };
  }
  if (room.startsWith("src/core")) return null;
  return ROOMS[room] ?? (/^src\/adapters\/[^./]+$/.test(room) ? ADAPTER : null);
}

/** A sentence saying why the door is shut, or null when it is open. `to` is a path, or `npm`. */
export function shut(from: string, to: string): string | null {
  const room = roomOf(from);
  const doors = doorsOf(room);
  if (doors === null) return `${room} is no room of the house: add it to test/house/rooms.ts`;
  if (to === "npm") return doors.packages === "npm" ? null : `${room} may not import packages`;
  const target = roomOf(to);
  const open =
    target === room || doors.to.some((at) => target === at || target.startsWith(`${at}/`));
  if (!open) return `${room} may not import ${target}`;
  const config = target === "src/config" && target !== room;
  if (config && !["src/cli", "src/main.ts", "test", "bench"].includes(room)) {
    return `${room} may not import src/config`;
  }
  return null;
}
