import { realpathSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadTarget } from "../../src/load/load-target.js";
import { project } from "./project.js";

const MAIN = `import { network, stem, peripheral, classifier } from "fovea";
import sizes from "./sizes.json";
import { cells } from "./cells.json" with { type: "json" };
import { old } from "./old.cjs";
import { plain } from "./plain.js";
import { helper } from "./helper";
export default network("mine", {
  input: { channels: 1, size: sizes.size },
  stem: stem.patchify({ stride: 4 }),
  depths: [1], widths: [cells],
  mixers: [peripheral({ kernel: helper, centre: old })],
  head: classifier(plain),
});
`;
const FILES = {
  "main.ts": MAIN,
  "sizes.json": '{ "size": 64 }',
  "cells.json": '{ "cells": 8 }',
  "old.cjs": "exports.old = 3;\n",
  "plain.js": "export const plain = 10;\n",
  "helper.ts": "export const helper = 31;\n",
};
const LAID = {
  "sizes.json": '\ufeff{ "size": 96 }',
  "cells.json": '{ "cells": 16 }',
  "old.cjs": "exports.old = 5;\n",
  "plain.js": "export const plain = 7;\n",
  "helper.ts": "\ufeffexport const helper = 45;\n",
};

test("texts stand in for files of every kind, one at a time and all together", async () => {
  const root = project(FILES);
  const real = realpathSync(root);
  const look = async (laid: Partial<typeof LAID>) => {
    const overlay = new Map(Object.entries(laid).map(([name, text]) => [join(real, name), text]));
    const context = { overlay, transformed: new Map<string, string>() };
    const { networks } = await loadTarget("main.ts", { cwd: root, context });
    const { input, widths, mixers, head } = networks[0] ?? expect.fail();
    const [mixer] = mixers;
    return [
      input.size,
      widths[0],
      ...(mixer?.type === "peripheral" ? [mixer.centre, mixer.kernel] : []),
      head.classes,
    ];
  };
  const before = [64, 8, 3, 31, 10];
  expect(await look({})).toEqual(before);
  expect(await look({ "sizes.json": LAID["sizes.json"] })).toEqual([96, 8, 3, 31, 10]);
  expect(await look({ "cells.json": LAID["cells.json"] })).toEqual([64, 16, 3, 31, 10]);
  expect(await look({ "old.cjs": LAID["old.cjs"] })).toEqual([64, 8, 5, 31, 10]);
  expect(await look({ "plain.js": LAID["plain.js"] })).toEqual([64, 8, 3, 31, 7]);
  expect(await look({ "helper.ts": LAID["helper.ts"] })).toEqual([64, 8, 3, 45, 10]);
  expect(await look(LAID)).toEqual([96, 16, 5, 45, 7]);
  expect(await look({})).toEqual(before);
});

test("the calls that declare a network and its mixers are known, in helpers and presets too", async () => {
  const helper = `import { peripheral } from "fovea";
export const small = (kernel: number) => peripheral({ kernel, centre: 3 });
`;
  const main = `import { pelk, dense, experiment, digits } from "fovea";
import { small } from "./helper";
const base = pelk("tiny", { mixers: [small(31), dense({ kernel: 7 }), small(9), small(7)] });
const derived = pelk("tiny", { ...base, name: "derived", depths: [1, 1, 1, 1] });
export default experiment({ name: "e", network: derived, data: digits({ train: 10, test: 10 }) });
`;
  const root = project({ "main.ts": main, "helper.ts": helper });
  const { networks, origins } = await loadTarget("main.ts", { cwd: root });
  const found = origins(networks[0] ?? expect.fail());
  expect(found?.call).toEqual({ what: "pelk", file: join(root, "main.ts"), line: 4, column: 21 });
  const inHelper = { what: "peripheral", file: join(root, "helper.ts"), line: 2, column: 52 };
  const inMain = { what: "dense", file: join(root, "main.ts"), line: 3, column: 54 };
  expect(found?.mixers).toEqual([inHelper, inMain, inHelper, inHelper]);
});

test("mixers of a preset come from the preset's call", async () => {
  const root = project({
    "main.ts": 'import { pelk } from "fovea";\nexport default pelk("tiny");\n',
  });
  const { networks, origins } = await loadTarget("main.ts", { cwd: root });
  const place = { file: join(root, "main.ts"), line: 2, column: 20 };
  expect(origins(networks[0] ?? expect.fail())?.mixers[3]).toEqual({
    what: "peripheral",
    ...place,
  });
});
