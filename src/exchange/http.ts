/** REST over node's HTTP server: bytes in, what came of the request out. */
// It knows no routes and no rules.
import type { IncomingMessage, ServerResponse } from "node:http";
import { LARGEST_BODY, type Outcome, type RestParts, requests } from "./requests.ts";
import type { Headers } from "./route.ts";

/** The listener to hand to an HTTP server. */
export function restListener(
  parts: RestParts,
): (request: IncomingMessage, response: ServerResponse) => void {
  const answer = requests(parts);
  return (request, response) => {
    readBody(request)
      .then((text) =>
        answer({
          method: request.method ?? "GET",
          target: request.url ?? "/",
          headers: plain(request),
          text,
          address: String(request.socket.remoteAddress),
        }),
      )
      .then((outcome) => give(response, outcome))
      .catch(() => response.destroy());
  };
}

/** Of the headers that may come more than once, none means anything here. */
function plain({ headers }: IncomingMessage): Headers {
  const single = Object.entries(headers).filter(
    (each): each is [string, string] => typeof each[1] === "string",
  );
  return Object.fromEntries(single);
}

/** Null when it is too large; the rest of it is not read. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length > LARGEST_BODY) return null;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function give(response: ServerResponse, outcome: Outcome): void {
  if (outcome.kind === "hang") return;
  if (outcome.kind === "cut") return void response.destroy();
  const { answer, half } = outcome;
  const bytes = Buffer.from(answer.body);
  response.writeHead(answer.status, answer.headers);
  if (half) response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
  else response.end(bytes);
}
