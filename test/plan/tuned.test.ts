import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { emitKernel } from "../../src/emit/kernel.js";
import { emitNetwork } from "../../src/emit/network.js";
import { isComparable, mergeTuned, tunedFileText } from "../../src/harness/tuned-file.js";
import { type GridPair, Manifest, type Network } from "../../src/ir/index.js";
import { pythonEnvironment } from "../../src/launch/environment.js";
import { findPython } from "../../src/launch/python.js";
import { launchFault } from "../../src/plan/triton/launch-rules.js";
import { LAUNCHES } from "../../src/plan/triton/launches.js";
import { TunedEntry, TunedFile } from "../../src/plan/triton/tuned.js";
import { sortTuned, tunedFor } from "../../src/plan/triton/tuned-table.js";
import { net } from "../support/networks.js";
import { tunedEntry, tunedFile } from "../support/tuned.js";

const { rows, columns } = tunedEntry();
const pair: GridPair = { rows, columns };
const emit = (tuned: readonly TunedEntry[], maps: readonly [number, number][] = [[8, 8]]) =>
  emitKernel({ pair, maps, tuned }, { command: "test" }).text;

describe("a table", () => {
  const gemm = tunedEntry().launches["gemm"] ?? {};
  const withGemm = (more: object): unknown => ({
    ...tunedEntry(),
    launches: { gemm: { ...gemm, ...more } },
  });
  test.each([
    [{ ...tunedEntry(), arch: "h100" }, "arch", "not an architecture such as sm_90"],
    [{ ...tunedEntry(), batch: 48 }, "batch", "not a power of two"],
    [{ ...tunedEntry(), dtype: "fp16" }, "dtype", "float16"],
    [{ ...tunedEntry(), map: [8] }, "map", ""],
    [{ ...tunedEntry(), extra: 1 }, "", "extra"],
    [withGemm({ BLOCK_N: 48 }), "launches.gemm.BLOCK_N", "not a power of two from 16 to 256"],
    [withGemm({ BLOCK_N: 8 }), "launches.gemm.BLOCK_N", "not a power of two from 16 to 256"],
    [withGemm({ num_warps: 3 }), "launches.gemm.num_warps", "not a power of two from 1 to 32"],
    [withGemm({ num_stages: 9 }), "launches.gemm.num_stages", "not a whole number from 1 to 8"],
    [withGemm({ BLOCK: 16 }), "launches.gemm.BLOCK", "gemm has BLOCK_N, BLOCK_K"],
    [withGemm({ num_warps: 4.5 }), "launches.gemm.num_warps", "int"],
    [{ ...tunedEntry(), launches: { gemm: {} } }, "launches.gemm.BLOCK_N", "missing in gemm"],
  ])("refuses an entry %#", (entry, path, message) => {
    const issue = TunedEntry.safeParse(entry).error?.issues[0];
    expect(issue?.path.join(".")).toBe(path);
    expect(issue?.message).toContain(message);
  });

  test("refuses two entries for the same, and takes the default launches", () => {
    const twice = tunedFile([tunedEntry(), tunedEntry({ batch: 32 }), tunedEntry()]);
    expect(TunedFile.safeParse(twice).error?.issues[0]?.path).toEqual(["entries", 2]);
    for (const [name, { half, float }] of Object.entries(LAUNCHES)) {
      for (const launch of [half, float]) {
        expect(launchFault(name, launch)).toBeUndefined();
      }
    }
  });

  test("every candidate of the search is admitted", () => {
    const script = `
import json, sys
from fovea_runtime.tune.candidates import rounds, variants
print(json.dumps({
    name: [v for launch in classes.values() for axes in rounds(name) for v in variants(launch, axes)]
    for name, classes in json.loads(sys.argv[1]).items()
}))`;
    const words = ["-c", script, JSON.stringify(LAUNCHES)];
    const { command } = findPython(process.cwd());
    const stdout = execFileSync(command, words, { env: pythonEnvironment(), encoding: "utf8" });
    const found = JSON.parse(stdout) as Record<string, Record<string, number>[]>;
    expect(Object.keys(found)).toEqual(Object.keys(LAUNCHES));
    for (const [name, launches] of Object.entries(found)) {
      expect(launches.length, name).toBeGreaterThan(1);
      for (const launch of launches) expect(launchFault(name, launch)).toBeUndefined();
    }
  });

  test("is merged by what entries are for, sorted, an entry a line", () => {
    const larger = tunedEntry({ map: [16, 16] });
    const older = tunedFile([tunedEntry({ batch: 4, launches: {} }), tunedEntry({ launches: {} })]);
    const merged = mergeTuned(older, tunedFile([larger, tunedEntry()]));
    expect(merged.entries).toEqual([older.entries[0], tunedEntry(), larger]);
    expect(mergeTuned(undefined, tunedFile([tunedEntry()]))).toEqual(tunedFile([tunedEntry()]));
    const text = tunedFileText(merged);
    expect(JSON.parse(text)).toEqual(merged);
    expect(text.trimEnd().split("\n")).toHaveLength(5);
  });

  test.each([
    [{ device: "NVIDIA A100" }],
    [{ versions: { triton: "3.8.0" } }],
    [{ versions: { triton: "3.9.0", torch: "2.15.0" } }],
  ])("leaves out what was measured otherwise: %j", (more) => {
    const older = tunedFile([tunedEntry({ batch: 4 })], more);
    const found = tunedFile([tunedEntry()]);
    expect(isComparable(older, found)).toBe(false);
    expect(mergeTuned(older, found)).toEqual(found);
  });
});

describe("a kernel file", () => {
  test("holds the entries for its grids and maps alone, whatever their order", () => {
    const entries = [tunedEntry(), tunedEntry({ batch: 8 }), tunedEntry({ arch: "sm_100" })];
    const others = [tunedEntry({ rows: [7] }), tunedEntry({ map: [9, 9], launches: { new: {} } })];
    expect(tunedFor([...others, ...entries], pair, [[8, 8]])).toEqual(sortTuned(entries));
    const text = emit(entries);
    expect(text).toContain("_TUNED: dict[");
    expect(text.match(/\("sm_\d+", "bfloat16", 8, 8, \d+\)/g)).toEqual([
      '("sm_100", "bfloat16", 8, 8, 64)',
      '("sm_90", "bfloat16", 8, 8, 8)',
      '("sm_90", "bfloat16", 8, 8, 64)',
    ]);
    expect(emit([...others, ...entries.reverse()])).toBe(text);
  });

  test("is the same without a table and with one for other kernels", () => {
    const plain = emit([]);
    expect(plain).not.toMatch(/tuned/i);
    expect(emit([tunedEntry({ columns: [1, 5, 1] })])).toBe(plain);
    expect(emit([tunedEntry()])).not.toBe(plain);
  });

  test("prints constants in one order", () => {
    const launch = tunedEntry().launches["gemm"] ?? {};
    const turned = Object.fromEntries(Object.entries(launch).reverse());
    expect(emit([tunedEntry({ launches: { gemm: turned } })])).toBe(emit([tunedEntry()]));
  });

  test("refuses launches that it does not have, by name", () => {
    const launches = { planes: {}, another: { BLOCK: 16 }, ...tunedEntry().launches };
    expect(() => emit([tunedEntry({ launches })])).toThrow(
      "sm_90, bfloat16, 8x8, batch 64 has launches that dense_7x7 does not have: planes, another",
    );
  });
});

describe("a package", () => {
  const ones = new Array<number>(7).fill(1);
  const network: Network = net();
  const files = (tuned: readonly TunedEntry[]) =>
    emitNetwork(network, { source: "a.ts", command: "fovea generate a.ts" }, { tuned });
  const manifest = (tuned: readonly TunedEntry[]): Manifest =>
    Manifest.parse(
      JSON.parse(files(tuned).find(({ path }) => path === "manifest.json")?.text ?? ""),
    );
  const kernel = manifest([]).kernels[0];
  if (kernel === undefined) throw new Error("no kernel");
  const entry = tunedEntry({
    rows: kernel.rows,
    columns: kernel.columns,
    map: kernel.maps[0] ?? [1, 1],
    launches: {},
  });

  test("tells that a table was used, of which entries, and not where it lies", () => {
    const { tuned, kernels } = manifest([entry]);
    expect(tuned).toMatch(/^[0-9a-f]{64}$/);
    expect(kernels[0]?.hash).not.toBe(kernel.hash);
    expect(manifest([entry, tunedEntry({ rows: [...ones, 1, 1] })]).tuned).toBe(tuned);
    expect(manifest([{ ...entry, batch: 2 }]).tuned).not.toBe(tuned);
    for (const { path, text } of files([entry])) {
      if (!path.endsWith(".py")) continue;
      expect(text).toContain("\n# Regenerate: fovea generate a.ts --tuned TABLE\n");
    }
  });

  test("is the same where no entry is for its kernels", () => {
    expect(manifest([])).not.toHaveProperty("tuned");
    expect(files([tunedEntry({ rows: [...ones, 1, 1] })])).toEqual(files([]));
  });
});
