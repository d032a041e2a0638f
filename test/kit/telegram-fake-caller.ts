/** A bot of a few lines that calls the fake Telegram without any client, for the tests of the fake itself. */
import type { Json } from "./telegram-fake-chats.ts";

/** For waiting on the fake: a machine may be slow, but what comes comes. */
export const SOON = { timeout: 15_000, interval: 10 };

export interface Told {
  readonly status: number;
  readonly ok: boolean;
  /** Of any shape: the tests say which. */
  readonly result: Json;
  readonly description?: string;
  readonly parameters?: Json;
}

/** Files go as multipart, everything else as JSON. */
export async function call(
  { url, token }: { readonly url: string; readonly token: string },
  method: string,
  payload: object = {},
  signal: AbortSignal | null = null,
): Promise<Told> {
  const files = Object.values(payload).some((value) => value instanceof Blob);
  const headers = files ? {} : { "content-type": "application/json" };
  const body = files ? formOf(payload) : JSON.stringify(payload);
  const path = `${url}/bot${token}/${method}`;
  const answer = await fetch(path, { method: "POST", headers, body, signal });
  return { status: answer.status, ...((await answer.json()) as Omit<Told, "status">) };
}

export function formOf(payload: object): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(payload)) {
    if (value instanceof Blob) form.append(name, value, "file.png");
    else form.append(name, typeof value === "string" ? value : JSON.stringify(value));
  }
  return form;
}
