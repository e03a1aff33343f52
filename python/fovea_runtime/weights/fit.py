"""A file's weights beside the entries of the network that they are meant for."""

import torch
from torch import Tensor

from fovea_runtime.weights.accounting import Account, account, seen_words, words
from fovea_runtime.weights.layout import Entry, Form, Shape
from fovea_runtime.weights.package import CLASSIFIER
from fovea_runtime.weights.values import Values


class Fit:
    """Pairs weights under their names with entries, and keeps account of what has no partner.

    `left_out` are keys of the file that are not taken, with their shapes; `filled` keys that the
    file lacks and that are made up; `is_fresh` tells whether the network needs a new classifier.
    Nothing but a classifier of another size is ever left out, and nothing but counters filled.
    """

    def __init__(
        self, weights: dict[str, object], entries: list[Entry], shapes: dict[str, Shape]
    ) -> None:
        if {entry.ours for entry in entries} != set(shapes):
            raise AssertionError("the layout and the package do not have the same keys")
        self._weights = dict(weights)
        self._entries = entries
        self._shapes = shapes
        self.left_out: dict[str, str] = {}
        self.filled: list[str] = []
        self.is_fresh = False

    def leave_out_other_classifier(self) -> None:
        """Takes the file's classifier only where it has the size that is wanted."""
        head = [entry for entry in self._entries if entry.ours in CLASSIFIER]
        wanted = self._wanted()
        if all(
            key in self._weights and seen_words(self._weights[key]) == words(wanted[key])
            for key in (entry.theirs for entry in head)
        ):
            return
        self.is_fresh = True
        self._entries = [entry for entry in self._entries if entry not in head]
        for key in (entry.theirs for entry in head):
            if key in self._weights:
                self.left_out[key] = seen_words(self._weights.pop(key))

    def fill_absent_counters(self) -> None:
        """Sets BatchNorms' counts of batches to 0 where the file has none at all.

        Weights that were converted from elsewhere lack them, and PyTorch's `load_state_dict` does
        the same. Where some are there, one that is absent is missing like any other key.
        """
        counters = [entry.theirs for entry in self._entries if entry.form is Form.COUNTER]
        if not any(key in self._weights for key in counters):
            self.filled = counters
            self._weights |= {key: torch.tensor(0) for key in counters}

    def account(self) -> Account:
        """What is missing, left over or of another shape."""
        return account(self._weights, self._wanted())

    def classes(self) -> int | None:
        """Classes of the file's classifier, if it has one."""
        key = next(each.theirs for each in self._entries if each.ours == CLASSIFIER[0])
        weight = self._weights.get(key)
        return weight.shape[0] if isinstance(weight, Tensor) and weight.ndim == 2 else None

    def is_only_the_classifier(self, found: Account) -> bool:
        """Whether nothing but the classifier keeps the file from fitting."""
        head = {entry.theirs for entry in self._entries if entry.ours in CLASSIFIER}
        return not found.extra and {*found.missing, *found.misshapen} <= head

    def state(self, values: Values) -> dict[str, Tensor]:
        """The tensors under our names; `values` keeps what is to be told of their numbers."""
        state: dict[str, Tensor] = {}
        for entry in self._entries:
            value = self._weights[entry.theirs]
            assert isinstance(value, Tensor)
            state[entry.ours] = entry.to_ours(values.take(entry.theirs, value, entry.form))
        return state

    def _wanted(self) -> dict[str, Shape]:
        return {
            entry.theirs: entry.their_shape(self._shapes[entry.ours]) for entry in self._entries
        }
