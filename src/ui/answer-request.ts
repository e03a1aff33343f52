import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { statOf } from "../disk/stat-of.js";
import { isRunId, runsDirectory } from "../runs/run-directory.js";
import { sendJson, sendText } from "./answer.js";
import type { Asset } from "./assets.js";
import type { Guard } from "./guard.js";
import { logLines } from "./log-lines.js";
import { runAnswer } from "./run-answer.js";
import type { RunList } from "./run-list.js";
import { SECURITY_HEADERS } from "./security-headers.js";
import { streamChanges } from "./stream-changes.js";
import { type RunsAnswer, readPlace } from "./wire.js";

/** What requests are answered from. */
export interface Site {
  readonly home: string;
  readonly guard: Guard;
  readonly assets: ReadonlyMap<string, Asset>;
  readonly list: RunList;
}

/** Pages that are open at once, far more than anybody looks at. */
const MOST_STREAMS = 100;

/** Answers one request: the page's files, what it asks for, or why not. */
export async function answerRequest(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  // Never decoded: no name that is answered has anything to decode in it.
  const [path = "", ...rest] = (request.url ?? "").split("?");
  const query = new URLSearchParams(rest.join("?"));
  const refusal = site.guard.refusal(request, query);
  if (refusal !== null) {
    if (refusal.status === 405) response.setHeader("Allow", "GET");
    return sendText(response, refusal.status, refusal.message);
  }
  const asset = site.assets.get(path);
  if (asset !== undefined) {
    response.setHeader("Content-Type", asset.type);
    response.setHeader("Set-Cookie", site.guard.cookie);
    response.end(asset.body);
    return;
  }
  if (path === "/api/runs") return await sendJson(request, response, await runsAnswer(site));
  if (path === "/api/changes") return await changes(site, request, response, query);
  const [, id = "", log] = /^\/api\/runs\/([^/]+)(\/log)?$/.exec(path) ?? [];
  if (!isRunId(id)) return sendText(response, 404, "there is nothing here");
  const directory = join(runsDirectory(site.home), id);
  const found =
    statOf(join(directory, "run.json")) === null
      ? null
      : log === undefined
        ? await runAnswer(site.home, id)
        : logLines(directory);
  if (found === null) return sendText(response, 404, `there is no run ${id}`);
  return await sendJson(request, response, found);
}

async function runsAnswer({ home, list }: Site): Promise<RunsAnswer> {
  const runs = await list.rows();
  return { epoch: list.epoch, version: list.version, home, runs };
}

async function changes(
  { home, list }: Site,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const run = query.get("run");
  if (run !== null && !isRunId(run)) return sendText(response, 404, "there is no such run");
  if (list.followers >= MOST_STREAMS) {
    return sendText(response, 503, `${MOST_STREAMS} pages are open: close some`);
  }
  // A browser that asks again names the last message itself; a page names where it begins.
  const seen = request.headers["last-event-id"] ?? query.get("after") ?? "";
  await streamChanges(response, { home, list, run, after: readPlace(String(seen)) });
}
