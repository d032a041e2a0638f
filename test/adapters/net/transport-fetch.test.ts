/** The fetch that libraries are given: everything through the port, and proof of what left when nothing came back. */
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { fetchOver } from "../../../src/adapters/net/transport-fetch.ts";
import type {
  TransportFailure,
  TransportReply,
  TransportRequest,
} from "../../../src/ports/transport.ts";

const OK: TransportReply = {
  status: 200,
  headers: { "content-type": "application/json" },
  body: '{"ok":true}',
};

function scene(answer: TransportReply | TransportFailure = OK) {
  const asked: TransportRequest[] = [];
  const request = async (one: TransportRequest) => {
    asked.push(one);
    return answer;
  };
  return { asked, fetch: fetchOver({ request }, 5000) };
}

const text = (body: TransportRequest["body"]): string => Buffer.from(body ?? "").toString();

describe("a request", () => {
  test("passes method, headers and body on, and reads the answer", async () => {
    const { asked, fetch } = scene();
    const reply = await fetch("http://127.0.0.1:1/api/x", {
      method: "POST",
      headers: { authorization: "Bearer t", "content-type": "application/json" },
      body: '{"a":1}',
    });
    expect(await reply.json()).toEqual({ ok: true });
    expect(asked[0]).toMatchObject({
      method: "POST",
      url: "http://127.0.0.1:1/api/x",
      headers: { authorization: "Bearer t", "content-type": "application/json" },
      timeoutMs: 5000,
    });
    expect(text(asked[0]?.body ?? null)).toBe('{"a":1}');
  });

  test("with a form or a stream is sent whole, with its boundary", async () => {
    const { asked, fetch } = scene();
    const form = new FormData();
    form.set("photo", new Blob([Uint8Array.of(1, 2, 3)]), "a.png");
    await fetch("http://127.0.0.1:1/", { method: "POST", body: form });
    expect(asked[0]?.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
    expect(text(asked[0]?.body ?? null)).toContain('filename="a.png"');
    const body = Readable.from([Buffer.from("one "), Buffer.from("two")]) as unknown as string;
    await fetch("http://127.0.0.1:1/", { method: "POST", body });
    expect(text(asked[1]?.body ?? null)).toBe("one two");
  });

  test("follows a signal that is not Node's own", async () => {
    const listeners: (() => void)[] = [];
    const foreign = {
      aborted: false,
      addEventListener: (_name: string, heard: () => void) => listeners.push(heard),
      removeEventListener: () => undefined,
    } as unknown as AbortSignal;
    const { asked, fetch } = scene();
    await fetch("http://127.0.0.1:1/", { signal: foreign });
    expect(asked[0]?.signal?.aborted).toBe(false);
    for (const heard of listeners) heard();
    expect(asked[0]?.signal?.aborted).toBe(true);
  });
});

test.each(["not-sent", "ambiguous"] as const)(
  "a failure says that it is %s, and no more",
  async (failed) => {
    const { fetch } = scene({ failed, cause: "ECONNREFUSED: refused" });
    const error = await fetch("http://127.0.0.1:1/bot123:secret/x").catch(
      (cause: unknown) => cause,
    );
    expect(error).toMatchObject({ failed, message: "ECONNREFUSED: refused" });
    expect(JSON.stringify(error) + String(error)).not.toContain("secret");
  },
);
