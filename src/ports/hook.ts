/** Requests that a platform sends to us, for those who run it that way. The server stands elsewhere; this is one path of it. */

export interface HookRequest {
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it came, for signatures. At most one megabyte. */
  readonly body: Uint8Array;
}

export interface HookReply {
  readonly status: number;
  readonly type?: "application/json" | "text/plain";
  readonly body?: string;
}

export interface Hook {
  /** `/telegram`, `/slack/events` */
  readonly path: string;
  /** Never rejects. */
  answer(request: HookRequest): Promise<HookReply>;
}
