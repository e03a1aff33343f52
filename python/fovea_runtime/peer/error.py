"""What is wrong with a declared peer."""


class PeerError(ValueError):
    """timm has no such model, or cannot build it as it is declared.

    Attributes:
        path: the option of `timm()` that is wrong, such as `input.size`.
        allowed: what would be right, in words, where that is known.
        fix: what to do.
    """

    def __init__(self, message: str, *, path: str, fix: str, allowed: str | None = None) -> None:
        super().__init__(message)
        self.path = path
        self.allowed = allowed
        self.fix = fix

    def document(self) -> dict[str, str | None]:
        """The error as the TypeScript side reads it."""
        return {
            "message": str(self),
            "path": self.path,
            "allowed": self.allowed,
            "fix": self.fix,
        }
