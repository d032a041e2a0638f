/** Links one person: a link to open, a code to type, their line in people.yaml, and a message that wants to be heard. */
// Nothing is written before the code was right; whatever ends it earlier leaves everything as it was.
import { button, card } from "../chat/compose.ts";
import { parseLine } from "../chat/line.ts";
import type { Person } from "../chat/person.ts";
import { wallClock } from "../chat/wall-clock.ts";
import { type Linked, linkPerson, type PersonEdit, planLink } from "../config/people-edit.ts";
import { type RoomId, roomId } from "../core/kernel/ids.ts";
import type { Echo } from "../ports/hearer.ts";
import type { Arrival } from "../ports/inbound.ts";
import { isSame, openPairing, PAIRING_MS, type Pairing } from "./setup-pairing.ts";
import { type Session, SetupEnd, speak, waitFor } from "./setup-session.ts";

/** The words that carry the link's nonce: Telegram's own, and what is typed in Slack. */
const WORDS = ["start", "link"];
const RING_MS = 60_000;
const NOTHING = "Nothing was linked.";

export async function linkSomebody(
  session: Session,
  wanted: Omit<PersonEdit, "account">,
): Promise<void> {
  const { chat, config, terminal } = session;
  const path = config.chat.peopleFile;
  const planned = planLink(path, { ...wanted, account: null });
  if (!planned.ok) throw new SetupEnd([`${planned.error}.`, NOTHING]);
  const { person, isNew } = planned.value;
  terminal.say(
    "",
    `Linking ${chat.name} for ${called(person)}, role ${person.role}${isNew ? "" : ", who is in people.yaml already"}.`,
    "For somebody else, or another name: Ctrl-C, and again with --person <id> --name <Name>.",
  );
  const pairing = openPairing(session);
  invite(session, pairing);
  const account = await paired(session, pairing).catch(adding(NOTHING, null));
  const linked = linkPerson(path, { ...wanted, account });
  if (!linked.ok) throw new SetupEnd([`${linked.error}.`, NOTHING]);
  tellLinked(session, linked.value);
  await ring(session, linked.value, account).catch(adding("The account stays linked.", 0));
  tellNext(session, linked.value);
}

/** Ends the same way, and says how far it came. */
const adding =
  (line: string, code: number | null) =>
  (error: unknown): never => {
    if (!(error instanceof SetupEnd)) throw error;
    throw new SetupEnd([...error.lines, line], code ?? error.code);
  };

function invite({ chat, config, terminal }: Session, { nonce, until }: Pairing): void {
  const wall = wallClock(config.timeZone);
  const link = chat.linkTo(nonce);
  terminal.say("", `Open this on the phone or computer where ${chat.name} runs:`, "", `  ${link}`);
  terminal.qr(link);
  terminal.say(
    "",
    ...chat.linkSteps(nonce),
    "You get a code of six digits there. Type it here.",
    `Link and code are good until ${wall.minutes(until)} ${wall.zone(until)}, once.`,
    "",
  );
}

/** @returns the account whose owner typed the code. @throws SetupEnd */
async function paired(session: Session, pairing: Pairing): Promise<string> {
  const { terminal, listening } = session;
  const done = await waitFor<string | SetupEnd>(session, PAIRING_MS, (end) => {
    let isOver = false;
    const tell = (...lines: readonly string[]): void => {
      if (!isOver) terminal.say(...lines);
    };
    const offs = [
      listening.on((arrival) => void knocked({ session, pairing, tell }, arrival)),
      terminal.onLine((line) => typed(session, pairing, line, end)),
      terminal.onClosed(() =>
        end(new SetupEnd(["Nothing more can be typed here, so no code can come."])),
      ),
    ];
    return () => {
      isOver = true;
      for (const off of offs) off();
    };
  });
  if (done === null) throw late();
  if (done instanceof SetupEnd) throw done;
  return done;
}

const late = (): SetupEnd =>
  new SetupEnd(["The ten minutes are over: run it again for a new link."]);

interface Door {
  readonly session: Session;
  readonly pairing: Pairing;
  /** Tells whoever sits at the terminal, as long as that matters. */
  readonly tell: (...lines: readonly string[]) => void;
}

async function knocked(door: Door, arrival: Arrival): Promise<void> {
  const { pairing, tell } = door;
  const { chat } = door.session;
  const line = parseLine(arrival.text, { bareWords: false, ownName: chat.ownName });
  const nonce = line.kind === "said" && WORDS.includes(line.word) ? line.args[0] : undefined;
  const room = chat.privateRoomOf(arrival);
  if (nonce === undefined || room === null) return;
  const { account } = arrival;
  const unfit = isSame(nonce.toLowerCase(), pairing.nonce) ? await chat.unfit(account) : null;
  if (unfit !== null) return tell(`${account} opened the link and is refused: ${unfit}.`);
  const knock = pairing.knock(account, nonce);
  if (knock.kind === "taken") {
    tell(
      `A second account (${account}) opened the link and was refused.`,
      "If the first was not you: Ctrl-C, and start again.",
    );
  }
  if (knock.kind === "send") await sendCode(door, { account, room, code: knock.code });
}

async function sendCode(
  { session, pairing, tell }: Door,
  to: { readonly account: string; readonly room: RoomId; readonly code: string },
): Promise<void> {
  const { chat, config } = session;
  const wall = wallClock(config.timeZone);
  const until = `${wall.minutes(pairing.until)} ${wall.zone(pairing.until)}`;
  const lines = [
    "Type it at the terminal where you started the setup.",
    `Good until ${until}. Tell it to nobody else.`,
  ];
  const why = await speak(session, to.room, card({ headline: `code ${to.code}`, lines }));
  if (why === null) tell(`A code was sent to ${to.account}. Type its six digits and press Enter:`);
  else tell(`The code could not be sent to ${to.account}: ${why}.`, ...chat.advice(why));
}

function typed(
  { terminal }: Session,
  pairing: Pairing,
  line: string,
  end: (how: string | SetupEnd) => void,
): void {
  if (line.trim() === "") return;
  const tried = pairing.attempt(line);
  switch (tried.kind) {
    case "linked":
      return end(tried.account);
    case "early":
      return terminal.say("No code was sent yet: open the link first.");
    case "wrong":
      return terminal.say(
        `That is not the code. ${tried.left} ${tried.left === 1 ? "try" : "tries"} left.`,
      );
    case "void":
      return end(new SetupEnd(["Five wrong codes: run it again for a new link."]));
    case "late":
      return end(late());
  }
}

function tellLinked({ chat, config, terminal }: Session, linked: Linked): void {
  const { person, hears, movedFrom } = linked;
  terminal.say(
    "",
    `Linked: ${called(person)}, role ${person.role}, on ${chat.name}.`,
    ...(movedFrom ? [`${called(movedFrom)} has this account no more.`] : []),
    `Written to ${config.chat.peopleFile}.`,
    hears.length > 0
      ? `Unasked they are told: ${hears.join(", ")}.`
      : "Unasked they are told nothing: --hears all, or the line hears in that file, changes it.",
  );
}

/** Without a press the account is linked all the same. */
async function ring(session: Session, { person }: Linked, account: string): Promise<void> {
  const { chat, clock, entropy, listening, terminal } = session;
  const line = `/hear ${entropy.hex(4)}`;
  const room = privateRoom(account);
  const begun = clock.now();
  const pressed = waitFor<Echo | "typed">(session, RING_MS, (done) =>
    listening.on((arrival, echo) => {
      if (arrival.account === account && arrival.text === line) done(echo ?? "typed");
    }),
  );
  // It is waited for below; setup may end before.
  pressed.catch(() => undefined);
  const why = await speak(
    session,
    room,
    card({
      headline: `you are linked as ${person.name}, role ${person.role}`,
      lines: ["This is a test of the alarm route. Press the button when you see it."],
      buttons: [button("I hear it", line)],
    }),
  );
  if (why !== null) {
    return terminal.say("", `The test message could not be sent: ${why}.`, ...chat.advice(why));
  }
  terminal.say(
    "",
    `A message with a button went to ${chat.name}. Press "I hear it" within a minute.`,
  );
  const echo = await pressed;
  if (echo === null) {
    return terminal.say(
      "Nobody pressed it. The account is linked; whether alarms are heard there is not known.",
      ...chat.advice("no press"),
    );
  }
  const seconds = Math.max(1, Math.round((clock.now() - begun) / 1000));
  terminal.say(`Somebody listens on ${chat.name}: ${person.name} answered after ${seconds} s.`);
  const thanks = card({ headline: "Heard. This is the way alarms reach you." });
  const shown = echo === "typed" ? false : await echo.whisper(thanks).catch(() => false);
  if (!shown) await speak(session, room, thanks);
}

/** `Ana (ana)`, `ana` */
const called = ({ id, name }: Person): string => (name === id ? name : `${name} (${id})`);

/** `telegram:4711` is its own; `slack:T1/U2` hears at `slack:@U2`. */
const privateRoom = (account: string): RoomId =>
  roomId(
    account.startsWith("slack:") ? `slack:@${account.slice(account.indexOf("/") + 1)}` : account,
  );

function tellNext({ chat, terminal }: Session, { person }: Linked): void {
  const again = `npm run setup -- ${chat.platform}`;
  const next = [
    ["npm start", `then ask the desk there: ${chat.platform === "slack" ? "status" : "/status"}`],
    [`${again} --person bo --name Bo`, "links somebody else"],
    [`${again} --room`, "adds a group or channel"],
  ] as const;
  const width = Math.max(...next.map(([what]) => what.length));
  terminal.say(
    "",
    "What next:",
    ...next.map(([what, does]) => `  ${what.padEnd(width)}   ${does}`),
    "A desk that runs already reads people.yaml when it starts again.",
    ...(person.accounts.some((one) => one.startsWith("console:"))
      ? [`At the console the desk now calls you ${person.name}.`]
      : []),
  );
}
