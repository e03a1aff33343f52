import type { Command } from "commander";
import { type ActionMaker, EXIT } from "../command.js";

/** `fovea ui`: a page that follows the runs, for this machine alone. */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("ui")
    .description("serve a page that follows the runs live, on this machine alone, until Ctrl-C")
    .option(
      "--port <n>",
      "port to listen on, 0 for any free one; without it 4747 or one of the next",
    )
    .option("--json", "print {url, port, pid} as JSON")
    .allowExcessArguments(false)
    .action(
      action(async (io, options: { readonly port?: string }) => {
        const [{ homeDirectory }, { servePage }, { parseWhole }, { interruption }] =
          await Promise.all([
            import("../../launch/home.js"),
            import("../../ui/serve.js"),
            import("../whole.js"),
            import("../interruption.js"),
          ]);
        const port =
          options.port === undefined
            ? undefined
            : parseWhole(options.port, {
                option: "--port",
                least: 0,
                most: 65_535,
                unit: "a port",
                example: "4747",
              });
        const home = homeDirectory(process.cwd());
        const page = await servePage({ home, port, onFailure: (error) => io.note(String(error)) });
        const interrupted = interruption();
        if (io.json) await io.result({ url: page.url, port: page.port, pid: process.pid });
        else await io.print(page.url);
        io.note(`follows the runs in ${home}; Ctrl-C ends`);
        await interrupted;
        await page.close();
        return EXIT.cancelled;
      }),
    );
}
