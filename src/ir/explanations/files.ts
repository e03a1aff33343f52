import type { Explanation } from "./explanation.js";

/** Codes of files that are loaded and written. */
export const FILES = {
  FOV0030: {
    why: "There is no file of that name, and nothing shipped; or the file is a folder, binary or without the right to be read.",
    mend: "Look at the path; `fovea zoo` lists what is shipped.",
    example: { command: "fovea inspect my.arhc.ts" },
  },
  FOV0031: {
    why: "The file cannot be parsed, so that nothing of it was run.",
    mend: "Mend it at the place that is shown.",
    example: { file: 'import { pelk } from "fovea";\n\nexport default pelk("tiny";\n' },
  },
  FOV0032: {
    why: "An import leads nowhere, or names something that fovea does not export. `fovea` always is the running tool.",
    mend: "Take the name or the path that the fix offers; `fovea check --fix` does it.",
    example: { file: 'import { plek } from "fovea";\n\nexport default plek("tiny");\n' },
  },
  FOV0033: {
    why: "The file's own code throws, ends the process, or waits for what never comes.",
    mend: "Mend it at the place that is shown.",
    example: {
      file: "const sizes: number[] | undefined = undefined;\n\nexport default sizes!.length;\n",
    },
  },
  FOV0034: {
    why: "Commands read the default export: a network, a peer, a list of them, an experiment or a sweep, as the command takes it.",
    mend: "Export what `network()`, a preset, `experiment()` or `sweep()` returns.",
    example: { file: 'import { pelk } from "fovea";\n\nexport const mine = pelk("tiny");\n' },
  },
  FOV0050: {
    why: "What lies on the disk is not what the declaration stands for now.",
    mend: "Run the command that is printed.",
    example: { command: "fovea generate my.arch.ts --out generated --check" },
  },
  FOV0051: {
    why: "The system refused a write: no space, no right, a read-only file system. Nothing half-written stays.",
    mend: "Make room or give the right at the path that is named.",
    example: { command: "fovea generate my.arch.ts --out /proc" },
  },
  FOV0052: {
    why: "A generated file is not as fovea wrote it, and writing would lose the change; it is shown.",
    mend: "Move the change into the declaration or a file of your own; --force overwrites it.",
    example: {
      command: "echo >> generated/mine/model.py; fovea generate my.arch.ts --out generated",
    },
  },
  FOV0053: {
    why: "Two writers in one folder would mix their files. The lock names the process; one whose process is gone is taken over.",
    mend: "Wait for the other, or end it.",
    example: {
      command:
        "fovea generate a.arch.ts --out generated & fovea generate b.arch.ts --out generated",
    },
  },
  FOV0054: {
    why: "The package's manifest is of a newer fovea, or of a form that this one does not know.",
    mend: "Take the fovea that wrote it, or generate the package from its file.",
    example: { command: "fovea upgrade generated" },
  },
  FOV0055: {
    why: "The declaration in the package's manifest does not hold by today's rules.",
    mend: "Generate the package from its file, which tells the place of the mistake.",
    example: { command: "fovea upgrade generated" },
  },
  FOV0056: {
    why: "The folder has no package with a manifest of fovea's.",
    mend: "Name the folder that `fovea generate --out` wrote, or one package in it.",
    example: { command: "fovea upgrade src" },
  },
  FOV0250: {
    why: "fovea changes source files only inside the project of the file that was named (the nearest package.json, tsconfig.json or .git), outside node_modules, and with the right to write them.",
    mend: "Copy the value into the project, give yourself the right, or change the file by hand.",
    example: { command: "chmod a-w my.arch.ts; fovea retarget my.arch.ts --stage 0=61 --write" },
  },
} as const satisfies Readonly<Record<string, Explanation>>;
