import { statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { account } from "../../analyse/account.js";
import { benchNetworks } from "../../harness/bench-networks.js";
import { packageNetwork } from "../../harness/bench-shapes.js";
import { type RequestedDevice, resolveDevice } from "../../harness/resolve-device.js";
import { verifyKernels } from "../../harness/verify-kernels.js";
import { FoveaError } from "../../ir/error.js";
import type { Size } from "../../ir/grid.js";
import { toSize } from "../../ir/grid.js";
import type { Network } from "../../ir/network.js";
import type { Peer } from "../../ir/peer.js";
import { isPeer } from "../../ir/trainable.js";
import { findPython, type Python } from "../../launch/python.js";
import { type AnyTarget, loadAnyTarget } from "../../load/load-target.js";
import { peerPlace } from "../../load/peer-place.js";
import { networkBenchText } from "../../report/network-bench.js";
import { EXIT, type ExitCode } from "../command.js";
import { atImageSize } from "../image-size.js";
import type { Io } from "../io.js";
import { isEmitted, withEmitted } from "../verify/targets.js";
import { optionMistake, parseWhole } from "../whole.js";

/** `fovea bench --network`, its words as they were typed. */
interface NetworkBenchOptions {
  readonly device: RequestedDevice;
  readonly dtype: string;
  readonly peer: readonly string[];
  readonly batch?: string | undefined;
  readonly size?: string | undefined;
  readonly threads: number | null;
  readonly rounds: number | null;
}

/** Images a batch where none are named, as for kernels. */
const BATCH = { cpu: 4, cuda: 64 } as const;

/** What stands behind TARGET and the peers beside it. */
interface Contestants {
  readonly networks: readonly Network[];
  /** Folder of the package that TARGET is; `null` where packages are to be emitted. */
  readonly emitted: string | null;
  readonly source: string;
  readonly peers: readonly Peer[];
  readonly place: (peer: Peer) => ReturnType<typeof peerPlace>;
}

/**
 * Times whole networks beside models of timm: images a second in inference and in training. The
 * kernels of generated networks are verified first; what is wrong is not timed.
 *
 * @throws FoveaError for every mistake in the options or the target, before anything is timed
 */
export async function benchWholeNetworks(
  io: Io,
  target: string,
  options: NetworkBenchOptions,
): Promise<ExitCode> {
  const cwd = process.cwd();
  const batch = options.batch === undefined ? null : parseBatch(options.batch);
  const contestants = await gather(target, options.peer, cwd);
  const { networks, peers, place, source, emitted } = contestants;
  const size = atImageSize(options.size, (each) => each) ?? ownSize(networks, peers);
  // A size that leaves a network an empty map is told before anything is emitted.
  for (const network of networks) {
    atImageSize(options.size, (each) => account(network, each === undefined ? {} : { size: each }));
  }
  const python = findPython(cwd);
  const { type: device } = await resolveDevice(options.device, python);
  const time = async (packages: readonly string[]): Promise<ExitCode> => {
    await requireVerified(packages, python, device, io);
    const { dtype, threads, rounds } = options;
    const found = await benchNetworks({
      ...{ python, packages, peers, device, dtype, threads, rounds, size, place },
      batch: batch ?? BATCH[device],
      channels: networks[0]?.input.channels ?? peers[0]?.input.channels ?? 3,
    });
    if (io.json) await io.result(found);
    else await io.print(networkBenchText(found));
    const failed = found.networks.some(({ failures }) => failures.length > 0);
    return failed ? EXIT.failed : EXIT.done;
  };
  return emitted === null ? await withEmitted(networks, source, time) : await time([emitted]);
}

function parseBatch(written: string): number {
  return parseWhole(written, { option: "--batch", most: 65_536, unit: "images", example: "64" });
}

async function gather(target: string, named: readonly string[], cwd: string): Promise<Contestants> {
  const beside = await Promise.all(named.map((word) => loadPeer(word, cwd)));
  const path = resolve(cwd, target);
  const isPackage = isEmitted(path);
  if (isPackage && statSync(path).isFile()) {
    throw new FoveaError({
      code: "FOV0040",
      message: `${basename(path)} is a kernel file: it has no network`,
      value: target,
      allowed: "a generated package, a declaration, a shipped name or timm:NAME",
      fix: "leave out --network to time the kernel",
    });
  }
  const main = isPackage ? null : await loadAnyTarget(target, { cwd });
  const trainables = main === null ? [packageNetwork(path)] : main.trainables;
  const networks = trainables.filter((each) => !isPeer(each));
  const peers = [...trainables.filter(isPeer), ...beside];
  refuseSameNames([...networks, ...peers]);
  return {
    networks,
    emitted: isPackage ? path : null,
    source: main?.source ?? target,
    peers,
    place: (peer) => placeIn(main, peer),
  };
}

function placeIn(target: AnyTarget | null, peer: Peer): ReturnType<typeof peerPlace> {
  return target?.trainables.includes(peer) ? peerPlace(peer, target) : undefined;
}

async function loadPeer(word: string, cwd: string): Promise<Peer> {
  const wrong = optionMistake("--peer", word, "no model of timm", {
    allowed: "timm:NAME",
    fix: `write --peer timm:${/^[\w.-]+$/.test(word) ? word : "convnext_tiny"}`,
  });
  if (!word.startsWith("timm:")) throw wrong;
  const [peer] = (await loadAnyTarget(word, { cwd })).trainables;
  if (peer === undefined || !isPeer(peer)) throw wrong;
  return peer;
}

function refuseSameNames(all: readonly { readonly name: string }[]): void {
  const twice = all.find(({ name }, index) => all.findIndex((each) => each.name === name) < index);
  if (twice === undefined) return;
  throw new FoveaError({
    code: "FOV0005",
    message: `two of the networks are called ${twice.name}`,
    path: "name",
    value: twice.name,
    fix: "name each of them once",
  });
}

/** The size of the first network, else of the first peer, where one is declared. */
function ownSize(networks: readonly Network[], peers: readonly Peer[]): Size | undefined {
  const declared = networks[0]?.input.size ?? peers[0]?.input.size ?? null;
  return declared === null ? undefined : toSize(declared);
}

async function requireVerified(
  packages: readonly string[],
  python: Python,
  device: "cpu" | "cuda",
  io: Io,
): Promise<void> {
  if (packages.length === 0) return;
  io.note("verifying the kernels");
  const { passed, summary } = await verifyKernels(packages, { python, device, onNote: io.note });
  if (passed) return io.note(summary);
  throw new FoveaError({
    code: "FOV0061",
    message: `nothing is timed, the kernels are not verified: ${summary}`,
    fix: "see `fovea verify` for the whole certificate",
  });
}
