/** People with authenticators in front of a switchboard, and everything that it kept, said, logged or told of. */
import type { Person } from "../../src/chat/person.ts";
import type { Request } from "../../src/core/control/request.ts";
import { roomId } from "../../src/core/kernel/ids.ts";
import { memoryInbound } from "./memory-inbound.ts";
import { memoryStepUp } from "./memory-step-up.ts";
import { ANA, ANA_SLACK, ANA_TELEGRAM, BO, CHAT_ROOMS, GROUP, ROOMS } from "./sample-desk.ts";
import { switchboardScene } from "./switchboard-scene.ts";

export const TELEGRAM = { account: "telegram:1001", room: ANA_TELEGRAM };
export const SLACK = { account: "slack:T1/UANA", room: ANA_SLACK };
export const IN_GROUP = { account: "telegram:1001", room: GROUP };
export const BOS = { account: "telegram:1002", room: roomId("telegram:1002") };
/** What the engine is told of a code that others could read. */
export const EXPOSED = { verb: "code", outcome: "exposed", step: null };

const bare = (text: string): string => text.toLowerCase().replaceAll(/[ -]/g, "");

export function codeScene(
  people: readonly Person[] = [ANA],
  perMinute = 100,
  inbound = memoryInbound(),
) {
  const stepUp = memoryStepUp(people);
  const rooms = [...ROOMS, ...CHAT_ROOMS, { id: BOS.room, owner: BO.id, hears: [] }];
  const of = switchboardScene(inbound, perMinute, () => false, { rooms, stepUp });
  const now = () => of.time.clock.now();
  const shows = (person: Person = ANA) => stepUp.shows(person, now());
  const wrong = (person: Person = ANA) => stepUp.wrong(person, now());
  const asked = (): readonly Request[] => of.engine.asked.map(({ request }) => request);
  const security = () => of.noticed.filter(({ kind }) => kind === "security");
  /** All that is kept, said, logged or told of. */
  const everything = () =>
    JSON.stringify([
      ...[[...of.inbound.stored.values()], [...of.inbound.outcomes.values()]],
      ...[of.said, of.noticed, of.engine.asked, of.log, of.board.counts()],
    ]);
  /** Whether the code stands anywhere in it, however it is grouped. */
  const isKept = (code: string): boolean =>
    bare(everything().replaceAll(/"[a-z]+":/gi, "|")).includes(bare(code));
  return { ...of, stepUp, now, shows, wrong, asked, security, everything, isKept };
}
