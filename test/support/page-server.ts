import { get, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { onTestFinished } from "vitest";
import { type ServedPage, servePage } from "../../src/ui/serve.js";

/** A page of a home on any free port, until the test is over. */
export async function serve(home: string): Promise<ServedPage & { readonly token: string }> {
  const failures: unknown[] = [];
  const page = await servePage({ home, port: 0, onFailure: (error) => failures.push(error) });
  onTestFinished(async () => {
    await page.close();
    if (failures.length > 0) throw failures[0];
  });
  return { ...page, token: new URL(page.url).searchParams.get("token") ?? "" };
}

export interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Sends bytes as they are: an HTTP client would mend the paths that are to be tried. */
export async function sendRaw(port: number, request: string): Promise<Answer> {
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(request, "latin1"));
    let got = "";
    socket.on("data", (bytes) => {
      got += bytes.toString("latin1");
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(got));
  });
  const [head = "", ...body] = text.split("\r\n\r\n");
  return { status: Number(head.split(" ")[1]), head, body: body.join("\r\n\r\n") };
}

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request with a right Host header, unless it is named otherwise. */
export async function request(
  port: number,
  path: string,
  { method = "GET", headers = {} }: Asked = {},
): Promise<Answer> {
  const lines = Object.entries({ Host: `127.0.0.1:${port}`, Connection: "close", ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return await sendRaw(port, `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
}

/** One message of a stream of events. */
export interface Message {
  readonly type: string;
  readonly id: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: a document of the server's, looked into by tests
  readonly data: any;
}

/** Reads a stream of events until {@link close}; the messages so far are in `messages`. */
export class Listener {
  readonly messages: Message[] = [];
  #response: IncomingMessage | null = null;
  isOver = false;

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    const asked = get(url, { headers }, (response) => {
      this.#response = response;
      let rest = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => {
        const parts = (rest + text).split("\n\n");
        rest = parts.pop() ?? "";
        this.messages.push(...parts.flatMap(readMessage));
      });
      response.on("close", () => {
        this.isOver = true;
      });
    });
    asked.on("error", () => {
      this.isOver = true;
    });
    onTestFinished(() => this.close());
  }

  close(): void {
    this.#response?.destroy();
  }

  of(type: string): readonly Message[] {
    return this.messages.filter((message) => message.type === type);
  }
}

function readMessage(part: string): readonly Message[] {
  const fields = new Map(
    part.split("\n").map((line) => {
      const colon = line.indexOf(": ");
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
  const data = fields.get("data");
  if (data === undefined) return [];
  return [
    { type: fields.get("event") ?? "", id: fields.get("id") ?? null, data: JSON.parse(data) },
  ];
}
