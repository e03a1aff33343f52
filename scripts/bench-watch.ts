import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Figure } from "./bench.js";

const ROUNDS = 7;
const declaration = (kernel: number) => `import { pelk, peripheral } from "fovea";
const mixers = [${kernel}, 49, 47, 13].map((kernel) => peripheral({ kernel, centre: 5 }));
export default pelk("base", { name: "watched", mixers });
`;

/** Seconds from saving a changed kernel size of PeLK-B to the new manifest on the disk. */
export async function measureWatch(fovea: string, scratch: string): Promise<Figure> {
  const file = join(scratch, "watched.arch.ts");
  const out = join(scratch, "watched-out");
  const manifest = join(out, "watched", "manifest.json");
  writeFileSync(file, declaration(51));
  const child = spawn(process.execPath, [fovea, "generate", file, "--out", out, "--watch"], {
    stdio: "ignore",
  });
  const seconds: number[] = [];
  try {
    await until(() => readdirSync(out).includes("watched") && has(manifest, 51));
    await sleep(1000);
    for (let round = 0; round < ROUNDS; round++) {
      const kernel = 53 + 2 * round;
      const from = performance.now();
      writeFileSync(file, declaration(kernel));
      await until(() => has(manifest, kernel));
      seconds.push((performance.now() - from) / 1000);
      await sleep(300);
    }
  } finally {
    child.kill("SIGINT");
    await once(child, "exit");
  }
  return { name: "a changed kernel of pelk_base under --watch", seconds, goal: 0.3 };
}

function has(manifest: string, kernel: number): boolean {
  return readFileSync(manifest, "utf8").includes(`"kernel": ${kernel}`);
}

/** Polls every 5 ms; what is not there yet counts as not so. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    try {
      if (condition()) return;
    } catch {
      // The file is not written yet.
    }
    await sleep(5);
  }
  throw new Error("nothing was generated within 30 s");
}
