import type { Command } from "commander";
import { createProgram } from "../src/cli/main.js";
import { ERROR_CODES, type ErrorCode } from "../src/ir/codes.js";
import { EXPLANATIONS } from "../src/ir/explanations/index.js";

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
  const codes = Object.entries(ERROR_CODES) as [ErrorCode, string][];
  const rows = codes.map(([code, meaning]) => `| [${code}](#${code.toLowerCase()}) | ${meaning} |`);
  const sections = codes.map(([code, meaning]) => {
    const { why, mend, example } = EXPLANATIONS[code];
    const block =
      "file" in example
        ? `\`\`\`ts\n${example.file.trimEnd()}\n\`\`\``
        : `\`\`\`sh\n${example.command}\n\`\`\``;
    return `## ${code}\n\n${meaning[0]?.toUpperCase()}${meaning.slice(1)}. ${why}\n\n${block}\n\n${mend}\n`;
  });
  return `# Codes of errors and warnings\n\nWritten by \`npm run emit\` from \`src/ir/codes.ts\` and \`src/ir/explanations\`; \`fovea explain CODE\` prints a section. Codes from FOV0200 to FOV0217 are warnings and notes of what is allowed; \`fovea check\` finds them. Every example that is a file is run by a test, and gives its code.\n\n| code | stands for |\n|---|---|\n${rows.join("\n")}\n\n${sections.join("\n")}`;
}
