"""A run's events on their way into one sink."""

import time
from typing import Any

from fovea_runtime.train.sinks.sink import Sink
from fovea_runtime.train.sinks.story import Story
from fovea_runtime.train.sinks.training import Training

_LAST_WORD = 5.0
"""Seconds in which fovea records the end of a training that is gone without a word."""
_OFTEN = 0.5
"""Seconds between two looks where not the sink says how many."""


def deliver(sink: Sink, record: dict[str, Any], story: Story, training: Training) -> None:
    """Tells `sink` all that stands of a run, and what is still to come, until the training is over.

    Raises:
        Exception: whatever the sink's client raises.
    """
    over = False
    while not (starts := story.starts()):
        if over:
            return
        over = training.wait(_OFTEN)
    if len(starts) > 1:
        # This process comes late: that of the training that went on tells everything.
        return
    sink.start(record, starts[0])
    recorded: str | None = None
    last_word = 0.0
    for event in story.follow():
        training.sign()
        if event is not None:
            if event["type"] == "run_end":
                recorded = event["status"]
            sink.event(event)
            continue
        sink.flush()
        if not over:
            over = training.wait(sink.every)
            last_word = time.monotonic() + _LAST_WORD
        elif training.has_told or recorded or time.monotonic() > last_word:
            sink.end(training.status if training.has_told else recorded or "lost")
            return
        else:
            time.sleep(_OFTEN)
    # Another process goes on with the run.
    sink.end(None)
