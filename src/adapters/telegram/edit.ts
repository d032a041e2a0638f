/** Makes one message of ours look as it should. That is also how Telegram is asked whether a message is there. */
import { type Api, CALL_MS, type Failure, type Reply } from "./api.ts";
import { fullLook, type Look, type Outgoing, plainer, words } from "./outgoing.ts";

export type Edited =
  /** It is ours and looks as wanted, now or before. */
  | { readonly kind: "there" }
  /** Under this id there is nothing of ours that can be edited. */
  | { readonly kind: "gone" }
  | { readonly kind: "failed"; readonly failure: Failure };

export interface EditDoors {
  readonly api: Api;
  /** Milliseconds left for all of this. */
  readonly leftMs: () => number;
}

const SAME = /message is not modified/i;
const GONE =
  /message to edit not found|message (?:can't|can not|cannot) be edited|message not found|MESSAGE_ID_INVALID|MESSAGE_AUTHOR_REQUIRED|MESSAGE_EDIT_TIME_EXPIRED/i;
/** Ours, but a picture where we thought of a text, or the other way round. */
const OTHER_SHAPE = /there is no (?:text|caption) in the message/i;

export async function edit(
  doors: EditDoors,
  at: { readonly chat: number; readonly id: number },
  out: Outgoing,
  /** May a picture's text stand in a message without a picture, and a text below a picture? */
  anyShape: boolean,
): Promise<Edited> {
  let look = fullLook(out);
  let turned = false;
  for (;;) {
    const reply = await ask(doors, at, out, look);
    if (reply.kind === "ok") return { kind: "there" };
    const said = reply.kind === "error" && reply.code === 400 ? reply.description : "";
    if (SAME.test(said)) return { kind: "there" };
    if (GONE.test(said)) return { kind: "gone" };
    if (OTHER_SHAPE.test(said)) {
      if (turned || !anyShape) return { kind: "gone" };
      turned = true;
      look = { ...look, shape: look.shape === "text" ? "picture" : "text" };
      continue;
    }
    const next = plainer(look, reply);
    if (next === null) return { kind: "failed", failure: reply };
    look = next;
  }
}

function ask(
  { api, leftMs }: EditDoors,
  { chat, id }: { readonly chat: number; readonly id: number },
  out: Outgoing,
  look: Look,
): Promise<Reply<unknown>> {
  const left = leftMs();
  if (left <= 0) return Promise.resolve({ kind: "not-sent", why: "no time left" });
  const { said, mode } = words(out, look);
  const same = {
    chat_id: chat,
    message_id: id,
    ...mode,
    // An edit without buttons takes away those that were there.
    reply_markup: (look.keyboard ? out.keyboard : null) ?? { inline_keyboard: [] },
  };
  const options = { timeoutMs: Math.min(CALL_MS, left), speaks: true };
  if (look.shape === "picture") {
    return api.call<unknown>(
      (methods, signal) => methods.editMessageCaption({ ...same, caption: said }, signal),
      options,
    );
  }
  const text = { ...same, text: said, link_preview_options: { is_disabled: true } };
  return api.call<unknown>((methods, signal) => methods.editMessageText(text, signal), options);
}
