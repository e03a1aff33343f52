"""Stands for Weights & Biases, offline: its calls are recorded."""

from types import SimpleNamespace
from typing import Any

import recorded


class Run:
    offline = True
    resumed = False
    step = 0

    def __init__(self) -> None:
        self.summary: dict[str, Any] = {}

    def log(self, *arguments: Any, **named: Any) -> None:
        recorded.record("wandb.Run.log", self, *arguments, **named)

    def finish(self, *arguments: Any, **named: Any) -> None:
        recorded.record("wandb.Run.finish", self, *arguments, **named)


class Settings(SimpleNamespace):
    def __init__(self, **named: Any) -> None:
        super().__init__(**recorded.bound("wandb.Settings", **named))


def init(*arguments: Any, **named: Any) -> Run:
    recorded.record("wandb.init", *arguments, **named)
    return Run()
