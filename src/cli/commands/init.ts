import type { Command } from "commander";
import { type ActionMaker, EXIT } from "../command.js";

/** `fovea init`: a project to start from. */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("init")
    .description(
      "write a project with an example network and an experiment; no file is overwritten",
    )
    .argument("[dir]", "folder; the current one where none is named", ".")
    .option("--json", "print {dir, files, network, experiment} as JSON")
    .allowExcessArguments(false)
    .action(
      action(async (io, folder: string) => {
        const [{ relative, resolve }, { initProject }] = await Promise.all([
          import("node:path"),
          import("../../harness/init-project.js"),
        ]);
        const project = initProject(resolve(folder));
        for (const name of project.kept) io.note(`${name} is there already and stays as it is`);
        if (io.json) await io.result(project);
        else {
          const enter = relative(process.cwd(), project.dir);
          await io.print(
            [
              ...project.files.map((name) => `wrote ${name}`),
              "",
              "now:",
              ...(enter === "" ? [] : [`  cd ${enter}`]),
              "  npm install",
              `  npx fovea inspect ${project.network}`,
              "  npx fovea setup",
              `  npx fovea run ${project.experiment}`,
            ].join("\n"),
          );
        }
        return EXIT.done;
      }),
    );
}
