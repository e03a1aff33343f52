"""Files and annotations that cannot be used: told once, and too many of them are an error."""

NAMED = 3
"""How many of a list of files an error names."""


class Unreadable(Exception):
    """An image, or what is annotated of it, cannot be read; the message says why, without a path."""


class Ledger:
    """Counts what cannot be used, each file or annotation once.

    Args:
        most: how many may be (the data's option `corrupt`).
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._reasons: dict[str, str] = {}
        self._untold: list[str] = []

    def add(self, name: str, reason: str, instead: str) -> None:
        """Notes a file or an annotation, and what is done about it.

        Raises:
            ValueError: it is one too many.
        """
        if name in self._reasons:
            return
        self._reasons[name] = reason
        self._untold.append(f"{name} cannot be used: {reason}; {instead}")
        if len(self._reasons) > self.most:
            raise ValueError(self.refusal())

    def refusal(self) -> str:
        """What is wrong, in one line with the fix."""
        count = len(self._reasons)
        what = "1 file or annotation" if count == 1 else f"{count} files or annotations"
        allowed = "none" if self.most == 0 else f"at most {self.most}"
        return (
            f"{what} cannot be used, and data.corrupt allows {allowed}: {self.named()}. "
            "Mend or remove them, or raise data.corrupt"
        )

    def named(self) -> str:
        """The first of them with what is wrong with them."""
        first = [f"{name}: {reason}" for name, reason in list(self._reasons.items())[:NAMED]]
        more = len(self._reasons) - len(first)
        return "; ".join(first) + (f"; and {more} more" if more > 0 else "")

    def __len__(self) -> int:
        return len(self._reasons)

    def take(self) -> list[str]:
        """What was noted since the last call."""
        untold, self._untold = self._untold, []
        return untold


def listed(names: list[str], most: int = 5) -> str:
    """The first of several names, and how many there are besides."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
