"""MLflow, through its own client and wherever its environment points to."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# A server that is gone is tried again by fovea; the client's own patience is many minutes.
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "20")

from mlflow import MlflowClient  # pyright: ignore[reportMissingImports]
from mlflow.entities import Metric, Param, RunTag  # pyright: ignore[reportMissingImports]
from mlflow.exceptions import MlflowException  # pyright: ignore[reportMissingImports]

from fovea_runtime.train.sinks.arrived import Arrived
from fovea_runtime.train.sinks.kept import Kept
from fovea_runtime.train.sinks.settings import experiment_settings, facts

# Limits of MLflow, of its older servers where they differ.
_PARAMS = 100
_METRICS = 1000
_KEY = 250
_PARAM = 500
_TAG = 5000
_STATUS = {"completed": "FINISHED", "cancelled": "KILLED"}


class MLflow:
    """A run of MLflow: settings as parameters, figures as metrics, the rest as tags."""

    every = 5.0

    def __init__(self, directory: Path) -> None:
        self._kept = Kept(directory, "mlflow")
        self._client = MlflowClient()
        self._arrived = Arrived()
        self._metrics: list[Metric] = []
        self._run = ""

    def start(self, record: dict[str, Any], step: int) -> None:
        """Goes on in the run that an earlier process made, if it is still there."""
        known = self._kept.read().get("run")
        run = None if known is None else self._find(known)
        if run is None:
            self._run = self._make(record)
            return
        self._run = run.info.run_id
        self._client.update_run(self._run, status="RUNNING")
        for name in run.data.metrics:
            history = self._client.get_metric_history(self._run, name)
            self._arrived.steps[name] = max(metric.step for metric in history)

    def event(self, event: dict[str, Any]) -> None:
        """Its figures, at the time that it happened."""
        if event["type"] == "run_start":
            said = {name: event[name] for name in ("device", "parameters")}
            self._tag({f"fovea.{name}": str(value) for name, value in said.items()})
        step, values = self._arrived.new_of(event)
        at = round(event["time"] * 1000)
        self._metrics += [Metric(_key(name), value, at, step) for name, value in values.items()]
        if len(self._metrics) >= _METRICS:
            self.flush()

    def flush(self) -> None:
        """To the server."""
        for part in _parts(self._metrics, _METRICS):
            self._client.log_batch(self._run, metrics=part)
        self._metrics = []

    def end(self, status: str | None) -> None:
        """Tells how the run ended; one that starts anew stays as it is."""
        self.flush()
        if status is not None:
            self._tag({"fovea.status": status})
            self._client.set_terminated(self._run, _STATUS.get(status, "FAILED"))

    def _find(self, run: str) -> Any:
        try:
            found = self._client.get_run(run)
        except MlflowException as error:
            if error.error_code != "RESOURCE_DOES_NOT_EXIST":
                raise
            return None
        return found if found.info.lifecycle_stage == "active" else None

    def _make(self, record: dict[str, Any]) -> str:
        experiment = self._experiment(record["experiment"]["name"])
        run = self._client.create_run(experiment, run_name=record["run"]).info.run_id
        self._kept.write({"run": run})
        settings = experiment_settings(record).items()
        params = [Param(_key(name), str(value)[:_PARAM]) for name, value in settings]
        for part in _parts(params, _PARAMS):
            self._client.log_batch(run, params=part)
        self._run = run
        self._tag({f"fovea.{name}": value for name, value in facts(record).items()})
        return run

    def _experiment(self, name: str) -> str:
        if found := self._client.get_experiment_by_name(name):
            return found.experiment_id
        try:
            return self._client.create_experiment(name)
        except MlflowException:
            # Another run made it in the same moment.
            if found := self._client.get_experiment_by_name(name):
                return found.experiment_id
            raise

    def _tag(self, tags: dict[str, str]) -> None:
        made = [RunTag(_key(name), value[:_TAG]) for name, value in tags.items()]
        for part in _parts(made, _PARAMS):
            self._client.log_batch(self._run, tags=part)


def open_sink(directory: Path) -> MLflow:
    """The run's run of MLflow."""
    return MLflow(directory)


def _key(name: str) -> str:
    return re.sub(r"[^\w\-. /]", "_", name, flags=re.ASCII)[:_KEY]


def _parts(whole: list[Any], most: int) -> Iterator[list[Any]]:
    return (whole[at : at + most] for at in range(0, len(whole), most))
