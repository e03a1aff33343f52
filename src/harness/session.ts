import { contentHash } from "../ir/hash.js";
import type { Network } from "../ir/network.js";
import type { RunRecord } from "../ir/run.js";
import { findPython, type Python, probePython, requireTrainable } from "../launch/python.js";
import { type PackageFiles, packageOf } from "./emit-package.js";
import { KernelVerifier } from "./kernel-verifier.js";
import { gitOf, versionsOf } from "./provenance.js";
import { type RequestedDevice, type ResolvedDevice, resolveDevice } from "./resolve-device.js";

/** Emitted packages that are kept for the next run of the same network. */
const KEPT_PACKAGES = 8;

/** What the runs of a command are made from. */
export interface SessionRequest {
  readonly home: string;
  readonly cwd: string;
  /** Folder whose git state is recorded. */
  readonly folder: string;
  /** Base name of the file that declares the runs, or a shipped name. */
  readonly source: string | null;
  /** The command, which emitted packages name. */
  readonly verb?: "run" | "sweep";
}

/** What all runs of a command have in common: looked up once, however many there are. */
export interface Session {
  readonly home: string;
  readonly cwd: string;
  readonly source: string | null;
  readonly python: Python;
  readonly versions: RunRecord["versions"];
  readonly git: RunRecord["git"];
  readonly verifier: KernelVerifier;
  /**
   * What a device request comes to here.
   *
   * @throws FoveaError FOV0040 where CUDA is asked for and torch has none
   */
  device(requested: RequestedDevice): Promise<ResolvedDevice>;
  /** Does what a key stands for, the first time that it is asked for. */
  once(key: string, action: () => Promise<void>): Promise<void>;
  /** A network's package, as it is emitted for the file that declares it. */
  emit(network: Network, source: string | null): PackageFiles;
}

/** @throws FoveaError FOV0060 where there is no Python to train with */
export async function openSession(request: SessionRequest): Promise<Session> {
  const { home, cwd, folder, source, verb } = request;
  const python = findPython(cwd);
  const versions = await probePython(python);
  requireTrainable(python, versions);
  const devices = new Map<RequestedDevice, Promise<ResolvedDevice>>();
  const done = new Map<string, Promise<void>>();
  const packages = new Map<string, PackageFiles>();
  return {
    home,
    cwd,
    source,
    python,
    versions: versionsOf(versions),
    git: await gitOf(folder),
    verifier: new KernelVerifier(python),
    device: (requested) => {
      const found = devices.get(requested) ?? resolveDevice(requested, python);
      devices.set(requested, found);
      return found;
    },
    once: (key, action) => {
      const found = done.get(key) ?? action();
      done.set(key, found);
      return found;
    },
    emit: (network, declaredIn) => {
      const key = `${contentHash(network)} ${declaredIn}`;
      const files = packages.get(key) ?? packageOf(network, declaredIn, verb);
      packages.delete(key);
      packages.set(key, files);
      const [oldest] = packages.keys();
      if (packages.size > KEPT_PACKAGES && oldest !== undefined) packages.delete(oldest);
      return files;
    },
  };
}
