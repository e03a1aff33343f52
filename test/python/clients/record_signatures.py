"""Prints the signatures of the real clients' calls that fovea makes, for `signatures.json`.

Run with an interpreter that has mlflow and wandb: `python record_signatures.py > signatures.json`.
"""

import inspect
import json

import mlflow
import wandb
from mlflow.entities import Metric, Param, RunTag

CLIENT = (
    "create_experiment",
    "create_run",
    "get_experiment_by_name",
    "get_metric_history",
    "get_run",
    "log_batch",
    "set_terminated",
    "update_run",
)
CALLS = {
    "mlflow.MlflowClient": mlflow.MlflowClient,
    **{f"mlflow.MlflowClient.{name}": getattr(mlflow.MlflowClient, name) for name in CLIENT},
    "mlflow.entities.Metric": Metric,
    "mlflow.entities.Param": Param,
    "mlflow.entities.RunTag": RunTag,
    "wandb.init": wandb.init,
    "wandb.Run.log": wandb.Run.log,
    "wandb.Run.finish": wandb.Run.finish,
}


def parameters(call: object) -> str:
    """Names in order; one with a question mark may be left out."""
    found = inspect.signature(call).parameters.values()
    assert all(each.kind is each.POSITIONAL_OR_KEYWORD for each in found)
    return " ".join(f"{each.name}{'' if each.default is each.empty else '?'}" for each in found)


if __name__ == "__main__":
    versions = {"mlflow": mlflow.__version__, "wandb": wandb.__version__}
    calls = {name: parameters(call) for name, call in CALLS.items()}
    calls["wandb.Settings"] = " ".join(f"{name}?" for name in sorted(wandb.Settings.model_fields))
    print(json.dumps({"versions": versions, "calls": calls}, indent=2))
