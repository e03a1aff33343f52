"""Random numbers for many scenes at once, each scene with a stream of its own.

SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014), vectorised:
integer arithmetic only, so scenes are the same on every machine and in any company.
"""

import numpy as np
from numpy.typing import NDArray

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MASK = 2**64 - 1


class Draws:
    """One stream a scene; every call draws the next numbers of all of them.

    `indices` (N,) are the scenes' numbers, `key` what they have in common (seed, split, size).
    """

    def __init__(self, key: tuple[int, ...], indices: NDArray[np.int64]) -> None:
        state = 0
        for word in key:
            state = _mix_word(state + word + int(_GOLDEN))
        with np.errstate(over="ignore"):
            self._state = mix(
                np.uint64(state) + (indices.astype(np.uint64) + np.uint64(1)) * _GOLDEN
            )
        self._drawn = 0

    def words(self, count: int) -> NDArray[np.uint64]:
        """(N, count) words of 64 random bits."""
        places = np.arange(self._drawn + 1, self._drawn + count + 1, dtype=np.uint64)
        self._drawn += count
        with np.errstate(over="ignore"):
            return mix(self._state[:, None] + places[None] * _GOLDEN)

    def uniform(self, count: int) -> NDArray[np.float64]:
        """(N, count) numbers in [0, 1)."""
        return (self.words(count) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def below(self, count: int, bound: int) -> NDArray[np.int64]:
        """(N, count) whole numbers from 0 to `bound` - 1."""
        return (self.uniform(count) * bound).astype(np.int64)

    def octets(self, count: int) -> NDArray[np.uint8]:
        """(N, count) bytes."""
        words = self.words(-(-count // 8)).astype("<u8")
        return words.view(np.uint8).reshape(len(words), -1)[:, :count]


def mix(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64's finaliser; overflow wraps."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def _mix_word(word: int) -> int:
    z = word & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)
