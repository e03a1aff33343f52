import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Figure } from "./bench.js";

const ROUNDS = 7;
const DECLARATION = `import { pelk, peripheral } from "fovea";

const SIDES = [51, 49, 47, 13] as const;

export default pelk("tiny", {
  name: "mine",
  mixers: [
    peripheral({ kernel: SIDES[0], centre: 5 }),
    peripheral({ kernel: SIDES[1], centre: 5 }),
    peripheral({ kernel: SIDES[2], centre: 5 }),
    peripheral({ kernel: SIDES[3], centre: 5 }),
  ],
});
`;

/**
 * Seconds of a whole `fovea retarget` of one stage of PeLK-T, and with `--write` to the package that
 * can be imported, without verification.
 */
export function measureRetarget(fovea: string, scratch: string): Figure[] {
  const folder = join(scratch, "retarget");
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), "{}");
  writeFileSync(join(folder, "mine.arch.ts"), DECLARATION);
  const run = (...words: readonly string[]): number => {
    const from = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [fovea, ...words], {
      cwd: folder,
      env: { ...process.env, FOVEA_HOME: join(folder, "home") },
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`fovea ${words.join(" ")} failed:\n${stderr}`);
    return (performance.now() - from) / 1000;
  };
  run("generate", "mine.arch.ts", "--out", "generated");
  const shown: number[] = [];
  const written: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const stage = `2=${47 + 2 * round}`;
    shown.push(run("retarget", "mine.arch.ts", "--stage", stage));
    written.push(run("retarget", "mine.arch.ts", "--stage", stage, "--write", "--no-verify"));
  }
  return [
    { name: "fovea retarget, one stage of PeLK-T, shown", seconds: shown, goal: Number.NaN },
    { name: "fovea retarget --write, file and package", seconds: written, goal: 2 },
  ];
}
