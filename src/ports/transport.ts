/** Bytes to and from other machines: one HTTP exchange, or one WebSocket. Simulation stands here, below the real clients. */

export interface TransportRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
  /** From the call to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Gives the exchange up; it then fails as ambiguous. */
  readonly signal?: AbortSignal;
  /** Asked just before the first byte is written. A reason means that none is: the exchange then fails as not sent. */
  readonly lastLook?: () => string | null;
}

export interface TransportReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface TransportFailure {
  /** `not-sent` is proof that no byte of the request left; anything less sure is `ambiguous`. */
  readonly failed: "not-sent" | "ambiguous";
  /** Never holds a header or a body. */
  readonly cause: string;
}

/** Never called from within `openSocket` itself. */
export interface SocketHandlers {
  open(): void;
  message(text: string): void;
  /** The other side pinged; it was answered already. */
  ping?(): void;
  /** Said exactly once, whatever ended the socket, and also when it could not be opened. 1006: it broke. */
  close(code: number, reason: string): void;
}

export interface Socket {
  /** Lost silently when the socket is not open. */
  send(text: string): void;
  /** Closes politely, then by force. */
  close(): void;
}

export interface Transport {
  /** Never throws and never retries. Any status is a reply. */
  request(request: TransportRequest): Promise<TransportReply | TransportFailure>;
  /** Never throws. Answers pings by itself. */
  openSocket(url: string, handlers: SocketHandlers): Socket;
}
