"""`python -m fovea_runtime.train --run DIR [--resume] [--device DEVICE] [--keep N]
[--heartbeat SECONDS] [--sink NAME]… [--stop-after N]`.

Trains the experiment of DIR/run.json. Exit code 0 when the run is completed or
stopped after the step that was asked for, 130 when a signal ended it, 1 otherwise.
"""

from fovea_runtime.interrupt import Interrupt

# Before torch, whose import takes seconds: a signal in them ends the run in order too.
INTERRUPT = Interrupt()
INTERRUPT.install()

import argparse
import os
import sys
from pathlib import Path

from fovea_runtime.train.options import TrainOptions
from fovea_runtime.train.ranks import Ranks
from fovea_runtime.train.run import run
from fovea_runtime.train.sinks.sink import SINKS

# Read when torch loads OpenMP. Threads that spin while they wait are many times slower as soon as
# anything else runs on the same cores.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def main() -> int:
    """Reads the arguments and trains; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m fovea_runtime.train", description=__doc__)
    parser.add_argument(
        "--run", type=Path, required=True, metavar="DIR", help="the run's directory"
    )
    parser.add_argument("--resume", action="store_true", help="go on from checkpoints/last.pt")
    parser.add_argument(
        "--keep", type=int, default=1, metavar="N", help="older checkpoints that stay (1)"
    )
    parser.add_argument(
        "--heartbeat",
        type=float,
        default=600.0,
        metavar="SECONDS",
        help="without a step for so long a process is stuck (600; 0 is never)",
    )
    parser.add_argument(
        "--sink",
        choices=SINKS,
        action="append",
        default=[],
        help="pass the events on; may be repeated",
    )
    parser.add_argument("--device", help="auto, cpu or cuda; in place of what run.json asks for")
    parser.add_argument(
        "--stop-after",
        type=int,
        metavar="N",
        help="end after this step, as if cancelled; the schedule stays that of the whole run",
    )
    arguments = parser.parse_args()
    options = TrainOptions(
        # torchrun starts the processes with the words of the first time.
        resume=arguments.resume or Ranks.here(arguments.run).restarted > 0,
        device=arguments.device,
        keep=arguments.keep,
        heartbeat=arguments.heartbeat,
        stop_after=arguments.stop_after,
        sinks=tuple(arguments.sink),
    )
    return run(arguments.run, INTERRUPT, options)


if __name__ == "__main__":
    sys.exit(main())
