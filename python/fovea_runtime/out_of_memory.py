"""Whether an error says that memory ran out."""

_CPU_MEMORY = ("can't allocate memory", "not enough memory")
"""Words of torch's CPU allocator, whose error is a plain RuntimeError."""


def is_out_of_memory(error: BaseException) -> bool:
    """By the error's name: torch itself may be what could not be imported."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    return isinstance(error, RuntimeError) and any(words in str(error) for words in _CPU_MEMORY)
