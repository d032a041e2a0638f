/** Messages of ours that ask for a code: whoever replies to one, in the chat where it stands, has answered what it asks. */
// Known for one run only. After a restart a code is typed without a reply, and is understood all the same.
import type { Asked } from "../../chat/card.ts";

export interface Prompts {
  /** This message asks for that. */
  asked(chat: number, message: number, of: Asked<"code">): void;
  /** The line that a reply stands for, or null when it replies to nothing that we asked. */
  line(chat: number, message: number, reply: string): string | null;
}

const REMEMBERED = 200;

export function openPrompts(): Prompts {
  const known = new Map<string, Asked<"code">>();
  return {
    asked(chat, message, of) {
      known.set(`${chat}/${message}`, of);
      for (const oldest of known.keys()) {
        if (known.size <= REMEMBERED) break;
        known.delete(oldest);
      }
    },
    line(chat, message, reply) {
      const of = known.get(`${chat}/${message}`);
      if (of === undefined || reply.trimStart().startsWith("/")) return null;
      return `/code ${reply} ${of.confirmation}`;
    },
  };
}
