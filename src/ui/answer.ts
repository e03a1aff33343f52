import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const compress = promisify(gzip);
/** Less is one packet or a few. */
const WORTH_COMPRESSING = 64 * 1024;

/** Answers with one JSON document, compressed where it is long: the page may be behind a tunnel. */
export async function sendJson(
  request: IncomingMessage,
  response: ServerResponse,
  value: unknown,
): Promise<void> {
  const text = Buffer.from(JSON.stringify(value));
  response.setHeader("Content-Type", "application/json; charset=utf-8");
  const accepted = /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
  if (!accepted || text.length < WORTH_COMPRESSING) {
    response.end(text);
    return;
  }
  response.setHeader("Content-Encoding", "gzip");
  response.end(await compress(text, { level: 1 }));
}

/** Answers with one line of text. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}
