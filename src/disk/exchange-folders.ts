import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";

/** Of renameat2(2), by Node's name of the architecture. */
const RENAMEAT2: Partial<Record<NodeJS.Architecture, number>> = {
  x64: 316,
  arm64: 276,
  riscv64: 276,
};

/** Both names are absolute, so that no folder's descriptor is needed. */
const AT_FDCWD = -100;
const RENAME_EXCHANGE = 2;

const PERL =
  "my ($n, $d, $a, $b, $f) = @ARGV; exit(syscall($n + 0, $d + 0, $a, $d + 0, $b, $f + 0) != 0)";
const PYTHON = [
  "import ctypes, os, sys",
  "_, d, a, b, f = sys.argv[1:]",
  "call = ctypes.CDLL(None).renameat2",
  "sys.exit(call(int(d), os.fsencode(a), int(d), os.fsencode(b), ctypes.c_uint(int(f))) != 0)",
].join("\n");

/** Programs that make a system call for us, the quickest first. */
const CALLERS: readonly (readonly [program: string, ...words: string[]])[] = [
  ["perl", "-e", PERL],
  ["python3", "-I", "-S", "-c", PYTHON],
];

/**
 * Gives each of two folders the other's name in one step of the file system, so that a reader, and
 * a kill, finds the one or the other at each of the names. Node has no such call: Linux's is made
 * through Perl or Python, whichever there is.
 *
 * @param first - absolute, on the same file system as `second`
 * @returns false where nothing was changed: another system, neither program, or a file system that
 *   knows no exchange
 */
export function exchangeFolders(first: string, second: string): boolean {
  const number = RENAMEAT2[process.arch];
  if (process.platform !== "linux" || number === undefined) return false;
  const words = [number, AT_FDCWD, first, second, RENAME_EXCHANGE].map(String);
  const before = inodeOf(second);
  return CALLERS.some(([program, ...own]) => {
    spawnSync(program, [...own, ...words], { stdio: "ignore" });
    // Not its exit code: a signal may end it after the call.
    return inodeOf(first) === before;
  });
}

function inodeOf(folder: string): bigint {
  return statSync(folder, { bigint: true }).ino;
}
