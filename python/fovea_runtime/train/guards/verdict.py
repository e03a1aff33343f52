"""Which process of a run is stuck."""

from collections.abc import Mapping, Sequence

from fovea_runtime.train.guards.beat import Beat


def verdict(beats: Mapping[int, Beat], stale: Sequence[int], silent: float) -> str:
    """Why nothing happens any more, in one line.

    Args:
        beats: the last words of each process, as far as there are any.
        stale: ranks of processes that write no more words.
        silent: seconds without a sign.
    """
    long = f"for {silent:.0f} s"
    if stale:
        return "; ".join(_stale(rank, beats.get(rank), long) for rank in stale)
    if len(beats) == 1:
        (beat,) = beats.values()
        return f"no sign of the training {long}: it is {_at(beat)}"
    least = min(beat.progress for beat in beats.values())
    behind = [beat for beat in beats.values() if beat.progress == least]
    behind = [beat for beat in behind if not beat.waits] or behind
    if len(behind) == len(beats):
        places = "; ".join(f"rank {beat.rank} is {_at(beat)}" for beat in behind)
        return f"no sign of any process {long}: {places}"
    return "; ".join(
        f"rank {beat.rank} is behind: no sign of it {long}, it is {_at(beat)}" for beat in behind
    )


def _stale(rank: int, beat: Beat | None, long: str) -> str:
    if beat is None:
        return f"rank {rank} gave no sign {long}, and none before"
    return (
        f"rank {rank} does not run: no sign of it {long}; process {beat.pid} on {beat.host} is "
        f"stopped, or was {_at(beat)}"
    )


def _at(beat: Beat) -> str:
    place = f", {beat.place}" if beat.place else ""
    return f"in {beat.phase!r} of step {beat.step}{place}"
