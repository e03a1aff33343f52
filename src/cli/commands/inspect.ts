import type { Command } from "commander";
import { FoveaError } from "../../ir/error.js";
import { parseChoice } from "../choice.js";
import { type ActionMaker, EXIT } from "../command.js";
import type { Io } from "../io.js";

interface Options {
  readonly size?: string;
  readonly layers?: boolean;
  readonly compare?: boolean;
  readonly format?: string;
}

/**
 * `fovea inspect`: the model card, or several networks side by side; without Python but for peers,
 * which it counts.
 */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("inspect [file...]")
    .description(
      "print the model card of a network: stages, parameters, multiply-adds, receptive field, published figures, checks; timm:NAME is a model of timm, counted in Python",
    )
    .option("--size <N>", "count at this image size, N or HxW, in place of the network's own")
    .option("--layers", "add a row a layer; --json always has them")
    .option("--compare", "a row a network, with its multiples of the first one's counts")
    .option("--format <F>", "of --compare: table, csv or latex (default: table)")
    .option("--json", "print the card, or {networks} of several, as JSON")
    .action(
      action(async (io, files: readonly string[], options: Options) => {
        checkOptions(io, files, options);
        if (options.compare === true) await compare(io, files, options);
        else await inspect(io, files[0] ?? "", options);
        return EXIT.done;
      }),
    );
}

/** A mistake in how options go together. */
function clash(path: string, message: string, fix: string): FoveaError {
  return new FoveaError({ code: "FOV0040", message, path, fix });
}

/** What options and files must agree on. */
function checkOptions(io: Io, files: readonly string[], options: Options): void {
  const { compare = false, format, layers = false } = options;
  if (compare && layers) {
    const fix = "leave out --layers, or inspect one network";
    throw clash("--layers", "--layers and --compare: a comparison has a row a network", fix);
  }
  if (compare && format !== undefined && io.json) {
    const fix = "leave out --format or --json";
    throw clash("--format", "--format and --json: JSON is a format of its own", fix);
  }
  if (!compare && format !== undefined) {
    const fix = "add --compare and a second network, or leave out --format";
    throw clash("--format", `--format ${format}: only a comparison has formats`, fix);
  }
  if (!compare && files.length !== 1) throw notOneFile(files);
}

function notOneFile(files: readonly string[]): FoveaError {
  const none = files.length === 0;
  return new FoveaError({
    code: "FOV0040",
    message: none ? "inspect has no file" : `inspect takes one file and has ${files.length}`,
    path: "file",
    ...(none ? {} : { value: files.join(" ") }),
    allowed: "a file or a shipped name; with --compare several",
    fix: none
      ? "write fovea inspect pelk_tiny; fovea zoo lists what is shipped"
      : `write fovea inspect --compare ${files.join(" ")}`,
  });
}

async function inspect(io: Io, file: string, { size, layers = false }: Options): Promise<void> {
  const [{ loadAnyTarget }, { isPeerCard, makeCards }] = await Promise.all([
    import("../../load/load-target.js"),
    import("../inspect/cards.js"),
  ]);
  const cards = await makeCards(
    [await loadAnyTarget(file, { cwd: process.cwd(), note: io.note })],
    size,
  );
  if (io.json) {
    await io.result(cards.length === 1 ? cards[0] : { networks: cards });
    return;
  }
  const { renderCard } = await import("../../report/card.js");
  const { renderPeerCard } = await import("../../report/peer-card.js");
  const texts = cards.map((card) =>
    isPeerCard(card) ? renderPeerCard(card) : renderCard(card, { layers }),
  );
  await io.print(texts.join("\n\n\n"));
}

async function compare(io: Io, files: readonly string[], options: Options): Promise<void> {
  const { cardsToCompare, FORMATS, renderComparison } = await import("../inspect/compare.js");
  const format = parseChoice("--format", options.format ?? "table", FORMATS);
  const networks = await cardsToCompare(files, options.size);
  if (io.json) await io.result({ networks });
  else await io.print(renderComparison(networks, format));
}
