import { printable } from "../../ir/printable.js";
import { differenceTable } from "../../report/difference-table.js";
import { seriesLine } from "../../report/series-line.js";
import type { FileDifference } from "./code.js";
import type { Difference } from "./compare-operands.js";
import type { Operand } from "./operand.js";

/** The JSON document of `fovea diff`. */
export function diffDocument(a: Operand, b: Operand, found: Difference): object {
  return { a: named(a), b: named(b), ...found };
}

function named({ word, kind, trainable }: Operand): object {
  return { name: word, kind, network: trainable.name };
}

/** What tells two things apart, for people: a part a kind of difference, none for what is the same. */
export function diffText(a: Operand, b: Operand, found: Difference): string {
  return [
    [`A: ${inWords(a)}`, `B: ${inWords(b)}`, ...scopeLines(a, b, found)].join("\n"),
    ...part("settings", found.settings, "none"),
    ...part("figures that follow", found.figures, "unknown"),
    ...part("manifest", found.manifest ?? [], "none"),
    ...codePart(found.files ?? []),
    ...runParts(found.runs),
    ...(found.equal ? ["nothing differs"] : []),
  ].join("\n\n");
}

function inWords({ word, kind, trainable: { name } }: Operand): string {
  const what = {
    network: `a network (${name})`,
    peer: `a model of timm (${name})`,
    experiment: `an experiment of ${name}`,
    package: `a package of ${name}`,
    run: `a run of ${name}`,
  };
  return printable(`${word}, ${what[kind]}`);
}

function scopeLines(a: Operand, b: Operand, { scope }: Difference): readonly string[] {
  const apart = a.trainable.kind !== b.trainable.kind;
  const halves = scope === "networks" && (a.experiment !== null || b.experiment !== null);
  return [
    ...(halves ? ["compared by their networks: one of them is no experiment"] : []),
    ...(apart ? ["a network of fovea and a model of timm: only what both have is compared"] : []),
  ];
}

function part(
  title: string,
  rows: readonly { readonly path: string; readonly a: unknown; readonly b: unknown }[],
  none: string,
): readonly string[] {
  return rows.length === 0 ? [] : [`${title}\n${differenceTable(rows, none)}`];
}

function codePart(files: readonly FileDifference[]): readonly string[] {
  if (files.length === 0) return [];
  const lines = files.map(({ path, status, diff }) => {
    if (status === "only_a") return `${path}: only in A`;
    if (status === "only_b") return `${path}: only in B`;
    return status === "header" ? `${path}: its header alone` : (diff ?? "");
  });
  return [`code\n${lines.join("\n")}`];
}

function runParts(runs: Difference["runs"]): readonly string[] {
  if (runs === null) return [];
  const { status, facts, losses, gradNorms, evals } = runs;
  return [
    ...part("code, data, machine and launch", facts, "not recorded"),
    [
      "results",
      ...(status.a === status.b ? [] : [`status: ${status.a} → ${status.b}`]),
      seriesLine("losses", losses),
      seriesLine("metrics", evals),
      seriesLine("gradient norms", gradNorms),
    ].join("\n"),
  ];
}
