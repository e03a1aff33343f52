"""`python -m fovea_runtime.bench.sinks --run DIR --sink NAME`: what a sink costs a training.

The experiment of a run's directory is trained anew, with and without sinks in turn; nothing is
written into the run. Printed as JSON: medians, and the time of a step with sinks as a ratio of one
without.
"""

import argparse
import contextlib
import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from fovea_runtime.interrupt import Interrupt
from fovea_runtime.train.options import TrainOptions
from fovea_runtime.train.run import run
from fovea_runtime.train.sinks.sink import SINKS


def main() -> int:
    """Measures, and prints what was measured."""
    parser = argparse.ArgumentParser(
        prog="python -m fovea_runtime.bench.sinks", description=__doc__
    )
    parser.add_argument("--run", type=Path, required=True, metavar="DIR")
    parser.add_argument("--sink", choices=SINKS, action="append", required=True)
    parser.add_argument("--rounds", type=int, default=7, help="times that each has its turn")
    parser.add_argument("--steps", type=int, default=600, help="steps a turn")
    parser.add_argument(
        "--skip", type=int, default=200, help="first steps, in which the clients are imported"
    )
    arguments = parser.parse_args()
    record = json.loads((arguments.run / "run.json").read_text("utf-8"))
    if record["package"] is not None:
        record["package"] = str((arguments.run / record["package"]).resolve())
    recipe = {"steps": arguments.steps, "epochs": None, "logEvery": 1}
    recipe |= {"evalEvery": 10**9, "checkpointEvery": 10**9}
    record["experiment"]["recipe"] |= recipe
    times: dict[str, list[float]] = {"without": [], "with": []}
    first: dict[str, list[float]] = {"without": [], "with": []}
    for turn in range(arguments.rounds):
        for name in ("without", "with") if turn % 2 == 0 else ("with", "without"):
            sinks = arguments.sink if name == "with" else ()
            at = _step_times(record, sinks)
            first[name].append((at[arguments.skip - 1] - at[0]) / (arguments.skip - 1))
            times[name].append((at[-1] - at[arguments.skip]) / (len(at) - 1 - arguments.skip))
    report = {
        "network": record["experiment"]["network"]["name"],
        "batch": record["experiment"]["recipe"]["batch"],
        "sinks": arguments.sink,
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "step_ms": {name: round(1e3 * statistics.median(of), 3) for name, of in times.items()},
        "spread_ms": {
            name: [round(1e3 * each, 3) for each in (min(of), max(of))]
            for name, of in times.items()
        },
        "ratio": _ratio(times),
        "ratio_of_the_first_steps": _ratio(first),
    }
    print(json.dumps(report, indent=2))
    return 0


def _ratio(times: dict[str, list[float]]) -> float:
    """The median over the rounds."""
    pairs = zip(times["with"], times["without"], strict=True)
    return statistics.median(a / b for a, b in pairs)


def _step_times(record: dict[str, Any], sinks: Sequence[str]) -> list[float]:
    """When each step of a whole run was told, in seconds.

    Raises:
        RuntimeError: the run did not come to its end, or had something to say of its sinks.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        directory = Path(folder)
        (directory / "run.json").write_text(json.dumps(record), "utf-8")
        with contextlib.redirect_stdout(sys.stderr):
            code = run(directory, Interrupt(), TrainOptions(sinks=tuple(sinks)))
        lines = (directory / "events.jsonl").read_text("utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    said = [event["message"] for event in events if "the sink" in event.get("message", "")]
    if code != 0 or said:
        raise RuntimeError(f"the run ended with exit code {code}: {said}")
    return [event["time"] for event in events if event["type"] == "step"]


if __name__ == "__main__":
    sys.exit(main())
