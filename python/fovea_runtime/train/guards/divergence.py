"""What a run that diverged says: where it stopped being finite, and how it came there."""

import json
import math
from collections.abc import Sequence
from pathlib import Path

from torch import nn

from fovea_runtime.data.source import Batch
from fovea_runtime.files import write_atomically
from fovea_runtime.train.guards.finding import Finding, first_bad, values_of
from fovea_runtime.train.guards.forward_watch import ForwardWatch
from fovea_runtime.train.guards.history import DIVERGED, History
from fovea_runtime.train.learner import Learner
from fovea_runtime.train.processes import Processes
from fovea_runtime.train.step_result import Diverged

_VERSION = 1


def explained(
    error: Diverged,
    learner: Learner,
    pieces: Sequence[Batch],
    step: int,
    history: History,
    processes: Processes,
    directory: Path,
) -> Diverged:
    """The same error with what was found and the last steps in its words; the file `DIVERGED` has all.

    Every process calls it, looks at its own `pieces` of `step` (none where no step is to blame) and
    hears what the others found.
    """
    findings = processes.gather(_found(error, learner, pieces, step))
    rank = min(range(len(findings)), key=lambda each: findings[each].order)
    finding = findings[rank]
    where = finding.words if processes.count == 1 else f"rank {rank}: {finding.words}"
    words = [str(error), where, history.words()]
    if processes.is_first:
        record = {
            "v": _VERSION,
            "step": step,
            "error": str(error),
            "rank": rank,
            "found": {"kind": finding.kind, "words": finding.words, **finding.figures},
            **history.record(),
        }
        text = json.dumps(record, indent=2, allow_nan=False) + "\n"
        try:
            write_atomically(directory / DIVERGED, lambda path: path.write_text(text, "utf-8"))
        except OSError as unwritten:
            words.append(f"{DIVERGED} could not be written: {unwritten}")
    return Diverged("; ".join(each for each in words if each), error.result)


def _found(error: Diverged, learner: Learner, pieces: Sequence[Batch], step: int) -> Finding:
    try:
        if parameter := _bad_parameter(learner.model):
            return parameter
        watch = ForwardWatch()
        with watch.on(learner.model):
            losses = learner.repeat(pieces, step)
        if watch.finding is not None:
            return watch.finding
        if error.result is not None and math.isfinite(error.result.loss):
            return _bad_gradient(learner.model, watch.finished) or _not_again(losses)
        return _loss(losses)
    except Exception as failure:  # noqa: BLE001 - whatever it is, the run diverged
        what = f"{type(failure).__name__}: {failure}".splitlines()[0]
        return Finding("unknown", f"where it began is not known, looking for it failed: {what}")


def _bad_parameter(model: nn.Module) -> Finding | None:
    for name, parameter in model.named_parameters():
        if first_bad([parameter.detach()]) is not None:
            values = values_of(parameter)
            return Finding(
                "parameter",
                f"the parameter {name} is not finite: {values.words}",
                {"parameter": name, **values.figures},
            )
    return None


def _bad_gradient(model: nn.Module, finished: Sequence[str]) -> Finding | None:
    """The first parameter that the backward pass comes to whose gradient is not finite."""
    place = {name: index for index, name in enumerate(finished)}
    parameters = sorted(
        model.named_parameters(),
        key=lambda each: place.get(each[0].rpartition(".")[0], -1),
        reverse=True,
    )
    for name, parameter in parameters:
        if parameter.grad is not None and first_bad([parameter.grad]) is not None:
            values = values_of(parameter.grad)
            return Finding(
                "gradient",
                f"all activations are finite; from the output back, {name} is the first parameter "
                f"whose gradient is not: {values.words}",
                {"parameter": name, **values.figures},
            )
    return None


def _loss(losses: Sequence[float]) -> Finding:
    if all(math.isfinite(loss) for loss in losses):
        return _not_again(losses)
    return Finding("loss", "all activations are finite, the loss itself is not")


def _not_again(losses: Sequence[float]) -> Finding:
    if not losses:
        return Finding("unknown", "all parameters are finite")
    return Finding(
        "unknown",
        f"made again, the step's forward pass is finite (loss {max(losses):.4g}): "
        "where it began does not repeat",
    )
