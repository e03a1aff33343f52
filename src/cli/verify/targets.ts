import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { emitPackage, packageOf } from "../../harness/emit-package.js";
import type { Network } from "../../ir/network.js";
import { loadTarget } from "../../load/load-target.js";
import { lookAt } from "../../load/look-at.js";

/**
 * Hands `use` the packages or the kernel file that stand behind a TARGET. What a declaration or a
 * shipped name stands for is emitted into a folder that is gone afterwards.
 *
 * @throws FoveaError where the target is neither
 */
export async function withTargets<T>(
  target: string,
  cwd: string,
  use: (targets: readonly string[]) => Promise<T>,
): Promise<T> {
  const path = resolve(cwd, target);
  if (isEmitted(path)) return await use([path]);
  const { source, networks } = await loadTarget(target, { cwd });
  return await withEmitted(networks, source, use);
}

/** Hands `use` the packages of networks, emitted into a folder that is gone afterwards. */
export async function withEmitted<T>(
  networks: readonly Network[],
  source: string,
  use: (packages: readonly string[]) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "fovea-verify-"));
  try {
    const packages = networks.map((network) => {
      const directory = join(folder, network.name);
      emitPackage(directory, () => packageOf(network, source));
      return directory;
    });
    return await use(packages);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether a path is a generated package or a kernel file. */
export function isEmitted(path: string): boolean {
  const found = lookAt(path);
  if (typeof found === "string") return false;
  if (found.isDirectory()) return existsSync(join(path, "manifest.json"));
  return found.isFile() && path.endsWith(".py");
}
