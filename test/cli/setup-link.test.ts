/** Linking somebody, in time that a test moves: what ends it early, and that nothing is written then. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { linkSomebody } from "../../src/cli/setup-link.ts";
import { PAIRING_MS } from "../../src/cli/setup-pairing.ts";
import { openListening, type Session, SetupEnd } from "../../src/cli/setup-session.ts";
import { inboundId, personId, type RoomId, roomId } from "../../src/core/kernel/ids.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Delivery } from "../../src/ports/deliveries.ts";
import type { Sent } from "../../src/ports/messenger.ts";
import { load } from "../config/kit.ts";
import { manualTime } from "../kit/manual-time.ts";

const ANA = "telegram:4711";
let folder: string;
let people: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "link-"));
  people = join(folder, "people.yaml");
});
afterEach(() => rmSync(folder, { recursive: true }));

function scene(over: { sent?: () => Sent; unfit?: string } = {}) {
  const time = manualTime(instant(1_800_000_000_000));
  const said: string[] = [];
  const sent: Delivery[] = [];
  const typing = new Set<(line: string) => void>();
  const closing = new Set<() => void>();
  const terminal = {
    say: (...lines: readonly string[]) => void said.push(...lines),
    qr: () => undefined,
    onLine: (handler: (line: string) => void) => {
      typing.add(handler);
      return () => void typing.delete(handler);
    },
    onClosed: (handler: () => void) => {
      closing.add(handler);
      return () => void closing.delete(handler);
    },
    close: () => undefined,
  };
  const listening = openListening(terminal);
  const stop = new AbortController();
  const session: Session = {
    ...{ terminal, listening, clock: time.clock, timers: time.timers, stop: stop.signal },
    config: load({ PEOPLE_FILE: people }).config,
    entropy: { hex: (bytes) => "3".repeat(2 * bytes) },
    chat: {
      ...{ platform: "telegram", name: "Telegram", ownName: null },
      ears: { platform: "telegram", start: () => undefined, stop: () => Promise.resolve() },
      messenger: {
        platform: "telegram",
        async send(delivery) {
          const how = over.sent?.() ?? { kind: "sent", messageId: "1" };
          if (how.kind === "sent") sent.push(delivery);
          return how;
        },
      },
      linkTo: (nonce) => `https://t.me/bot?start=${nonce}`,
      linkSteps: () => [],
      roomSteps: () => [],
      privateRoomOf: ({ account, room }) => (room === account ? room : null),
      isShared: () => false,
      unfit: () => Promise.resolve(over.unfit ?? null),
      advice: (why) => [`advice on ${why}`],
    },
  };
  let count = 0;
  const hears = async (account: string, text: string, room = account): Promise<void> => {
    count += 1;
    const at = time.clock.now();
    const id = inboundId(`telegram:${count}`);
    const arrival = { id, room: roomId(room), account, text, sentAt: at, receivedAt: at };
    listening.hearer.receive(arrival, { taken: () => undefined, whisper: async () => true });
    await time.settle();
  };
  const types = async (line: string): Promise<void> => {
    for (const handler of [...typing]) handler(line);
    await time.settle();
  };
  const wanted = {
    id: personId("ana"),
    name: null,
    usualName: "Ana",
    sitsHere: true,
    role: null,
    hears: null,
  };
  const done = linkSomebody(session, { ...wanted, replace: false }).then(
    () => 0,
    (error: unknown) => {
      if (!(error instanceof SetupEnd)) throw error;
      said.push(...error.lines);
      return error.code;
    },
  );
  const nonce = "3".repeat(20);
  const code = (): string => /\d{6}/.exec(sent[0]?.card.headline ?? "")?.[0] ?? "";
  return {
    ...{ time, said, sent, done, hears, types, nonce, code, stop },
    opens: (account = ANA) => hears(account, `/start ${nonce}`),
    hangUp: () => {
      for (const handler of [...closing]) handler();
    },
    rooms: (): readonly RoomId[] => sent.map(({ room }) => room),
  };
}

const text = (of: { readonly said: readonly string[] }): string => of.said.join("\n");

describe("linking somebody", () => {
  test("sends the code to whoever opened the link and nowhere else, and prints it nowhere", async () => {
    const it = scene();
    await it.opens();
    expect(it.rooms()).toEqual([ANA]);
    expect(it.code()).toMatch(/^\d{6}$/);
    expect(text(it)).not.toContain(it.code());
    it.stop.abort(new SetupEnd(["Stopped."]));
    expect(await it.done).toBe(1);
    expect(text(it)).toMatch(/Stopped\.\nNothing was linked\.$/);
    expect(existsSync(people)).toBe(false);
  });

  test("hears nothing of a link that is written in a group, and nothing of other words", async () => {
    const it = scene();
    await it.hears(ANA, `/start ${it.nonce}`, "telegram:-1001");
    await it.hears(ANA, `/kill ${it.nonce}`);
    await it.hears(ANA, it.nonce);
    await it.hears(ANA, "/start 1234");
    expect(it.sent).toEqual([]);
    it.hangUp();
    expect(await it.done).toBe(1);
  });

  test("refuses a second account and says so", async () => {
    const it = scene();
    await it.opens("telegram:6666");
    await it.opens(ANA);
    expect(it.rooms()).toEqual(["telegram:6666"]);
    expect(text(it)).toMatch(/A second account \(telegram:4711\) opened the link and was refused/);
    it.hangUp();
    await it.done;
  });

  test("refuses an account that the platform calls a guest, and leaves the link good for others", async () => {
    const it = scene({ unfit: "it is a guest" });
    await it.opens();
    expect(it.sent).toEqual([]);
    expect(text(it)).toMatch(/telegram:4711 opened the link and is refused: it is a guest/);
    it.hangUp();
    await it.done;
  });

  test("ends after five wrong codes with nothing written", async () => {
    const it = scene();
    await it.opens();
    for (let tries = 0; tries < 5; tries += 1)
      await it.types(it.code() === "000000" ? "1" : "000000");
    expect(await it.done).toBe(1);
    expect(text(it)).toMatch(/4 tries left[\s\S]*1 try left[\s\S]*Five wrong codes/);
    expect(existsSync(people)).toBe(false);
  });

  test("ends after ten minutes with nothing written, the right code in hand", async () => {
    const it = scene();
    await it.opens();
    await it.time.pass(PAIRING_MS);
    await it.types(it.code());
    expect(await it.done).toBe(1);
    expect(text(it)).toMatch(/ten minutes are over/);
    expect(existsSync(people)).toBe(false);
  });

  test("ends by itself after ten minutes in which nobody came", async () => {
    const it = scene();
    await it.time.pass(PAIRING_MS - 1);
    expect(text(it)).not.toMatch(/are over/);
    await it.time.pass(1);
    expect(await it.done).toBe(1);
  });

  test("ends when nothing more can be typed", async () => {
    const it = scene();
    it.hangUp();
    expect(await it.done).toBe(1);
    expect(text(it)).toMatch(/Nothing more can be typed here/);
  });

  test("says why a code could not be sent, with what to do", async () => {
    const it = scene({ sent: () => ({ kind: "refused", why: "403 blocked" }) });
    await it.opens();
    expect(text(it)).toMatch(/could not be sent to telegram:4711: 403 blocked\.\nadvice on 403/);
    it.hangUp();
    await it.done;
  });

  test("rings the route: only that person's press counts, and a minute without one is no failure", async () => {
    const it = scene();
    await it.opens();
    await it.types(it.code());
    expect(readFileSync(people, "utf8")).toContain("telegram: 4711");
    const [button] = it.sent[1]?.card.buttons ?? [];
    expect(button?.label).toBe("I hear it");
    await it.hears("telegram:6666", button?.line ?? "");
    await it.time.pass(60_000);
    expect(await it.done).toBe(0);
    expect(text(it)).toMatch(/Nobody pressed it. The account is linked/);
    expect(text(it)).toContain("advice on no press");
  });

  test("says that somebody listens once they pressed", async () => {
    const it = scene();
    await it.opens();
    await it.types(it.code());
    await it.time.pass(4_000);
    await it.hears(ANA, it.sent[1]?.card.buttons[0]?.line ?? "");
    expect(await it.done).toBe(0);
    expect(text(it)).toMatch(/Somebody listens on Telegram: Ana answered after 4 s/);
  });

  test("stopped while it rings leaves the account linked", async () => {
    const it = scene();
    await it.opens();
    await it.types(it.code());
    it.stop.abort(new SetupEnd(["Stopped."]));
    expect(await it.done).toBe(0);
    expect(text(it)).toMatch(/Stopped\.\nThe account stays linked\.$/);
    expect(readFileSync(people, "utf8")).toContain("telegram: 4711");
  });
});
