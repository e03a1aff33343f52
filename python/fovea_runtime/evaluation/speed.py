"""Images a second in inference, by batch and by type, as in PeLK's table 8."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from fovea_runtime.bench.clock import Called, make_clock
from fovea_runtime.bench.rounds import Series, take_turns
from fovea_runtime.evaluation.conditions import Conditions, amp_name
from fovea_runtime.out_of_memory import is_out_of_memory
from fovea_runtime.subject.subject import Size

ROUNDS = 7
"""Samples of each; on a GPU a sample is the median of five calls."""
BATCHES = {"cpu": [1, 8], "cuda": [1, 64, 128]}
"""Batches where none are named."""

Row = dict[str, Any]


def measure(
    model: nn.Module,
    *,
    channels: int,
    size: Size,
    batches: Sequence[int],
    amps: Sequence[torch.dtype | None],
    conditions: Conditions,
) -> Iterator[Row]:
    """A row a batch and type: `images_per_second` over the median time, with its spread.

    Images are random, and lie on the device: nothing is read or copied. What was called once is
    warm; the types of a batch take turns in every round. What does not fit in memory has
    `images_per_second` None.
    """
    # The best of cuDNN's algorithms.
    torch.backends.cudnn.benchmark = True
    generator = torch.Generator().manual_seed(0)
    clock = make_clock(conditions.device.type)
    for batch in batches:
        fitting: dict[str, Called] = {}
        with _memory_may_lack():
            images = torch.randn(batch, channels, *size, generator=generator)
            images = images.to(conditions.device, memory_format=conditions.layout)
            for amp in amps:
                with _memory_may_lack():
                    fitting[amp_name(amp)] = _warm(model, images, replace(conditions, amp=amp))
        series = take_turns(clock, fitting, set(), ROUNDS) if fitting else {}
        for amp in map(amp_name, amps):
            yield {"batch": batch, "amp": amp, **_figures(series.get(amp), batch)}


def _warm(model: nn.Module, images: Tensor, conditions: Conditions) -> Called:
    """A forward pass that was made once."""

    def call() -> Tensor:
        return conditions.logits(model, images)

    call()
    return call


@contextmanager
def _memory_may_lack() -> Iterator[None]:
    """What does not fit is not timed."""
    try:
        yield
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        torch.cuda.empty_cache()


def _figures(series: Series | None, batch: int) -> Row:
    if series is None:
        return dict.fromkeys(("images_per_second", "slowest", "fastest", "milliseconds"))
    spread = series.spread()
    walls = [sample.wall for sample in series.samples.values()]
    return {
        "images_per_second": 1000 * batch / series.median,
        "slowest": 1000 * batch / max(walls),
        "fastest": 1000 * batch / min(walls),
        "milliseconds": spread,
    }
