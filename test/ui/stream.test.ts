import {
  appendFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startOf } from "../../src/launch/process-identity.js";
import { until } from "../support/harness.js";
import { Listener, request, serve } from "../support/page-server.js";
import { ended, evaluated, eventLines, start, step, writeRun } from "../support/runs.js";
import { temporaryFolder } from "../support/temporary.js";

/** A run whose process is this one. */
const LIVE = { status: "running", pid: process.pid, started: startOf(process.pid) } as const;

// biome-ignore lint/suspicious/noExplicitAny: a document of the server's, looked into by tests
type Document = any;

async function openPage(home: string): Promise<{
  ask(path: string): Promise<Document>;
  listen(run: string | null, after: string, headers?: Record<string, string>): Listener;
  /** Where a page stands that has read the list, and one run. */
  place(run?: string): Promise<string>;
}> {
  const { port, token } = await serve(home);
  const ask = async (path: string): Promise<Document> =>
    JSON.parse((await request(port, `${path}?token=${token}`)).body);
  return {
    ask,
    listen: (run, after, headers) => {
      const query = new URLSearchParams({ token, after, ...(run === null ? {} : { run }) });
      return new Listener(`http://127.0.0.1:${port}/api/changes?${query}`, headers);
    },
    place: async (run) => {
      const { epoch, version } = await ask("/api/runs");
      const { bytes, lines } =
        run === undefined ? { bytes: 0, lines: 0 } : (await ask(`/api/runs/${run}`)).place;
      return `${epoch}.${version}.${bytes}.${lines}`;
    },
  };
}

const append = (directory: string, text: string): void =>
  appendFileSync(join(directory, "events.jsonl"), text);

/** Numbers of all events that a listener was told, as `seq`; of lines that are none, negative. */
const told = (listener: Listener): number[] =>
  listener
    .of("events")
    .flatMap(({ data }) => [
      ...new Set([
        ...data.curves.map(({ seq }: { seq: number }) => seq),
        ...data.told.map(({ seq }: { seq: number }) => seq),
        ...data.problems.map(({ line }: { line: number }) => -line),
      ]),
    ]);

describe("a run that is written", () => {
  test("what the page has not read comes at once, what comes later as it is written", async () => {
    const home = temporaryFolder();
    const { id, directory } = writeRun(home, { ...LIVE, events: [start(), step(1)] });
    const page = await openPage(home);
    const after = await page.place(id);
    append(directory, eventLines([step(2)], 2));
    const listener = page.listen(id, after);
    await until(() => told(listener).length === 1);
    append(directory, `${eventLines([step(3)], 3)}{"v":1,"seq":4,`);
    await until(() => told(listener).length === 2);
    append(directory, '"rubbish"\n');
    await until(() => told(listener).length === 3);
    append(directory, eventLines([evaluated(3, { top1: 5 }), ended()], 5));
    await until(() => told(listener).length === 5);
    expect(told(listener)).toEqual([2, 3, -5, 5, 6]);
    const [problem] = listener.of("events").flatMap(({ data }) => data.problems);
    expect(problem).toEqual({ line: 5, message: "not JSON" });
  });

  test("a connection that is lost and made again loses nothing and doubles nothing", async () => {
    const home = temporaryFolder();
    const { id, directory } = writeRun(home, { ...LIVE, events: [start()] });
    const page = await openPage(home);
    const after = await page.place(id);
    const seen: number[] = [];
    let last = after;
    for (let round = 0; round < 5; round += 1) {
      const from = 1 + 20 * round;
      const bodies = Array.from({ length: 20 }, (_, index) => step(from + index));
      const text = eventLines(bodies, from);
      // Cut within a line: one part comes over this connection, the other over the next one.
      append(directory, text.slice(0, 700));
      const listener = page.listen(id, after, { "Last-Event-ID": last });
      await until(() => told(listener).length > 0);
      listener.close();
      append(directory, text.slice(700));
      seen.push(...told(listener));
      last = listener.of("events").at(-1)?.id ?? last;
    }
    const listener = page.listen(id, last);
    await until(() => told(listener).includes(100));
    seen.push(...told(listener));
    expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  test("a torn line that is cut off when the run is resumed is told once, and whole", async () => {
    const home = temporaryFolder();
    const { id, directory } = writeRun(home, { ...LIVE, events: [start(), step(1)] });
    const page = await openPage(home);
    const after = await page.place(id);
    const whole = readFileSync(join(directory, "events.jsonl"), "utf8");
    append(directory, '{"v":1,"seq":2,"time":17000');
    const listener = page.listen(id, after);
    append(directory, "00");
    writeFileSync(join(directory, "events.jsonl"), whole + eventLines([start(1), step(2)], 2));
    await until(() => told(listener).length === 2);
    expect(told(listener)).toEqual([2, 3]);
  });

  test("of a file that somebody edited the page is told to read it anew", async () => {
    const home = temporaryFolder();
    const { id, directory } = writeRun(home, { ...LIVE, events: [start(), step(1), step(2)] });
    const page = await openPage(home);
    const listener = page.listen(id, await page.place(id));
    await until(() => listener.messages.length >= 0);
    const edited = join(directory, "edited");
    writeFileSync(edited, eventLines([start()]));
    renameSync(edited, join(directory, "events.jsonl"));
    await until(() => listener.of("reset").length === 1 && listener.isOver);
  });
});

describe("the list", () => {
  test("tells of a run that starts, measures, ends and is removed, and of nothing else", async () => {
    const home = temporaryFolder();
    writeRun(home);
    const page = await openPage(home);
    const listener = page.listen(null, await page.place());
    const rows = (): Document[] => listener.of("runs").flatMap(({ data }) => data.rows);
    const { id, directory } = writeRun(home, { ...LIVE, counter: 2, events: [start()] });
    await until(() => rows().some(({ run, status }) => run === id && status === "running"));
    append(directory, eventLines([step(3), evaluated(3, { top1: 7 })], 1));
    await until(() => rows().some(({ metrics, step }) => metrics.top1 === 7 && step === 3));
    writeRun(home, { counter: 2, status: "failed", events: [start(), step(3), ended("failed")] });
    await until(() => rows().some(({ status }) => status === "failed"));
    rmSync(directory, { recursive: true });
    await until(() => listener.of("runs").some(({ data }) => data.removed.includes(id)));
    expect(new Set(rows().map(({ run }) => run))).toEqual(new Set([id]));
    // Who comes back is told what it missed, once.
    const [first] = listener.of("runs");
    const again = page.listen(null, first?.id ?? "");
    await until(() => again.of("runs").length > 0);
    expect(again.of("runs").flatMap(({ data }) => data.removed)).toEqual([id]);
  });

  test("a run whose process is gone is lost, without a word in its folder", async () => {
    const home = temporaryFolder();
    const { id } = writeRun(home, { status: "running", pid: 2 ** 22 + 1, events: [start()] });
    const { ask } = await openPage(home);
    expect((await ask("/api/runs")).runs).toMatchObject([{ run: id, status: "lost" }]);
  });

  test("a run that is over and resumed is followed again", async () => {
    const home = temporaryFolder();
    const { id, directory } = writeRun(home, { events: [start(), step(1), ended()] });
    const page = await openPage(home);
    const listener = page.listen(id, await page.place(id));
    writeRun(home, { ...LIVE, events: [start(), step(1), ended(), start(1)] });
    await until(() => told(listener).includes(3));
    append(directory, eventLines([step(2)], 4));
    await until(() => told(listener).includes(4));
    await until(() => listener.of("runs").some(({ data }) => data.rows[0]?.status === "running"));
  });

  test.each(["", "rubbish", "00000000.1.0.0", "00000000.-1.0.0"])(
    "a place of another server, %j, is answered with a reset",
    async (after) => {
      const home = temporaryFolder();
      const { id } = writeRun(home);
      const page = await openPage(home);
      const listener = page.listen(id, after);
      await until(() => listener.of("reset").length === 1 && listener.isOver);
      expect(listener.messages).toHaveLength(1);
    },
  );
});

test("a page that goes away leaves no watch and no open file behind", async () => {
  const home = temporaryFolder();
  const { id, directory } = writeRun(home, { ...LIVE, events: [start()] });
  const page = await openPage(home);
  const files = (): number => readdirSync("/proc/self/fd").length;
  const after = await page.place(id);
  const before = files();
  const listeners = Array.from({ length: 10 }, () => page.listen(id, after));
  append(directory, eventLines([step(1)], 1));
  await until(() => listeners.every((listener) => told(listener).length === 1));
  for (const listener of listeners) listener.close();
  await until(() => files() <= before);
});
