"""Which models timm has, and which one a misspelt name may have meant."""

import difflib

import timm

from fovea_runtime.peer.error import PeerError

_MOST = 3
_LIKE = 0.6
"""Similarity (difflib's ratio) from which a name may have been meant."""


def require_model(name: str) -> None:
    """Passes for a model of timm: an architecture, alone or with the tag of its weights.

    Raises:
        PeerError: timm has no such model; the fix has the nearest names.
    """
    architecture, dot, tag = name.partition(".")
    if not timm.is_model(architecture):
        close = nearest_names(name, timm.list_models())
        raise PeerError(
            f"timm {timm.__version__} has no model {name}",
            path="model",
            allowed=f"one of timm's {len(timm.list_models())} models: timm.list_models()",
            fix=_fix(close),
        )
    if not dot:
        return
    try:
        timm.get_pretrained_cfg(name)
    except RuntimeError as error:
        tagged = [each for each in timm.list_pretrained() if each.startswith(f"{architecture}.")]
        raise PeerError(
            f"timm {timm.__version__} has no {architecture} with the tag {tag}",
            path="model",
            allowed=", ".join([architecture, *tagged]),
            fix=_fix(nearest_names(name, tagged) or [architecture]),
        ) from error


def nearest_names(name: str, known: list[str]) -> list[str]:
    """At most three of the known names: those that hold all of its parts first, shortest first."""
    wanted = name.lower().replace("-", "_")
    parts = [part for part in wanted.replace(".", "_").split("_") if part]
    whole = [each for each in known if parts and all(part in each for part in parts)]
    # What begins so is nearer than what merely has the same parts.
    whole.sort(key=lambda each: (not each.startswith(wanted), len(each), each))
    like = difflib.get_close_matches(wanted, known, n=_MOST, cutoff=_LIKE)
    return list(dict.fromkeys([*whole, *like]))[:_MOST]


def _fix(close: list[str]) -> str:
    if not close:
        return "look for the name in timm.list_models()"
    return f"did you mean {' or '.join(close)}?"
