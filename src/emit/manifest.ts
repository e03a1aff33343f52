import { contentHash, Manifest, type Network, sha256 } from "../ir/index.js";
import { foveaVersion } from "../ir/version.js";
import type { TunedTable } from "../plan/triton/tuned.js";
import type { EmittedFile } from "./emitted-file.js";
import { LICENCE } from "./header.js";
import { type KernelSpec, kernelHash } from "./kernel.js";
import type { NetworkOrigin } from "./network.js";

const LICENCE_NOTE =
  `${LICENCE}: generated code is yours, to use, change and pass on without conditions ` +
  "(https://spdx.org/licenses/MIT-0.html).";

/** A kernel's file in the package, and what it is made from. */
interface PackagedKernel {
  readonly path: string;
  readonly spec: KernelSpec;
}

interface Contents {
  readonly origin: NetworkOrigin;
  /** Content hash of the network. */
  readonly hash: string;
  readonly params: Manifest["params"];
  readonly files: readonly EmittedFile[];
  readonly kernels: readonly PackagedKernel[];
  /** The tuned entries in the kernels. */
  readonly tuned: TunedTable;
}

/** `manifest.json`: what the package is made from and of; it lists every file but itself. */
export function emitManifest(network: Network, contents: Contents): EmittedFile {
  const { origin, hash, params, files, kernels, tuned } = contents;
  const { source, command, stages = [] } = origin;
  const manifest: Manifest = {
    v: 1,
    fovea: foveaVersion(),
    source,
    command,
    ...(stages.some((place) => place !== null) && { origins: [...stages] }),
    network,
    hash,
    files: files
      .map(({ path, text }) => ({ path, sha256: sha256(text) }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
    kernels: kernels.map(({ path, spec }) => ({
      path,
      hash: kernelHash(spec),
      rows: [...spec.pair.rows],
      columns: [...spec.pair.columns],
      maps: spec.maps.map(([height, width]) => [height, width]),
    })),
    ...(tuned.length > 0 && { tuned: contentHash(tuned), tunedEntries: [...tuned] }),
    params,
    licence: LICENCE_NOTE,
  };
  return { path: "manifest.json", text: `${JSON.stringify(Manifest.parse(manifest), null, 2)}\n` };
}
