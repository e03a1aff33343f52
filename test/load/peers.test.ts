import { expect, test } from "vitest";
import { pelk, timm } from "../../src/dsl/index.js";
import { loadAnyTarget } from "../../src/load/load-target.js";
import { peerPlace } from "../../src/load/peer-place.js";
import { HERE, here, INTERNAL, mistake, project } from "./project.js";

const SWIN = "swin_tiny_patch4_window7_224";
const IMPORTS = 'import { digits, experiment, pelk, timm } from "fovea";\n';
const any = (root: string, target = "main.ts") => loadAnyTarget(target, { cwd: root });

test("a peer, and a list of networks and peers, keep their order", async () => {
  const one = project({ "main.ts": `${IMPORTS}export default timm("${SWIN}");` });
  expect(await any(one)).toMatchObject({ trainables: [timm(SWIN)], experiment: null });
  const list = `[timm("convnext_tiny"), pelk("tiny"), timm("resnet50", { classes: 10 })]`;
  const several = project({ "main.ts": `${IMPORTS}export default ${list};` });
  const { trainables } = await any(several);
  expect(trainables).toEqual([
    timm("convnext_tiny"),
    pelk("tiny"),
    timm("resnet50", { classes: 10 }),
  ]);
});

test("an experiment's peer is what it trains", async () => {
  const root = project({
    "main.ts": `${IMPORTS}export default experiment({ name: "a", network: timm("${SWIN}"), data: digits() });`,
  });
  const { trainables, experiment } = await any(root);
  expect(trainables).toEqual([timm(SWIN)]);
  expect(experiment?.network).toEqual(timm(SWIN));
});

test("timm:NAME is a peer without a file", async () => {
  expect(await any("/", `timm:${SWIN}`)).toEqual({
    source: `timm:${SWIN}`,
    file: null,
    files: [],
    origins: expect.any(Function),
    trainables: [timm(SWIN)],
    experiment: null,
    sweep: null,
  });
});

test.each(["timm:", "timm:a b", "timm:hf-hub:timm/resnet50", "timm:../x", "timm:a\u001b[31m"])(
  "%j is no name of timm's",
  async (target) => {
    const found = await mistake("/", target);
    expect(found).toMatchObject({ code: "FOV0001", value: target, fix: `write timm:${SWIN}` });
    expect(found.text).not.toContain("\u001b");
  },
);

test("an unknown name tells of timm:NAME and of near names", async () => {
  const found = await mistake("/", "pelk_tinny");
  expect(found.allowed).toContain("timm:NAME");
  expect(found.fix).toContain("pelk_tiny");
});

test.each([
  ["alone", `timm(${HERE}"${SWIN}")`],
  ["in a list", `[pelk("tiny"), timm(${HERE}"${SWIN}")]`],
  [
    "in an experiment",
    `experiment({ name: "a", network: timm(${HERE}'${SWIN}'), data: digits() })`,
  ],
])("a peer %s is refused where networks are generated", async (_, expression) => {
  const text = `${IMPORTS}\nexport default ${expression};\n`;
  const found = await mistake(project({ "main.ts": text.replace(HERE, "") }));
  const { line, column } = here(text);
  expect(found).toMatchObject({
    code: "FOV0034",
    file: "main.ts",
    line,
    column: column - HERE.length,
    value: `timm:${SWIN}`,
  });
  expect(found.message).toContain("trained and compared, never generated");
  expect(found.text).not.toMatch(INTERNAL);
});

test.each([
  ["a name that timm cannot have", `timm(${HERE}"a/b")`, "FOV0001", "model"],
  ["a wrong option", `timm("${SWIN}", {\n  dropPath: ${HERE}2,\n})`, "FOV0001", "dropPath"],
  [
    "an unknown option",
    `timm("${SWIN}", {\n  pretrained: ${HERE}true,\n})`,
    "FOV0002",
    "pretrained",
  ],
])("%s has its place", async (_, expression, code, path) => {
  const text = `${IMPORTS}\nconst peer = ${expression};\nexport default peer;\n`;
  expect(await mistake(project({ "main.ts": text }))).toMatchObject({ code, path, ...here(text) });
});

test("an object written by hand is checked, in a list with its index", async () => {
  const byHand = `{ ...timm("${SWIN}"), classes: 0 }`;
  const alone = await mistake(project({ "main.ts": `${IMPORTS}export default ${byHand};` }));
  expect(alone).toMatchObject({ code: "FOV0001", path: "classes" });
  const list = `[pelk("tiny"), ${byHand}]`;
  const listed = await mistake(project({ "main.ts": `${IMPORTS}export default ${list};` }));
  expect(listed).toMatchObject({ path: "[1].classes" });
});

test("a network and a peer of one name are told apart by neither", async () => {
  const list = `[pelk("tiny"), timm("${SWIN}", { name: "pelk_tiny" })]`;
  const found = await mistake(project({ "main.ts": `${IMPORTS}export default ${list};` }));
  expect(found).toMatchObject({ code: "FOV0005", path: "[1].name", value: "pelk_tiny" });
});

test("a peer is found where its name stands in quotes, in whichever file", async () => {
  const root = project({
    "main.ts": `${IMPORTS}import { name } from "./names.ts";\nexport default timm(name);`,
    "names.ts": `// resnet50\nexport const other = "resnet50d";\nexport const name = \`resnet50\`;\n`,
  });
  const target = await any(root);
  expect(peerPlace(timm("resnet50"), target)).toMatchObject({ line: 3, column: 21 });
  expect(peerPlace(timm("resnet18"), target)).toEqual({ file: target.file });
  expect(peerPlace(timm("resnet18"), await any("/", "timm:resnet18"))).toBeUndefined();
});
