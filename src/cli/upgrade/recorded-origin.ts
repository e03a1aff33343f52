import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { NetworkOrigin } from "../../emit/network.js";
import type { Manifest } from "../../ir/manifest.js";

/**
 * Where a package came from, as its manifest says; older ones do not, and the header of their code
 * does.
 */
export function recordedOrigin(dir: string, manifest: Manifest): NetworkOrigin {
  const { source, command, origins } = manifest;
  const stages = origins ?? [];
  if (source !== undefined && command !== undefined) return { source, command, stages };
  const head = headOf(join(dir, "model.py"));
  return {
    source: field(head, "Source") ?? manifest.network.name,
    command: field(head, "Regenerate") ?? `fovea generate ${manifest.network.name}`,
    stages,
  };
}

function headOf(file: string): string {
  try {
    return readFileSync(file, "utf8").slice(0, 4096);
  } catch {
    return "";
  }
}

/** A line of a header; what it says of a table is said by the table's entries. */
function field(head: string, name: "Source" | "Regenerate"): string | undefined {
  const found = new RegExp(`^# ${name}: (.+)$`, "m").exec(head)?.[1];
  return found?.replace(/ --tuned TABLE$/, "");
}
