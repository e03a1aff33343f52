"""What is told to the user where a checkpoint cannot be used."""

from collections.abc import Sequence

UNREADABLE = "FOV0030"
"""There is no such file, or the system refuses it."""
UNWRITABLE = "FOV0051"
"""The disk refuses the result."""
NO_CHECKPOINT = "FOV0080"
"""The file is no checkpoint, is damaged, or holds no weights."""
HOLDS_CODE = "FOV0081"
"""The file names classes or functions that loading it would run."""
DOES_NOT_FIT = "FOV0082"
"""The weights are those of another network, or are no usable numbers."""
BREAKS_SHARING = "FOV0083"
"""Fusing would make a shared kernel dense."""


class WeightsMistake(Exception):
    """A mistake of the user's, or of a file's; nothing has been written.

    `lines` says what is wrong one thing a line (a key each), `fix` what to do about it, `code` is
    one of the tool's error codes, `value` what was given.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        value: str | None = None,
        fix: str | None = None,
        lines: Sequence[str] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.value = value
        self.fix = fix
        self.lines = list(lines)

    def document(self) -> dict[str, object]:
        """The mistake for the command line; what is not known is left out."""
        fields = {"code": self.code, "message": self.message, "list": self.lines}
        optional = {"value": self.value, "fix": self.fix}
        return {**fields, **{name: text for name, text in optional.items() if text is not None}}
