"""Stands for MLflow: its calls are recorded, and answered from the record."""

from types import SimpleNamespace
from typing import Any

import recorded

from mlflow.exceptions import MlflowException


class MlflowClient:
    def __init__(self) -> None:
        recorded.record("mlflow.MlflowClient")

    def get_experiment_by_name(self, *arguments: Any, **named: Any) -> Any:
        given = self._call("get_experiment_by_name", arguments, named)
        made = [call["name"] for call in recorded.calls("mlflow.MlflowClient.create_experiment")]
        return SimpleNamespace(experiment_id="1") if given["name"] in made else None

    def create_experiment(self, *arguments: Any, **named: Any) -> str:
        self._call("create_experiment", arguments, named)
        return "1"

    def create_run(self, *arguments: Any, **named: Any) -> Any:
        self._call("create_run", arguments, named)
        made = len(recorded.calls("mlflow.MlflowClient.create_run"))
        return _run(f"run{made}")

    def get_run(self, *arguments: Any, **named: Any) -> Any:
        run = self._call("get_run", arguments, named)["run_id"]
        if int(run.removeprefix("run")) > len(recorded.calls("mlflow.MlflowClient.create_run")):
            raise MlflowException(f"there is no {run}", "RESOURCE_DOES_NOT_EXIST")
        return _run(run)

    def get_metric_history(self, *arguments: Any, **named: Any) -> list[Any]:
        given = self._call("get_metric_history", arguments, named)
        return [metric for metric in _metrics(given["run_id"]) if metric.key == given["key"]]

    def log_batch(self, *arguments: Any, **named: Any) -> None:
        self._call("log_batch", arguments, named)

    def update_run(self, *arguments: Any, **named: Any) -> None:
        self._call("update_run", arguments, named)

    def set_terminated(self, *arguments: Any, **named: Any) -> None:
        self._call("set_terminated", arguments, named)

    def _call(self, name: str, arguments: Any, named: Any) -> dict[str, Any]:
        return recorded.record(f"mlflow.MlflowClient.{name}", self, *arguments, **named)


def _run(run: str) -> Any:
    metrics = {metric.key: metric.value for metric in _metrics(run)}
    return SimpleNamespace(
        info=SimpleNamespace(run_id=run, lifecycle_stage="active"),
        data=SimpleNamespace(metrics=metrics),
    )


def _metrics(run: str) -> list[Any]:
    return [
        SimpleNamespace(**metric)
        for call in recorded.calls("mlflow.MlflowClient.log_batch")
        if call["run_id"] == run
        for metric in call.get("metrics") or ()
    ]
