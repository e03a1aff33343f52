import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, expect, test } from "vitest";
import * as generate from "../../src/cli/commands/generate.js";
import { Manifest, sha256 } from "../../src/ir/index.js";
import { packageRoot } from "../../src/ir/package-root.js";
import { machineId } from "../../src/launch/machine.js";
import { startOf } from "../../src/launch/process-identity.js";
import { runCommand } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";

const declaration = (kernel: number): string => `
import { classifier, dense, network, stem } from "fovea";
export default network("net", {
  input: { channels: 3, size: 32 }, stem: stem.patchify({ stride: 4 }),
  depths: [1], widths: [8], mixers: [dense({ kernel: ${kernel} })], head: classifier(10) });
`;

let folder: string;
let file: string;
let out: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder, "net.arch.ts");
  out = join(folder, "out");
});

const run = (...words: string[]) =>
  runCommand(generate, ["generate", file, "--out", out, ...words]);

/** The kernel of the package that lies there: every file that its manifest lists is as it says. */
function kernelThere(): number {
  const read = (path: string): string => readFileSync(join(out, "net", path), "utf8");
  const { network, files } = Manifest.parse(JSON.parse(read("manifest.json")));
  for (const { path, sha256: hash } of files) expect(sha256(read(path)), path).toBe(hash);
  const own = readdirSync(join(out, "net"), { recursive: true, encoding: "utf8" });
  const python = own.filter((path) => path.endsWith(".py")).sort();
  expect(python).toEqual(files.map(({ path }) => path).sort());
  expect(read("notes.txt")).toBe("mine\n");
  const [mixer] = network.mixers;
  return mixer?.type === "dense" ? Number(mixer.kernel) : 0;
}

const FOVEA = join(packageRoot, "bin/fovea.js");

test.skipIf(process.platform !== "linux")(
  "a kill of the command leaves the old package or the new one, and the next command all right",
  async () => {
    writeFileSync(file, declaration(7));
    await run();
    writeFileSync(join(out, "net/notes.txt"), "mine\n");
    mkdirSync(join(out, "net/__pycache__"));
    writeFileSync(join(out, "net/__pycache__/model.cpython-312.pyc"), "");
    cpSync(out, join(folder, "before"), { recursive: true });
    writeFileSync(file, declaration(9));
    const found: number[] = [];
    const kill = pathToFileURL(join(packageRoot, "test/support/kill-at.mjs")).href;
    for (let at = 0; ; at += 7) {
      spawnSync("rm", ["-r", out]);
      cpSync(join(folder, "before"), out, { recursive: true });
      const { signal, status } = spawnSync(
        process.execPath,
        ["--import", kill, FOVEA, "generate", file, "--out", out],
        { env: { ...process.env, KILL_AT: String(at), FOVEA_CACHE: join(folder, "cache") } },
      );
      found.push(kernelThere());
      if (signal === null) {
        expect(status).toBe(0);
        break;
      }
      expect((await run()).exit).toBe(0);
      expect(kernelThere()).toBe(9);
      expect((await run("--check")).exit).toBe(0);
      expect(readdirSync(out).sort(), `killed at ${at}`).toEqual(["index.ts", "net"]);
    }
    expect(new Set(found)).toEqual(new Set([7, 9]));
    expect([...found].sort()).toEqual(found);
  },
  300_000,
);

test("a reader finds a whole package at every instant", async () => {
  writeFileSync(file, declaration(7));
  await run();
  const reader = spawn(
    process.execPath,
    [
      "-e",
      `const { readFileSync, existsSync } = require("node:fs");
      let looks = 0;
      process.stdout.write("ready");
      while (!existsSync(${JSON.stringify(join(folder, "stop"))})) {
        JSON.parse(readFileSync(${JSON.stringify(join(out, "net/manifest.json"))}, "utf8"));
        readFileSync(${JSON.stringify(join(out, "net/model.py"))});
        looks += 1;
      }
      process.exitCode = looks > 100 ? 0 : 3;`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = once(reader, "exit");
  await once(reader.stdout, "data");
  for (let round = 0; round < 12; round += 1) {
    writeFileSync(file, declaration(7 + 2 * (round % 5)));
    expect((await run()).exit).toBe(0);
  }
  writeFileSync(join(folder, "stop"), "");
  expect(await ended).toEqual([0, null]);
}, 60_000);

test("while another process writes, the command waits, then names it and writes nothing", async () => {
  writeFileSync(file, declaration(7));
  await run();
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  await once(child, "spawn");
  const { pid = 0 } = child;
  const lock = join(out, ".fovea-lock-other");
  const holder = { pid, started: startOf(pid), host: "here", machine: machineId() };
  writeFileSync(lock, JSON.stringify(holder));
  try {
    // What is right needs no lock, and comparing takes none.
    expect((await run()).exit).toBe(0);
    writeFileSync(file, declaration(9));
    expect((await run("--check")).exit).toBe(1);
    const { exit, stderr, json } = await run("--json");
    expect([exit, stderr]).toEqual([1, expect.stringContaining(`process ${pid}`)]);
    expect(json()).toMatchObject({ error: { code: "FOV0053" } });
    expect(existsSync(join(out, "net/kernels/dense_9x9.py"))).toBe(false);
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  expect((await run()).exit).toBe(0);
  expect(readdirSync(out).sort()).toEqual(["index.ts", "net"]);
}, 60_000);
