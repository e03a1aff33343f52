import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Figure } from "./bench.js";

const NETWORKS = 50;
const ROUNDS = 7;

/** A project whose networks differ, and of which `changed` changes one. */
const DECLARATION = `import { pelk, peripheral } from "fovea";
import { changed } from "./changed.js";

const mixers = (kernel: number) =>
  [kernel, kernel - 2, kernel - 4, 13].map((each) => peripheral({ kernel: each as 51, centre: 5 }));
export default Array.from({ length: ${NETWORKS} }, (_, index) =>
  pelk("tiny", { name: "net_" + index, mixers: mixers(index === 7 ? changed : 31 + 2 * (index % 10)) }),
);
`;

/** Seconds of a whole `fovea generate` where one network of fifty has other kernels, and where none has. */
export function measureProject(fovea: string, scratch: string): Figure[] {
  const folder = join(scratch, "project");
  mkdirSync(folder);
  const file = join(folder, "nets.arch.ts");
  const change = (kernel: number): void =>
    writeFileSync(join(folder, "changed.ts"), `export const changed = ${kernel};\n`);
  const generate = (): number => {
    const from = performance.now();
    const words = [fovea, "generate", file, "--out", join(folder, "out")];
    const { status, stderr } = spawnSync(process.execPath, words, {
      env: { ...process.env, FOVEA_CACHE: join(folder, "cache") },
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`fovea generate failed:\n${stderr}`);
    return (performance.now() - from) / 1000;
  };
  writeFileSync(file, DECLARATION);
  change(53);
  const all = [generate()];
  const one: number[] = [];
  const none: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    change(53 + 6 * round);
    one.push(generate());
    none.push(generate());
  }
  const of = `of ${NETWORKS} networks of pelk_tiny's depth`;
  return [
    { name: `fovea generate, all ${of} new`, seconds: all, goal: Number.NaN },
    { name: `fovea generate, three kernels of one ${of} changed`, seconds: one, goal: 1 },
    { name: `fovea generate, none ${of} changed`, seconds: none, goal: Number.NaN },
  ];
}
