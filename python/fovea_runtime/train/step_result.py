"""What an optimizer step says about itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StepResult:
    """Loss and the gradient's norm before clipping, of one optimizer step; and its learning rate."""

    loss: float
    grad_norm: float
    lr: float


class Diverged(Exception):
    """Loss, gradient or weights are not finite; `result` is that of the step that was not made."""

    def __init__(self, message: str, result: StepResult | None = None) -> None:
        super().__init__(message)
        self.result = result
