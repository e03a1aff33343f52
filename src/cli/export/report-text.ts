import type { ExportReport } from "../../harness/export-network.js";
import { grouped } from "../../report/quantity.js";

/** An export, a line of figures and a line for each thing that is worth knowing. */
export function exportText(report: ExportReport): string {
  const { network, format, fused, dtype, parameters, opset, architecture, notes, limit } = report;
  const form = [format, opset && `opset ${opset}`, dtype, fused && "fused"].filter(Boolean);
  const lines = [
    ...notes,
    ...[...(report.inputs ?? []), ...(report.outputs ?? [])].map(
      ({ name, shape }) => `${name} (${shape.join(", ")})`,
    ),
    ...(architecture === undefined
      ? []
      : [`timm.create_model("local-dir:${report.out}", pretrained=True) builds ${architecture}`]),
    ...report.checks.map(checkLine(limit)),
    ...report.files.map(({ path, bytes }) => `${path}  ${grouped(bytes)} bytes`),
  ];
  if (!report.passed) lines.push("it differs from the network: nothing is written");
  const head = `${network}: ${grouped(parameters)} parameters, ${form.join(", ")}`;
  return [head, ...lines.map((line) => `  ${line}`)].join("\n");
}

const checkLine =
  (limit: number) =>
  ({ images, size, error }: ExportReport["checks"][number]): string => {
    const count = images === 1 ? "1 image" : `${images} images`;
    const off = error === null ? "not finite" : `off by ${error.toExponential(1)}`;
    return `${count} of ${size.join("×")}: logits ${off}, limit ${limit.toExponential(1)}`;
  };
