import type { Network, Size } from "../../ir/index.js";
import type { CardPart } from "../card.js";
import type { StageShape } from "../shapes.js";
import { architecture } from "./architecture.js";
import type { PublishedFigure } from "./figure.js";
import { PUBLISHED, type PublishedNetwork } from "./networks.js";

interface Ours {
  readonly count: number;
  readonly counted: string;
}

/** Parameters as the publication's rule counts them. */
function params({ rule }: PublishedNetwork, { params: own }: CardPart): Ours {
  if (rule !== "nonzero") return { count: own[rule], counted: rule };
  return {
    count: own.nonzero - own.embedding,
    counted: own.embedding === 0 ? "nonzero" : "nonzero without embedding",
  };
}

/** Multiply-adds of all parallel branches, which merging saves. */
const branchMacs = (stages: readonly StageShape[]): number =>
  stages.reduce((sum, { depth, convolved, map, mixer: { branch } }) => {
    const taps = branch === false ? 0 : branch * branch;
    return sum + depth * convolved * map[0] * map[1] * taps;
  }, 0);

/** Multiply-adds as the publication's rule counts them. */
function macs(
  { rule }: PublishedNetwork,
  { macs: own }: CardPart,
  stages: readonly StageShape[],
): Ours {
  if (rule !== "merged") return { count: own[rule], counted: rule };
  return { count: own.dense - branchMacs(stages), counted: "branches merged" };
}

const percentOff = (count: number, value: number): number => 100 * (count / value - 1);

function counted(
  quantity: "params" | "macs",
  printed: string,
  ours: Ours,
): Omit<PublishedFigure, "network" | "size" | "source"> {
  const value = Number(printed) * (quantity === "params" ? 1e6 : 1e9);
  return {
    quantity,
    printed: `${printed} ${quantity === "params" ? "M" : "G"}`,
    value,
    ours: ours.count,
    counted: ours.counted,
    difference: percentOff(ours.count, value),
    note: null,
  };
}

/** One line of the table a quantity; parameters alone where its images have another size. */
function figuresOf(
  published: PublishedNetwork,
  own: CardPart,
  stages: readonly StageShape[],
  size: Size,
): PublishedFigure[] {
  const { name } = published;
  const found: PublishedFigure[] = [];
  for (const result of published.results) {
    const here = size.every((side) => side === result.size);
    const { source, note } = result;
    if (result.params !== undefined) {
      const ours = params(published, own);
      found.push({ network: name, ...counted("params", result.params, ours), size: null, source });
    }
    if (here && result.macs !== undefined) {
      const ours = macs(published, own, stages);
      found.push({ network: name, ...counted("macs", result.macs, ours), size, source });
    }
    if (!here) continue;
    found.push({
      network: name,
      quantity: "top1",
      printed: `${result.top1}%`,
      value: Number(result.top1),
      ours: null,
      counted: null,
      difference: null,
      size,
      note,
      source,
    });
  }
  return found;
}

/** Counts of the authors' own code. */
function exactFigures(published: PublishedNetwork, own: CardPart): PublishedFigure[] {
  return published.exact.map(({ form, params: value, source }) => ({
    network: published.name,
    quantity: "params",
    printed: String(value),
    value,
    ours: own.params[form],
    counted: form,
    difference: percentOff(own.params[form], value),
    size: null,
    note: null,
    source,
  }));
}

/** The same figure, printed for several trainings of a network, is one. */
function distinct(figures: readonly PublishedFigure[]): PublishedFigure[] {
  const seen = new Set<string>();
  return figures.filter(({ quantity, printed, source, note }) => {
    const key = JSON.stringify([quantity, printed, source, note]);
    return !seen.has(key) && seen.add(key);
  });
}

/**
 * What is published of exactly this network, whatever it is called: its architecture decides.
 * Multiply-adds and accuracies are those at the image size that `own` was counted at.
 */
export function publishedFigures(
  network: Network,
  stages: readonly StageShape[],
  size: Size,
  own: CardPart,
): readonly PublishedFigure[] {
  const wanted = architecture(network, stages);
  const depths = network.depths.join();
  const published = PUBLISHED.find(
    (each) => each.network.depths.join() === depths && architecture(each.network) === wanted,
  );
  if (published === undefined) return [];
  return distinct([...exactFigures(published, own), ...figuresOf(published, own, stages, size)]);
}
