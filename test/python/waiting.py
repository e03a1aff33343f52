"""Waiting for what other processes do, on machines of any speed."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 240
"""Seconds until a test gives up waiting: no bound on the time that something may take."""

NOTICE = 20
"""Seconds after a signal in which a run has written its checkpoint and is gone."""


def wait_for(condition: Callable[[], bool]) -> None:
    """Waits until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
