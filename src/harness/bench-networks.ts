import { execa } from "execa";
import { FoveaError } from "../ir/error.js";
import { NetworkBench } from "../ir/network-bench.js";
import { pythonEnvironment } from "../launch/environment.js";
import type { Python } from "../launch/python.js";
import { type Asked, lastDocument, peerMistake } from "./peer-answer.js";

/** What is timed, and how. */
export interface NetworkBenchRequest extends Asked {
  readonly python: Python;
  /** Folders of generated packages; they come before the peers. */
  readonly packages: readonly string[];
  readonly device: "cpu" | "cuda";
  readonly dtype: string;
  /** Images. */
  readonly batch: number;
  readonly channels: number;
  /** CPU threads; `null` for PyTorch's own choice. */
  readonly threads: number | null;
  /** Most samples a network and direction; `null` for Python's default. */
  readonly rounds: number | null;
}

/**
 * Times whole networks and models of timm on the same images in one Python process, taking turns.
 *
 * @throws FoveaError FOV0062 where timm cannot build a peer so, FOV0040 for another mistake of the
 *   user's, FOV0061 where Python itself fails
 */
export async function benchNetworks(request: NetworkBenchRequest): Promise<NetworkBench> {
  const { python, packages, peers, device, dtype, batch, channels, size, threads, rounds } =
    request;
  const words = ["--device", device, "--dtype", dtype];
  words.push("--batch", `${batch}`, "--channels", `${channels}`);
  if (size !== undefined) words.push("--size", size.join("x"));
  if (threads !== null) words.push("--threads", `${threads}`);
  if (rounds !== null) words.push("--rounds", `${rounds}`);
  for (const folder of packages) words.push("--package", folder);
  for (const peer of peers) words.push("--peer", JSON.stringify(peer));
  const { stdout, stderr, exitCode, signal } = await execa(
    python.command,
    ["-m", "fovea_runtime.bench_networks", ...words],
    { env: pythonEnvironment(), extendEnv: false, stdin: "ignore", reject: false },
  );
  const document = lastDocument(stdout);
  const read = NetworkBench.safeParse(document);
  if (read.success) return read.data;
  const said = stderr?.trim().split("\n").at(-1) || "it says nothing";
  throw (
    peerMistake(document, request) ??
    new FoveaError({
      code: exitCode === 2 ? "FOV0040" : "FOV0061",
      message: signal === undefined ? said : `Python was ended by ${signal}`,
      fix:
        exitCode === 2
          ? "name a device and a type that are here"
          : "a smaller --batch or --size takes less memory; see `fovea doctor`",
    })
  );
}
