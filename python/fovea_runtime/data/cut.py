"""How the images of an optimizer step are cut into pieces, and which of them a process computes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cut:
    """A step's `batch` images in `accumulate` · `processes` equal pieces.

    Process `rank` computes the pieces `rank`, `rank + processes`, …, so that two processes compute
    the very pieces that one process computes with twice the accumulation: what is drawn for a piece
    is drawn from its number.

    Raises:
        ValueError: the batch cannot be cut into so many equal pieces.
    """

    batch: int
    accumulate: int = 1
    processes: int = 1
    rank: int = 0

    def __post_init__(self) -> None:
        if self.batch % self.pieces != 0:
            raise ValueError(
                f"recipe.batch {self.batch} cannot be cut into {self.pieces} equal pieces "
                f"({self.processes} processes, {self.accumulate} pieces each): "
                f"take a multiple of {self.pieces}"
            )

    @property
    def pieces(self) -> int:
        """Pieces of a step, over all processes."""
        return self.accumulate * self.processes

    @property
    def size(self) -> int:
        """Images in a piece."""
        return self.batch // self.pieces

    @property
    def own(self) -> range:
        """Numbers of this process's pieces, in the order in which it computes them."""
        return range(self.rank, self.pieces, self.processes)
