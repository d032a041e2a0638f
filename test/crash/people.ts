/** The people of a round: a Telegram of our own with a room in it, what is said there, and whether anything was shown twice. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { roomId } from "../../src/core/kernel/ids.ts";
import type { DeskMarket, Variables } from "../kit/desk-market.ts";
import { privateChat, supergroup, telegramFake, user } from "../kit/telegram-fake.ts";
import type { Finding } from "./truth.ts";

export interface People extends AsyncDisposable {
  /** For a desk that is to find them. */
  readonly env: Variables;
  /** One asks, one asks for what they may not, and a stranger greets: nothing of it changes what the desk does. */
  speak(): void;
  /** The next message is turned away, and certainly not shown. */
  refuseOnce(): void;
  findings(): readonly Finding[];
}

const ROOM = supergroup(-1001000000001);
export const PEOPLES_ROOM = roomId(`telegram:${ROOM.id}`);
const ANA = user(1001, "Ana");
const VIC = user(1003, "Vic");
const EVE = user(6666, "Eve");

const PEOPLE = `people:
  ana: { name: Ana, role: risk, console: true, telegram: ${ANA.id} }
  vic: { name: Vic, role: viewer, telegram: ${VIC.id} }
rooms:
  ops: { telegram: ${ROOM.id}, hears: [incidents, activity] }
`;

export async function openPeople({ folder }: DeskMarket): Promise<People> {
  const telegram = await telegramFake();
  telegram.introduce(ROOM, privateChat(EVE));
  const file = join(folder, "people.yaml");
  writeFileSync(file, PEOPLE, { mode: 0o600 });
  /** Each message names its event or answers what was asked once: no two are the same. */
  const twice = (): readonly Finding[] => {
    const said = telegram.said(ROOM.id).map(({ text }) => text);
    return said
      .filter((text, index) => said.indexOf(text) !== index && !/possibly repeated/.test(text))
      .map((what) => ({ fault: "told twice", what }));
  };
  return {
    env: {
      PEOPLE_FILE: file,
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.url,
    },
    speak() {
      telegram.says(ANA, ROOM, "/limits");
      telegram.says(VIC, ROOM, "/pause");
      telegram.says(EVE, privateChat(EVE), "/start");
    },
    refuseOnce: () => telegram.fault("sendMessage", { kind: "429", retryAfter: 1 }),
    findings: () => [
      ...telegram.violations.map((what) => ({ fault: "other" as const, what })),
      ...twice(),
    ],
    [Symbol.asyncDispose]: () => telegram[Symbol.asyncDispose](),
  };
}
