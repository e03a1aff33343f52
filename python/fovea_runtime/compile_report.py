"""`python -m fovea_runtime.compile_report TARGET... [--arch sm_80,...] [--dtype bf16,...]`.

Compiles every Triton kernel of emitted kernel files ahead of time, as the file's own launching
code would have it compiled on each architecture. Needs Triton, but no GPU. Prints JSON,
`{versions, kernels, failures}`, a row for each specialisation of a kernel and each architecture.
The cubins are in Triton's own cache, and are compiled afresh each time.

Exit status: 0 nothing spills, 1 a kernel spills, asks for more shared memory than there is or does
not compile, or Triton is missing, 2 the user's mistake.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from fovea_runtime.compile_target import ARCHITECTURES, DTYPES
from fovea_runtime.kernel_file import KernelFile, TargetError, find_kernel_files

if TYPE_CHECKING:
    from fovea_runtime.kernel_launches import Launch
    from fovea_runtime.kernel_resources import Row

# What this machine's user may have set for other ends, and what would make the report untrue.
_ENVIRONMENT = {
    "TRITON_ALWAYS_COMPILE": "1",
    "TRITON_INTERPRET": "0",
    "TRITON_STORE_BINARY_ONLY": "0",
    "TRITON_OVERRIDE_ARCH": "",
}


def main(arguments: list[str] | None = None) -> int:
    options = _parse(arguments)
    try:
        files = find_kernel_files(options.targets)
    except TargetError as error:
        print(error, file=sys.stderr)
        return 2
    # Read when triton is first imported, here and in the processes that compile.
    os.environ.update(_ENVIRONMENT)
    try:
        import triton  # noqa: F401 - only whether it is there
    except ImportError as error:
        print(f"kernels cannot be compiled without triton >= 3.6: {error}", file=sys.stderr)
        return 1
    from fovea_runtime.certificate import versions

    launches, failures = _find(files, options.arch, options.dtype)
    rows, unfit = _compile(launches)
    failures = list(dict.fromkeys(failures + unfit))
    document = {"versions": versions(), "kernels": rows, "failures": failures}
    print(json.dumps(document, indent=2, allow_nan=False))
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


def _find(
    files: Iterable[KernelFile], arches: list[str], dtypes: list[str]
) -> tuple[list[Launch], list[str]]:
    from fovea_runtime.kernel_launches import find_launches

    found: list[Launch] = []
    failures: list[str] = []
    for file in files:
        try:
            launches = find_launches(file, arches, dtypes)
        except Exception as error:  # noqa: BLE001 - whatever the file raises is the finding
            failures.append(f"{file.path} cannot be run: {type(error).__name__}: {error}")
            continue
        if not launches:
            failures.append(f"{file.path} launches no Triton kernel")
        found += launches
    return found, failures


def _compile(launches: list[Launch]) -> tuple[list[Row], list[str]]:
    """Rows in the order of the launches, and what is wrong with them."""
    from fovea_runtime.kernel_resources import measure

    rows: list[Row] = []
    failures: list[str] = []
    # Not forked: torch and LLVM have threads by now.
    context = multiprocessing.get_context("spawn")
    workers = max(1, min(os.cpu_count() or 1, len(launches)))
    # Ctrl-C reaches all of them, and ends them in the middle of a compilation.
    ends_at_once = (signal.SIGINT, signal.SIG_DFL)
    with ProcessPoolExecutor(
        workers, mp_context=context, initializer=signal.signal, initargs=ends_at_once
    ) as pool:
        results = [pool.submit(measure, launch) for launch in launches]
        for i, (launch, result) in enumerate(zip(launches, results, strict=True), 1):
            name = f"{launch.file.name} {launch.function} {launch.arch} {'/'.join(launch.dtypes)}"
            try:
                row = result.result()
            except KeyboardInterrupt:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
            except Exception as error:  # noqa: BLE001 - a compiler that crashes takes its process along
                row = f"{type(error).__name__}: {error}"
            print(f"[{i}/{len(launches)}] {name}", file=sys.stderr, flush=True)
            if isinstance(row, str):
                failures.append(f"{name} does not compile: {row}")
                continue
            rows.append(row)
            failures += [f"{name} {problem}" for problem in _problems(row)]
    return rows, failures


def _problems(row: Row) -> list[str]:
    problems = []
    if row["spills"] > 0:
        problems.append(f"spills {row['spills']} bytes a thread")
    most = ARCHITECTURES[row["arch"]].shared
    if row["shared"] > most:
        problems.append(f"needs {row['shared']} bytes of shared memory, a block has {most}")
    return problems


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m fovea_runtime.compile_report", description=__doc__
    )
    parser.add_argument("targets", nargs="+", type=Path, metavar="TARGET")
    parser.add_argument(
        "--arch",
        type=_list_of(ARCHITECTURES),
        default=["sm_80", "sm_90", "sm_100", "sm_120"],
        help=f"of {', '.join(ARCHITECTURES)}",
    )
    parser.add_argument(
        "--dtype",
        type=_list_of(DTYPES),
        default=["bf16", "fp32"],
        help=f"of {', '.join(DTYPES)}",
    )
    return parser.parse_args(arguments)


def _list_of(known: Iterable[str]) -> Callable[[str], list[str]]:
    def read(text: str) -> list[str]:
        names = list(dict.fromkeys(text.split(",")))
        for name in names:
            if name not in known:
                message = f"{name!r} is unknown, wanted of {', '.join(known)}"
                raise argparse.ArgumentTypeError(message)
        return names

    return read


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
