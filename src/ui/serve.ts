import { createServer } from "node:http";
import { sendText } from "./answer.js";
import { answerRequest, type Site } from "./answer-request.js";
import { readAssets } from "./assets.js";
import { Guard } from "./guard.js";
import { listen } from "./listen.js";
import { RunList } from "./run-list.js";

/** A page that is served. */
export interface ServedPage {
  /** With the token in it. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** What a page is served with. */
export interface ServeOptions {
  /** Where the runs are. */
  readonly home: string;
  /** 0 for any free one; without it the usual one or one of the next. */
  readonly port?: number | undefined;
  /** Told of what fails while a request is answered. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Serves the live page of a home's runs, to this machine alone and to who knows the token.
 *
 * @throws FoveaError FOV0160 where the port cannot be had, FOV0161 where the page is not built
 */
export async function servePage({ home, port, onFailure }: ServeOptions): Promise<ServedPage> {
  const site: Site = {
    home,
    guard: new Guard(),
    assets: readAssets(),
    list: new RunList(home),
  };
  const server = createServer((request, response) => {
    response.on("error", () => {}); // The page has gone away: nobody is left to tell.
    answerRequest(site, request, response).catch((error: unknown) => {
      onFailure(error);
      if (!response.headersSent) sendText(response, 500, "fovea ui failed: its terminal says why");
      else response.destroy();
    });
  });
  const taken = await listen(server, port);
  site.guard.port = taken;
  return {
    url: `http://127.0.0.1:${taken}/?token=${site.guard.token}`,
    port: taken,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
