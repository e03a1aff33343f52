import type { Command } from "commander";
import { createProgram } from "../src/cli/main.js";
import { ERROR_CODES } from "../src/ir/index.js";

/** The pages of `docs/` that are written from the code, by path from the checkout's root. */
export async function docFiles(): Promise<Map<string, string>> {
  return new Map([
    ["docs/cli.md", await commandPage()],
    ["docs/errors.md", errorPage()],
  ]);
}

async function commandPage(): Promise<string> {
  const program = await createProgram();
  const pages = [program, ...program.commands.flatMap(withSubcommands)].map(
    (command) => `## ${fullName(command)}\n\n\`\`\`\n${helpOf(command)}\n\`\`\`\n`,
  );
  return `# Commands\n\nWritten by \`npm run emit\` from the commands themselves.\n\n${pages.join("\n")}`;
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}

function helpOf(command: Command): string {
  command.configureHelp({ helpWidth: 100 });
  return command.helpInformation().trimEnd();
}

function errorPage(): string {
  const rows = Object.entries(ERROR_CODES).map(([code, meaning]) => `| ${code} | ${meaning} |`);
  return `# Error codes\n\nWritten by \`npm run emit\` from \`src/ir/codes.ts\`.\n\n| code | stands for |\n|---|---|\n${rows.join("\n")}\n`;
}
