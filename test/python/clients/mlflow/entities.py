"""What is sent to MLflow."""

from types import SimpleNamespace
from typing import Any

import recorded


class Metric(SimpleNamespace):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(**recorded.bound("mlflow.entities.Metric", *arguments, **named))


class Param(SimpleNamespace):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(**recorded.bound("mlflow.entities.Param", *arguments, **named))


class RunTag(SimpleNamespace):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(**recorded.bound("mlflow.entities.RunTag", *arguments, **named))
