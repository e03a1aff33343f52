import { printable } from "../ir/printable.js";
import type { GroupCell } from "../runs/query/cell.js";
import type { Field } from "../runs/query/field.js";
import type { Spread } from "../runs/seed-groups.js";
import { duration, metricFigure } from "./figures.js";
import { isShare } from "./metric.js";

/** A column's head, with the unit of what is measured in percent. */
export function columnHead(raw: string, field: Pick<Field, "source" | "name">): string {
  return field.source === "metric" && isShare(field.name) ? `${raw} (%)` : raw;
}

/** A cell of a column, for people. */
export function cellText(cell: unknown, field: Pick<Field, "source" | "name">): string {
  if (cell === null || cell === undefined) return "–";
  if (typeof cell === "number") {
    if (field.source === "metric") return metricFigure(cell);
    if (field.name === "seconds") return duration(cell);
    if (field.name === "started" || field.name === "updated") return timeText(cell);
  }
  return printable(typeof cell === "string" ? cell : JSON.stringify(cell));
}

/** A cell over the seeds of a group; `seeds` is how many there are. */
export function groupCellText(
  cell: GroupCell,
  field: Pick<Field, "source" | "name">,
  seeds: number,
): string {
  if ("values" in cell) {
    if (cell.values.length === 0) return "–";
    return cell.values.map((value) => cellText(value, field)).join(", ");
  }
  if (field.source === "metric") return spreadText(cell.spread, seeds);
  return cellText(cell.spread.mean, field);
}

/** `94.90 ± 0.45`; how many of the seeds have it, where not all do. */
export function spreadText({ mean, std, n }: Spread, seeds: number): string {
  const said = std === null ? metricFigure(mean) : `${metricFigure(mean)} ± ${metricFigure(std)}`;
  return n === seeds ? said : `${said} (n = ${n})`;
}

/** UTC, to the second. */
function timeText(seconds: number): string {
  const time = new Date(seconds * 1000);
  if (Number.isNaN(time.getTime())) return String(seconds);
  return `${time.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
