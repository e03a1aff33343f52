import { dense, net } from "../networks.js";
import type { Program } from "./program.js";

const STEM = "stem: stem.patchify({ stride: 4 }), head: classifier(10), depths: [1], widths: [16]";
const TEXT = `import { classifier, dense, network, stem } from "fovea";
// What is tried
const SIDE = 51; /* taps */
export const seeds = [51];
const one = network("one", { input: { channels: 1, size: 64 }, ${STEM}, mixers: [dense({ kernel: SIDE })] });
const two = network("two", { input: { channels: 1, size: 64 }, ${STEM}, mixers: [dense({ kernel: 13 })] });
export default [one, two];
`;

const network = (name: string, kernel: number) =>
  net({
    name,
    input: { channels: 1, size: 64 },
    depths: [1],
    widths: [16],
    mixers: [dense(kernel)],
    head: { type: "classifier", classes: 10, norm: "layer" },
  });

/** A program of two networks, `one` with a kernel of 51 taps and `two` with 13. */
export const fixedProgram: Program = {
  files: new Map([
    ["main.ts", TEXT],
    ["other.ts", "export const other = 51;\n"],
  ]),
  entry: "main.ts",
  networks: [network("one", 51), network("two", 13)],
  seen: new Set(["one", "two"]),
  uses: [],
  square: false,
  forms: [],
};
