/** What people are told of a code that was not taken. None repeats it; each says what to do. */
import type { Card } from "../chat/card.ts";
import { button, card } from "../chat/compose.ts";
import { many } from "../chat/format.ts";
import { isNameless, type Person } from "../chat/person.ts";

const NEXT = "Type the next one in your private chat with me, alone.";

export const wrong = (left: number): Card =>
  card({
    headline: "Wrong code",
    lines: [
      "Type the six digits that your authenticator shows now, alone.",
      `${many(left, "more wrong one")}, and codes are locked for 15 min.`,
    ],
  });

export const replayed = (): Card =>
  card({
    headline: "Not taken: that code was used or shown before",
    lines: ["Each is good once. Wait for the next one and type it here."],
  });

export const notEnrolled = ({ id, name }: Person): Card =>
  card({
    headline: `No authenticator is set up for ${isNameless(name) ? "you" : name}`,
    lines: [`On the machine that the desk runs on: npm run claudbot -- totp enroll --person ${id}`],
  });

export const unkept = (): Card =>
  card({
    headline: "Not taken: the desk cannot keep which codes were used",
    mark: "⚠️",
    lines: ["Nothing was done. Somebody must look at the desk's log and its data folder."],
    buttons: [button("Status", "/status")],
  });

export const late = (): Card =>
  card({ headline: "Not taken: that code arrived late", lines: ["Type the one shown now."] });

export const interrupted = (): Card =>
  card({
    headline: "Not done: the desk stopped while your code was on its way",
    mark: "⚠️",
    lines: [NEXT],
  });

/** It was no code of theirs; the next one may be. */
export const notHere = (): Card =>
  card({
    headline: "Not read: codes belong in your private chat with me",
    lines: ["Others read what stands here."],
  });

export const over = (): Card =>
  card({
    headline: "Not taken: that request waits for no code of yours",
    lines: ["The code was not looked at. Look at what waits before you type it again."],
    buttons: [button("Status", "/status")],
  });

/** @param word the command that it stood in */
export const stoodIn = (word: string): Card =>
  card({
    headline: `Not done: /${word} had a code in it`,
    mark: "⚠️",
    lines: [`A code goes alone. ${NEXT}`],
  });
