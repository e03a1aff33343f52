import type { ServerResponse } from "node:http";

/** Keeps proxies from closing a quiet connection, and finds those that are gone. */
const PING_MS = 15_000;
/** Milliseconds until a browser asks again. */
const RETRY_MS = 1000;
/** A page that reads no more is let go: it goes on where it stood when it asks again. */
const MOST_WAITING = 8 * 2 ** 20;

/** Messages to one page, one after the other (server-sent events). */
export class EventStream {
  #response: ServerResponse;
  #ping: NodeJS.Timeout;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8" });
    response.write(`retry: ${RETRY_MS}\n\n`);
    this.#ping = setInterval(() => response.write(": \n\n"), PING_MS);
    response.once("close", () => clearInterval(this.#ping));
  }

  /** @param id - what the browser names when it asks again */
  send(type: string, data: unknown, id?: string): void {
    const named = id === undefined ? "" : `id: ${id}\n`;
    // JSON has no line feed outside of its strings, and escapes those inside.
    this.#response.write(`event: ${type}\n${named}data: ${JSON.stringify(data)}\n\n`);
    if (this.#response.writableLength > MOST_WAITING) this.#response.destroy();
  }

  end(): void {
    this.#response.end();
  }
}
